#include "server/handlers/independent_qa.h"

#include "server/core/errors.h"

namespace hada::handlers {

Status independent_qa(const core::Caller& caller, const std::string& site_id, bool has_read) {
  if (!caller.has(Role::QaReviewer, site_id)) return core::role_required();
  if (!caller.home_site.empty() && caller.home_site == site_id)
    return core::denied("OWN_SITE", "a case is decided by somebody from another site");
  if (has_read) return core::denied("OWN_READ", "a case is decided by somebody who has not read it");
  return {};
}

Status require_independent_qa(const core::Context& context, const CaseView& view) {
  return independent_qa(context.caller, view.row.site_id, view.caller.has_read);
}

}  // namespace hada::handlers
