#pragma once

// SQL over `policies`: the agreement policy in force, and every version a decision has named.

#include <cstdint>
#include <string>

#include "contract/policy.h"
#include "contract/result.h"
#include "server/store/store.h"

namespace hada::store::policies {

// The policy stored last; contract's first policy while none is. INTERNAL / STORE_FAILED for a row that
// cannot be read.
Result<contract::Policy> current(Tx& tx);

// Keeps the content of a version that is about to be named by a decision. Repeating it is cheap.
Status keep(Tx& tx, const contract::Policy& policy, const std::string& actor, int64_t now_us);

}  // namespace hada::store::policies
