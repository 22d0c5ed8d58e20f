// Two or three reviewers settle a disagreement together.

#include "server/handlers/panel.h"

#include "tests/unit/server/handlers/recording_store.h"
#include "tests/unit/server/handlers/review_world.h"

using namespace hada;
using namespace hada::review_test;

namespace {

const Person ann = derm("ann"), bob = derm("bob", "c");
const Person quinn = qa(), rei = qa("rei", "c"), sam = qa("sam", "b"), own = qa("own", "a");

struct Disputed {
  World world;
  std::string name, panel;
  v1::Read of_bob;

  Disputed() {
    world.without_third_read();
    name = world.add_case();
    world.reads(ann, name, says("psoriasis"));
    of_bob = world.reads(bob, name, says("eczema"));
    world.write([&](store::Tx& tx) -> Status {
      for (const Person& person : {quinn, rei, sam, own, bob, qa("gone")})
        RETURN_IF_ERROR(store::insert_user(tx, {.user_id = person.id,
                                                .display_name = "Dr. " + person.id,
                                                .home_site = person.home_site,
                                                .password_hash = "-",
                                                .disabled = person.id == "gone",
                                                .grants = {{Role::QaReviewer, ""}}}));
      return {};
    });
  }
  Result<v1::PanelState> convene(v1::PanelMode mode, std::vector<std::string> others) {
    auto request = world.about<v1::ConvenePanelRequest>(name);
    request.set_mode(mode);
    request.set_rationale("acral and scaly");
    for (const std::string& member : others) request.add_members("users/" + member);
    auto state = world.call(convene_panel, quinn, request);
    if (state) panel = state->panel().name();
    return state;
  }
  Result<v1::PanelState> answer(const Person& who, const std::string& term,
                                const std::string& why = "silvery scale") {
    v1::AnswerPanelRequest request;
    request.set_name(panel);
    request.set_term("terms/" + term);
    request.set_rationale(why);
    request.set_request_id(fresh());
    return world.call(answer_panel, who, request);
  }
  Result<v1::PanelState> withdraw(const Person& who) {
    v1::WithdrawPanelAnswerRequest request;
    request.set_name(panel);
    request.set_request_id(fresh());
    return world.call(withdraw_panel_answer, who, request);
  }
  Result<v1::PanelState> dissolve(const Person& who) {
    auto request = world.about<v1::DissolvePanelRequest>(name, who);
    request.set_name(panel);
    return world.call(dissolve_panel, who, request);
  }
  v1::PanelState seen_by(const Person& who) {
    v1::GetPanelRequest request;
    request.set_name(name);
    const auto state = world.call(get_panel, who, request);
    REQUIRE(state);
    return *state;
  }
  // What this member says, as far as `who` may know it.
  std::string said(const Person& member, const Person& who) {
    const v1::PanelState state = seen_by(who);
    for (const v1::PanelMember& each : state.panel().members())
      if (each.user() == "users/" + member.id) return each.answered() ? "answered " + each.term() : "nothing";
    return "no member";
  }
  Result<v1::Case> decide(const std::string& term, const Person& who = quinn) {
    auto request = world.about<v1::AdjudicateCaseRequest>(name, who);
    request.set_term("terms/" + term);
    request.set_rationale("as the panel says");
    return world.call(adjudicate_case, who, request);
  }
  v1::Decision last_decision(const Person& who = quinn) {
    const auto list = world.list_of_decisions(who, name);
    REQUIRE(list);
    REQUIRE(list->decisions_size() > 0);
    return list->decisions(list->decisions_size() - 1);
  }
  // Whether the panel waits for this person.
  bool waits_for(const Person& who) { return world.listed(who, v1::WORKLIST_VIEW_PANELS).size() == 1; }
  int64_t open_panels() { return world.number("SELECT COUNT(*) FROM panels WHERE closed_us = 0"); }
};

}  // namespace

