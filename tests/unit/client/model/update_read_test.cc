#include <doctest/doctest.h>

#include "desk.h"

using namespace hada;
using namespace hada::model;
using test::Desk;
using test::differential;
using test::kSecond;

TEST_CASE("opening a case that is to be read takes a slot and loads the draft") {
  Desk desk;
  desk.log_in({Role::Dermatologist});
  desk.wish(intent::OpenCase{"cases/c1"});
  CHECK(desk.count<effect::ClaimCase>() == 1);
  CHECK(desk.count<effect::GetDraft>() == 1);
  CHECK(desk.last<effect::ClaimCase>()->request_id.size() == 36);
  CHECK(desk.reading().phase == ReadPhase::Claiming);

  SUBCASE("writing begins only once both are there") {
    desk.give_lease("cases/c1");
    CHECK(desk.reading().phase == ReadPhase::Claiming);
    reply::Draft draft;
    draft.content = differential({{"terms/a", 1, 4}});
    desk.reply_to<effect::GetDraft>(draft);
    CHECK(desk.reading().phase == ReadPhase::Editing);
    CHECK(desk.reading().content == *draft.content);
    CHECK_FALSE(desk.reading().history.can_undo());
  }
  SUBCASE("a full case says so and can be left") {
    desk.refuse<effect::ClaimCase, reply::LeaseReply>(9, "NO_FREE_SLOT");
    CHECK(desk.reading().phase == ReadPhase::ClaimFailed);
    CHECK(desk.reading().error->reason == "NO_FREE_SLOT");
  }
  SUBCASE("a slot that arrives after the case was closed is given back") {
    desk.wish(intent::CloseCase{});
    desk.give_lease("cases/c1");
    CHECK(desk.count<effect::ReleaseLease>() == 1);
  }
}

TEST_CASE("browsing takes no slot until the reader wants it") {
  Desk desk;
  desk.log_in({Role::Dermatologist});
  WorklistFilter filter;
  filter.view = WorklistView::All;
  desk.wish(intent::SetFilter{filter});
  desk.wish(intent::OpenCase{"cases/c1"});
  desk.give_case(Desk::a_case("c1"));
  CHECK(desk.count<effect::ClaimCase>() == 0);
  desk.wish(intent::StartReading{});
  CHECK(desk.count<effect::ClaimCase>() == 1);
}

TEST_CASE("a case that is decided cannot be started") {
  Desk desk;
  desk.log_in({Role::Dermatologist});
  WorklistFilter filter;
  filter.view = WorklistView::All;
  desk.wish(intent::SetFilter{filter});
  desk.wish(intent::OpenCase{"cases/c1"});
  desk.give_case(Desk::a_case("c1", CaseState::Approved));
  desk.wish(intent::StartReading{});
  CHECK(desk.count<effect::ClaimCase>() == 0);
}

TEST_CASE("a slot held from before is taken up again wherever the case is opened") {
  Desk desk;
  desk.log_in({Role::Dermatologist});
  WorklistFilter filter;
  filter.view = WorklistView::All;
  desk.wish(intent::SetFilter{filter});
  desk.wish(intent::OpenCase{"cases/c1"});
  Case value = Desk::a_case("c1", CaseState::Reading);
  value.leased_by_caller = true;
  desk.give_case(value);
  CHECK(desk.count<effect::ClaimCase>() == 1);
}

TEST_CASE("edits can be undone and redone") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::AddDiagnosis{"terms/a"});
  desk.wish(intent::SetConfidence{0, 5});
  desk.wish(intent::Undo{});
  CHECK(desk.reading().content.differential[0].confidence == 3);
  desk.wish(intent::Undo{});
  CHECK(desk.reading().content.differential.empty());
  desk.wish(intent::Redo{});
  desk.wish(intent::Redo{});
  CHECK(desk.reading().content.differential[0].confidence == 5);
}

