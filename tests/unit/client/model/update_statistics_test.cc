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

}  // namespace
}  // namespace hada::model
