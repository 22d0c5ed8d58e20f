#include <doctest/doctest.h>

#include "tests/unit/client/model/desk.h"

namespace hada::model {
namespace {

using test::Desk;

reply::ReaderStatistics record_of(const std::string& reader) {
  reply::ReaderStatistics reply;
  reply.value.reader = reader;
  return reply;
}

TEST_CASE("a dermatologist's page asks for their own record, and for nobody's agreement") {
  Desk desk;
  desk.log_in({Role::Dermatologist});
  desk.wish(intent::ShowStatistics{});
  REQUIRE(desk.last<effect::GetReaderStatistics>());
  CHECK(desk.last<effect::GetReaderStatistics>()->reader == "users/sato");
  CHECK(desk.count<effect::GetAgreement>() == 0);
  desk.reply_to<effect::GetReaderStatistics>(record_of("users/sato"));
  REQUIRE(desk.model.statistics);
  CHECK(desk.model.statistics->record->reader == "users/sato");
  desk.wish(intent::CloseStatistics{});
  CHECK_FALSE(desk.model.statistics);
}

TEST_CASE("QA picks a reader, and an answer for an earlier pick is dropped") {
  Desk desk;
  desk.log_in({Role::QaReviewer});
  desk.wish(intent::ShowStatistics{});
  CHECK(desk.count<effect::GetAgreement>() == 1);
  CHECK(desk.count<effect::GetReaderStatistics>() == 0);  // QA does not read
  desk.reply_to<effect::GetAgreement>(reply::Agreement{});
  CHECK(desk.model.statistics->agreement);

  desk.wish(intent::ShowStatistics{"users/abe"});
  const Ticket abe = desk.last<effect::GetReaderStatistics>()->ticket;
  desk.wish(intent::ShowStatistics{"users/ito"});
  CHECK(desk.count<effect::GetAgreement>() == 1);
  reply::ReaderStatistics late = record_of("users/abe");
  late.ticket = abe;
  desk.answer(late);
  CHECK_FALSE(desk.model.statistics->record);
  desk.reply_to<effect::GetReaderStatistics>(record_of("users/ito"));
  CHECK(desk.model.statistics->record->reader == "users/ito");

  desk.wish(intent::ShowStatistics{});  // again: all of it
  CHECK(desk.count<effect::GetAgreement>() == 2);
  CHECK(desk.last<effect::GetReaderStatistics>()->reader == "users/ito");
}

TEST_CASE("the page tells an error, is not for coordinators, and goes with its user") {
  Desk desk;
  desk.log_in({Role::QaReviewer});
  desk.wish(intent::ShowStatistics{});
  desk.refuse<effect::GetAgreement, reply::Agreement>(14, "QUEUE_FULL");
  CHECK(desk.model.statistics->agreement_error->reason == "QUEUE_FULL");
  desk.wish(intent::Logout{});
  CHECK_FALSE(desk.model.statistics);

  Desk other;
  other.log_in({Role::SiteCoordinator});
  other.wish(intent::ShowStatistics{});
  CHECK_FALSE(other.model.statistics);
}

ReaderStanding paused() {
  ReaderStanding standing;
  standing.standing = ReadingStanding::Paused;
  standing.etag = "e1";
  return standing;
}

TEST_CASE("QA resumes a paused reading once, and sees the reader judged anew") {
  Desk desk;
  desk.log_in({Role::QaReviewer});
  desk.wish(intent::ShowStatistics{"users/abe"});
  reply::ReaderStatistics record = record_of("users/abe");
  desk.reply_to<effect::GetReaderStatistics>(record);
  desk.wish(intent::ResumeReading{});
  CHECK(desk.count<effect::ResumeReading>() == 0);  // not paused

  record.value.standing = paused();
  desk.wish(intent::ShowStatistics{"users/abe"});
  desk.reply_to<effect::GetReaderStatistics>(record);
  desk.wish(intent::ResumeReading{});
  desk.wish(intent::ResumeReading{});
  REQUIRE(desk.count<effect::ResumeReading>() == 1);
  CHECK(desk.last<effect::ResumeReading>()->reader == "users/abe");
  CHECK(desk.last<effect::ResumeReading>()->etag == "e1");
  desk.reply_to<effect::ResumeReading>(reply::Standing{});
  CHECK(desk.model.statistics->record->standing.standing == ReadingStanding::NotJudged);
}

TEST_CASE("a reading that was resumed by somebody else is shown as it is now") {
  Desk desk;
  desk.log_in({Role::QaReviewer});
  desk.wish(intent::ShowStatistics{"users/abe"});
  reply::ReaderStatistics record = record_of("users/abe");
  record.value.standing = paused();
  desk.reply_to<effect::GetReaderStatistics>(record);
  desk.wish(intent::ResumeReading{});
  desk.forget_sent();
  const Ticket ticket = desk.model.statistics->resume_ticket;
  reply::Standing refused;
  refused.ticket = ticket;
  refused.error = ApiError{10, "ETAG_MISMATCH", "", {}};
  desk.answer(refused);
  CHECK(desk.has_toast(ToastKind::Failed));
  CHECK(desk.last<effect::GetReaderStatistics>()->reader == "users/abe");
}

}  // namespace
}  // namespace hada::model