TEST_CASE("the draft goes to the server two seconds after the last edit") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::SetNote{"a"});
  desk.tick(1);
  desk.wish(intent::SetNote{"ab"});
  desk.tick(1.5);
  CHECK(desk.count<effect::SaveDraft>() == 0);
  desk.tick(0.6);
  REQUIRE(desk.count<effect::SaveDraft>() == 1);
  CHECK(desk.last<effect::SaveDraft>()->content.note == "ab");
  desk.tick(10);
  CHECK(desk.count<effect::SaveDraft>() == 1);
  desk.reply_to<effect::SaveDraft>(reply::DraftSaved{});
  CHECK(desk.reading().saved_us == desk.model.now_us);
}

TEST_CASE("an undone edit is saved as well") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::SetNote{"a"});
  desk.tick(3);
  desk.wish(intent::Undo{});
  desk.tick(3);
  CHECK(desk.count<effect::SaveDraft>() == 2);
  CHECK(desk.last<effect::SaveDraft>()->content.note.empty());
}

TEST_CASE("drafts go on being kept while the first is not acknowledged") {
  Desk desk;
  desk.start_reading();
  desk.connect(false);
  desk.wish(intent::SetNote{"a"});
  desk.tick(3);
  desk.wish(intent::SetNote{"ab"});
  desk.tick(3);
  CHECK(desk.count<effect::SaveDraft>() == 2);
  size_t waiting = 0;
  for (const auto& [ticket, pending] : desk.model.pending) waiting += pending.kind == PendingKind::SaveDraft;
  CHECK(waiting == 1);  // the backend never answers the one that was replaced
}

TEST_CASE("closing a case saves what was typed and gives the slot back") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::SetNote{"half a thought"});
  desk.wish(intent::CloseCase{});
  CHECK(desk.last<effect::SaveDraft>()->content.note == "half a thought");
  CHECK(desk.count<effect::ReleaseLease>() == 1);
  CHECK_FALSE(desk.model.open_case);
}

TEST_CASE("quitting does the same") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::SetNote{"x"});
  desk.wish(intent::Quit{});
  CHECK(desk.count<effect::SaveDraft>() == 1);
  CHECK(desk.count<effect::ReleaseLease>() == 1);
}

TEST_CASE("an invalid read is not sent") {
  Desk desk;
  desk.start_reading();
  CHECK(submit_problem(desk.model) == ReadProblem::NoDiagnosis);
  desk.wish(intent::SubmitRead{});
  CHECK(desk.count<effect::SubmitRead>() == 0);
}

TEST_CASE("a submitted read is shown as such, and what was hidden is fetched") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::AddDiagnosis{"terms/a"});
  desk.wish(intent::SubmitRead{});
  desk.wish(intent::SubmitRead{});
  REQUIRE(desk.count<effect::SubmitRead>() == 1);
  CHECK(desk.reading().phase == ReadPhase::Submitting);
  desk.wish(intent::AddDiagnosis{"terms/b"});
  CHECK(desk.reading().content.differential.size() == 1);  // too late to change
  desk.forget_sent();
  reply::ReadReply reply;
  reply.value = Desk::a_read("sato", differential({{"terms/a", 1, 3}}));
  reply.ticket = 0;
  for (const auto& [ticket, pending] : desk.model.pending)
    if (pending.kind == PendingKind::Submit) reply.ticket = ticket;
  desk.answer(reply);
  CHECK(desk.reading().phase == ReadPhase::Submitted);
  CHECK(desk.has_toast(ToastKind::ReadSubmitted));
  CHECK(desk.count<effect::GetCase>() == 1);
  CHECK(desk.count<effect::ListReads>() == 1);
  // The slot is used up: nothing is given back.
  desk.wish(intent::CloseCase{});
  CHECK(desk.count<effect::ReleaseLease>() == 0);
}

TEST_CASE("a late read says that it does not vote") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::AddDiagnosis{"terms/a"});
  desk.wish(intent::SubmitRead{});
  reply::ReadReply reply;
  reply.value = Desk::a_read("sato", differential({{"terms/a", 1, 3}}));
  reply.value.late = true;
  desk.reply_to<effect::SubmitRead>(reply);
  CHECK(desk.has_toast(ToastKind::ReadLate));
}

TEST_CASE("a refused submit gives the read back to be corrected") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::AddDiagnosis{"terms/a"});
  desk.wish(intent::SubmitRead{});
  desk.refuse<effect::SubmitRead, reply::ReadReply>(3, "BAD_FIELD");
  CHECK(desk.reading().phase == ReadPhase::Editing);
  CHECK(desk.reading().content.differential.size() == 1);
  CHECK(desk.has_toast(ToastKind::Failed));
}