TEST_CASE("a panel is of the convener and one or two others who may decide about the case") {
  Disputed at;
  const v1::PanelState before = at.seen_by(quinn);
  CHECK_FALSE(before.has_panel());
  // Neither a reader, nor one of the case's site, nor one who was disabled, nor the caller.
  REQUIRE(before.candidates_size() == 2);
  CHECK(before.candidates(0).display_name() == "Dr. rei");
  CHECK(before.candidates(1).display_name() == "Dr. sam");
  for (const char* unfit : {"own", "bob", "gone", "nobody", "quinn"})
    CHECK(reason(at.convene(v1::PANEL_MODE_VOTE, {unfit})) == "BAD_FIELD");
  CHECK(reason(at.convene(v1::PANEL_MODE_VOTE, {})) == "BAD_FIELD");
  CHECK(reason(at.convene(v1::PANEL_MODE_VOTE, {"rei", "rei"})) == "BAD_FIELD");
  CHECK(reason(at.convene(v1::PANEL_MODE_UNSPECIFIED, {"rei"})) == "BAD_FIELD");
  REQUIRE(at.convene(v1::PANEL_MODE_VOTE, {"rei", "sam"}));
  CHECK(at.seen_by(rei).panel().members(0).user() == "users/quinn");
  CHECK(reason(at.convene(v1::PANEL_MODE_VOTE, {"rei"})) == "PANEL_OPEN");
  CHECK(reason(at.answer(qa("other"), "eczema")) == "NOT_ON_PANEL");
}

TEST_CASE("only who may decide about a case convenes a panel or sees it") {
  Disputed at;
  auto request = at.world.about<v1::ConvenePanelRequest>(at.name);
  request.set_mode(v1::PANEL_MODE_VOTE);
  request.add_members("users/rei");
  CHECK(reason(at.world.call(convene_panel, own, request)) == "OWN_SITE");
  CHECK(reason(at.world.call(convene_panel, ann, request)) == "ROLE_REQUIRED");
  request.set_etag("another");
  CHECK(reason(at.world.call(convene_panel, quinn, request)) == "ETAG_MISMATCH");
  REQUIRE(at.convene(v1::PANEL_MODE_CONSENSUS, {"rei", "sam"}));
  CHECK(at.seen_by(qa("other")).has_panel());
  CHECK_FALSE(at.seen_by(own).has_panel());
  CHECK_FALSE(at.seen_by(ann).has_panel());
}

TEST_CASE("members who vote are blind to each other until all have") {
  Disputed at;
  REQUIRE(at.convene(v1::PANEL_MODE_VOTE, {"rei", "sam"}));
  REQUIRE(at.answer(quinn, "eczema"));
  CHECK(at.said(quinn, rei) == "answered ");
  CHECK(at.said(quinn, quinn) == "answered terms/eczema");
  CHECK(reason(at.decide("eczema")) == "PANEL_OPEN");
  REQUIRE(at.answer(rei, "psoriasis"));
  // Who has not voted yet can still change their mind, unseen.
  REQUIRE(at.withdraw(quinn));
  CHECK(at.said(quinn, rei) == "nothing");
  REQUIRE(at.answer(quinn, "eczema"));
  CHECK(at.seen_by(sam).panel().term().empty());
  REQUIRE(at.answer(sam, "eczema"));
  CHECK(at.said(quinn, rei) == "answered terms/eczema");
  CHECK(at.seen_by(rei).panel().term() == "terms/eczema");
  CHECK(reason(at.answer(rei, "eczema")) == "PANEL_COMPLETE");
  CHECK(reason(at.withdraw(rei)) == "PANEL_COMPLETE");
  CHECK(reason(at.decide("psoriasis")) == "PANEL_SPLIT");
  // No event says what a vote was.
  CHECK(at.world.number("SELECT COUNT(*) FROM events WHERE verb LIKE '%panel%' AND detail LIKE '%eczema%'") ==
        0);
}

