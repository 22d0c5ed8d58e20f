// Random histories over the real handlers and a real database, on a clock that stands still: whatever the
// people do, in any order, the invariants of workflow.md hold after every step. A failure prints its seed.

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "contract/policy.h"
#include "contract/review_rules.h"
#include "server/handlers/sample.h"
#include "server/handlers/settle.h"
#include "tests/unit/server/handlers/answered.h"
#include "tests/unit/server/handlers/review_invariants.h"
#include "tests/unit/server/handlers/review_world.h"

namespace {

using namespace hada;
using namespace hada::review_test;

Person both_roles(const std::string& id, const std::string& home) {
  return {id, home, {{Role::Dermatologist, ""}, {Role::QaReviewer, ""}}};
}

class History {
 public:
  explicit History(uint64_t seed) : random_(seed) {
    world_.set_policy([&](contract::Policy& policy) {
      policy.third_read_on_disagreement = chance(2);
      policy.ancestor_agrees = chance(2);
      policy.own_site_reading = !chance(4);
      policy.leases_per_reader = 1 + pick(4);
      // Never or always: so that a seed says all.
      policy.gold_percent = chance(2) ? 50 : 0;
      policy.repeat_percent = policy.gold_percent > 0 || chance(2) ? 0 : 50;
      policy.repeat_after_days = 1;
    });
    for (int i = 0; i < 3; ++i) add_gold();
    for (int i = 0; i < 4; ++i) add_case();
  }

  void run(int steps) {
    for (int step = 0; step < steps; ++step) {
      CAPTURE(step);
      const int64_t events_before = world_.number("SELECT seq FROM clock");
      if (!act()) CHECK(world_.number("SELECT seq FROM clock") == events_before);
      check_invariants(world_);
      if (step % 10 == 0) answered_.check();
    }
    answered_.check();
  }

  std::map<std::string, int> done;  // verbs that succeeded

 private:
  int pick(int n) { return static_cast<int>(random_() % static_cast<uint64_t>(n)); }
  bool chance(int one_in) { return pick(one_in) == 0; }
  const std::string& a_case() { return cases_[static_cast<size_t>(pick(static_cast<int>(cases_.size())))]; }
  // One that readers are done with, if a few tries find it.
  const std::string& a_settled_case() {
    const std::string* name = &a_case();
    for (int tries = 0; tries < 6 && contract::collects_votes(static_cast<CaseState>(world_.state(*name)));
         ++tries)
      name = &a_case();
    return *name;
  }
  const Person& a_reader() { return readers_[static_cast<size_t>(pick(static_cast<int>(readers_.size())))]; }
  const Person& a_decider() {
    return deciders_[static_cast<size_t>(pick(static_cast<int>(deciders_.size())))];
  }

  void add_case() {
    const char* sites[] = {"a", "b"};
    cases_.push_back(world_.add_case({.site = sites[pick(2)]}));
  }

  // A decided case of tier gold, which nobody in this history has read.
  void add_gold() {
    const std::string name = world_.add_case();
    const std::string readers[] = {"g1", "g2", "g3"};
    world_.write([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(store::CaseRow row, store::cases::get(tx, name.substr(6)));
      row.tier = CaseTier::Gold;
      return store::cases::save(tx, row, world_.by("quinn"));
    });
    for (const std::string& reader : readers)
      if (contract::collects_votes(static_cast<CaseState>(world_.state(name))) &&
          world_.claim(derm(reader), name))
        REQUIRE(world_.submit(derm(reader), name, says("psoriasis")));
  }

  v1::ReadContent an_opinion() {
    const char* terms[] = {"naevus", "melanoma", "eczema", "atopic", "psoriasis", "psoriasis"};
    return chance(6) ? says_ungradable() : says(terms[pick(6)], 1 + pick(5));
  }

  // Whether it succeeded; a refused step must leave no event.
  bool act() {
    switch (pick(16)) {
      case 0:
      case 1:
        return counted("claim", world_.claim(a_reader(), a_case()));
      case 2: {
        const auto lease = world_.claim_any(a_reader());
        // A case the walk has not met yet is one that was planted for this reader.
        if (lease && std::find(cases_.begin(), cases_.end(), lease->case_()) == cases_.end())
          cases_.push_back(lease->case_());
        return counted("claim next", lease);
      }
      case 3:
      case 4:
        return submit(a_reader(), a_case());
      case 5:
        return read_what_is_next();
      case 6:
        return amend();
      case 7:
        world_.clock.advance_seconds(pick(40) * 60);
        if (chance(10)) world_.clock.advance_seconds(2 * 86400);
        return true;
      case 8:
        return look();
      case 9:
        return draft(a_reader(), a_case());
      case 10:
      case 11:
      case 12:
        return decide(a_decider(), a_settled_case());
      case 13:
        return supply(a_settled_case());
      case 14:
        return give_back();
      default:
        return administer();
    }
  }

