#include "contract/review_rules.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "contract/vocabulary.h"

using namespace hada;
using namespace hada::contract;
using enum CaseState;

namespace {

constexpr Role kRoles[] = {Role::Unspecified,     Role::Dermatologist, Role::QaReviewer,
                           Role::SiteCoordinator, Role::Researcher,    Role::Admin};

std::vector<CaseState> every_state() {
  std::vector<CaseState> states;
  for (int i = 1; i < kCaseStateCount; ++i) states.push_back(static_cast<CaseState>(i));
  return states;
}

std::vector<Verb> every_verb() {
  std::vector<Verb> verbs;
  for (int i = 0; i < kVerbCount; ++i) verbs.push_back(static_cast<Verb>(i));
  return verbs;
}

// Every state a verb can lead to from `from`, whatever the facts.
std::set<CaseState> targets(CaseState from, Verb verb) {
  std::set<CaseState> reached;
  for (const Role role : kRoles)
    for (const CaseState fact : every_state())
      if (const auto next = next_state(from, verb, role, {fact, fact})) reached.insert(*next);
  return reached;
}

// skin -> {tumour -> {naevus, melanoma}, inflammation -> {eczema -> {atopic, contact}, psoriasis}}
const Vocabulary& vocabulary() {
  static const Vocabulary v =
      Vocabulary::from(
          {{"skin", "skin disease", "皮膚疾患", {}, {}, {}, "", 0, ""},
           {"tumour", "tumour", "腫瘍", {}, {}, {"skin"}, "", 1, ""},
           {"naevus", "naevus", "母斑", {}, {}, {"tumour"}, "", 0, "naevus"},
           {"melanoma", "melanoma", "悪性黒色腫", {}, {}, {"tumour"}, "", 2, "melanoma"},
           {"eczema", "eczema", "湿疹", {}, {}, {"skin"}, "", 0, "eczema"},
           {"atopic", "atopic dermatitis", "アトピー性皮膚炎", {}, {}, {"eczema"}, "", 0, "eczema"},
           {"contact", "contact dermatitis", "接触皮膚炎", {}, {}, {"eczema"}, "", 0, "eczema"},
           {"psoriasis", "psoriasis", "乾癬", {}, {}, {"skin"}, "", 0, "psoriasis"}},
          {{"naevus", "naevus", "母斑"},
           {"melanoma", "melanoma", "悪性黒色腫"},
           {"eczema", "eczema", "湿疹"},
           {"psoriasis", "psoriasis", "乾癬"}},
          "test")
          .value();
  return v;
}

Vote vote(const std::string& term, int confidence = 4) { return {true, {{term, 1, confidence}}}; }
Vote tie(const std::string& a, const std::string& b, int ca = 4, int cb = 4) {
  return {true, {{a, 1, ca}, {b, 1, cb}}};
}
Vote ungradable() { return {false, {}}; }

Outcome two(const Vote& a, const Vote& b, const Policy& policy = {}) {
  const Outcome outcome = evaluate({{a, b}, "", false}, policy, vocabulary());
  CHECK(outcome == evaluate({{b, a}, "", false}, policy, vocabulary()));
  return outcome;
}

Outcome third(std::vector<Vote> votes, const Policy& policy = {}) {
  const Outcome outcome = evaluate({votes, "", true}, policy, vocabulary());
  for (size_t turn = 1; turn < votes.size(); ++turn) {
    std::rotate(votes.begin(), votes.begin() + 1, votes.end());
    CHECK(outcome == evaluate({votes, "", true}, policy, vocabulary()));
  }
  return outcome;
}

}  // namespace

