#include <doctest/doctest.h>

#include "desk.h"

using namespace hada;
using namespace hada::model;
using test::Desk;
using test::differential;
using test::kSecond;

namespace {

// A dermatologist who asked for the next case and got "first".
struct Reader : Desk {
  Reader() {
    log_in({Role::Dermatologist});
    reply_to<effect::ListCases>(reply::Cases{});
    wish(intent::ClaimNext{});
    lease<effect::ClaimNext>("first");
    give_case(a_case("first"));
    reply_to<effect::GetDraft>(reply::Draft{});
  }
  template <typename E>
  void lease(const std::string& id) {
    reply::LeaseReply reply;
    reply.value = {"cases/" + id + "/slots/1", "cases/" + id, model.now_us + 1200 * kSecond};
    reply_to<E>(std::move(reply));
  }
  // Another is held and its images are here.
  void hold(const std::string& id) {
    lease<effect::ClaimNext>(id);
    // The next claim has been sent by now; this is the newest fetch.
    reply_to<effect::Prefetch>(reply::Prefetched{{}, "cases/" + id});
  }
};

}  // namespace

TEST_CASE("who picks cases from the list holds none ahead") {
  Desk desk;
  desk.start_reading();
  desk.tick(1);
  CHECK(desk.count<effect::ClaimNext>() == 0);
}

TEST_CASE("after the first next case, further ones are claimed and fetched up to the limit") {
  Reader desk;
  CHECK(desk.last<effect::ClaimNext>()->holding == std::vector<std::string>{"cases/first"});
  for (size_t i = 0; i < Ahead::kWanted; ++i) desk.hold("held" + std::to_string(i));
  CHECK(desk.model.ahead.ready() == Ahead::kWanted);
  const size_t claims = desk.count<effect::ClaimNext>();
  desk.tick(120);
  CHECK(desk.count<effect::ClaimNext>() == claims);
  CHECK(desk.count<effect::Prefetch>() == Ahead::kWanted);

  SUBCASE("the next case opens without asking the server, and another is claimed in its place") {
    desk.wish(intent::ClaimNext{});
    CHECK(desk.model.open_case->name == "cases/held0");
    CHECK(desk.reading().lease);
    CHECK_FALSE(desk.model.claiming_next);
    CHECK(desk.last<effect::ClaimNext>()->holding.size() == Ahead::kWanted);
    CHECK(desk.count<effect::ClaimNext>() == claims + 1);
  }
  SUBCASE("leases are renewed; one that was lost is forgotten") {
    desk.tick(301);
    CHECK(desk.count<effect::RenewLease>() >= Ahead::kWanted);
    const std::string lost = desk.last<effect::RenewLease>()->lease;
    desk.refuse<effect::RenewLease, reply::LeaseReply>(9, "LEASE_LOST");
    CHECK(desk.model.ahead.cases.size() == Ahead::kWanted - 1);
    CHECK(lost.starts_with(desk.last<effect::Forget>()->case_name));
  }
  SUBCASE("opening one from the list takes it out of what is held") {
    desk.forget_sent();
    desk.wish(intent::OpenCase{"cases/held3"});
    CHECK(desk.count<effect::ClaimCase>() == 0);
    CHECK(desk.reading().lease->case_name == "cases/held3");
    CHECK(desk.model.ahead.cases.size() == Ahead::kWanted - 1);
  }
  SUBCASE("signing out gives all back and forgets the images") {
    desk.wish(intent::Logout{});
    CHECK(desk.count<effect::ReleaseLease>() == Ahead::kWanted + 1);
    CHECK(desk.last<effect::Forget>()->case_name.empty());
    CHECK(desk.model.ahead.cases.empty());
  }
}

TEST_CASE("held cases are fetched one at a time, in the order in which they will be read") {
  Reader desk;
  desk.lease<effect::ClaimNext>("a");
  desk.lease<effect::ClaimNext>("b");
  CHECK(desk.count<effect::Prefetch>() == 1);
  CHECK(desk.last<effect::Prefetch>()->case_name == "cases/a");
  desk.reply_to<effect::Prefetch>(reply::Prefetched{{}, "cases/a"});
  CHECK(desk.last<effect::Prefetch>()->case_name == "cases/b");
}

TEST_CASE("closing the window gives the held slots back before it goes") {
  Reader desk;
  desk.hold("a");
  desk.wish(intent::Quit{});
  size_t releases = 0;
  for (const auto& [ticket, pending] : desk.model.pending) releases += pending.kind == PendingKind::Release;
  CHECK(releases == 2);  // the app waits for what is pending
}

TEST_CASE("another user on the same computer finds nothing of the first one's") {
  Reader desk;
  desk.hold("a");
  desk.refuse<effect::ListCases, reply::Cases>(16, "SESSION_EXPIRED");
  desk.forget_sent();
  desk.log_in({Role::Dermatologist}, "tanaka");
  CHECK(desk.model.ahead.cases.empty());
  REQUIRE(desk.count<effect::Forget>() == 1);
  CHECK(desk.last<effect::Forget>()->case_name.empty());
}

