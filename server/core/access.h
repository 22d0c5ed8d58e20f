#pragma once

// Role checks that need a site. Whether a method may be called at all is decided before the handler
// (rpc/methods).

#include <optional>
#include <string>
#include <vector>

#include "server/core/context.h"

namespace hada::core {

// PERMISSION_DENIED / ROLE_REQUIRED unless the caller holds the role for this site or for all sites. With an
// empty `site_id` the role must be held for all sites.
Status require_role(const Context& context, Role role, const std::string& site_id);

// The sites at which the caller holds one of these roles: nothing when none; an empty list for all sites.
std::optional<std::vector<std::string>> sites_of(const Caller& caller, const std::vector<Role>& roles);

}  // namespace hada::core