  template <class T>
  bool counted(const std::string& verb, const Result<T>& result) {
    if (result) ++done[verb];
    return result.has_value();
  }

  bool submit(const Person& who, const std::string& name) {
    const auto read = world_.submit(who, name, an_opinion());
    if (!counted("submit", read)) return false;
    if (read->late()) ++done["late submit"];
    if (planted(name)) ++done["hidden read"];
    answered_.remember(*read, who);
    answered_.forget_draft(who, name);
    return true;
  }

  bool read_what_is_next() {
    const Person& who = a_reader();
    const auto lease = world_.claim_any(who);
    if (!counted("claim next", lease)) return false;
    if (std::find(cases_.begin(), cases_.end(), lease->case_()) == cases_.end())
      cases_.push_back(lease->case_());
    return submit(who, lease->case_()) || true;
  }

  bool amend() {
    const auto& reads = answered_.reads();
    if (reads.empty()) return true;
    auto at = reads.begin();
    std::advance(at, pick(static_cast<int>(reads.size())));
    // Rather one that somebody waits for.
    if (chance(2))
      for (auto other = reads.begin(); other != reads.end(); ++other)
        if (world_.state(other->first.substr(0, other->first.find("/reads/"))) == v1::CASE_STATE_RETURNED)
          at = other;
    const Person who = at->second.reader;
    const bool was_revealed = revealed(at->first.substr(0, at->first.find("/reads/")), who.id);
    const auto amended = world_.amend(who, at->second.latest, an_opinion());
    if (!counted("amend", amended)) return false;
    // The mark is exactly what its author had been shown by then.
    CHECK(amended->revisions(amended->revisions_size() - 1).after_reveal() == was_revealed);
    answered_.remember(*amended, who);
    return true;
  }

  bool look() {
    const std::string& name = a_case();
    const Person& who = a_reader();
    const bool collects = contract::collects_votes(static_cast<CaseState>(world_.state(name)));
    const auto seen = world_.get(who, name);
    if (!seen) return true;
    ++done["look"];
    if (collects && !revealed(name, who.id)) {
      // Blind: nothing that depends on what others did.
      CHECK_FALSE(seen->has_site_opinion());
      CHECK(seen->decided_term().empty());
      CHECK(seen->etag().empty());
      CHECK(seen->votes_in() == 0);
      CHECK(seen->tier() == v1::CASE_TIER_UNSPECIFIED);
      // RETURNED: new data came, and the reader is asked to look again.
      CHECK((seen->state() == v1::CASE_STATE_OPEN || seen->state() == v1::CASE_STATE_READING ||
             (seen->state() == v1::CASE_STATE_RETURNED && seen->read_by_caller())));
    }
    if (seen->state() == v1::CASE_STATE_RETURNED && !revealed(name, who.id)) {
      ++done["look at a return"];
      CHECK_FALSE(seen->has_site_opinion());
      CHECK(seen->decided_term().empty());
      CHECK(seen->etag().empty());
    }
    return true;
  }

  bool draft(const Person& who, const std::string& name) {
    v1::SaveDraftRequest request;
    request.set_case_(name);
    *request.mutable_content() = an_opinion();
    request.set_request_id(fresh());
    if (!counted("draft", world_.call(save_draft, who, request))) return false;
    answered_.remember_draft(who, name, request.content());
    return true;
  }

  template <class Request>
  Request ruling(const Person& who, const std::string& name) {
    Request request;
    request.set_name(name);
    request.set_request_id(fresh());
    if (const auto seen = world_.get(who, name)) request.set_etag(chance(10) ? "r0" : seen->etag());
    return request;
  }

  bool decide(const Person& who, const std::string& name) {
    if (!world_.get(who, name)) return true;  // opening it may be written down: not part of the decision
    const int64_t before = world_.number("SELECT seq FROM clock");
    const bool decided = rule(who, name);
    if (!decided) CHECK(world_.number("SELECT seq FROM clock") == before);
    return true;
  }