TEST_CASE("an empty queue is asked again after a while only") {
  Reader desk;
  desk.refuse<effect::ClaimNext, reply::LeaseReply>(5, "QUEUE_EMPTY");
  const size_t claims = desk.count<effect::ClaimNext>();
  desk.tick(10);
  CHECK(desk.count<effect::ClaimNext>() == claims);
  CHECK_FALSE(desk.model.queue_empty);
  desk.tick(60);
  CHECK(desk.count<effect::ClaimNext>() == claims + 1);
}

TEST_CASE("a fetch that was cut is tried again") {
  Reader desk;
  desk.lease<effect::ClaimNext>("held");
  desk.refuse<effect::Prefetch, reply::Prefetched>(14, "");
  CHECK(desk.model.ahead.ready() == 0);
  desk.tick(25);
  CHECK(desk.count<effect::Prefetch>() == 2);
}

TEST_CASE("without a network what is held is read, and nothing else can be") {
  Reader desk;
  desk.hold("a");
  desk.hold("b");
  desk.lease<effect::ClaimNext>("unfetched");
  desk.connect(false);
  desk.wish(intent::ClaimNext{});
  CHECK(desk.model.open_case->name == "cases/a");
  SUBCASE("one whose images never came cannot be gone back to") {
    desk.wish(intent::OpenCase{"cases/unfetched"});
    desk.give_case(Desk::a_case("unfetched"));
    desk.reply_to<effect::GetDraft>(reply::Draft{});
    const size_t ready = desk.model.ahead.ready();
    desk.wish(intent::CloseCase{});
    CHECK(desk.model.ahead.ready() == ready);
  }
  SUBCASE("one that is closed unread waits with the others") {
    desk.give_case(Desk::a_case("a"));
    desk.reply_to<effect::GetDraft>(reply::Draft{});
    desk.wish(intent::CloseCase{});
    CHECK(desk.model.ahead.ready() == 2);
    desk.wish(intent::OpenCase{"cases/a"});
    CHECK(desk.reading().lease);
    CHECK(desk.model.ahead.ready() == 1);
  }
  SUBCASE("at the end the reader is told") {
    desk.give_case(Desk::a_case("a"));
    desk.reply_to<effect::GetDraft>(reply::Draft{});
    desk.wish(intent::AddDiagnosis{"terms/x"});
    desk.wish(intent::SubmitRead{});
    CHECK(desk.reading().phase == ReadPhase::Submitting);
    desk.wish(intent::ClaimNext{});
    CHECK(desk.model.open_case->name == "cases/b");
    desk.give_case(Desk::a_case("b"));
    desk.reply_to<effect::GetDraft>(reply::Draft{});
    desk.wish(intent::AddDiagnosis{"terms/x"});
    desk.wish(intent::SubmitRead{});
    desk.wish(intent::ClaimNext{});
    CHECK(desk.model.open_case->name == "cases/b");
    CHECK(desk.has_toast(ToastKind::NoneHeld));

    // Opened again before the server has answered: it is as it was sent.
    desk.forget_sent();
    desk.wish(intent::OpenCase{"cases/a"});
    CHECK(desk.reading().phase == ReadPhase::Submitting);
    CHECK(desk.reading().content.differential.size() == 1);
    CHECK(desk.count<effect::ClaimCase>() == 0);
  }
}