TEST_CASE("the table of transitions is complete") {
  SUBCASE("every state x verb x role is decided: a known state or one of three reasons") {
    for (const CaseState from : every_state())
      for (const Verb verb : every_verb())
        for (const Role role : kRoles)
          for (const CaseState fact : every_state()) {
            const auto next = next_state(from, verb, role, {fact, fact});
            CAPTURE(state_text(from));
            CAPTURE(verb_text(verb));
            if (next) {
              CHECK(*next != Unspecified);
            } else {
              const std::set<std::string> reasons = {"ROLE_REQUIRED", "WRONG_STATE",
                                                     "DECISION_RESTS_ON_READ"};
              CHECK(reasons.contains(next.error().reason));
              CHECK((next.error().code == ErrorCode::PermissionDenied) ==
                    (next.error().reason == "ROLE_REQUIRED"));
            }
          }
  }
  SUBCASE("a state or verb outside the enums is refused, not read past the table") {
    CHECK_FALSE(next_state(static_cast<CaseState>(99), Verb::Approve, Role::QaReviewer));
    CHECK_FALSE(next_state(Agreed, static_cast<Verb>(99), Role::QaReviewer));
    CHECK_FALSE(next_state(Agreed, Verb::Approve, static_cast<Role>(99)));
    CHECK_FALSE(next_state(Unspecified, Verb::Withdraw, Role::Admin));
  }
}

TEST_CASE("the table says what workflow.md says") {
  // The table of workflow.md ("States"), by hand, as what each state may change into.
  const std::map<CaseState, std::set<CaseState>> expected = {
      {Open, {Reading, Withdrawn}},
      // Majority straight from Reading is a three-vote tier (rule 7).
      {Reading, {Agreed, Majority, NeedsRead, ToPanel, Ungradable, Pathology, Withdrawn}},
      // Pathology: rule 1 comes first, also when the diagnosis arrived while the third vote was out.
      {NeedsRead, {Majority, ToPanel, Ungradable, Pathology, Withdrawn}},
      {Agreed,
       {Approved, Rejected, Returned, Withdrawn, Majority, NeedsRead, ToPanel, Ungradable, Pathology}},
      {Majority,
       {Approved, Rejected, Returned, Withdrawn, Agreed, NeedsRead, ToPanel, Ungradable, Pathology}},
      {Ungradable,
       {Approved, Rejected, Returned, Withdrawn, Agreed, Majority, NeedsRead, ToPanel, Pathology}},
      {Pathology,
       {Approved, Rejected, Returned, Withdrawn, Agreed, Majority, NeedsRead, ToPanel, Ungradable}},
      {ToPanel, {PanelDecided, NoConsensus, NeedsRead, Withdrawn, Agreed, Majority, Ungradable, Pathology}},
      {PanelDecided, {Approved, Rejected, Returned, Withdrawn}},
      {NoConsensus, {Approved, Rejected, Returned, Withdrawn}},
      {Approved, {Agreed, Majority, Ungradable, Pathology, PanelDecided, NoConsensus, Reopened, Withdrawn}},
      {Rejected, {Agreed, Majority, Ungradable, Pathology, PanelDecided, NoConsensus, Reopened, Withdrawn}},
      // Besides its two ways on, QA may take the return back.
      {Returned,
       {Reading, Open, Withdrawn, Agreed, Majority, Ungradable, Pathology, PanelDecided, NoConsensus,
        Reopened}},
      {Reopened, {PanelDecided, NoConsensus, NeedsRead, Rejected, Returned, Withdrawn}},
      {Withdrawn, {}},
  };
  for (const CaseState from : every_state()) {
    std::set<CaseState> reached;
    for (const Verb verb : every_verb())
      for (const CaseState state : targets(from, verb))
        if (state != from) reached.insert(state);
    CAPTURE(state_text(from));
    CHECK(reached == expected.at(from));
  }

  SUBCASE("only QA decides") {
    for (const Verb verb :
         {Verb::Adjudicate, Verb::DeclareNoConsensus, Verb::RequestRead, Verb::Approve, Verb::Reject,
          Verb::Reopen, Verb::ReturnToReader, Verb::ReturnToSite, Verb::ReviewImage})
      for (const CaseState from : every_state())
        for (const Role role : kRoles)
          if (role != Role::QaReviewer) {
            CHECK(next_state(from, verb, role, {from, from}).error().reason == "ROLE_REQUIRED");
          }
  }
  SUBCASE("a slot is leased only while votes are collected") {
    CHECK(states_allowing(Verb::Claim, Role::Dermatologist) == std::vector{Open, Reading, NeedsRead});
    CHECK(*next_state(Open, Verb::Claim, Role::Dermatologist) == Reading);
    CHECK(*next_state(NeedsRead, Verb::Claim, Role::Dermatologist) == NeedsRead);
  }
  SUBCASE("a read may arrive in any state: nothing a reader wrote is dropped") {
    for (const CaseState from : every_state())
      CHECK(*next_state(from, Verb::Submit, Role::Dermatologist) == from);
  }
  SUBCASE("an amendment is refused once a person has decided") {
    for (const CaseState from : {PanelDecided, NoConsensus, Approved, Rejected})
      CHECK(next_state(from, Verb::Amend, Role::Dermatologist).error().reason == "DECISION_RESTS_ON_READ");
    CHECK(next_state(Agreed, Verb::Amend, Role::Dermatologist).has_value());
  }
  SUBCASE("an approval taken back leads to where it was given") {
    CHECK(*next_state(Approved, Verb::Reopen, Role::QaReviewer, {.before = Majority}) == Majority);
    CHECK(*next_state(Approved, Verb::VoidApproval, Role::Unspecified, {.before = Agreed}) == Agreed);
    CHECK_FALSE(next_state(Approved, Verb::Reopen, Role::QaReviewer, {.before = Open}));
    CHECK_FALSE(next_state(Approved, Verb::Reopen, Role::QaReviewer, {.before = ToPanel}));
  }
  SUBCASE("an image is included or left out once readers are done, and voids an approval") {
    for (const CaseState from : {Agreed, Majority, ToPanel, PanelDecided, NoConsensus, Ungradable, Pathology})
      CHECK(*next_state(from, Verb::ReviewImage, Role::QaReviewer) == from);
    CHECK(*next_state(Approved, Verb::ReviewImage, Role::QaReviewer, {.before = Agreed}) == Agreed);
    for (const CaseState from : {Open, Reading, NeedsRead, Rejected, Returned, Withdrawn})
      CHECK_FALSE(next_state(from, Verb::ReviewImage, Role::QaReviewer, {.before = Agreed}));
  }
  SUBCASE("the worklist's tabs follow from it") {
    CHECK(states_allowing(Verb::Adjudicate, Role::QaReviewer) == std::vector{ToPanel, Reopened});
    CHECK(states_allowing(Verb::Approve, Role::QaReviewer) ==
          std::vector{Agreed, Majority, PanelDecided, NoConsensus, Ungradable, Pathology});
  }
}

