#pragma once

// SQL over `decisions`. Rows are never changed. Functions run inside the caller's transaction.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contract/enums.h"
#include "contract/result.h"
#include "server/store/store.h"

namespace hada::store {

struct DecisionRow {
  std::string decision_id;
  std::string case_id;
  int64_t seq = 0;  // of its event: decisions are in commit order
  DecisionKind kind = DecisionKind::Unspecified;
  std::string decider;               // user id, or "system" for an approval that was voided
  std::string decider_display_name;  // read only
  std::string term;                  // term id
  RejectCode code = RejectCode::Unspecified;
  std::string rationale;
  std::vector<std::string> basis;   // cases/{case}/reads/{read}@{revision}
  std::vector<std::string> images;  // an approval: images/{image} it includes
  ReturnTo returned_to = ReturnTo::Unspecified;
  std::vector<std::string> readers;  // a return to readers: users/{user}
  std::string sample;                // an approval with the rest of this sample (its id)
  std::string panel_id;              // the panel that decided; empty: one reviewer
  std::string policy_version;
  std::string vocabulary_version;
  int64_t created_us = 0;
};

namespace decisions {

Status insert(Tx& tx, const DecisionRow& row);
// Oldest first, those after `after_seq`, at most `limit`.
Result<std::vector<DecisionRow>> of_case(Tx& tx, const std::string& case_id, int64_t after_seq,
                                         int32_t limit);
// Those in force: neither taken back by a later reopening (which takes back the approval, rejection or return
// before it) nor followed by a return, after which the case is decided anew. Without the reopenings and
// returns themselves. Oldest first.
Result<std::vector<DecisionRow>> standing(Tx& tx, const std::string& case_id);
// The return the case is in; nothing where the last return has been taken back, or there is none.
Result<std::optional<DecisionRow>> last_return(Tx& tx, const std::string& case_id);

}  // namespace decisions
}  // namespace hada::store
