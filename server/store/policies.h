#pragma once

// SQL over `policies`: the policy in force, and every version there was. Rows are never changed.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contract/policy.h"
#include "contract/result.h"
#include "server/store/store.h"

namespace hada::store {

struct PolicyRow {
  contract::Policy policy;
  int64_t seq = 0;  // 1, 2, 3 ...; the last is in force. 0: the program's own, not stored yet
  std::string created_by;
  int64_t created_us = 0;
};

namespace policies {

// The policy in force: the one stored last, contract's first policy while none is. INTERNAL / STORE_FAILED
// for a row that cannot be read.
Result<PolicyRow> newest(Tx& tx);
// Its content.
Result<contract::Policy> current(Tx& tx);

Result<std::optional<PolicyRow>> find(Tx& tx, const std::string& version);
// Newest first, those before `before_seq` (0: all), at most `limit`.
Result<std::vector<PolicyRow>> list(Tx& tx, int64_t before_seq, int64_t limit);

// Keeps the content of a version that is about to be named by a decision. Repeating it is cheap.
Status keep(Tx& tx, const contract::Policy& policy, const std::string& actor, int64_t now_us);

}  // namespace policies
}  // namespace hada::store