  bool rule(const Person& who, const std::string& name) {
    switch (pick(11)) {
      case 0: {
        auto request = ruling<v1::AdjudicateCaseRequest>(who, name);
        request.set_term("terms/psoriasis");
        request.set_rationale("as seen");
        return counted("adjudicate", world_.call(adjudicate_case, who, request));
      }
      case 1:
        return counted("request read",
                       world_.call(request_read, who, ruling<v1::RequestReadRequest>(who, name)));
      case 2:
        return counted("no consensus", world_.call(declare_no_consensus, who,
                                                   ruling<v1::DeclareNoConsensusRequest>(who, name)));
      case 3:
      case 4:
        return counted("approve", world_.call(approve_case, who, ruling<v1::ApproveCaseRequest>(who, name)));
      case 5: {
        auto request = ruling<v1::RejectCaseRequest>(who, name);
        request.set_code(v1::REJECT_CODE_NOT_SKIN);
        return counted("reject", world_.call(reject_case, who, request));
      }
      case 6:
        return give_back_to(who, name);
      case 7:
        return choose_image(who, name);
      case 8:
        return sample(who);
      default:
        return counted("reopen", world_.call(reopen_case, who, ruling<v1::ReopenCaseRequest>(who, name)));
    }
  }

  bool give_back_to(const Person& who, const std::string& name) {
    auto request = ruling<v1::ReturnCaseRequest>(who, name);
    const bool site = chance(2);
    request.set_to(site ? v1::RETURN_TO_SITE : v1::RETURN_TO_READER);
    request.set_code(site ? v1::REJECT_CODE_IMAGE_MISSING : v1::REJECT_CODE_READ_INCOMPLETE);
    if (!site && chance(4)) request.add_readers("users/" + a_reader().id);
    return counted(site ? "return to site" : "return to reader", world_.call(return_case, who, request));
  }

  bool choose_image(const Person& who, const std::string& name) {
    const auto seen = world_.get(who, name);
    if (!seen || seen->images_size() == 0) return true;
    const v1::Image& image = seen->images(pick(seen->images_size()));
    v1::SetImageInclusionRequest request;
    request.set_name(image.name());
    request.set_included(chance(2));
    if (!request.included()) request.set_code(v1::REJECT_CODE_IMAGE_QUALITY);
    request.set_etag(image.etag());
    request.set_request_id(fresh());
    const bool was_approved = seen->state() == v1::CASE_STATE_APPROVED;
    const auto after = world_.call(set_image_inclusion, who, request);
    if (after && was_approved && after->state() != v1::CASE_STATE_APPROVED)
      ++done["approval voided by image"];
    return counted("choose image", after);
  }

  // A whole round with a sample, or a part of one that is given up.
  bool sample(const Person& who) {
    v1::DrawSampleRequest draw;
    draw.set_request_id(fresh());
    const auto drawn = world_.call(draw_sample, who, draw);
    if (!counted("draw", drawn)) return false;
    v1::ListSampledCasesRequest list;
    list.set_parent(drawn->name());
    const auto cases = world_.call(list_sampled_cases, who, list);
    REQUIRE(cases);
    for (const v1::SampledCase& each : cases->cases())
      if (!chance(4))
        counted("approve",
                world_.call(approve_case, who, ruling<v1::ApproveCaseRequest>(who, each.case_().name())));
    v1::GetSampleRequest get;
    get.set_name(drawn->name());
    const auto looked_at = world_.call(get_sample, who, get);
    REQUIRE(looked_at);
    v1::ApproveRestRequest rest;
    rest.set_name(drawn->name());
    rest.set_approved(looked_at->approved());
    rest.set_not_approved(looked_at->not_approved());
    rest.set_rationale("as sampled");
    rest.set_request_id(fresh());
    const auto approved = world_.call(approve_rest, who, rest);
    if (approved && approved->rest_approved() > 0) ++done["approve the rest"];
    if (!approved)
      CHECK(approved.error().reason == (looked_at->closed() ? "SAMPLE_CLOSED" : "SAMPLE_UNDECIDED"));
    if (approved || chance(2)) return true;
    v1::CloseSampleRequest close;
    close.set_name(drawn->name());
    close.set_request_id(fresh());
    return counted("close sample", world_.call(close_sample, who, close));
  }

  // New pixels or facts, whose arrival voids an approval.
  bool supply(const std::string& name) {
    if (planted(name)) return true;  // nothing arrives for a copy
    const std::string case_id = name.substr(6);
    if (world_.state(name) == v1::CASE_STATE_WITHDRAWN) return true;
    if (chance(3)) {
      world_.write([&](store::Tx& tx) -> Status {
        ASSIGN_OR_RETURN(const store::Rows rows,
                         tx.query("SELECT case_key FROM cases WHERE case_id = :id", {{"id", case_id}}));
        ASSIGN_OR_RETURN(const store::CaseRow row, store::cases::get(tx, case_id));
        store::cases::Arrival arrival;
        arrival.new_case_id = core::new_id();
        arrival.site_id = row.site_id;
        arrival.patient_key = row.patient_key;
        arrival.case_key = rows[0].text(0);
        arrival.case_fields = {{chance(2) ? "pathology_diagnosis" : "duration", "naevus"}};
        const bool was_approved = row.state == CaseState::Approved;
        ASSIGN_OR_RETURN(const auto placed, store::cases::create_or_get(tx, arrival, world_.by("cora")));
        if (!placed.changed) return {};
        ASSIGN_OR_RETURN(const store::CaseRow after, store::cases::get(tx, case_id));
        CHECK(after.state != CaseState::Approved);
        if (was_approved) ++done["approval voided"];
        core::Context context = world_.context(coordinator());
        return reconsider_case(context, tx, case_id);
      });
    } else {
      const bool was_approved = world_.state(name) == v1::CASE_STATE_APPROVED;
      world_.finish(case_id, world_.add_image(name), chance(3) ? ImageState::Corrupt : ImageState::Ready);
      if (was_approved && world_.state(name) != v1::CASE_STATE_APPROVED) ++done["approval voided"];
    }
    return true;
  }

