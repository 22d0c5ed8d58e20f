#include "server/handlers/doubt.h"

#include <cmath>
#include <map>
#include <set>
#include <unordered_map>
#include <vector>

#include "contract/review_rules.h"
#include "server/agreement/dawid_skene.h"
#include "server/core/clock.h"
#include "server/core/jobs.h"
#include "server/handlers/read_content.h"
#include "server/handlers/vote_categories.h"
#include "server/store/doubts.h"

namespace hada::handlers {
namespace {

// What a vote costs in memory, its text left aside, is about 200 bytes while the model is fitted.
constexpr size_t kMostVotes = 1'000'000;
constexpr int32_t kPage = 1000;
// Cases written in one transaction: nobody waits for it.
constexpr int32_t kWritten = 200;
constexpr int64_t kPauseUs = 5 * core::kMinuteUs;
// As many votes as make a reader's own habits weigh as much as everybody's (docs/statistics.md).
constexpr double kPooledVotes = 20;

// Numbers what votes name, in the order in which it comes.
template <class Key, class Map = std::map<Key, int32_t>>
class Numbers {
 public:
  int32_t of(const Key& key) { return numbers_.try_emplace(key, count()).first->second; }
  int32_t count() const { return static_cast<int32_t>(numbers_.size()); }
  // -1: it never came.
  int32_t find(const Key& key) const {
    const auto at = numbers_.find(key);
    return at == numbers_.end() ? -1 : at->second;
  }

 private:
  Map numbers_;
};

struct Ballots {
  agreement::Votes votes;
  Numbers<int64_t, std::unordered_map<int64_t, int32_t>> cases;  // by arrival number
};

Result<Ballots> read_votes(store::Store& store) {
  Ballots all;
  Numbers<std::string> readers;
  Numbers<std::vector<std::string>> answers;  // the terms tied at rank 1; none: not gradable
  store::statistics::Before before;
  bool more = true;
  while (more && all.votes.list.size() < kMostVotes) {
    // A short transaction for each page: a long one would keep the log from being written back.
    RETURN_IF_ERROR(store.read([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const auto page, store::doubts::newest_votes(tx, before, kPage));
      for (const store::doubts::Vote& vote : page) {
        ASSIGN_OR_RETURN(const contract::Vote said, vote_from_json(vote.json));
        all.votes.list.push_back(
            {all.cases.of(vote.case_seq), readers.of(vote.user_id), answers.of(top_terms(said))});
      }
      more = static_cast<int32_t>(page.size()) == kPage;
      if (!page.empty()) before = page.back().at;
      return {};
    }));
  }
  all.votes.cases = all.cases.count();
  all.votes.readers = readers.count();
  all.votes.terms = answers.count();
  agreement::sort_by_case(all.votes);
  return all;
}

// In thousandths.
int32_t certainty_of(const agreement::Posterior& posterior, int32_t case_index) {
  if (case_index < 0) return store::doubts::kNotLookedAt;
  double most = 0;
  for (const double p : posterior.of(static_cast<size_t>(case_index))) most = std::max(most, p);
  return static_cast<int32_t>(std::lround(1000 * most));
}

// Where QA may be asked to look.
std::set<CaseState> waiting_states() {
  std::set<CaseState> states;
  for (const contract::Verb verb : {contract::Verb::Adjudicate, contract::Verb::Approve})
    for (const CaseState state : contract::states_allowing(verb, Role::QaReviewer)) states.insert(state);
  return states;
}

Status write_changes(store::Store& store, const agreement::Posterior& posterior, const Ballots& ballots,
                     CaseState state) {
  int64_t after = 0;
  for (;;) {
    std::vector<store::doubts::Scored> cases;
    RETURN_IF_ERROR(store.read([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(cases, store::doubts::cases_in(tx, state, after, kWritten));
      return {};
    }));
    if (cases.empty()) return {};
    after = cases.back().seq;
    std::erase_if(cases, [&](store::doubts::Scored& each) {
      const int32_t certainty = certainty_of(posterior, ballots.cases.find(each.seq));
      return std::exchange(each.certainty, certainty) == certainty;
    });
    if (!cases.empty())
      RETURN_IF_ERROR(store.write([&](store::Tx& tx) { return store::doubts::save(tx, cases); }));
  }
}

}  // namespace

Status ask_for_doubt(const core::Context& context, store::Tx& tx) {
  int64_t begin_us = 0;
  ASSIGN_OR_RETURN(const bool enqueue,
                   store::doubts::ask(tx, context.services.clock.now_us(), kPauseUs, &begin_us));
  if (!enqueue) return {};
  return context.services.jobs.enqueue(tx, kScoreDoubtJob, "", begin_us);
}

Status score_doubt(store::Store& store, const core::Clock& clock) {
  RETURN_IF_ERROR(store.write([&](store::Tx& tx) { return store::doubts::begin(tx, clock.now_us()); }));
  ASSIGN_OR_RETURN(const Ballots ballots, read_votes(store));
  if (ballots.votes.list.empty()) return {};
  const agreement::DawidSkene model = agreement::dawid_skene(ballots.votes, {.pooled_votes = kPooledVotes});
  for (const CaseState state : waiting_states())
    RETURN_IF_ERROR(write_changes(store, model.posterior, ballots, state));
  return {};
}

}  // namespace hada::handlers
