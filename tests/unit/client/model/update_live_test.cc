// What others do while a workstation is open, as hints from the server.

#include <doctest/doctest.h>

#include "desk.h"

using namespace hada;
using namespace hada::model;
using reply::ChangeKind;
using test::Desk;
using test::differential;

namespace {

void hint(Desk& desk, const std::string& name, std::optional<WorklistView> arrived_in = {},
          bool by_caller = false, ChangeKind kind = ChangeKind::Case) {
  reply::Changed changed;
  changed.kind = kind;
  changed.case_name = name;
  changed.arrived_in = arrived_in;
  changed.by_caller = by_caller;
  desk.answer(changed);
}

// A QA reviewer in front of the list of disagreements, with one case in it.
void at_list(Desk& desk) {
  desk.log_in({Role::QaReviewer}, "qa");
  reply::Cases page;
  page.cases.push_back(Desk::a_case("c1", CaseState::ToPanel));
  desk.reply_to<effect::ListCases>(page);
  desk.wish(intent::ShowRows{0, 0});
  desk.tick(1);
  desk.forget_sent();
}

void answer_page(Desk& desk) {
  reply::Cases page;
  page.cases.push_back(Desk::a_case("c1", CaseState::ToPanel));
  desk.reply_to<effect::ListCases>(page);
}

Decision decision(const std::string& by, DecisionKind kind = DecisionKind::Adjudicate) {
  Decision made;
  made.name = "cases/c1/decisions/" + by;
  made.kind = kind;
  made.decider = "users/" + by;
  made.decider_display_name = "Dr. " + by;
  made.term = "terms/psoriasis";
  made.rationale = "scale";
  return made;
}

// The same reviewer with the case open and everything of it known.
void at_case(Desk& desk) {
  at_list(desk);
  desk.wish(intent::OpenCase{"cases/c1"});
  desk.give_case(Desk::a_case("c1", CaseState::ToPanel));
  desk.reply_to<effect::ListReads>(reply::Reads{});
  desk.reply_to<effect::ListDecisions>(reply::Decisions{});
  desk.tick(1);
  desk.forget_sent();
}

void answer_case(Desk& desk, CaseState state, std::vector<Decision> decisions) {
  Case value = Desk::a_case("c1", state);
  value.etag = "etag-2";
  desk.give_case(value);
  desk.reply_to<effect::ListReads>(reply::Reads{});
  reply::Decisions list;
  list.decisions = std::move(decisions);
  desk.reply_to<effect::ListDecisions>(list);
}

const intent::Decide kMine{DecisionKind::Adjudicate, "terms/eczema", RejectCode::Unspecified, "weeping"};

}  // namespace

TEST_CASE("a change of a case in the list is asked for at once, many changes once more") {
  Desk desk;
  at_list(desk);
  hint(desk, "cases/c1");
  CHECK(desk.count<effect::ListCases>() == 1);
  for (int i = 0; i < 10; ++i) hint(desk, "cases/c1");
  CHECK(desk.count<effect::ListCases>() == 1);
  answer_page(desk);
  desk.tick(0.3);
  CHECK(desk.count<effect::ListCases>() == 2);
  answer_page(desk);
  desk.tick(1);
  CHECK(desk.count<effect::ListCases>() == 2);
}

TEST_CASE("a change of a case that is not on the screen costs nothing") {
  Desk desk;
  at_list(desk);
  hint(desk, "cases/far");
  desk.tick(1);
  CHECK(desk.count<effect::ListCases>() == 0);
}

TEST_CASE("a case that comes to a list") {
  Desk desk;
  at_list(desk);
  SUBCASE("that is on the screen is fetched, without a word") {
    hint(desk, "cases/c2", WorklistView::ToAdjudicate);
    CHECK(desk.count<effect::ListCases>() == 1);
    CHECK_FALSE(desk.has_toast(ToastKind::CaseArrived));
  }
  SUBCASE("that is not on the screen is counted there and told once") {
    hint(desk, "cases/c2", WorklistView::ToApprove);
    hint(desk, "cases/c3", WorklistView::ToApprove);
    hint(desk, "cases/c3", WorklistView::ToApprove);
    CHECK(desk.model.live.arrived[WorklistView::ToApprove].size() == 2);
    REQUIRE(desk.model.toasts.list().size() == 1);
    CHECK(desk.model.toasts.list()[0].text == "2");
    desk.wish(intent::SetFilter{{.view = WorklistView::ToApprove, .states = {}, .kinds = {}, .site = {}}});
    CHECK(desk.model.live.arrived.empty());
  }
}