TEST_CASE("a decision names the panel and what its members said") {
  Disputed at;
  REQUIRE(at.convene(v1::PANEL_MODE_VOTE, {"rei", "sam"}));
  REQUIRE(at.answer(quinn, "eczema", "vesicles"));
  REQUIRE(at.answer(rei, "psoriasis"));
  REQUIRE(at.answer(sam, "eczema"));
  const auto decided = at.decide("eczema", sam);
  REQUIRE(decided);
  CHECK(decided->state() == v1::CASE_STATE_PANEL_DECIDED);
  const v1::Decision decision = at.last_decision();
  CHECK(decision.basis_size() == 2);
  CHECK(decision.panel().name() == at.panel);
  CHECK(decision.panel().term() == "terms/eczema");
  REQUIRE(decision.panel().members_size() == 3);
  CHECK(decision.panel().members(0).rationale() == "vesicles");
  CHECK(decision.panel().members(1).term() == "terms/psoriasis");
  CHECK(at.open_panels() == 0);
  CHECK(reason(at.answer(rei, "eczema")) == "PANEL_ENDED");
  CHECK_FALSE(at.seen_by(rei).has_panel());
}

TEST_CASE("a panel that seeks consensus talks until all say the same") {
  Disputed at;
  REQUIRE(at.convene(v1::PANEL_MODE_CONSENSUS, {"rei", "sam"}));
  REQUIRE(at.answer(rei, "psoriasis"));
  CHECK(at.said(rei, sam) == "answered terms/psoriasis");
  REQUIRE(at.answer(quinn, "psoriasis"));
  REQUIRE(at.answer(sam, "eczema"));
  CHECK(reason(at.decide("psoriasis")) == "PANEL_SPLIT");
  REQUIRE(at.answer(sam, "psoriasis"));
  CHECK(at.decide("psoriasis")->state() == v1::CASE_STATE_PANEL_DECIDED);
  // What was said on the way is kept.
  CHECK(at.world.number("SELECT COUNT(*) FROM panel_answers") == 4);
}

TEST_CASE("a tied vote ends by what a member does, never by itself") {
  Disputed at;
  REQUIRE(at.convene(v1::PANEL_MODE_VOTE, {"rei"}));
  REQUIRE(at.answer(quinn, "psoriasis"));
  REQUIRE(at.answer(rei, "eczema"));
  CHECK(at.world.state(at.name) == v1::CASE_STATE_TO_PANEL);
  CHECK(reason(at.decide("psoriasis")) == "PANEL_SPLIT");
  SUBCASE("no consensus is recorded with what its members said") {
    REQUIRE(
        at.world.call(declare_no_consensus, quinn, at.world.about<v1::DeclareNoConsensusRequest>(at.name)));
    CHECK(at.world.state(at.name) == v1::CASE_STATE_NO_CONSENSUS);
    CHECK(at.last_decision().panel().members(1).term() == "terms/eczema");
    CHECK(at.open_panels() == 0);
  }
  SUBCASE("another read is asked for") {
    REQUIRE(at.world.call(request_read, rei, at.world.about<v1::RequestReadRequest>(at.name, rei)));
    CHECK(at.world.state(at.name) == v1::CASE_STATE_NEEDS_READ);
    CHECK(at.open_panels() == 0);
  }
  SUBCASE("who is not on the panel decides nothing over it") {
    CHECK(reason(at.decide("psoriasis", sam)) == "NOT_ON_PANEL");
    CHECK(reason(at.world.call(declare_no_consensus, sam,
                               at.world.about<v1::DeclareNoConsensusRequest>(at.name, sam))) ==
          "NOT_ON_PANEL");
    CHECK(reason(at.world.call(request_read, sam, at.world.about<v1::RequestReadRequest>(at.name, sam))) ==
          "NOT_ON_PANEL");
  }
  SUBCASE("anybody who may decide dissolves it, and then decides alone") {
    CHECK(reason(at.dissolve(own)) == "OWN_SITE");
    const auto after = at.dissolve(sam);
    REQUIRE(after);
    CHECK_FALSE(after->has_panel());
    CHECK(reason(at.dissolve(sam)) == "PANEL_ENDED");
    REQUIRE(at.decide("eczema", sam));
    CHECK_FALSE(at.last_decision().has_panel());
  }
}

