#include <doctest/doctest.h>

#include "desk.h"

using namespace hada;
using namespace hada::model;
using test::Desk;

namespace {
void open_for_review(Desk& desk, CaseState state, const std::string& home_site = "sites/b") {
  desk.log_in({Role::QaReviewer}, "qa", home_site);
  desk.wish(intent::OpenCase{"cases/c1"});
  desk.give_case(Desk::a_case("c1", state));
  desk.forget_sent();
}
reply::Decided decided(CaseState state) {
  reply::Decided reply;
  reply.value = Desk::a_case("c1", state);
  reply.value.etag = "etag-2";
  return reply;
}
}  // namespace

TEST_CASE("a reviewer gets the reads and the decisions with the case") {
  Desk desk;
  desk.log_in({Role::QaReviewer});
  desk.wish(intent::OpenCase{"cases/c1"});
  CHECK(desk.count<effect::ListReads>() == 1);
  CHECK(desk.count<effect::ListDecisions>() == 1);
  CHECK(desk.count<effect::ClaimCase>() == 0);
}

TEST_CASE("an approval names the state that was seen, is sent once, and can be undone") {
  Desk desk;
  open_for_review(desk, CaseState::Agreed);
  desk.wish(intent::Decide{DecisionKind::Approve, {}, RejectCode::Unspecified, {}});
  desk.wish(intent::Decide{DecisionKind::Approve, {}, RejectCode::Unspecified, {}});
  REQUIRE(desk.count<effect::Decide>() == 1);
  CHECK(desk.last<effect::Decide>()->etag == "etag-1");
  desk.reply_to<effect::Decide>(decided(CaseState::Approved));
  CHECK(desk.model.open_case->value->state == CaseState::Approved);
  CHECK_FALSE(desk.model.open_case->decision.sending);
  REQUIRE(desk.has_toast(ToastKind::Decided));
  CHECK(desk.count<effect::ListDecisions>() == 1);

  desk.wish(intent::TakeToastAction{desk.model.toasts.list().back().id});
  REQUIRE(desk.count<effect::Decide>() == 2);
  CHECK(desk.last<effect::Decide>()->kind == DecisionKind::Reopen);
  CHECK(desk.last<effect::Decide>()->etag == "etag-2");
}

TEST_CASE("what the state does not allow is not sent") {
  Desk desk;
  open_for_review(desk, CaseState::ToPanel);
  desk.wish(intent::Decide{DecisionKind::Approve, {}, RejectCode::Unspecified, {}});
  CHECK(desk.count<effect::Decide>() == 0);
  CHECK(may_decide(desk.model.session, *desk.model.open_case, DecisionKind::Adjudicate));
  CHECK_FALSE(may_decide(desk.model.session, *desk.model.open_case, DecisionKind::Reopen));
}

TEST_CASE("a decision that lacks its reason is not sent") {
  CHECK(problem_of(intent::Decide{DecisionKind::Adjudicate, "", RejectCode::Unspecified, "x"}) ==
        DecisionProblem::NoTerm);
  CHECK(problem_of(intent::Decide{DecisionKind::Adjudicate, "terms/a", RejectCode::Unspecified, "  "}) ==
        DecisionProblem::NoRationale);
  CHECK(problem_of(intent::Decide{DecisionKind::MoreReads, "", RejectCode::Unspecified, ""}) ==
        DecisionProblem::NoRationale);
  CHECK(problem_of(intent::Decide{DecisionKind::Reject, "", RejectCode::Unspecified, "x"}) ==
        DecisionProblem::NoCode);
  CHECK(problem_of(intent::Decide{DecisionKind::Reject, "", RejectCode::Other, ""}) ==
        DecisionProblem::NoComment);
  CHECK_FALSE(problem_of(intent::Decide{DecisionKind::Reject, "", RejectCode::Duplicate, ""}));
  Desk desk;
  open_for_review(desk, CaseState::ToPanel);
  desk.wish(intent::Decide{DecisionKind::Adjudicate, "terms/a", RejectCode::Unspecified, ""});
  CHECK(desk.count<effect::Decide>() == 0);
}

TEST_CASE("nobody decides a case they read or one of their own site") {
  Desk desk;
  SUBCASE("read by the reviewer") {
    open_for_review(desk, CaseState::Agreed);
    desk.model.open_case->value->read_by_caller = true;
    CHECK(decision_barrier(desk.model.session, *desk.model.open_case) == DecisionBarrier::OwnRead);
  }
  SUBCASE("from the reviewer's site") {
    open_for_review(desk, CaseState::Agreed, "sites/a");
    CHECK(decision_barrier(desk.model.session, *desk.model.open_case) == DecisionBarrier::OwnSite);
  }
  desk.wish(intent::Decide{DecisionKind::Approve, {}, RejectCode::Unspecified, {}});
  CHECK(desk.count<effect::Decide>() == 0);
}