  bool give_back() {
    const Person& who = a_reader();
    const std::string lease = a_case() + "/slots/" + std::to_string(1 + pick(3));
    if (chance(2)) return counted("renew", world_.renew(who, lease)) || true;
    return counted("release", world_.release(who, lease)) || true;
  }

  bool administer() {
    const std::string& name = a_case();
    switch (pick(6)) {
      case 0:
      case 1:
      case 2:
        if (cases_.size() < 30) add_case();
        return true;
      case 3: {
        // A withdrawal, as its verb will make it.
        if (!chance(4)) return true;
        world_.write([&](store::Tx& tx) -> Status {
          ASSIGN_OR_RETURN(store::CaseRow row, store::cases::get(tx, name.substr(6)));
          if (row.state == CaseState::Withdrawn) return {};
          ASSIGN_OR_RETURN(row.state,
                           contract::next_state(row.state, contract::Verb::Withdraw, Role::SiteCoordinator));
          ++done["withdraw"];
          return store::cases::save(tx, row, world_.by("cora"));
        });
        return true;
      }
      default: {
        const Person& who = a_decider();
        if (!world_.get(who, name)) return true;
        auto request = ruling<v1::SetCaseTierRequest>(who, name);
        request.set_tier(chance(2) ? v1::CASE_TIER_GOLD : v1::CASE_TIER_STANDARD);
        counted("tier", world_.call(set_case_tier, who, request));
        return true;
      }
    }
  }

  bool revealed(const std::string& name, const std::string& user) {
    return world_.number(
               "SELECT COUNT(*) FROM case_readers WHERE case_id = :id AND user_id = :user AND revealed_us > "
               "0",
               {{"id", name.substr(6)}, {"user", user}}) > 0;
  }
  bool planted(const std::string& name) {
    return world_.number("SELECT COUNT(*) FROM cases WHERE case_id = :id AND planted_for <> ''",
                         {{"id", name.substr(6)}}) > 0;
  }

  World world_;
  Answered answered_{world_};
  std::mt19937_64 random_;
  std::vector<std::string> cases_;
  const std::vector<Person> readers_ = {derm("ann"),      derm("bob", "c"), derm("cem", "c"),
                                        derm("dan", "a"), derm("eva", "d"), both_roles("fay", "c")};
  const std::vector<Person> deciders_ = {qa(), qa("queen", "b"), both_roles("fay", "c")};
};

}  // namespace

TEST_CASE("random histories hold every invariant of workflow.md") {
#ifdef HADA_SANITIZED
  constexpr uint64_t kHistories = 3;  // for their memory and threads; what they reach is looked at elsewhere
#else
  constexpr uint64_t kHistories = 16;
#endif
  const char* given = std::getenv("HADA_HISTORY_SEED");
  const uint64_t first = given ? std::strtoull(given, nullptr, 10) : 1;
  const uint64_t last = given ? first : kHistories;
  std::map<std::string, int> done;
  for (uint64_t seed = first; seed <= last; ++seed) {
    CAPTURE(seed);  // run it alone: HADA_HISTORY_SEED=n
    History history(seed);
    history.run(400);
    for (const auto& [verb, count] : history.done) done[verb] += count;
  }
  if (given || kHistories < 16) return;
  // The histories really went everywhere.
  for (const std::string verb : {"claim",          "claim next",
                                 "submit",         "late submit",
                                 "amend",          "look",
                                 "draft",          "adjudicate",
                                 "request read",   "no consensus",
                                 "approve",        "reject",
                                 "reopen",         "approval voided",
                                 "renew",          "release",
                                 "withdraw",       "tier",
                                 "hidden read",    "return to reader",
                                 "return to site", "look at a return",
                                 "choose image",   "approval voided by image",
                                 "draw",           "approve the rest",
                                 "close sample"}) {
    CAPTURE(verb);
    CHECK(done[verb] > 0);
  }
}