TEST_CASE("a refusal of a read whose case was closed leads back to it") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::AddDiagnosis{"terms/a"});
  desk.wish(intent::SubmitRead{});
  desk.wish(intent::CloseCase{});
  desk.refuse<effect::SubmitRead, reply::ReadReply>(9, "WRONG_STATE");
  REQUIRE(desk.has_toast(ToastKind::Failed));
  CHECK(desk.model.toasts.list().back().action == ToastAction::OpenCase);
  CHECK(desk.model.toasts.list().back().case_name == "cases/c1");
}

TEST_CASE("a case read elsewhere turns what was typed into an amendment") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::AddDiagnosis{"terms/b"});
  desk.wish(intent::SubmitRead{});
  desk.refuse<effect::SubmitRead, reply::ReadReply>(9, "ALREADY_READ");
  CHECK(desk.has_toast(ToastKind::CaseChanged));
  reply::Reads reads;
  reads.reads.push_back(Desk::a_read("sato", differential({{"terms/a", 1, 3}})));
  desk.reply_to<effect::ListReads>(reads);
  CHECK(desk.reading().phase == ReadPhase::Amending);
  CHECK(desk.reading().content.differential[0].term == "terms/b");
}

TEST_CASE("the lease is renewed every five minutes, and its loss is said once") {
  Desk desk;
  desk.start_reading();
  desk.tick(4 * 60);
  CHECK(desk.count<effect::RenewLease>() == 0);
  desk.tick(61);
  REQUIRE(desk.count<effect::RenewLease>() == 1);
  desk.tick(1);
  CHECK(desk.count<effect::RenewLease>() == 1);
  reply::LeaseReply renewed;
  renewed.value = {"cases/c1/slots/1", "cases/c1", desk.model.now_us + 1200 * kSecond};
  desk.reply_to<effect::RenewLease>(renewed);
  desk.tick(5 * 60 + 1);
  CHECK(desk.count<effect::RenewLease>() == 2);
  desk.refuse<effect::RenewLease, reply::LeaseReply>(9, "LEASE_LOST");
  CHECK(desk.reading().lease_lost);
  CHECK(desk.has_toast(ToastKind::LeaseLost));
  CHECK(desk.reading().phase == ReadPhase::Editing);  // may still be submitted
  desk.tick(10 * 60);
  CHECK(desk.count<effect::RenewLease>() == 2);
}

TEST_CASE("the next case is the server's choice and opens with its slot") {
  Desk desk;
  desk.log_in({Role::Dermatologist});
  desk.wish(intent::ClaimNext{});
  desk.wish(intent::ClaimNext{});
  CHECK(desk.count<effect::ClaimNext>() == 1);

  SUBCASE("there is one") {
    reply::LeaseReply reply;
    reply.value = {"cases/c9/slots/1", "cases/c9", desk.model.now_us + 1200 * kSecond};
    desk.reply_to<effect::ClaimNext>(reply);
    CHECK(desk.model.open_case->name == "cases/c9");
    CHECK(desk.count<effect::ClaimCase>() == 0);
    desk.reply_to<effect::GetDraft>(reply::Draft{});
    CHECK(desk.reading().phase == ReadPhase::Editing);
  }
  SUBCASE("there is none") {
    desk.refuse<effect::ClaimNext, reply::LeaseReply>(5, "QUEUE_EMPTY");
    CHECK(desk.model.queue_empty);
    CHECK(desk.has_toast(ToastKind::QueueEmpty));
    CHECK_FALSE(desk.model.claiming_next);
  }
}

namespace {
// A read of c1 that this user has submitted, with two revisions.
void open_own_read(Desk& desk) {
  desk.log_in({Role::Dermatologist});
  WorklistFilter filter;
  filter.view = WorklistView::MyReads;
  desk.wish(intent::SetFilter{filter});
  desk.wish(intent::OpenCase{"cases/c1"});
  Case value = Desk::a_case("c1", CaseState::Agreed);
  value.read_by_caller = true;
  desk.give_case(value);
  reply::Reads reads;
  reads.reads.push_back(Desk::a_read("sato", differential({{"terms/a", 1, 3}})));
  reads.reads[0].revisions.push_back({2, differential({{"terms/b", 1, 4}}), 0, "second look", false, {}});
  desk.reply_to<effect::ListReads>(reads);
}
}  // namespace

