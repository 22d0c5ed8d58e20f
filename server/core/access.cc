#include "server/core/access.h"

#include "server/core/errors.h"

namespace hada::core {

Status require_role(const Context& context, Role role, const std::string& site_id) {
  if (!context.caller.has(role, site_id)) return role_required();
  return {};
}

}  // namespace hada::core
