#pragma once

// The order of QA's worklist by doubt: a job fits Dawid-Skene to the votes and notes of each case that waits
// for QA how certain the likeliest answer is. It orders a list; nothing is decided by it, and readers are not
// shown it.

#include <string>

#include "contract/result.h"
#include "server/core/context.h"
#include "server/store/store.h"

namespace hada::handlers {

inline constexpr const char* kScoreDoubtJob = "score_doubt";

// A vote was cast or changed: within a few minutes the doubt is worked out anew.
Status ask_for_doubt(const core::Context& context, store::Tx& tx);

// The job. Looks at the newest million votes, page by page; safe to repeat.
Status score_doubt(store::Store& store, const core::Clock& clock);

}  // namespace hada::handlers
