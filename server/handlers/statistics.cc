#include "server/handlers/statistics.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "contract/names.h"
#include "server/agreement/bootstrap.h"
#include "server/agreement/fleiss_kappa.h"
#include "server/agreement/pairwise.h"
#include "server/agreement/reader_summary.h"
#include "server/core/access.h"
#include "server/core/errors.h"
#include "server/handlers/case_proto.h"
#include "server/handlers/case_sight.h"
#include "server/handlers/read_content.h"
#include "server/handlers/statistics_proto.h"
#include "server/handlers/vote_categories.h"
#include "server/store/policies.h"
#include "server/store/statistics.h"

namespace hada::handlers {
namespace {

constexpr int32_t kVotes = 4000, kMaxVotes = 20'000, kPage = 500;
constexpr int32_t kFirstVotes = 2;  // of each case: a further vote is asked for because these disagree
constexpr agreement::BootstrapOptions kBootstrap{.draws = 400, .level = 0.95, .seed = 20261126};

struct JudgedVote {
  std::string user_id;
  std::string display_name;
  contract::Vote vote;
};
struct Sample {
  std::vector<std::vector<JudgedVote>> cases;  // each with kFirstVotes votes
  int64_t oldest_us = 0;
  bool truncated = false;
};

// The cases that the newest votes belong to, with the first votes of each.
Status collect(const core::Context& context, store::Tx& tx, const std::string& site, int32_t max_votes,
               Sample& sample) {
  store::statistics::Before before;
  std::set<std::string> seen;
  for (int32_t looked = 0;;) {
    const int32_t wanted = std::min(kPage, max_votes - looked);
    // One more than wanted says whether there are older ones.
    ASSIGN_OR_RETURN(const auto page, store::statistics::newest_votes(tx, before, wanted + 1));
    const auto count = std::min(static_cast<int32_t>(page.size()), wanted);
    for (int32_t i = 0; i < count; ++i) {
      const store::statistics::RecentVote& vote = page[static_cast<size_t>(i)];
      before = {vote.created_us, vote.read_id};
      sample.oldest_us = vote.created_us;
      if (!site.empty() && vote.site_id != site) continue;
      if (!may_count_votes(context, vote.site_id, vote.state) || !seen.insert(vote.case_id).second) continue;
      ASSIGN_OR_RETURN(auto first, store::statistics::first_votes(tx, vote.case_id, kFirstVotes));
      if (static_cast<int32_t>(first.size()) < kFirstVotes) continue;
      std::vector<JudgedVote> votes;
      for (store::statistics::CaseVote& said : first) {
        ASSIGN_OR_RETURN(contract::Vote read, vote_from_json(said.json));
        votes.push_back({std::move(said.user_id), std::move(said.display_name), std::move(read)});
      }
      sample.cases.push_back(std::move(votes));
    }
    looked += count;
    sample.truncated = static_cast<int32_t>(page.size()) > wanted;
    if (!sample.truncated || looked >= max_votes) return {};
    if (context.cancelled()) return core::cancelled();
  }
}

// Nothing is filled where the statistic has no value.
void estimate(size_t cases, const agreement::CaseStatistic& statistic,
              const std::function<v1::Estimate*()>& out) {
  const auto value = statistic({});
  if (!value) return;
  v1::Estimate* filled = out();
  filled->set_value(*value);
  if (const auto interval = agreement::bootstrap_interval(cases, statistic, kBootstrap)) {
    filled->set_low(interval->low);
    filled->set_high(interval->high);
  }
}

void fill_level(v1::AgreementLevel level, const Sample& sample, const std::map<std::string, int32_t>& readers,
                const contract::Vocabulary& vocabulary, const contract::Policy& policy,
                v1::LevelAgreement* out) {
  Categories categories(level, vocabulary, policy);
  agreement::Votes votes{0, static_cast<int32_t>(readers.size()), 0, {}};
  int64_t agreed = 0;
  for (const auto& reads : sample.cases) {
    std::vector<agreement::Vote> said;
    for (const JudgedVote& read : reads)
      if (const auto category = categories.of(read.vote))
        said.push_back({votes.cases, readers.at(read.user_id), *category});
    if (static_cast<int32_t>(said.size()) < kFirstVotes) continue;
    if (said.front().term == said.back().term) ++agreed;
    votes.list.insert(votes.list.end(), said.begin(), said.end());
    ++votes.cases;
  }
  votes.terms = categories.count();
  const agreement::Ratings ratings(votes);

  out->set_level(level);
  out->set_cases(votes.cases);
  fill(out->mutable_agreed(), agreement::proportion(agreed, votes.cases));
  estimate(
      ratings.cases(),
      [&](agreement::Times times) -> std::optional<double> {
        const auto kappa = agreement::fleiss_kappa(ratings, times);
        return kappa ? std::optional(kappa->kappa) : std::nullopt;
      },
      [&] { return out->mutable_fleiss_kappa(); });
  const auto alpha_by = [&ratings](const agreement::Distance& distance) {
    return [&ratings, distance](agreement::Times times) {
      return agreement::krippendorff_alpha(ratings, distance, times);
    };
  };
  estimate(ratings.cases(), alpha_by(categories.distance(ratings)), [&] { return out->mutable_alpha(); });
  if (level == v1::AGREEMENT_LEVEL_TERM)
    estimate(ratings.cases(), alpha_by(categories.tree_distance()),
             [&] { return out->mutable_tree_alpha(); });
  for (const agreement::PairAgreement& pair : agreement::pair_agreement(votes)) {
    v1::ReaderPair* filled = out->add_pairs();
    filled->set_first(pair.first);
    filled->set_second(pair.second);
    filled->set_common(static_cast<int32_t>(pair.common));
    filled->set_agreed(static_cast<int32_t>(pair.agreed));
    if (pair.kappa) filled->set_kappa(*pair.kappa);
  }
}

}  // namespace

Result<v1::Agreement> get_agreement(core::Context& context, const v1::GetAgreementRequest& request) {
  std::string site;
  if (!request.site().empty()) {
    ASSIGN_OR_RETURN(site, contract::parse_site_name(request.site()));
    RETURN_IF_ERROR(core::require_role(context, Role::QaReviewer, site));
  }
  if (request.max_votes() < 0) return core::bad_field("max_votes", "0 to " + std::to_string(kMaxVotes));
  const int32_t max_votes = request.max_votes() == 0 ? kVotes : std::min(request.max_votes(), kMaxVotes);
  Sample sample;
  contract::Policy policy;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(policy, store::policies::current(tx));
    return collect(context, tx, site, max_votes, sample);
  }));

  v1::Agreement agreement;
  std::map<std::string, int32_t> readers;  // by user id, which is also their order in the answer
  for (const auto& reads : sample.cases)
    for (const JudgedVote& read : reads) readers.emplace(read.user_id, 0);
  for (auto& [user_id, index] : readers) {
    index = agreement.readers_size();
    agreement.add_readers()->set_reader(contract::user_name(user_id));
  }
  for (const auto& reads : sample.cases)
    for (const JudgedVote& read : reads) {
      v1::AgreementReader* reader = agreement.mutable_readers(readers.at(read.user_id));
      reader->set_display_name(read.display_name);
      reader->set_votes(reader->votes() + 1);
    }
  for (const auto level : {v1::AGREEMENT_LEVEL_TERM, v1::AGREEMENT_LEVEL_RELEASE_CLASS,
                           v1::AGREEMENT_LEVEL_RISK, v1::AGREEMENT_LEVEL_GRADABLE}) {
    if (context.cancelled()) return core::cancelled();
    fill_level(level, sample, readers, context.services.vocabulary, policy, agreement.add_levels());
  }
  agreement.set_cases(static_cast<int32_t>(sample.cases.size()));
  agreement.set_votes(agreement.cases() * kFirstVotes);
  if (sample.oldest_us > 0) set_time(agreement.mutable_oldest_vote_time(), sample.oldest_us);
  agreement.set_truncated(sample.truncated);
  return agreement;
}

}  // namespace hada::handlers
