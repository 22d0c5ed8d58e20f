#include "server/handlers/independent_qa.h"

#include "server/core/access.h"
#include "server/core/errors.h"

namespace hada::handlers {

Status require_independent_qa(const core::Context& context, const CaseView& view) {
  RETURN_IF_ERROR(core::require_role(context, Role::QaReviewer, view.row.site_id));
  if (!context.caller.home_site.empty() && context.caller.home_site == view.row.site_id)
    return core::denied("OWN_SITE", "a case is decided by somebody from another site");
  if (view.caller.has_read)
    return core::denied("OWN_READ", "a case is decided by somebody who has not read it");
  return {};
}

}  // namespace hada::handlers