TEST_CASE("what the server refused is taken up again as the draft, or discarded") {
  Desk desk;
  desk.log_in({Role::Dermatologist});
  desk.reply_to<effect::ListCases>(reply::Cases{});
  reply::UnsettledWork work;
  work.list.push_back(
      {7, "cases/c1", false, {differential({{"terms/a", 1, 4}}), ""}, {9, "NO_LEASE", "", {}}});
  desk.answer(work);
  REQUIRE(desk.model.unsettled.size() == 1);

  SUBCASE("as a draft where there is no read yet") {
    desk.wish(intent::TakeUpUnsettled{7});
    desk.give_case(Desk::a_case("c1"));
    desk.give_lease("cases/c1");
    desk.reply_to<effect::GetDraft>(reply::Draft{});
    CHECK(desk.reading().phase == ReadPhase::Editing);
    CHECK(desk.reading().content == work.list[0].work.content);
    desk.tick(3);
    CHECK(desk.count<effect::SaveDraft>() == 1);
    CHECK(desk.model.unsettled.size() == 1);  // until the server has taken it
  }
  SUBCASE("as an amendment where there is one") {
    desk.wish(intent::TakeUpUnsettled{7});
    Case value = Desk::a_case("c1");
    value.read_by_caller = true;
    desk.refuse<effect::ClaimCase, reply::LeaseReply>(9, "ALREADY_READ");
    desk.give_case(value);
    desk.reply_to<effect::GetDraft>(reply::Draft{});
    reply::Reads reads;
    reads.reads.push_back(Desk::a_read("sato", differential({{"terms/b", 1, 3}})));
    desk.reply_to<effect::ListReads>(reads);
    CHECK(desk.reading().phase == ReadPhase::Amending);
    CHECK(desk.reading().content == work.list[0].work.content);
  }
  SUBCASE("over what is being written of the same case, which an undo brings back") {
    desk.wish(intent::OpenCase{"cases/c1"});
    desk.give_case(Desk::a_case("c1"));
    desk.give_lease("cases/c1");
    desk.reply_to<effect::GetDraft>(reply::Draft{});
    desk.wish(intent::AddDiagnosis{"terms/newer"});
    const ReadContent newer = desk.reading().content;
    desk.wish(intent::TakeUpUnsettled{7});
    CHECK(desk.reading().content == work.list[0].work.content);
    desk.wish(intent::Undo{});
    CHECK(desk.reading().content == newer);
  }
  SUBCASE("not by whoever stands before the login panel") {
    desk.refuse<effect::ListTerms, reply::Terms>(16, "SESSION_EXPIRED");
    desk.wish(intent::DiscardUnsettled{7});
    CHECK(desk.model.unsettled.size() == 1);
    CHECK(desk.count<effect::Settle>() == 0);
  }
  SUBCASE("discarded") {
    desk.wish(intent::DiscardUnsettled{7});
    CHECK(desk.model.unsettled.empty());
    CHECK(desk.last<effect::Settle>()->id == 7);
  }
}

TEST_CASE("an amendment is kept on the disk as it is written, and found again after a restart") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::AddDiagnosis{"terms/a"});
  desk.wish(intent::SubmitRead{});
  reply::ReadReply taken;
  taken.value = Desk::a_read("sato", differential({{"terms/a", 1, 3}}));
  desk.reply_to<effect::SubmitRead>(taken);
  desk.wish(intent::StartAmend{});
  desk.wish(intent::AddDiagnosis{"terms/b"});
  desk.wish(intent::SetAmendReason{"second thoughts"});
  CHECK(desk.count<effect::KeepAmendment>() == 0);
  desk.tick(3);
  REQUIRE(desk.count<effect::KeepAmendment>() == 1);
  const auto kept = desk.last<effect::KeepAmendment>()->work;
  REQUIRE(kept);
  CHECK(kept->content.differential.size() == 2);
  CHECK(kept->reason == "second thoughts");

  SUBCASE("sent, it does not come back from what the disk held at a second login") {
    desk.refuse<effect::GetCase, reply::CaseReply>(16, "SESSION_EXPIRED");
    desk.log_in({Role::Dermatologist});
    reply::KeptAmendments disk;
    disk.by_case["cases/c1"] = *kept;
    desk.answer(disk);
    desk.wish(intent::SubmitAmend{});
    Read amended = taken.value;
    amended.revisions.push_back({2, kept->content, 0, "second thoughts", false, {}});
    reply::ReadReply accepted;
    accepted.value = amended;
    desk.reply_to<effect::AmendRead>(accepted);
    CHECK(desk.model.kept_amendments.empty());
    CHECK(desk.reading().phase == ReadPhase::Submitted);
  }
  SUBCASE("given up, it leaves the disk") {
    desk.wish(intent::CancelAmend{});
    CHECK_FALSE(desk.last<effect::KeepAmendment>()->work);
  }
  SUBCASE("a new run opens the case with it") {
    Desk again;
    again.log_in({Role::Dermatologist});
    again.reply_to<effect::ListCases>(reply::Cases{});
    reply::KeptAmendments earlier;
    earlier.by_case["cases/c1"] = *kept;
    again.answer(earlier);
    WorklistFilter mine;
    mine.view = WorklistView::MyReads;
    again.wish(intent::SetFilter{mine});
    again.wish(intent::OpenCase{"cases/c1"});
    Case value = Desk::a_case("c1");
    value.read_by_caller = true;
    again.give_case(value);
    reply::Reads reads;
    reads.reads.push_back(taken.value);
    again.reply_to<effect::ListReads>(reads);
    CHECK(again.reading().phase == ReadPhase::Amending);
    CHECK(again.reading().content == kept->content);
    CHECK(again.reading().amend_reason == "second thoughts");
  }
}

TEST_CASE("an answer to what an earlier run sent is told") {
  Desk desk;
  desk.log_in({Role::Dermatologist});
  reply::ReadReply late;
  late.value = Desk::a_read("sato", {});
  desk.answer(late);
  desk.answer(late);
  REQUIRE(desk.has_toast(ToastKind::EarlierSent));
  CHECK(desk.model.toasts.list().size() == 1);
  CHECK(desk.model.toasts.list()[0].text == "2");
  late.value.late = true;
  desk.answer(late);
  CHECK(desk.has_toast(ToastKind::ReadLate));
}
