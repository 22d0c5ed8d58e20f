#include "server/core/access.h"

#include <algorithm>

#include "server/core/errors.h"

namespace hada::core {

Status require_role(const Context& context, Role role, const std::string& site_id) {
  if (!context.caller.has(role, site_id)) return role_required();
  return {};
}

std::optional<std::vector<std::string>> sites_of(const Caller& caller, const std::vector<Role>& roles) {
  std::optional<std::vector<std::string>> sites;
  for (const Grant& grant : caller.grants) {
    if (std::find(roles.begin(), roles.end(), grant.role) == roles.end()) continue;
    if (grant.site_id.empty()) return std::vector<std::string>{};
    if (!sites) sites.emplace();
    if (std::find(sites->begin(), sites->end(), grant.site_id) == sites->end())
      sites->push_back(grant.site_id);
  }
  return sites;
}

}  // namespace hada::core
