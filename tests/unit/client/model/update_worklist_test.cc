#include <doctest/doctest.h>

#include "desk.h"

using namespace hada;
using namespace hada::model;
using test::Desk;
using test::kSecond;

namespace {
reply::Cases page(int first, int count, const std::string& next) {
  reply::Cases reply;
  for (int i = first; i < first + count; ++i) reply.cases.push_back(Desk::a_case(std::to_string(i)));
  reply.next_page_token = next;
  return reply;
}
}  // namespace

TEST_CASE("the next page is asked for when the view comes near the end, once") {
  Desk desk;
  desk.log_in({Role::Admin});
  desk.reply_to<effect::ListCases>(page(0, 100, "t1"));
  desk.forget_sent();
  desk.wish(intent::ShowRows{0, 10});
  CHECK(desk.count<effect::ListCases>() == 0);
  desk.wish(intent::ShowRows{30, 45});
  desk.wish(intent::ShowRows{31, 46});
  CHECK(desk.count<effect::ListCases>() == 1);
  CHECK(desk.last<effect::ListCases>()->page_token == "t1");
  desk.reply_to<effect::ListCases>(page(100, 30, ""));
  CHECK(desk.model.worklist.row_count() == 130);
  CHECK(desk.model.worklist.complete());
  desk.forget_sent();
  desk.wish(intent::ShowRows{115, 129});
  CHECK(desk.sent.empty());
}

TEST_CASE("another filter starts anew, and an answer to the old one is dropped") {
  Desk desk;
  desk.log_in({Role::Admin});
  const Ticket old = desk.last<effect::ListCases>()->ticket;
  WorklistFilter filter;
  filter.states = {CaseState::Approved};
  desk.wish(intent::SetFilter{filter});
  CHECK(desk.last<effect::ListCases>()->filter == filter);
  reply::Cases late = page(0, 5, "");
  late.ticket = old;
  desk.answer(late);
  CHECK(desk.model.worklist.row_count() == 0);
  desk.reply_to<effect::ListCases>(page(0, 2, ""));
  CHECK(desk.model.worklist.row_count() == 2);
}

TEST_CASE("the rows in view are refreshed every quarter of a minute, without those out of view") {
  Desk desk;
  desk.log_in({Role::Admin});
  desk.reply_to<effect::ListCases>(page(0, 100, "t1"));
  desk.wish(intent::ShowRows{40, 50});
  desk.reply_to<effect::ListCases>(page(100, 100, "t2"));
  desk.wish(intent::ShowRows{10, 20});
  desk.forget_sent();
  desk.tick(5);
  CHECK(desk.sent.empty());
  desk.tick(11);
  CHECK(desk.count<effect::ListCases>() == 1);
  CHECK(desk.last<effect::ListCases>()->page_token.empty());
  desk.tick(20);
  CHECK(desk.count<effect::ListCases>() == 1);  // the first is still on its way
}

TEST_CASE("a stale page is fetched when it comes into view") {
  Desk desk;
  desk.log_in({Role::Admin});
  desk.reply_to<effect::ListCases>(page(0, 100, "t1"));
  desk.wish(intent::ShowRows{40, 50});
  desk.reply_to<effect::ListCases>(page(100, 100, "t2"));
  desk.wish(intent::ShowRows{0, 10});
  desk.wish(intent::RefreshWorklist{});
  desk.reply_to<effect::ListCases>(page(1, 100, "t1b"));
  CHECK(desk.model.worklist.pages[1].stale);
  desk.forget_sent();
  desk.wish(intent::ShowRows{95, 105});
  REQUIRE(desk.count<effect::ListCases>() == 1);
  CHECK(desk.last<effect::ListCases>()->page_token == "t1b");
}

TEST_CASE("a failed page leaves the rows and is asked for again later") {
  Desk desk;
  desk.log_in({Role::Admin});
  desk.reply_to<effect::ListCases>(page(0, 100, "t1"));
  desk.wish(intent::ShowRows{60, 70});
  desk.refuse<effect::ListCases, reply::Cases>(13, "INTERNAL");
  CHECK(desk.model.worklist.row_count() == 100);
  CHECK(desk.model.worklist.error->reason == "INTERNAL");
  desk.forget_sent();
  desk.tick(20);
  CHECK(desk.count<effect::ListCases>() >= 1);
  CHECK(desk.last<effect::ListCases>()->page_token == "t1");
}

TEST_CASE("thumbnails are asked for as they come into view") {
  Desk desk;
  desk.log_in({Role::Admin});
  std::vector<std::string> images;
  for (int i = 0; i < 20; ++i) images.push_back("images/" + std::to_string(i));
  desk.wish(intent::WantThumbnails{images});
  CHECK(desk.count<effect::GetThumbnail>() == Thumbnails::kMaxInFlight);
  reply::Thumbnail reply;
  reply.image = desk.last<effect::GetThumbnail>()->image;
  desk.reply_to<effect::GetThumbnail>(reply);
  CHECK(desk.count<effect::GetThumbnail>() == Thumbnails::kMaxInFlight + 1);
  CHECK(desk.model.thumbnails.contains("images/11"));
}

TEST_CASE("thumbnails in view are asked for again when their textures are lost") {
  Desk desk;
  desk.log_in({Role::Admin});
  desk.wish(intent::WantThumbnails{{"images/0"}});
  reply::Thumbnail reply;
  reply.image = "images/0";
  desk.reply_to<effect::GetThumbnail>(reply);
  const size_t before = desk.count<effect::GetThumbnail>();
  desk.wish(intent::ThumbnailsLost{});
  CHECK(desk.count<effect::GetThumbnail>() == before + 1);
  CHECK_FALSE(desk.model.thumbnails.contains("images/0"));
}

TEST_CASE("the neighbour of an open case can be opened, also after a decision took it off the list") {
  Desk desk;
  desk.log_in({Role::QaReviewer});
  desk.reply_to<effect::ListCases>(page(0, 4, ""));
  desk.wish(intent::SelectRow{1});
  desk.wish(intent::OpenCase{"cases/1"});
  SUBCASE("forward and back") {
    desk.wish(intent::OpenNeighbour{1});
    CHECK(desk.model.open_case->name == "cases/2");
    desk.wish(intent::OpenNeighbour{-1});
    CHECK(desk.model.open_case->name == "cases/1");
  }
  SUBCASE("not beyond the ends") {
    desk.wish(intent::OpenNeighbour{-1});
    desk.wish(intent::OpenNeighbour{-1});
    CHECK(desk.model.open_case->name == "cases/0");
  }
  SUBCASE("after the row has gone") {
    desk.wish(intent::RefreshWorklist{});
    reply::Cases fewer = page(0, 4, "");
    fewer.cases.erase(fewer.cases.begin() + 1);
    desk.reply_to<effect::ListCases>(fewer);
    desk.wish(intent::OpenNeighbour{1});
    CHECK(desk.model.open_case->name == "cases/2");
  }
}