TEST_CASE("a submitted read is relabelled with a reason, on the revision that was seen") {
  Desk desk;
  open_own_read(desk);
  CHECK(desk.reading().phase == ReadPhase::Submitted);
  CHECK(desk.reading().content.differential[0].term == "terms/b");
  desk.wish(intent::StartAmend{});
  CHECK(submit_problem(desk.model) == ReadProblem::NothingChanged);
  desk.wish(intent::SetConfidence{0, 5});
  CHECK(submit_problem(desk.model) == ReadProblem::NoAmendReason);
  desk.wish(intent::SetAmendReason{" \n"});
  CHECK(submit_problem(desk.model) == ReadProblem::NoAmendReason);
  desk.wish(intent::SetAmendReason{"surer now"});
  CHECK_FALSE(submit_problem(desk.model));
  desk.wish(intent::SubmitAmend{});
  REQUIRE(desk.count<effect::AmendRead>() == 1);
  CHECK(desk.last<effect::AmendRead>()->etag == "read-etag");
  CHECK(desk.last<effect::AmendRead>()->reason == "surer now");
  CHECK(desk.count<effect::SaveDraft>() == 0);

  SUBCASE("accepted") {
    reply::ReadReply reply;
    reply.value = Desk::a_read("sato", differential({{"terms/b", 1, 5}}));
    desk.reply_to<effect::AmendRead>(reply);
    CHECK(desk.reading().phase == ReadPhase::Submitted);
    CHECK(desk.has_toast(ToastKind::ReadAmended));
  }
  SUBCASE("in conflict: the truth is loaded, what was typed stays") {
    desk.refuse<effect::AmendRead, reply::ReadReply>(10, "ETAG_MISMATCH");
    CHECK(desk.reading().phase == ReadPhase::Amending);
    CHECK(desk.reading().content.differential[0].confidence == 5);
    CHECK(desk.model.open_case->changed_elsewhere);
    CHECK(desk.has_toast(ToastKind::CaseChanged));
    reply::Reads reads;
    reads.reads.push_back(Desk::a_read("sato", differential({{"terms/c", 1, 3}})));
    reads.reads[0].revisions[0].revision = 3;
    reads.reads[0].etag = "newer";
    desk.reply_to<effect::ListReads>(reads);
    CHECK(submit_problem(desk.model) == ReadProblem::AmendedElsewhere);
    desk.wish(intent::SettleConflict{true});
    desk.wish(intent::SubmitAmend{});
    CHECK(desk.last<effect::AmendRead>()->etag == "newer");
    CHECK(desk.last<effect::AmendRead>()->content.differential[0].confidence == 5);
  }
}

TEST_CASE("an earlier revision can be brought back, as a new one") {
  Desk desk;
  open_own_read(desk);
  desk.wish(intent::RestoreRevision{1});
  CHECK(desk.reading().phase == ReadPhase::Amending);
  CHECK(desk.reading().content.differential[0].term == "terms/a");
  desk.wish(intent::Undo{});
  CHECK(desk.reading().content.differential[0].term == "terms/b");
  desk.wish(intent::CancelAmend{});
  CHECK(desk.reading().phase == ReadPhase::Submitted);
}

TEST_CASE("a half-written amendment survives a look at another case") {
  Desk desk;
  open_own_read(desk);
  desk.wish(intent::StartAmend{});
  desk.wish(intent::SetNote{"wait"});
  desk.wish(intent::SetAmendReason{"because"});
  desk.wish(intent::OpenCase{"cases/c2"});
  desk.wish(intent::OpenCase{"cases/c1"});
  Case value = Desk::a_case("c1", CaseState::Agreed);
  value.read_by_caller = true;
  desk.give_case(value);
  reply::Reads reads;
  reads.reads.push_back(Desk::a_read("sato", differential({{"terms/b", 1, 4}})));
  desk.reply_to<effect::ListReads>(reads);
  CHECK(desk.reading().phase == ReadPhase::Amending);
  CHECK(desk.reading().content.note == "wait");
  CHECK(desk.reading().amend_reason == "because");
}

