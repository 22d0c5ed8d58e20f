#include <doctest/doctest.h>

#include "desk.h"

using namespace hada;
using namespace hada::model;
using test::Desk;

namespace {

Sample a_sample(int waiting, int approved, int not_approved, int rest_waiting, int rest_approved = 0) {
  Sample sample;
  sample.name = "samples/s1";
  sample.waiting = waiting;
  sample.approved = approved;
  sample.not_approved = not_approved;
  sample.rest_waiting = rest_waiting;
  sample.rest_approved = rest_approved;
  return sample;
}
template <class E>
void answer_with(Desk& desk, Sample sample) {
  reply::SampleReply reply;
  reply.value = std::move(sample);
  desk.reply_to<E>(std::move(reply));
}

// A sample of two cases, shown.
void open_sample(Desk& desk, Sample sample) {
  desk.log_in({Role::QaReviewer}, "qa");
  desk.wish(intent::OpenSample{});
  answer_with<effect::DrawSample>(desk, std::move(sample));
  reply::SampledCases cases;
  cases.cases = {{Desk::a_case("c1", CaseState::Agreed), 2, 2, 4},
                 {Desk::a_case("c2", CaseState::Majority), 3, 2, 3}};
  desk.reply_to<effect::ListSampledCases>(std::move(cases));
}

}  // namespace

TEST_CASE("a sample is drawn for QA, and its cases follow") {
  Desk desk;
  SUBCASE("a dermatologist draws none") {
    desk.log_in({Role::Dermatologist});
    desk.wish(intent::OpenSample{});
    CHECK(desk.count<effect::DrawSample>() == 0);
  }
  SUBCASE("QA does") {
    open_sample(desk, a_sample(2, 0, 0, 10));
    CHECK(desk.model.sample->cases.size() == 2);
    CHECK_FALSE(desk.model.sample->loading);
  }
  SUBCASE("none to draw is said, not toasted") {
    desk.log_in({Role::QaReviewer}, "qa");
    desk.wish(intent::OpenSample{});
    desk.refuse<effect::DrawSample, reply::SampleReply>(9, "NOTHING_TO_SAMPLE");
    REQUIRE(desk.model.sample->error);
    CHECK(desk.model.toasts.list().empty());
  }
}

TEST_CASE("a case of the sample is approved with the etag that was seen, once") {
  Desk desk;
  open_sample(desk, a_sample(2, 0, 0, 10));
  desk.wish(intent::ApproveSampled{"cases/c1"});
  desk.wish(intent::ApproveSampled{"cases/c1"});
  REQUIRE(desk.count<effect::Decide>() == 1);
  CHECK(desk.last<effect::Decide>()->etag == "etag-1");
  desk.forget_sent();
  reply::Decided decided;
  decided.value = Desk::a_case("c1", CaseState::Approved);
  decided.ticket = desk.model.last_ticket;
  desk.answer(decided);
  CHECK(desk.count<effect::GetSample>() == 1);
  CHECK(desk.count<effect::ListSampledCases>() == 1);
  CHECK(desk.model.sample->approving.empty());
}

TEST_CASE("the rest waits for the whole sample, and for a reason where some were not approved") {
  SampleDesk desk;
  CHECK_FALSE(may_approve_rest(desk, "x"));
  desk.value = a_sample(1, 1, 0, 10);
  CHECK_FALSE(may_approve_rest(desk, "x"));
  desk.value = a_sample(0, 2, 0, 10);
  CHECK(may_approve_rest(desk, ""));
  desk.value = a_sample(0, 1, 1, 10);
  CHECK_FALSE(may_approve_rest(desk, "  "));
  CHECK(may_approve_rest(desk, "a stray photograph"));
  desk.value = a_sample(0, 2, 0, 0);
  CHECK_FALSE(may_approve_rest(desk, ""));
}

TEST_CASE("the rest is approved part by part until none waits") {
  Desk desk;
  open_sample(desk, a_sample(0, 2, 0, 250));
  desk.wish(intent::ApproveRest{""});
  desk.wish(intent::ApproveRest{""});
  REQUIRE(desk.count<effect::ApproveRest>() == 1);
  CHECK(desk.last<effect::ApproveRest>()->approved == 2);
  const std::string first = desk.last<effect::ApproveRest>()->request_id;
  answer_with<effect::ApproveRest>(desk, a_sample(0, 2, 0, 150, 100));
  REQUIRE(desk.count<effect::ApproveRest>() == 2);
  CHECK(desk.last<effect::ApproveRest>()->request_id != first);

  SUBCASE("to the end") {
    answer_with<effect::ApproveRest>(desk, a_sample(0, 2, 0, 0, 250));
    CHECK(desk.count<effect::ApproveRest>() == 2);
    CHECK_FALSE(desk.model.sample->approving_rest);
    CHECK(desk.has_toast(ToastKind::RestApproved));
  }
  SUBCASE("an outage stops it; the sample is looked at again") {
    desk.forget_sent();
    reply::SampleReply cut;
    cut.error = ApiError{14, "UNAVAILABLE", "", {}};
    cut.ticket = desk.model.last_ticket;
    desk.answer(cut);
    CHECK_FALSE(desk.model.sample->approving_rest);
    CHECK(desk.count<effect::GetSample>() == 1);
  }
}

TEST_CASE("a case is opened from the sample and left to it") {
  Desk desk;
  open_sample(desk, a_sample(2, 0, 0, 10));
  desk.wish(intent::OpenCase{"cases/c2"});
  desk.forget_sent();
  desk.wish(intent::CloseCase{});
  CHECK(desk.model.sample);
  CHECK(desk.count<effect::GetSample>() == 1);
  desk.wish(intent::LeaveSample{});
  CHECK_FALSE(desk.model.sample);
}

TEST_CASE("the sample follows what others do to its cases") {
  Desk desk;
  open_sample(desk, a_sample(2, 0, 0, 10));
  answer_with<effect::GetSample>(desk, a_sample(2, 0, 0, 10));
  desk.tick(1);
  desk.forget_sent();
  reply::Changed changed;
  changed.kind = reply::ChangeKind::Case;
  changed.case_name = "cases/of-another-sample";
  desk.answer(changed);
  desk.tick(1);
  CHECK(desk.count<effect::GetSample>() == 0);
  changed.case_name = "cases/c2";
  for (int i = 0; i < 5; ++i) desk.answer(changed);
  CHECK(desk.count<effect::GetSample>() == 1);
  CHECK(desk.count<effect::ListSampledCases>() == 1);
}