TEST_CASE("a member finds the cases whose panel waits for them") {
  Disputed at;
  CHECK_FALSE(at.waits_for(quinn));
  REQUIRE(at.convene(v1::PANEL_MODE_VOTE, {"rei"}));
  CHECK(at.waits_for(quinn));
  CHECK(at.waits_for(rei));
  CHECK_FALSE(at.waits_for(sam));
  CHECK(at.world.listed(rei, v1::WORKLIST_VIEW_PANELS, {}, {v1::IMAGE_KIND_CLINICAL_CLOSEUP}).size() == 1);
  CHECK(at.world.listed(rei, v1::WORKLIST_VIEW_PANELS, {}, {v1::IMAGE_KIND_DERMOSCOPIC}).empty());
  CHECK(at.world.listed(rei, v1::WORKLIST_VIEW_PANELS, {v1::CASE_STATE_READING}).empty());
  CHECK(at.world.listed(ann, v1::WORKLIST_VIEW_PANELS) == std::vector<std::string>{"error ROLE_REQUIRED"});
  REQUIRE(at.answer(quinn, "psoriasis"));
  CHECK_FALSE(at.waits_for(quinn));
  REQUIRE(at.withdraw(quinn));
  CHECK(at.waits_for(quinn));
  REQUIRE(at.answer(quinn, "psoriasis"));
  REQUIRE(at.answer(rei, "psoriasis"));
  // All have answered: it waits for the convener to decide.
  CHECK(at.waits_for(quinn));
  CHECK_FALSE(at.waits_for(rei));
  REQUIRE(at.decide("psoriasis"));
  CHECK_FALSE(at.waits_for(quinn));
}

TEST_CASE("a panel ends when the case is settled without it") {
  Disputed at;
  REQUIRE(at.convene(v1::PANEL_MODE_VOTE, {"rei", "sam"}));
  // A reader who is still blind comes to the other's term: the votes agree now.
  REQUIRE(at.world.amend(bob, at.of_bob, says("psoriasis")));
  CHECK(at.world.state(at.name) == v1::CASE_STATE_AGREED);
  CHECK(at.open_panels() == 0);
  CHECK_FALSE(at.waits_for(rei));
  CHECK(reason(at.answer(rei, "eczema")) == "PANEL_ENDED");
}

TEST_CASE("no query about panels walks or sorts a table that grows") {
  Disputed at;
  RecordingStore recording(at.world.store());
  at.world.through(recording);
  REQUIRE(at.convene(v1::PANEL_MODE_VOTE, {"rei", "sam"}));
  REQUIRE(at.answer(quinn, "eczema"));
  REQUIRE(at.withdraw(quinn));
  CHECK(at.waits_for(rei));
  (void)at.seen_by(rei);
  REQUIRE(at.dissolve(sam));
  (void)at.seen_by(rei);
  at.world.through(at.world.store());
  int checked = 0;
  for (const Statement& statement : recording.take()) {
    if (statement.sql.find("panel") == std::string::npos &&
        statement.sql.find("role_grants") == std::string::npos)
      continue;
    const auto plan = recording.plan_of(statement);
    REQUIRE(plan);
    ++checked;
    for (const std::string& line : *plan) {
      CAPTURE(statement.sql);
      CAPTURE(line);
      CHECK_FALSE(walks_all(line));
      CHECK_FALSE(sorts(line));
    }
  }
  CHECK(checked > 15);
}