TEST_CASE("two votes") {
  Policy to_qa;  // what the votes leave open goes to QA instead of a third reader
  to_qa.third_read_on_disagreement = false;

  SUBCASE("rule 1: pathology goes before every other rule") {
    CHECK(evaluate({{vote("naevus"), ungradable()}, "melanoma", false}, {}, vocabulary()) ==
          Outcome{Pathology, "melanoma", "pathology"});
    CHECK(evaluate({{vote("naevus"), vote("melanoma")}, "naevus", false}, {}, vocabulary()).state ==
          Pathology);
    Policy off;
    off.pathology_settles = false;
    CHECK(evaluate({{vote("naevus"), vote("naevus")}, "melanoma", false}, off, vocabulary()).state == Agreed);
  }
  SUBCASE("rule 2: both ungradable settle it; one asks for a read") {
    CHECK(two(ungradable(), ungradable()) == Outcome{Ungradable, "", "all_ungradable"});
    CHECK(two(ungradable(), vote("eczema")) == Outcome{NeedsRead, "", "one_ungradable"});
    CHECK(two(ungradable(), vote("melanoma")) == Outcome{NeedsRead, "", "one_ungradable"});
    CHECK(two(ungradable(), vote("eczema"), to_qa) == Outcome{ToPanel, "", "one_ungradable"});
  }
  SUBCASE("rule 3: high risk against not high risk goes to the panel at once") {
    CHECK(two(vote("melanoma"), vote("naevus")) == Outcome{ToPanel, "", "risk_split"});
    CHECK(two(vote("melanoma", 1), vote("tumour", 1)).rule == "risk_split");
    Policy off;
    off.risk_split_to_panel = false;
    CHECK(two(vote("melanoma"), vote("naevus"), off) == Outcome{NeedsRead, "", "disagreement"});
  }
  SUBCASE("rule 3: the risk of a tie is its highest") {
    CHECK(two(tie("melanoma", "naevus"), vote("naevus")).rule == "risk_split");
    CHECK(two(tie("melanoma", "naevus"), vote("melanoma")).rule == "disagreement");
  }
  SUBCASE("rule 3 goes by the policy's risk") {
    Policy raised;
    raised.high_risk_tier = 1;  // "tumour" is of tier 1
    CHECK(two(vote("tumour"), vote("naevus"), raised).rule == "risk_split");
    Policy overridden;
    overridden.risk_of_term = {{"melanoma", 1}, {"eczema", 2}};
    CHECK(two(vote("melanoma"), vote("naevus"), overridden).rule == "disagreement");
    CHECK(two(vote("eczema"), vote("naevus"), overridden).rule == "risk_split");
  }
  SUBCASE("rule 4: the same top with confidence agrees") {
    CHECK(two(vote("psoriasis"), vote("psoriasis", 3)) == Outcome{Agreed, "psoriasis", "same_top"});
    CHECK(two(vote("melanoma"), vote("melanoma")) == Outcome{Agreed, "melanoma", "same_top"});
  }
  SUBCASE("rule 4: what comes after the top does not matter") {
    Vote a = vote("psoriasis");
    a.differential.push_back({"eczema", 2, 5});
    CHECK(two(a, vote("psoriasis")).state == Agreed);
  }
  SUBCASE("rule 4: a tie agrees with the same tie only, under its common ancestor within one class") {
    CHECK(two(tie("atopic", "contact"), tie("contact", "atopic")) == Outcome{Agreed, "eczema", "same_top"});
    CHECK(two(tie("atopic", "contact"), vote("atopic")).state == NeedsRead);
  }
  SUBCASE("rule 4: a tie across classes agrees, but is called nothing: the soft label says it") {
    CHECK(two(tie("psoriasis", "eczema"), tie("psoriasis", "eczema")) == Outcome{Agreed, "", "same_top"});
  }
  SUBCASE("rule 5: a term and its ancestor agree at the ancestor, in one class, with confidence") {
    CHECK(two(vote("eczema"), vote("atopic")) == Outcome{Agreed, "eczema", "ancestor_top"});
    CHECK(two(vote("contact"), vote("atopic")).state == NeedsRead);
    CHECK(two(vote("tumour"), vote("naevus")).state == NeedsRead);
    CHECK(two(vote("eczema", 2), vote("atopic")).state == NeedsRead);
    CHECK(two(vote("eczema"), vote("atopic", 2)).state == NeedsRead);
    Policy off;
    off.ancestor_agrees = false;
    CHECK(two(vote("eczema"), vote("atopic"), off) == Outcome{NeedsRead, "", "disagreement"});
  }
  SUBCASE("rule 5 goes by the policy's release classes") {
    Policy moved;
    moved.release_class_of_term = {{"tumour", "naevus"}, {"atopic", "psoriasis"}};
    CHECK(two(vote("tumour"), vote("naevus"), moved) == Outcome{Agreed, "tumour", "ancestor_top"});
    CHECK(two(vote("eczema"), vote("atopic"), moved).state == NeedsRead);
  }
  SUBCASE("rule 6: different tops ask for a read, or go to QA") {
    CHECK(two(vote("psoriasis"), vote("eczema")) == Outcome{NeedsRead, "", "disagreement"});
    CHECK(two(vote("psoriasis"), vote("eczema"), to_qa) == Outcome{ToPanel, "", "disagreement"});
  }
  SUBCASE("rule 6: a shared top with low confidence is not agreement") {
    CHECK(two(vote("psoriasis", 2), vote("psoriasis", 5)) == Outcome{NeedsRead, "", "disagreement"});
    CHECK(two(tie("atopic", "contact", 5, 2), tie("atopic", "contact")).state == NeedsRead);
    Policy strict;
    strict.min_confidence = 5;
    CHECK(two(vote("psoriasis"), vote("psoriasis"), strict).state == NeedsRead);
  }
}

