#pragma once

// SQL for the order of QA's worklist by doubt: the votes that a model of the readers is fitted to, and what
// it makes of the cases that wait for QA. Every function reads or writes a page.

#include <cstdint>
#include <string>
#include <vector>

#include "contract/enums.h"
#include "contract/result.h"
#include "server/store/statistics.h"
#include "server/store/store.h"

namespace hada::store::doubts {

// A case's certainty in thousandths, 0 to 1000, or that no model has looked at it.
inline constexpr int32_t kNotLookedAt = 1001;

struct Vote {
  int64_t case_seq = 0;
  std::string user_id;
  std::string json;       // StoredContent::json of the revision that counts
  statistics::Before at;  // where the next page begins
};
// The newest first: neither late nor gold nor repeat reads.
Result<std::vector<Vote>> newest_votes(Tx& tx, const statistics::Before& before, int32_t limit);

struct Scored {
  int64_t seq = 0;
  int32_t certainty = kNotLookedAt;
};
// Cases of this state that arrived after `after_seq`, by arrival.
Result<std::vector<Scored>> cases_in(Tx& tx, CaseState state, int64_t after_seq, int32_t limit);
// Neither the case's revision nor its time of change moves: what a model says changes no case.
Status save(Tx& tx, const std::vector<Scored>& cases);

// A vote was cast or changed: true once, when a job should be enqueued that begins at `*begin_us`, no sooner
// than `pause_us` after the last one began.
Result<bool> ask(Tx& tx, int64_t now_us, int64_t pause_us, int64_t* begin_us);
// That job begins: votes that come from now on ask again.
Status begin(Tx& tx, int64_t now_us);

}  // namespace hada::store::doubts
