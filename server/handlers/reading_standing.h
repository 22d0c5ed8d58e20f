#pragma once

// How a reader stands by the hidden gold cases, and what follows: below the policy's limits they are warned,
// then given no further case until QA resumes their reading (docs/policy.md).

#include <string>

#include "contract/policy.h"
#include "contract/result.h"
#include "hada/v1/statistics.pb.h"
#include "server/core/context.h"
#include "server/store/standings.h"
#include "server/store/store.h"

namespace hada::handlers {

// As it is judged today, whether that is stored yet or not.
Result<store::StandingRow> standing_of(const core::Context& context, store::Tx& tx,
                                       const std::string& user_id, const contract::Policy& policy);

// Judges the caller where that has not been done today by the policy in force; a change is an event. In a
// transaction of its own: a claim that is refused must not take it back.
Status judge_reading(core::Context& context);

// FAILED_PRECONDITION / READING_PAUSED while the caller is given no further case.
Status require_not_paused(const core::Context& context, store::Tx& tx, const contract::Policy& policy);

v1::ReaderStanding standing_message(const store::StandingRow& row, const contract::Policy& policy);

Result<v1::ReaderStanding> resume_reading(core::Context& context, const v1::ResumeReadingRequest& request);

}  // namespace hada::handlers