TEST_CASE("a third vote") {
  SUBCASE("two of three on one term are a majority, whatever their confidence") {
    CHECK(third({vote("psoriasis", 1), vote("psoriasis", 2), vote("eczema")}) ==
          Outcome{Majority, "psoriasis", "majority_term"});
  }
  SUBCASE("two of three in one release class are a majority at their common ancestor") {
    CHECK(third({vote("atopic"), vote("contact"), vote("psoriasis")}) ==
          Outcome{Majority, "eczema", "majority_class"});
    CHECK(third({vote("atopic"), vote("atopic"), vote("contact")}) ==
          Outcome{Majority, "atopic", "majority_term"});
  }
  SUBCASE("three different ones, or one gradable pair that differs, go to the panel") {
    CHECK(third({vote("atopic"), vote("naevus"), vote("psoriasis")}) == Outcome{ToPanel, "", "no_majority"});
    CHECK(third({vote("atopic"), ungradable(), vote("psoriasis")}).state == ToPanel);
    CHECK(third({vote("psoriasis"), ungradable(), vote("psoriasis")}).state == Majority);
  }
  SUBCASE("two ungradable settle it as ungradable") {
    CHECK(third({ungradable(), vote("melanoma"), ungradable()}) ==
          Outcome{Ungradable, "", "majority_ungradable"});
  }
  SUBCASE("high risk against not goes to the panel against any majority") {
    CHECK(third({vote("naevus"), vote("naevus"), vote("melanoma")}) == Outcome{ToPanel, "", "risk_split"});
    Policy off;
    off.risk_split_to_panel = false;
    CHECK(third({vote("naevus"), vote("naevus"), vote("melanoma")}, off).state == Majority);
  }
  SUBCASE("three alike after a third read are a majority; in a three-vote tier they agree") {
    const std::vector<Vote> alike = {vote("psoriasis"), vote("psoriasis"), vote("psoriasis")};
    CHECK(third(alike).state == Majority);
    CHECK(evaluate({alike, "", false}, {}, vocabulary()).state == Agreed);
    CHECK(evaluate({{alike[0], alike[1], vote("eczema")}, "", false}, {}, vocabulary()).state == Majority);
  }
  SUBCASE("a tie that two share is a majority, called what it has in common within one class") {
    CHECK(third({tie("atopic", "contact"), tie("contact", "atopic"), vote("psoriasis")}) ==
          Outcome{Majority, "eczema", "majority_term"});
    CHECK(third({tie("naevus", "eczema"), tie("naevus", "eczema"), vote("psoriasis")}) ==
          Outcome{Majority, "", "majority_term"});
    CHECK(third({tie("naevus", "eczema"), vote("naevus"), vote("psoriasis")}).state == ToPanel);
  }
  SUBCASE("the classes of a majority are the policy's") {
    Policy moved;
    moved.release_class_of_term = {{"contact", "psoriasis"}};
    CHECK(third({vote("atopic"), vote("contact"), vote("naevus")}, moved).state == ToPanel);
    CHECK(third({vote("psoriasis"), vote("contact"), vote("naevus")}, moved) ==
          Outcome{Majority, "skin", "majority_class"});
  }
  SUBCASE("a three-vote tier: rules 2 to 5 where they are unanimous, rule 7 where they are not") {
    const auto tier = [&](std::vector<Vote> votes) {
      return evaluate({std::move(votes), "", false}, {}, vocabulary());
    };
    CHECK(tier({ungradable(), ungradable(), ungradable()}).rule == "all_ungradable");
    CHECK(tier({ungradable(), ungradable(), vote("melanoma")}).rule == "majority_ungradable");
    CHECK(tier({vote("melanoma"), vote("naevus"), vote("naevus")}).rule == "risk_split");
    CHECK(tier({vote("eczema"), vote("atopic"), vote("contact")}) ==
          Outcome{Agreed, "eczema", "ancestor_top"});
    CHECK(tier({vote("psoriasis", 2), vote("psoriasis"), vote("psoriasis")}) ==
          Outcome{Majority, "psoriasis", "majority_term"});
    CHECK(tier({ungradable(), vote("psoriasis"), vote("naevus")}) == Outcome{ToPanel, "", "no_majority"});
  }
  SUBCASE("of four votes, two and two are no majority") {
    CHECK(third({vote("psoriasis"), vote("psoriasis"), vote("atopic"), vote("atopic")}).state == ToPanel);
    CHECK(third({vote("psoriasis"), vote("psoriasis"), vote("psoriasis"), vote("atopic")}).state == Majority);
  }
}