TEST_CASE("the open case follows what others do") {
  Desk desk;
  at_case(desk);
  hint(desk, "cases/c1");
  REQUIRE(desk.count<effect::GetCase>() == 1);
  CHECK(desk.count<effect::ListReads>() == 1);
  hint(desk, "cases/c1");
  CHECK(desk.count<effect::GetCase>() == 1);
  answer_case(desk, CaseState::PanelDecided, {decision("doi")});
  CHECK(desk.model.open_case->value->state == CaseState::PanelDecided);
  // Who looks is told that somebody else has decided.
  REQUIRE(desk.model.open_case->conflict);
  CHECK(desk.model.open_case->conflict->first_theirs == 0);
  CHECK_FALSE(desk.model.open_case->conflict->mine);
  desk.wish(intent::SettleConflict{false});
  CHECK_FALSE(desk.model.open_case->conflict);
  // What came meanwhile is asked for once more.
  desk.tick(1);
  CHECK(desk.count<effect::GetCase>() == 2);
}

TEST_CASE("a case that is shown blind is not asked for again, which could end the blindness") {
  Desk desk;
  desk.start_reading();
  desk.model.open_case->value->etag.clear();
  hint(desk, "cases/c1");
  hint(desk, "cases/c1", {}, true);
  reply::Changed all;
  desk.answer(all);
  desk.tick(1);
  CHECK(desk.count<effect::GetCase>() == 0);
  SUBCASE("but the reader's own read from another workstation is") {
    hint(desk, "cases/c1", {}, true, ChangeKind::Read);
    CHECK(desk.count<effect::GetCase>() == 1);
  }
  SUBCASE("and so is one that is handed to the reader") {
    hint(desk, "cases/c1", WorklistView::Returned);
    CHECK(desk.count<effect::GetCase>() == 1);
  }
}

TEST_CASE("two reviewers decide at the same time") {
  Desk desk;
  at_case(desk);
  desk.wish(kMine);
  desk.refuse<effect::Decide, reply::Decided>(10, "ETAG_MISMATCH");
  SUBCASE("both decisions are known, and mine can be let go") {
    answer_case(desk, CaseState::PanelDecided, {decision("doi")});
    const auto& conflict = desk.model.open_case->conflict;
    REQUIRE(conflict);
    CHECK(conflict->first_theirs == 0);
    REQUIRE(conflict->mine);
    CHECK(conflict->mine->rationale == "weeping");
    // What the state does not allow any more is not sent.
    desk.wish(intent::SettleConflict{true});
    CHECK(desk.count<effect::Decide>() == 1);
    REQUIRE(desk.model.open_case->conflict);
    CHECK(desk.model.open_case->conflict->mine->rationale == "weeping");
    desk.wish(intent::SettleConflict{false});
    CHECK_FALSE(desk.model.open_case->conflict);
    CHECK(desk.count<effect::Decide>() == 1);
  }
  SUBCASE("mine is sent again on top of what changed, where that is possible") {
    answer_case(desk, CaseState::ToPanel, {});
    desk.wish(intent::SettleConflict{true});
    REQUIRE(desk.count<effect::Decide>() == 2);
    CHECK(desk.last<effect::Decide>()->etag == "etag-2");
    CHECK(desk.last<effect::Decide>()->rationale == "weeping");
    CHECK_FALSE(desk.model.open_case->conflict);
  }
}

TEST_CASE("what a decision rests on changes while it is written") {
  Desk desk;
  at_list(desk);
  desk.wish(intent::OpenCase{"cases/c1"});
  Case value = Desk::a_case("c1", CaseState::ToPanel, 2);
  desk.give_case(value);
  reply::Reads reads;
  reads.reads.push_back(Desk::a_read("ito", differential({{"terms/a", 1, 3}})));
  desk.reply_to<effect::ListReads>(reads);
  desk.reply_to<effect::ListDecisions>(reply::Decisions{});
  desk.tick(1);
  hint(desk, "cases/c1");
  value.etag = "etag-2";
  const auto answer = [&] {
    desk.give_case(value);
    desk.reply_to<effect::ListReads>(reads);
    desk.reply_to<effect::ListDecisions>(reply::Decisions{});
  };
  SUBCASE("a reader amends: it is not sent before that has been looked at") {
    reads.reads[0].revisions.push_back({2, differential({{"terms/b", 1, 3}}), 0, "why", false, {}});
    answer();
    const auto& open = *desk.model.open_case;
    REQUIRE(open.conflict);
    CHECK_FALSE(open.conflict->mine);
    CHECK(decided_by_others(desk.model.session, open).empty());
    desk.wish(kMine);
    CHECK(desk.count<effect::Decide>() == 0);
    desk.wish(intent::SettleConflict{false});
    desk.wish(kMine);
    REQUIRE(desk.count<effect::Decide>() == 1);
    CHECK(desk.last<effect::Decide>()->etag == "etag-2");
  }
  SUBCASE("another reviewer leaves an image out") {
    value.images[1].exclusion = RejectCode::ImageQuality;
    answer();
    CHECK(desk.model.open_case->conflict);
  }
  SUBCASE("nothing that is on the screen does") {
    answer();
    CHECK_FALSE(desk.model.open_case->conflict);
  }
}

TEST_CASE("what a reviewer does, and what the server takes back for it, is no news to them") {
  Desk desk;
  at_case(desk);
  hint(desk, "cases/c1");
  answer_case(desk, CaseState::Agreed, {decision("qa"), decision("system", DecisionKind::Reopen)});
  CHECK_FALSE(desk.model.open_case->conflict);
}