TEST_CASE("picked terms are remembered, the newest first") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::AddDiagnosis{"terms/a"});
  desk.wish(intent::AddDiagnosis{"terms/b"});
  desk.wish(intent::RemoveDiagnosis{0});
  desk.wish(intent::AddDiagnosis{"terms/a"});
  CHECK(desk.model.settings.recent_terms == std::vector<std::string>{"a", "b"});
}

TEST_CASE("active time counts while somebody works, not while nobody does") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::SetNote{"x"});
  for (int i = 0; i < 200; ++i) desk.tick(1);
  CHECK(desk.reading().telemetry.active_seconds == doctest::Approx(60).epsilon(0.05));
  desk.tick(3600);  // the machine slept
  desk.wish(intent::SetNote{"y"});
  desk.tick(1);
  CHECK(desk.reading().telemetry.active_seconds == doctest::Approx(61).epsilon(0.05));
}

TEST_CASE("the deepest zoom of the read is recorded") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::ResizePane{0, 500, 400});
  desk.wish(intent::ZoomAt{0, {250, 200}, 8});
  desk.wish(intent::Fit{0});
  CHECK(desk.reading().telemetry.deepest_zoom == doctest::Approx(4));
}

TEST_CASE("how much of each image was in view large enough to judge is recorded") {
  Desk desk;
  desk.start_reading();
  const std::string image = desk.model.open_case->value->images[0].name;
  desk.wish(intent::ResizePane{0, 250, 200});  // a quarter of the image's size
  desk.wish(intent::Fit{0});
  const double whole = desk.reading().telemetry.seen[image];
  CHECK(whole < 0.01);
  desk.wish(intent::OneToOne{0});
  const double part = desk.reading().telemetry.seen[image];
  CHECK(part == doctest::Approx(1.0 / 16).epsilon(0.2));
  desk.wish(intent::Fit{0});
  CHECK(desk.reading().telemetry.seen[image] == part);
}

TEST_CASE("a dermoscopy finding is recorded, changed, taken back and undone") {
  Desk desk;
  desk.start_reading();
  const auto finding = [&](Finding f) { desk.wish(intent::SetFinding{DermoscopyFeature::Network, f}); };
  finding(Finding::Present);
  CHECK(desk.reading().content.dermoscopy.at(DermoscopyFeature::Network) == Finding::Present);
  finding(Finding::Absent);
  CHECK(desk.reading().content.dermoscopy.at(DermoscopyFeature::Network) == Finding::Absent);
  finding(Finding::Unspecified);
  CHECK(desk.reading().content.dermoscopy.empty());
  desk.wish(intent::Undo{});
  CHECK(desk.reading().content.dermoscopy.at(DermoscopyFeature::Network) == Finding::Absent);
}

TEST_CASE("who is asked to look again may stand by the read, with a reason") {
  Desk desk;
  desk.log_in({Role::Dermatologist});
  desk.wish(intent::OpenCase{"cases/c1"});
  Case value = Desk::a_case("c1", CaseState::Returned);
  value.read_by_caller = true;
  value.returned = CaseReturn{ReturnTo::Reader, RejectCode::ReadIncomplete, "all flags?", 0};
  desk.give_case(value);
  Read own = Desk::a_read("sato", differential({{"terms/eczema", 1, 4}}));
  bool may = false;
  SUBCASE("asked") { own.returned = may = true; }
  SUBCASE("not asked: there is nothing to send") {}
  reply::Reads reads;
  reads.reads = {own};
  desk.reply_to<effect::ListReads>(std::move(reads));
  REQUIRE(desk.reading().phase == ReadPhase::Submitted);
  desk.wish(intent::StartAmend{});
  desk.wish(intent::SubmitAmend{});
  CHECK(desk.count<effect::AmendRead>() == 0);
  desk.wish(intent::SetAmendReason{"it is complete"});
  desk.wish(intent::SubmitAmend{});
  CHECK((desk.count<effect::AmendRead>() == 1) == may);
}
