// Random histories over the real handlers and a real database, on a clock that stands still: whatever the
// people do, in any order, the invariants of workflow.md hold after every step. A failure prints its seed.

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "contract/names.h"
#include "contract/policy.h"
#include "contract/review_rules.h"
#include "server/handlers/read_content.h"
#include "server/handlers/settle.h"
#include "server/store/reads.h"
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
      check_database();
      if (step % 10 == 0) check_memory();
    }
    check_memory();
  }

  std::map<std::string, int> done;  // verbs that succeeded

 private:
  struct Known {
    std::string reader;
    std::map<int, std::string> revisions;  // number to content, as it was answered
  };

  int pick(int n) { return static_cast<int>(random_() % static_cast<uint64_t>(n)); }
  bool chance(int one_in) { return pick(one_in) == 0; }
  const std::string& a_case() { return cases_[static_cast<size_t>(pick(static_cast<int>(cases_.size())))]; }
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
        return decide(a_decider(), a_case());
      case 13:
        return supply(a_case());
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
    remember(*read, who.id);
    drafts_.erase({who.id, name});
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
    if (latest_.empty()) return true;
    auto at = latest_.begin();
    std::advance(at, pick(static_cast<int>(latest_.size())));
    const auto who = std::find_if(readers_.begin(), readers_.end(),
                                  [&](const Person& p) { return p.id == reads_[at->first].reader; });
    const bool was_revealed = revealed(at->first.substr(0, at->first.find("/reads/")), who->id);
    const auto amended = world_.amend(*who, at->second, an_opinion());
    if (!counted("amend", amended)) return false;
    // The mark is exactly what its author had been shown by then.
    CHECK(amended->revisions(amended->revisions_size() - 1).after_reveal() == was_revealed);
    remember(*amended, who->id);
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
      CHECK((seen->state() == v1::CASE_STATE_OPEN || seen->state() == v1::CASE_STATE_READING));
    }
    return true;
  }

  bool draft(const Person& who, const std::string& name) {
    v1::SaveDraftRequest request;
    request.set_case_(name);
    *request.mutable_content() = an_opinion();
    request.set_request_id(fresh());
    if (!counted("draft", world_.call(save_draft, who, request))) return false;
    drafts_[{who.id, name}] = request.content().SerializeAsString();
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
    switch (pick(7)) {
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
      default:
        return counted("reopen", world_.call(reopen_case, who, ruling<v1::ReopenCaseRequest>(who, name)));
    }
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
        if (cases_.size() < 12) add_case();
        return true;
      case 1: {
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

  void remember(const v1::Read& read, const std::string& reader) {
    Known& known = reads_[read.name()];
    known.reader = reader;
    latest_[read.name()] = read;
    for (const v1::ReadRevision& r : read.revisions()) {
      const std::string content = r.content().SerializeAsString();
      const auto [at, is_new] = known.revisions.emplace(r.revision(), content);
      if (!is_new) CHECK(at->second == content);
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

  void none(const std::string& what, const std::string& from) {
    CAPTURE(what);
    CHECK(world_.number("SELECT COUNT(*) " + from) == 0);
  }

  // What must be true of the tables at any time.
  void check_database() {
    none("a case with more votes than its limit", "FROM cases WHERE votes > read_limit");
    none("a case whose votes are not its voting reads",
         "FROM cases c WHERE c.planted_for = '' AND votes <> "
         "(SELECT COUNT(*) FROM reads r WHERE r.case_id = c.case_id AND r.purpose = 1 AND r.late = 0)");
    none("a copy that is not read once or not at all",
         "FROM cases c WHERE c.planted_for <> '' AND (read_limit <> 1 OR votes <> (SELECT COUNT(*) FROM "
         "reads r WHERE r.case_id = c.case_id AND r.purpose > 1 AND r.late = 0))");
    none("a copy that settled", "FROM cases c WHERE c.planted_for <> '' AND c.state NOT IN (1, 2, 15)");
    none("a voting read without its slot, or a slot with another's read",
         "FROM reads r WHERE r.late = 0 AND NOT EXISTS (SELECT 1 FROM read_slots s WHERE "
         "s.case_id = r.case_id AND s.read_id = r.read_id AND s.holder = r.user_id AND "
         "s.purpose = r.purpose)");
    none("a submitted slot without its read",
         "FROM read_slots s WHERE s.read_id <> '' AND NOT EXISTS (SELECT 1 FROM reads r WHERE "
         "r.read_id = s.read_id AND r.case_id = s.case_id AND r.late = 0)");
    none("a case with more or fewer slots than its limit",
         "FROM cases c WHERE read_limit <> (SELECT COUNT(*) FROM read_slots s WHERE s.case_id = c.case_id)");
    none("a reader with two reads of one case",
         "FROM (SELECT 1 FROM reads GROUP BY case_id, user_id HAVING COUNT(*) > 1) t");
    none("a reader with two open slots of one case",
         "FROM (SELECT 1 FROM read_slots WHERE read_id = '' AND holder <> '' GROUP BY case_id, holder "
         "HAVING COUNT(*) > 1) t");
    none("a reader who holds a slot of a case they have read",
         "FROM read_slots s JOIN reads r ON r.case_id = s.case_id AND r.user_id = s.holder "
         "WHERE s.read_id = '' AND s.lease_until_us > 0 AND r.late = 0");
    none("a revision that is not its read's last or before it",
         "FROM reads r WHERE revision <> (SELECT MAX(v.revision) FROM read_revisions v WHERE "
         "v.read_id = r.read_id) OR revision <> (SELECT COUNT(*) FROM read_revisions v WHERE "
         "v.read_id = r.read_id)");
    none("an event number left out", "FROM clock WHERE seq <> (SELECT COUNT(*) FROM events)");
    none("a decision by a reader of the case",
         "FROM decisions d JOIN reads r ON r.case_id = d.case_id AND r.user_id = d.decider");
    none("a decision by somebody from the case's site",
         "FROM decisions d JOIN cases c ON c.case_id = d.case_id WHERE (d.decider = 'quinn' AND "
         "c.site_id = 'd') OR (d.decider = 'queen' AND c.site_id = 'b')");
    none("a decision under a policy that is not kept",
         "FROM decisions d WHERE NOT EXISTS (SELECT 1 FROM policies p WHERE p.version = d.policy_version)");
    none("a list's copy of a state that is not the case's",
         "FROM case_kinds k JOIN cases c ON c.case_id = k.case_id WHERE k.state <> c.state OR "
         "k.readable <> c.readable");
    none("a case offered although nothing is left to read",
         "FROM cases c WHERE readable = 1 AND NOT EXISTS (SELECT 1 FROM read_slots s WHERE "
         "s.case_id = c.case_id AND s.read_id = '')");
    none("an approved case whose last standing decision is no approval",
         "FROM cases c WHERE c.state = 11 AND (SELECT d.kind FROM decisions d WHERE d.case_id = c.case_id "
         "ORDER BY d.seq DESC LIMIT 1) <> 4");
    none("a gold or repeat read on a case that votes",
         "FROM reads r JOIN cases c ON c.case_id = r.case_id WHERE (r.purpose = 1) <> (c.planted_for = '')");
    none("a copy that is another reader's",
         "FROM read_slots s JOIN cases c ON c.case_id = s.case_id WHERE c.planted_for <> '' AND "
         "s.holder NOT IN ('', c.planted_for)");
  }

  // What was answered once is still there, word for word.
  void check_memory() {
    for (const auto& [name, known] : reads_) {
      const auto parsed = contract::parse_read_name(name);
      for (const auto& known_revision : known.revisions) {
        const auto& revision = known_revision.first;  // clang captures no structured binding
        const auto& content = known_revision.second;
        bool same = false;
        REQUIRE(world_.store().read([&](store::Tx& tx) -> Status {
          ASSIGN_OR_RETURN(const auto rows, store::reads::revisions(tx, parsed->read_id));
          for (const auto& row : rows) {
            ASSIGN_OR_RETURN(const v1::ReadContent stored, from_stored(row.content));
            same = same || (row.revision == revision && stored.SerializeAsString() == content);
          }
          return {};
        }));
        CHECK(same);
      }
    }
    for (const auto& kept : drafts_) {
      const auto& key = kept.first;
      const auto& content = kept.second;
      const auto who =
          std::find_if(readers_.begin(), readers_.end(), [&](const Person& p) { return p.id == key.first; });
      v1::GetDraftRequest request;
      request.set_case_(key.second);
      const auto draft = world_.call(get_draft, *who, request);
      REQUIRE(draft);
      CHECK(draft->content().SerializeAsString() == content);
    }
  }

  World world_;
  std::mt19937_64 random_;
  std::vector<std::string> cases_;
  const std::vector<Person> readers_ = {derm("ann"),      derm("bob", "c"), derm("cem", "c"),
                                        derm("dan", "a"), derm("eva", "d"), both_roles("fay", "c")};
  const std::vector<Person> deciders_ = {qa(), qa("queen", "b"), both_roles("fay", "c")};
  std::map<std::string, Known> reads_;                                 // by read name
  std::map<std::string, v1::Read> latest_;                             // by read name
  std::map<std::pair<std::string, std::string>, std::string> drafts_;  // by reader and case
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
    history.run(200);
    for (const auto& [verb, count] : history.done) done[verb] += count;
  }
  if (given || kHistories < 16) return;
  // The histories really went everywhere.
  for (const std::string verb : {"claim", "claim next", "submit", "late submit", "amend", "look", "draft",
                                 "adjudicate", "request read", "no consensus", "approve", "reject", "reopen",
                                 "approval voided", "renew", "release", "withdraw", "tier", "hidden read"}) {
    CAPTURE(verb);
    CHECK(done[verb] > 0);
  }
}