TEST_CASE("an amendment is written at two workstations") {
  Desk desk;
  desk.log_in({Role::Dermatologist});
  desk.wish(intent::SetFilter{{.view = WorklistView::MyReads, .states = {}, .kinds = {}, .site = {}}});
  desk.wish(intent::OpenCase{"cases/c1"});
  Case value = Desk::a_case("c1", CaseState::Agreed);
  value.read_by_caller = true;
  desk.give_case(value);
  reply::Reads reads;
  reads.reads.push_back(Desk::a_read("sato", differential({{"terms/a", 1, 3}})));
  desk.reply_to<effect::ListReads>(reads);
  desk.reply_to<effect::ListDecisions>(reply::Decisions{});
  desk.wish(intent::StartAmend{});
  desk.wish(intent::AddDiagnosis{"terms/mine"});
  desk.wish(intent::SetAmendReason{"second thought"});
  CHECK_FALSE(submit_problem(desk.model));

  reads.reads[0].etag = "newer";
  reads.reads[0].revisions.push_back({2, differential({{"terms/theirs", 1, 4}}), 0, "elsewhere", false, {}});
  hint(desk, "cases/c1", {}, true, ChangeKind::Read);
  desk.tick(1);
  desk.reply_to<effect::ListReads>(reads);
  REQUIRE(amended_elsewhere(desk.model.session, *desk.model.open_case));
  CHECK(submit_problem(desk.model) == ReadProblem::AmendedElsewhere);
  desk.wish(intent::SubmitAmend{});
  CHECK(desk.count<effect::AmendRead>() == 0);
  SUBCASE("mine goes on top") {
    desk.wish(intent::SettleConflict{true});
    desk.wish(intent::SubmitAmend{});
    REQUIRE(desk.count<effect::AmendRead>() == 1);
    CHECK(desk.last<effect::AmendRead>()->etag == "newer");
    CHECK(desk.last<effect::AmendRead>()->content.differential.back().term == "terms/mine");
  }
  SUBCASE("the other one is kept") {
    desk.wish(intent::SettleConflict{false});
    CHECK(desk.reading().phase == ReadPhase::Submitted);
    CHECK(desk.reading().content.differential[0].term == "terms/theirs");
    // The other one does not come back when the program is started again.
    REQUIRE(desk.last<effect::KeepAmendment>());
    CHECK_FALSE(desk.last<effect::KeepAmendment>()->work);
  }
  SUBCASE("it is still to be settled after the program was started again") {
    desk.tick(3);
    REQUIRE(desk.last<effect::KeepAmendment>());
    reply::KeptAmendments disk;
    disk.by_case["cases/c1"] = *desk.last<effect::KeepAmendment>()->work;
    Desk again;
    again.log_in({Role::Dermatologist});
    again.answer(disk);
    again.wish(intent::SetFilter{{.view = WorklistView::MyReads, .states = {}, .kinds = {}, .site = {}}});
    again.wish(intent::OpenCase{"cases/c1"});
    again.give_case(value);
    again.reply_to<effect::ListReads>(reads);
    REQUIRE(amended_elsewhere(again.model.session, *again.model.open_case));
    again.wish(intent::SettleConflict{true});
    CHECK_FALSE(submit_problem(again.model));
    CHECK(again.last<effect::KeepAmendment>()->work->from == 2);
  }
  SUBCASE("it is still to be settled after the case was closed") {
    desk.wish(intent::CloseCase{});
    desk.wish(intent::OpenCase{"cases/c1"});
    desk.give_case(value);
    desk.reply_to<effect::ListReads>(reads);
    CHECK(amended_elsewhere(desk.model.session, *desk.model.open_case));
  }
}

TEST_CASE("who has the case open to decide it") {
  Desk desk;
  at_list(desk);
  desk.wish(intent::OpenCase{"cases/c1"});
  desk.give_case(Desk::a_case("c1", CaseState::ToPanel));
  desk.tick(1);
  REQUIRE(desk.count<effect::NotePresence>() == 1);
  reply::Presence there;
  there.others = {"Dr. Doi"};
  desk.reply_to<effect::NotePresence>(there);
  CHECK(desk.model.open_case->present == std::vector<std::string>{"Dr. Doi"});
  desk.tick(5);
  CHECK(desk.count<effect::NotePresence>() == 1);
  hint(desk, "cases/c1", {}, false, ChangeKind::Presence);
  CHECK(desk.count<effect::NotePresence>() == 2);
  desk.reply_to<effect::NotePresence>(reply::Presence{});
  CHECK(desk.model.open_case->present.empty());
  desk.tick(20);
  CHECK(desk.count<effect::NotePresence>() == 3);
  desk.wish(intent::CloseCase{});
  CHECK(desk.last<effect::NotePresence>()->leaving);
}

TEST_CASE("a reader never says that they are present") {
  Desk desk;
  desk.start_reading();
  desk.tick(60);
  CHECK(desk.count<effect::NotePresence>() == 0);
}
