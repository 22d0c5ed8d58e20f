#include <doctest/doctest.h>

#include "desk.h"

using namespace hada;
using namespace hada::model;
using test::Desk;

namespace {

Panel a_panel(PanelMode mode, std::vector<PanelMember> members) {
  Panel panel;
  panel.name = "cases/c1/panels/p1";
  panel.mode = mode;
  panel.convener = "users/qa";
  panel.members = std::move(members);
  for (const PanelMember& member : panel.members) panel.complete = member.answered;
  return panel;
}
reply::PanelReply with(std::optional<Panel> panel, std::vector<PanelMember> candidates = {}) {
  reply::PanelReply reply;
  reply.value = {std::move(panel), std::move(candidates)};
  return reply;
}

// A reviewer before a disagreement.
struct Review : Desk {
  explicit Review(const reply::PanelReply& panel, CaseState state = CaseState::ToPanel) {
    log_in({Role::QaReviewer}, "qa");
    wish(intent::OpenCase{"cases/c1"});
    give_case(a_case("c1", state));
    reply_to<effect::GetPanel>(panel);
    forget_sent();
  }
  const PanelTask& task() const { return model.open_case->panel; }
};

const PanelMember me{"users/qa", "Q", false, {}, {}}, other{"users/rei", "R", false, {}, {}};
const PanelMember me_answered{"users/qa", "Q", true, "terms/x", "why"},
    other_answered{"users/rei", "R", true, "terms/y", "so"};

}  // namespace

TEST_CASE("a reviewer's case comes with its panel, a reader's does not") {
  Desk desk;
  desk.log_in({Role::QaReviewer});
  desk.wish(intent::OpenCase{"cases/c1"});
  CHECK(desk.count<effect::GetPanel>() == 1);
  Desk reader;
  reader.log_in({Role::Dermatologist});
  reader.wish(intent::OpenCase{"cases/c1"});
  CHECK(reader.count<effect::GetPanel>() == 0);
}

TEST_CASE("a panel is convened once, of two or three, with the state that was seen") {
  Review desk(with({}, {other}));
  desk.wish(intent::ConvenePanel{PanelMode::Vote, {}, "why"});
  desk.wish(intent::ConvenePanel{PanelMode::Vote, {"users/a", "users/b", "users/c"}, "why"});
  CHECK(desk.count<effect::ConvenePanel>() == 0);
  desk.wish(intent::ConvenePanel{PanelMode::Vote, {"users/rei"}, "why"});
  desk.wish(intent::ConvenePanel{PanelMode::Vote, {"users/rei"}, "why"});
  REQUIRE(desk.count<effect::ConvenePanel>() == 1);
  CHECK(desk.last<effect::ConvenePanel>()->etag == "etag-1");
  CHECK(desk.task().sending);
  desk.reply_to<effect::ConvenePanel>(with(a_panel(PanelMode::Vote, {me, other})));
  CHECK_FALSE(desk.task().sending);
  CHECK(on_panel(desk.model.session, *desk.model.open_case));
  // The next decision needs the case's new etag.
  CHECK(desk.count<effect::GetCase>() == 1);
}

TEST_CASE("a member answers with a reason and takes the answer back") {
  Review desk(with(a_panel(PanelMode::Vote, {me, other})));
  desk.wish(intent::AnswerPanel{"terms/x", " "});
  desk.wish(intent::AnswerPanel{"", "why"});
  desk.wish(intent::WithdrawPanelAnswer{});
  CHECK(desk.sent.empty());
  desk.wish(intent::AnswerPanel{"terms/x", "why"});
  REQUIRE(desk.count<effect::AnswerPanel>() == 1);
  CHECK(desk.last<effect::AnswerPanel>()->panel == "cases/c1/panels/p1");
  desk.reply_to<effect::AnswerPanel>(with(a_panel(PanelMode::Vote, {me_answered, other})));
  desk.wish(intent::WithdrawPanelAnswer{});
  CHECK(desk.count<effect::WithdrawPanelAnswer>() == 1);
}

TEST_CASE("votes are final once all are in, answers to a consensus are not") {
  Review vote(with(a_panel(PanelMode::Vote, {me_answered, other_answered})));
  vote.wish(intent::AnswerPanel{"terms/y", "so"});
  vote.wish(intent::WithdrawPanelAnswer{});
  CHECK(vote.sent.empty());
  Review consensus(with(a_panel(PanelMode::Consensus, {me_answered, other_answered})));
  consensus.wish(intent::AnswerPanel{"terms/y", "so"});
  CHECK(consensus.count<effect::AnswerPanel>() == 1);
}

TEST_CASE("who is not on a panel does not answer it but may dissolve it") {
  Review desk(with(a_panel(PanelMode::Consensus, {other})));
  desk.wish(intent::AnswerPanel{"terms/y", "so"});
  CHECK(desk.sent.empty());
  desk.wish(intent::DissolvePanel{});
  REQUIRE(desk.count<effect::DissolvePanel>() == 1);
  CHECK(desk.last<effect::DissolvePanel>()->etag == "etag-1");
}

TEST_CASE("a panel that is over by now is loaded again") {
  Review desk(with(a_panel(PanelMode::Vote, {me, other})));
  desk.wish(intent::AnswerPanel{"terms/x", "why"});
  desk.refuse<effect::AnswerPanel, reply::PanelReply>(9, "PANEL_ENDED");
  CHECK_FALSE(desk.task().sending);
  CHECK(desk.model.open_case->changed_elsewhere);
  CHECK(desk.has_toast(ToastKind::Failed));
  CHECK(desk.count<effect::GetPanel>() == 1);
}

TEST_CASE("nothing is done about a panel where nothing is to be decided") {
  Review desk(with({}, {other}), CaseState::Agreed);
  desk.wish(intent::ConvenePanel{PanelMode::Vote, {"users/rei"}, "why"});
  CHECK(desk.sent.empty());
}

TEST_CASE("an answer in flight outlives the session") {
  Review desk(with(a_panel(PanelMode::Vote, {me, other})));
  desk.wish(intent::AnswerPanel{"terms/x", "why"});
  desk.refuse<effect::AnswerPanel, reply::PanelReply>(16, "NO_SESSION");
  CHECK(desk.task().sending);
  desk.reply_to<effect::AnswerPanel>(with(a_panel(PanelMode::Vote, {me_answered, other})));
  CHECK_FALSE(desk.task().sending);
}
