#include <doctest/doctest.h>

#include "desk.h"

using namespace hada;
using namespace hada::model;
using test::Desk;

TEST_CASE("when the server is back, session, worklist and open case are fetched, and what was typed stays") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::SetNote{"typed before"});
  desk.connect(false, 1);
  CHECK(desk.model.connection.link == Link::Lost);
  CHECK(desk.model.connection.waiting_changes == 1);
  desk.wish(intent::AddDiagnosis{"terms/typed-meanwhile"});
  desk.forget_sent();
  desk.connect(true, 0);
  CHECK(desk.count<effect::GetSession>() == 1);
  CHECK(desk.count<effect::ListCases>() <= 1);
  CHECK(desk.count<effect::GetCase>() == 1);
  CHECK(desk.has_toast(ToastKind::Reconnected));
  desk.give_case(Desk::a_case("c1", CaseState::Reading));
  CHECK(desk.reading().phase == ReadPhase::Editing);
  CHECK(desk.reading().content.note == "typed before");
  CHECK(desk.reading().content.differential.size() == 1);
}

TEST_CASE("the worklist is fetched on return") {
  Desk desk;
  desk.log_in({Role::Admin});
  desk.refuse<effect::ListCases, reply::Cases>(14, "");
  desk.connect(false);
  desk.forget_sent();
  desk.connect(true);
  CHECK(desk.count<effect::ListCases>() == 1);
}

TEST_CASE("the first connection of a run is no return") {
  Desk desk;
  desk.connect(true);
  CHECK(desk.sent.empty());
  CHECK(desk.model.toasts.list().empty());
}

TEST_CASE("a claim that the outage cut off is made again") {
  Desk desk;
  desk.log_in({Role::Dermatologist});
  desk.wish(intent::OpenCase{"cases/c1"});
  desk.refuse<effect::ClaimCase, reply::LeaseReply>(14, "");
  CHECK(desk.reading().phase == ReadPhase::ClaimFailed);
  desk.connect(false);
  desk.forget_sent();
  desk.connect(true);
  CHECK(desk.count<effect::ClaimCase>() == 1);
  CHECK(desk.reading().phase == ReadPhase::Claiming);
}

TEST_CASE("a lease is renewed at once after an outage") {
  Desk desk;
  desk.start_reading();
  desk.connect(false);
  desk.tick(30);
  desk.forget_sent();
  desk.connect(true);
  desk.tick(1);
  CHECK(desk.count<effect::RenewLease>() == 1);
}

TEST_CASE("a case that cannot be fetched again stays on the screen") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::ReloadCase{});
  desk.refuse<effect::GetCase, reply::CaseReply>(14, "");
  CHECK(desk.model.open_case->value);
  CHECK_FALSE(desk.model.open_case->error);
}

TEST_CASE("a case that cannot be opened says why") {
  Desk desk;
  desk.log_in({Role::Admin});
  desk.wish(intent::OpenCase{"cases/gone"});
  desk.refuse<effect::GetCase, reply::CaseReply>(5, "NO_SUCH_RESOURCE");
  CHECK(desk.model.open_case->error->reason == "NO_SUCH_RESOURCE");
  CHECK_FALSE(desk.model.open_case->loading);
}

TEST_CASE("an answer about a case that was closed is dropped") {
  Desk desk;
  desk.log_in({Role::Admin});
  desk.wish(intent::OpenCase{"cases/a"});
  const Ticket old = desk.last<effect::GetCase>()->ticket;
  desk.wish(intent::OpenCase{"cases/b"});
  reply::CaseReply reply;
  reply.ticket = old;
  reply.value = Desk::a_case("a");
  desk.answer(reply);
  CHECK(desk.model.open_case->name == "cases/b");
  CHECK_FALSE(desk.model.open_case->value);
}