TEST_CASE("random histories hold the invariants of workflow.md") {
  std::mt19937 random(20240601);
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const char* terms[] = {"naevus", "melanoma", "eczema", "atopic", "contact", "psoriasis"};
  std::map<CaseState, int> seen;

  for (int history = 0; history < 3000; ++history) {
    Policy policy;
    policy.third_read_on_disagreement = pick(2) != 0;
    policy.ancestor_agrees = pick(2) != 0;
    CaseState state = Open, before = Unspecified;
    int limit = policy.votes_default;
    std::vector<Vote> votes;

    for (int step = 0; step < 60; ++step) {
      const Verb verb = static_cast<Verb>(pick(kVerbCount));
      if (verb == Verb::Withdraw && pick(10) != 0) continue;  // or every history is short
      Role role = kRoles[pick(6)];
      for (int i = 0; i < 6 && pick(4) != 0; ++i)
        if (allows(state, verb, kRoles[i])) role = kRoles[i];
      CaseState outcome = Unspecified;
      if (verb == Verb::Submit && state != Open && collects_votes(state) &&
          static_cast<int>(votes.size()) < limit)
        votes.push_back(pick(5) == 0 ? ungradable() : vote(terms[pick(2) * pick(6)], 1 + pick(5)));
      if (verb == Verb::Settle) {
        if (static_cast<int>(votes.size()) < limit) continue;  // the machine settles only full ballots
        outcome = evaluate({votes, pick(20) == 0 ? "psoriasis" : "", limit > policy.votes_default}, policy,
                           vocabulary())
                      .state;
      }
      const CaseState was = state;
      const auto next = next_state(state, verb, role, {outcome, before});
      if (!next) {
        // What the rules find in a full ballot is never refused while votes settle the case.
        CHECK_FALSE((verb == Verb::Settle && role == Role::Unspecified && was != Open &&
                     (collects_votes(was) || was == Agreed || was == Majority || was == ToPanel)));
        continue;
      }
      state = *next;
      ++seen[state];

      CHECK(static_cast<int>(votes.size()) <= limit);
      if (was == Withdrawn) CHECK(state == Withdrawn);
      if (state == Approved && was != Approved) {
        CHECK(verb == Verb::Approve);
        CHECK(role == Role::QaReviewer);
        // Nothing is approved that a person or a full ballot has not decided.
        CHECK((static_cast<int>(votes.size()) >= limit || was == PanelDecided || was == NoConsensus));
        before = was;
      }
      if (state == Rejected && was != Rejected) before = was;
      if (was == Approved && state != Approved && state != Withdrawn) CHECK(state == before);
      if (state == NeedsRead && was != NeedsRead) {
        ++limit;
        CHECK((verb == Verb::RequestRead || verb == Verb::Settle));
      }
      if (state == Majority && was == NeedsRead) CHECK(votes.size() >= 3);
      if (state == Reading && was == Returned) votes.clear();  // a new round
      if (state == Open && was == Returned) {
        votes.clear();
        limit = policy.votes_default;
      }
      if (state == Reading && was == Returned) limit = policy.votes_default;
    }
  }
  for (const CaseState state : every_state())
    if (state != Reopened) {
      CAPTURE(state_text(state));
      CHECK(seen[state] > 0);  // the histories really went everywhere
    }
}
