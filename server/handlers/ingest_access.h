#pragma once

#include <string>

#include "contract/result.h"
#include "server/core/context.h"
#include "server/store/batches.h"

namespace hada::handlers {

// The batch `batches/{batch}`, for a caller who coordinates its site: NOT_FOUND, PERMISSION_DENIED /
// ROLE_REQUIRED.
Result<store::BatchRow> require_batch(core::Context& context, const std::string& name);

}  // namespace hada::handlers