TEST_CASE("when another reviewer was faster, the case is loaded again and that is said") {
  Desk desk;
  open_for_review(desk, CaseState::Agreed);
  desk.wish(intent::Decide{DecisionKind::Approve, {}, RejectCode::Unspecified, {}});
  SUBCASE("by the etag") { desk.refuse<effect::Decide, reply::Decided>(10, "ETAG_MISMATCH"); }
  SUBCASE("by the state") { desk.refuse<effect::Decide, reply::Decided>(9, "WRONG_STATE"); }
  CHECK(desk.model.open_case->conflict);
  CHECK(desk.model.toasts.list().empty());
  CHECK(desk.model.open_case->changed_elsewhere);
  CHECK(desk.count<effect::GetCase>() == 1);
  CHECK(desk.count<effect::ListReads>() == 1);
  CHECK_FALSE(desk.model.open_case->decision.sending);
}

TEST_CASE("a decision on a case that was closed meanwhile still reports") {
  Desk desk;
  open_for_review(desk, CaseState::Agreed);
  desk.wish(intent::Decide{DecisionKind::Approve, {}, RejectCode::Unspecified, {}});
  desk.wish(intent::CloseCase{});
  desk.reply_to<effect::Decide>(decided(CaseState::Approved));
  CHECK(desk.has_toast(ToastKind::Decided));
  // Undo opens the case first: it needs to be seen.
  desk.wish(intent::TakeToastAction{desk.model.toasts.list().back().id});
  CHECK(desk.model.open_case->name == "cases/c1");
}

TEST_CASE("an image is left out by its own etag, one wish at a time, and no decision overtakes it") {
  Desk desk;
  desk.log_in({Role::QaReviewer}, "qa", "sites/b");
  desk.wish(intent::OpenCase{"cases/c1"});
  Case value = Desk::a_case("c1", CaseState::Agreed, 2);
  value.images[1].etag = "image-etag";
  desk.give_case(value);
  desk.forget_sent();

  const intent::SetImageInclusion wish{"images/c1-1", RejectCode::Duplicate};
  desk.wish(wish);
  desk.wish(wish);
  REQUIRE(desk.count<effect::SetImageInclusion>() == 1);
  CHECK(desk.last<effect::SetImageInclusion>()->etag == "image-etag");
  CHECK(desk.last<effect::SetImageInclusion>()->exclusion == RejectCode::Duplicate);
  desk.wish(intent::Decide{DecisionKind::Approve, {}, RejectCode::Unspecified, {}});
  CHECK(desk.count<effect::Decide>() == 0);

  SUBCASE("its answer carries the case's new etag") {
    reply::Decided reply;
    reply.value = value;
    reply.value.etag = "etag-2";
    reply.value.images[1].exclusion = RejectCode::Duplicate;
    reply.value.images[1].levels.clear();
    desk.reply_to<effect::SetImageInclusion>(std::move(reply));
    CHECK(desk.model.open_case->value->images[1].exclusion == RejectCode::Duplicate);
    CHECK_FALSE(desk.model.open_case->value->images[1].levels.empty());
    CHECK_FALSE(desk.has_toast(ToastKind::Decided));
    desk.wish(intent::Decide{DecisionKind::Approve, {}, RejectCode::Unspecified, {}});
    REQUIRE(desk.count<effect::Decide>() == 1);
    CHECK(desk.last<effect::Decide>()->etag == "etag-2");
  }
  SUBCASE("a conflict shows the case again") {
    desk.refuse<effect::SetImageInclusion, reply::Decided>(10, "ETAG_MISMATCH");
    CHECK(desk.model.open_case->changed_elsewhere);
    CHECK(desk.count<effect::GetCase>() == 1);
    CHECK(desk.model.open_case->decision.images.empty());
  }
  SUBCASE("where it voids an approval, the decisions are asked for again") {
    reply::Decided reply;
    reply.value = value;
    reply.value.state = CaseState::Majority;
    desk.reply_to<effect::SetImageInclusion>(std::move(reply));
    CHECK(desk.count<effect::ListDecisions>() == 1);
  }
}

TEST_CASE("images are QA's to choose only once readers are done") {
  Desk desk;
  SUBCASE("while they read") { open_for_review(desk, CaseState::Reading); }
  SUBCASE("of one's own site") { open_for_review(desk, CaseState::Agreed, "sites/a"); }
  desk.wish(intent::SetImageInclusion{"images/c1-0", RejectCode::Duplicate});
  CHECK(desk.count<effect::SetImageInclusion>() == 0);
}

TEST_CASE("a return says whom to and why, and can be undone") {
  Desk desk;
  open_for_review(desk, CaseState::Agreed);
  intent::Decide wish{DecisionKind::Return, {}, RejectCode::Unspecified, {}};
  wish.returned_to = ReturnTo::Reader;
  wish.readers = {"users/sato"};
  CHECK(problem_of(wish) == DecisionProblem::NoCode);
  wish.code = RejectCode::Other;
  CHECK(problem_of(wish) == DecisionProblem::NoComment);
  wish.code = RejectCode::ReadIncomplete;
  desk.wish(wish);
  REQUIRE(desk.count<effect::Decide>() == 1);
  CHECK(desk.last<effect::Decide>()->returned_to == ReturnTo::Reader);
  CHECK(desk.last<effect::Decide>()->readers == wish.readers);
  desk.reply_to<effect::Decide>(decided(CaseState::Returned));
  desk.wish(intent::TakeToastAction{desk.model.toasts.list().back().id});
  CHECK(desk.last<effect::Decide>()->kind == DecisionKind::Reopen);
}
