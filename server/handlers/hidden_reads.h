#pragma once

// What a reader may be told of hidden gold and repeat reads: so many at once and not of today, so that none
// shows itself as one of them. The reader's page and the judgement of their reading go by it alike.

#include <cstddef>
#include <cstdint>

#include "contract/review_rules.h"
#include "server/core/clock.h"
#include "server/core/context.h"
#include "server/store/statistics.h"

namespace hada::handlers {

inline constexpr size_t kHiddenStep = 10;

// The last midnight (UTC): reads before it may be told of.
inline int64_t last_midnight_us(const core::Context& context) {
  const int64_t now = context.services.clock.now_us();
  return now - now % (24 * core::kHourUs);
}

// How many of `reads` may be told of; the oldest ones.
inline size_t whole_steps(size_t reads) { return reads / kHiddenStep * kHiddenStep; }

// The case of the read has an outcome to hold it against.
inline bool has_outcome(const store::statistics::RecordedRead& read) {
  return !contract::collects_votes(read.state) && !read.decided_term.empty();
}

}  // namespace hada::handlers