TEST_CASE("an unknown ticket changes nothing") {
  Desk desk;
  desk.log_in({Role::Admin});
  reply::CaseReply reply;
  reply.ticket = 424242;
  reply.value = Desk::a_case("a");
  desk.answer(reply);
  CHECK_FALSE(desk.model.open_case);
}

TEST_CASE("colour profiles are fetched for the images on the screen, once") {
  Desk desk;
  desk.log_in({Role::Admin});
  desk.wish(intent::OpenCase{"cases/c1"});
  Case value = Desk::a_case("c1", CaseState::Open, 2);
  value.images[1].has_icc_profile = true;
  desk.give_case(value);
  REQUIRE(desk.count<effect::GetImage>() == 1);
  desk.wish(intent::ReloadCase{});
  desk.give_case(value);
  CHECK(desk.count<effect::GetImage>() == 1);
  reply::ImageReply reply;
  reply.value = value.images[1];
  reply.value.icc_profile = "profile";
  desk.reply_to<effect::GetImage>(reply);
  CHECK(desk.model.open_case->value->images[1].icc_profile == "profile");
  desk.wish(intent::ReloadCase{});
  desk.give_case(value);
  CHECK(desk.model.open_case->value->images[1].icc_profile == "profile");
  CHECK(desk.count<effect::GetImage>() == 1);
}

TEST_CASE("an image that comes into a pane later has its profile fetched then") {
  Desk desk;
  desk.log_in({Role::Admin});
  desk.wish(intent::OpenCase{"cases/c1"});
  Case value = Desk::a_case("c1", CaseState::Open, 2);
  desk.give_case(value);
  desk.wish(intent::SetLayout{1});
  desk.model.open_case->value->images[1].has_icc_profile = true;
  CHECK(desk.count<effect::GetImage>() == 0);
  desk.wish(intent::ShowImage{0, value.images[1].name});
  REQUIRE(desk.count<effect::GetImage>() == 1);
  CHECK(desk.last<effect::GetImage>()->name == value.images[1].name);

  SUBCASE("a refusal does not keep the image from being shown") {
    desk.refuse<effect::GetImage, reply::ImageReply>(5, "NOT_FOUND");
    CHECK_FALSE(desk.model.open_case->value->images[1].has_icc_profile);
  }
  SUBCASE("one that was only late is asked for again, though nobody touches anything") {
    desk.refuse<effect::GetImage, reply::ImageReply>(4, "DEADLINE_EXCEEDED");
    desk.connect(true);
    desk.tick(3);
    CHECK(desk.count<effect::GetImage>() == 2);
    desk.tick(3);
    CHECK(desk.count<effect::GetImage>() == 2);  // that one is on its way
  }
  SUBCASE("after an outage it is asked for again") {
    desk.refuse<effect::GetImage, reply::ImageReply>(14, "UNAVAILABLE");
    CHECK(desk.model.open_case->value->images[1].has_icc_profile);
    desk.wish(intent::SetLayout{2});
    CHECK(desk.count<effect::GetImage>() == 2);
  }
}

TEST_CASE("a vocabulary that did not come is asked for again") {
  Desk desk;
  desk.log_in({Role::Admin});
  desk.refuse<effect::ListTerms, reply::Terms>(4, "DEADLINE_EXCEEDED");
  desk.forget_sent();
  desk.tick(2);
  CHECK(desk.count<effect::ListTerms>() == 0);
  desk.tick(4);
  CHECK(desk.count<effect::ListTerms>() == 1);
}

TEST_CASE("a thumbnail that a slow server did not send is asked for again") {
  Desk desk;
  desk.log_in({Role::Admin});
  desk.wish(intent::WantThumbnails{{"images/1"}});
  desk.refuse<effect::GetThumbnail, reply::Thumbnail>(4, "DEADLINE_EXCEEDED");
  CHECK(desk.count<effect::GetThumbnail>() == 1);
  desk.tick(1);
  CHECK(desk.count<effect::GetThumbnail>() == 2);
}
