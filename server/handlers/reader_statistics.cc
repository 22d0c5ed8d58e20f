// GetReaderStatistics of statistics.h.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "contract/names.h"
#include "server/agreement/reader_summary.h"
#include "server/core/errors.h"
#include "server/handlers/case_sight.h"
#include "server/handlers/hidden_reads.h"
#include "server/handlers/read_content.h"
#include "server/handlers/reading_standing.h"
#include "server/handlers/statistics.h"
#include "server/handlers/statistics_proto.h"
#include "server/handlers/vote_categories.h"
#include "server/store/policies.h"
#include "server/store/statistics.h"
#include "server/store/users.h"

namespace hada::handlers {
namespace {

constexpr int32_t kMaxReads = 5000;
constexpr v1::AgreementLevel kLevels[] = {v1::AGREEMENT_LEVEL_TERM, v1::AGREEMENT_LEVEL_RELEASE_CLASS,
                                          v1::AGREEMENT_LEVEL_RISK};

// What a reader said, and what it is held against.
struct Pair {
  contract::Vote said;
  contract::Vote against;
};
struct Record {
  std::vector<Pair> gold, repeats, outcomes;  // the oldest first
  std::vector<double> seconds;
  int32_t reads = 0;
  int32_t ungradable = 0;
};

double active_seconds(const std::string& telemetry) {
  const auto json = nlohmann::json::parse(telemetry, nullptr, false);
  if (!json.is_object()) return 0;
  const auto at = json.find("active_seconds");
  return at != json.end() && at->is_number() ? at->get<double>() : 0;
}

// `reads` are the oldest first. `own` is the reader's own page: it must not tell which reads were hidden gold
// or repeats, nor the outcome of a case that the reader has not opened since (their next revision would still
// count as blind).
Result<Record> record_of(const core::Context& context,
                         const std::vector<store::statistics::RecordedRead>& reads, bool own) {
  Record record;
  std::map<std::string, contract::Vote> voted;  // by case
  for (const store::statistics::RecordedRead& read : reads) {
    if (!own && !may_count_votes(context, read.site_id, read.state)) continue;
    ++record.reads;
    ASSIGN_OR_RETURN(contract::Vote said, vote_from_json(read.json));
    if (!said.gradable) ++record.ungradable;
    if (const double seconds = active_seconds(read.telemetry); seconds > 0) record.seconds.push_back(seconds);
    const bool settled = has_outcome(read);
    const contract::Vote outcome{true, {{read.decided_term, 1, 0}}};
    const bool shown = !own || read.created_us < last_midnight_us(context);
    switch (read.purpose) {
      case store::ReadPurpose::Vote:
        if (settled && (!own || read.revealed)) record.outcomes.push_back({said, outcome});
        voted.emplace(read.case_id, std::move(said));
        break;
      case store::ReadPurpose::Gold:
        if (settled && shown) record.gold.push_back({std::move(said), outcome});
        break;
      case store::ReadPurpose::Repeat:
        if (const auto first = voted.find(read.case_id); first != voted.end() && shown)
          record.repeats.push_back({std::move(said), first->second});
        break;
    }
  }
  if (own)
    for (std::vector<Pair>* hidden : {&record.gold, &record.repeats})
      hidden->resize(whole_steps(hidden->size()));
  return record;
}

std::vector<agreement::Comparison> compared(const std::vector<Pair>& pairs, Categories& categories) {
  std::vector<agreement::Comparison> result;
  for (const Pair& pair : pairs) {
    const auto said = categories.of(pair.said), against = categories.of(pair.against);
    if (said && against) result.push_back({*said, *against});
  }
  return result;
}

void add_share(google::protobuf::RepeatedPtrField<v1::LevelProportion>* shares, v1::AgreementLevel level,
               const agreement::Proportion& proportion) {
  v1::LevelProportion* share = shares->Add();
  share->set_level(level);
  fill(share->mutable_proportion(), proportion);
}

void fill_record(const Record& record, const contract::Vocabulary& vocabulary, const contract::Policy& policy,
                 v1::ReaderStatistics& out) {
  for (const v1::AgreementLevel level : kLevels) {
    Categories categories(level, vocabulary, policy);
    const agreement::ReaderSummary summary =
        agreement::summarise({compared(record.gold, categories), compared(record.repeats, categories),
                              compared(record.outcomes, categories), record.seconds});
    add_share(out.mutable_gold(), level, summary.gold);
    add_share(out.mutable_repeats(), level, summary.repeats);
    add_share(out.mutable_outcomes(), level, summary.outcomes);
    if (level != v1::AGREEMENT_LEVEL_TERM) continue;
    for (const agreement::ConfusionPair& pair : summary.confusions) {
      v1::Confusion* confusion = out.add_confusions();
      for (const std::string& term : categories.name(pair.said))
        confusion->add_said(contract::term_name(term));
      confusion->set_outcome(contract::term_name(categories.name(pair.against).front()));
      confusion->set_count(static_cast<int32_t>(pair.count));
    }
    if (!summary.speed) continue;
    out.set_quarter_seconds(summary.speed->quarter);
    out.set_median_seconds(summary.speed->median);
    out.set_three_quarters_seconds(summary.speed->three_quarters);
  }
}

}  // namespace

Result<v1::ReaderStatistics> get_reader_statistics(core::Context& context,
                                                   const v1::GetReaderStatisticsRequest& request) {
  std::string user_id = context.caller.user_id;
  if (!request.reader().empty()) {
    ASSIGN_OR_RETURN(user_id, contract::parse_user_name(request.reader()));
  }
  const bool own = user_id == context.caller.user_id;
  if (!own && !context.caller.has(Role::QaReviewer)) return core::role_required();

  v1::ReaderStatistics statistics;
  std::vector<store::statistics::RecordedRead> reads;
  contract::Policy policy;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const auto user, store::find_user(tx, user_id));
    if (!user) return core::not_found(contract::user_name(user_id));
    statistics.set_reader(contract::user_name(user_id));
    statistics.set_display_name(user->display_name);
    ASSIGN_OR_RETURN(policy, store::policies::current(tx));
    ASSIGN_OR_RETURN(const store::StandingRow standing, standing_of(context, tx, user_id, policy));
    *statistics.mutable_standing() = standing_message(standing, policy);
    ASSIGN_OR_RETURN(reads, store::statistics::newest_reads(tx, user_id, kMaxReads + 1));
    return {};
  }));
  if (reads.size() > kMaxReads) {
    statistics.set_truncated(true);
    reads.resize(kMaxReads);
  }
  std::reverse(reads.begin(), reads.end());
  ASSIGN_OR_RETURN(const Record record, record_of(context, reads, own));
  statistics.set_reads(record.reads);
  statistics.set_ungradable(record.ungradable);
  fill_record(record, context.services.vocabulary, policy, statistics);
  return statistics;
}

}  // namespace hada::handlers
