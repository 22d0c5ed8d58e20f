#include "server/handlers/reading_standing.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "contract/names.h"
#include "server/agreement/reader_summary.h"
#include "server/core/errors.h"
#include "server/core/etag.h"
#include "server/core/mutation.h"
#include "server/handlers/case_proto.h"
#include "server/handlers/case_sight.h"
#include "server/handlers/hidden_reads.h"
#include "server/handlers/read_content.h"
#include "server/handlers/statistics_proto.h"
#include "server/handlers/vote_categories.h"
#include "server/store/events.h"
#include "server/store/policies.h"
#include "server/store/users.h"

namespace hada::handlers {
namespace {

// The newest gold reads of one reader that are judged: the most a policy can ask for, twice.
constexpr int32_t kMaxGold = 2000;

bool is_of_today(const core::Context& context, const store::StandingRow& row,
                 const contract::Policy& policy) {
  return row.until_us == last_midnight_us(context) && row.policy_version == policy.version;
}

ReadingStanding judged(const store::StandingRow& row, const contract::Policy& policy) {
  if (row.total == 0 || row.total < policy.gold_cases_before_judging) return ReadingStanding::NotJudged;
  const double percent = 100.0 * row.hits / row.total;
  if (percent < policy.gold_pause_percent) return ReadingStanding::Paused;
  if (percent < policy.gold_warn_percent) return ReadingStanding::Warned;
  return ReadingStanding::Good;
}

// The row as of today. The first diagnosis is held against the outcome as on the reader's page (TERM).
Status judge(const core::Context& context, store::Tx& tx, const contract::Policy& policy,
             store::StandingRow& row) {
  row.until_us = last_midnight_us(context);
  row.policy_version = policy.version;
  ASSIGN_OR_RETURN(auto reads,
                   store::statistics::gold_reads(tx, row.user_id, row.resumed_us, row.until_us, kMaxGold));
  std::erase_if(reads, [](const auto& read) { return !has_outcome(read); });
  std::reverse(reads.begin(), reads.end());  // the oldest first
  reads.resize(whole_steps(reads.size()));
  row.hits = row.total = 0;
  for (const store::statistics::RecordedRead& read : reads) {
    ASSIGN_OR_RETURN(const contract::Vote said, vote_from_json(read.json));
    const std::vector<std::string> terms = top_terms(said);
    if (terms.empty()) continue;  // not gradable: says nothing
    ++row.total;
    if (terms == std::vector<std::string>{read.decided_term}) ++row.hits;
  }
  row.standing = judged(row, policy);
  return {};
}

std::string word_of(ReadingStanding standing) {
  switch (standing) {
    case ReadingStanding::Good:
      return "good";
    case ReadingStanding::Warned:
      return "warned";
    case ReadingStanding::Paused:
      return "paused";
    case ReadingStanding::NotJudged:
    case ReadingStanding::Unspecified:
      break;
  }
  return "not_judged";
}

}  // namespace

Result<store::StandingRow> standing_of(const core::Context& context, store::Tx& tx,
                                       const std::string& user_id, const contract::Policy& policy) {
  ASSIGN_OR_RETURN(store::StandingRow row, store::standings::of(tx, user_id));
  if (!is_of_today(context, row, policy)) RETURN_IF_ERROR(judge(context, tx, policy, row));
  return row;
}

Status judge_reading(core::Context& context) {
  const std::string& user = context.caller.user_id;
  bool done = false;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const contract::Policy policy, store::policies::current(tx));
    ASSIGN_OR_RETURN(const store::StandingRow row, store::standings::of(tx, user));
    done = is_of_today(context, row, policy);
    return {};
  }));
  if (done) return {};
  return context.services.store.write([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const contract::Policy policy, store::policies::current(tx));
    ASSIGN_OR_RETURN(store::StandingRow row, store::standings::of(tx, user));
    const ReadingStanding before = row.standing;
    RETURN_IF_ERROR(judge(context, tx, policy, row));
    RETURN_IF_ERROR(store::standings::save(tx, row));
    if (row.standing == before) return {};
    const nlohmann::json detail = {{"standing", word_of(row.standing)},
                                   {"hits", row.hits},
                                   {"total", row.total},
                                   {"policy_version", policy.version}};
    RETURN_IF_ERROR(store::record_event(tx, {.actor = "system",
                                             .verb = "judge_reading",
                                             .subject = contract::user_name(user),
                                             .case_id = {},
                                             .detail_json = detail.dump(),
                                             .at_us = context.services.clock.now_us()}));
    return {};
  });
}

Status require_not_paused(const core::Context& context, store::Tx& tx, const contract::Policy& policy) {
  ASSIGN_OR_RETURN(const store::StandingRow row, standing_of(context, tx, context.caller.user_id, policy));
  if (row.standing != ReadingStanding::Paused) return {};
  return core::failed_precondition(
      "READING_PAUSED",
      "too few hidden test cases were read right: see your statistics, and ask QA to resume your reading");
}

v1::ReaderStanding standing_message(const store::StandingRow& row, const contract::Policy& policy) {
  v1::ReaderStanding message;
  message.set_standing(static_cast<v1::ReadingStanding>(row.standing));
  fill(message.mutable_gold(), agreement::proportion(row.hits, row.total));
  message.set_warn_percent(policy.gold_warn_percent);
  message.set_pause_percent(policy.gold_pause_percent);
  message.set_judged_from(policy.gold_cases_before_judging);
  if (row.resumed_us > 0) set_time(message.mutable_resume_time(), row.resumed_us);
  message.set_etag(core::make_etag(row.revision));
  return message;
}

Result<v1::ReaderStanding> resume_reading(core::Context& context, const v1::ResumeReadingRequest& request) {
  if (!context.caller.has(Role::QaReviewer)) return core::role_required();
  ASSIGN_OR_RETURN(const std::string user_id, contract::parse_user_name(request.reader()));
  if (user_id == context.caller.user_id)
    return core::denied("OWN_STANDING", "nobody resumes their own reading");
  return core::mutate<v1::ReaderStanding>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::ReaderStanding> {
        ASSIGN_OR_RETURN(const auto user, store::find_user(tx, user_id));
        if (!user) return core::not_found(request.reader());
        ASSIGN_OR_RETURN(const contract::Policy policy, store::policies::current(tx));
        ASSIGN_OR_RETURN(store::StandingRow row, standing_of(context, tx, user_id, policy));
        RETURN_IF_ERROR(core::check_etag(request.etag(), row.revision));
        if (row.standing != ReadingStanding::Paused) return core::wrong_state("this reader is not paused");
        row.resumed_us = context.services.clock.now_us();
        RETURN_IF_ERROR(judge(context, tx, policy, row));
        RETURN_IF_ERROR(store::standings::save(tx, row));
        RETURN_IF_ERROR(record(context, tx, "resume_reader", contract::user_name(user_id), ""));
        return standing_message(row, policy);
      });
}

}  // namespace hada::handlers
