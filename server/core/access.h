#pragma once

// Role checks that need a site. Whether a method may be called at all is decided before the handler
// (rpc/methods).

#include <string>

#include "server/core/context.h"

namespace hada::core {

// PERMISSION_DENIED / ROLE_REQUIRED unless the caller holds the role for this site or for all sites. With an
// empty `site_id` the role must be held for all sites.
Status require_role(const Context& context, Role role, const std::string& site_id);

}  // namespace hada::core
