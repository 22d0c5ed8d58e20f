#include "server/core/context.h"

#include <algorithm>

namespace hada::core {

bool Caller::has(Role role) const {
  return std::any_of(grants.begin(), grants.end(), [&](const Grant& g) { return g.role == role; });
}

bool Caller::has(Role role, const std::string& site_id) const {
  return std::any_of(grants.begin(), grants.end(), [&](const Grant& g) {
    return g.role == role && (g.site_id.empty() || g.site_id == site_id);
  });
}

}  // namespace hada::core
