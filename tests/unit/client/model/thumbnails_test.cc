#include "client/model/thumbnails.h"

#include <doctest/doctest.h>

#include <string>

using namespace hada::model;

namespace {
std::vector<std::string> names(int first, int count) {
  std::vector<std::string> list;
  for (int i = first; i < first + count; ++i) list.push_back("images/" + std::to_string(i));
  return list;
}
int take_all(Thumbnails& thumbnails) {
  int taken = 0;
  while (!thumbnails.take_next().empty()) ++taken;
  return taken;
}
}  // namespace

TEST_CASE("only wanted thumbnails are asked for, each once, a few at a time") {
  Thumbnails thumbnails;
  CHECK(thumbnails.take_next().empty());
  thumbnails.want(names(0, 40));
  CHECK(thumbnails.take_next() == "images/0");
  CHECK(take_all(thumbnails) == static_cast<int>(Thumbnails::kMaxInFlight) - 1);
  thumbnails.arrived("images/0");
  CHECK(thumbnails.contains("images/0"));
  CHECK(thumbnails.take_next() == "images/12");
}

TEST_CASE("scrolling on drops the wish for rows that went out of view") {
  Thumbnails thumbnails;
  thumbnails.want(names(0, 40));
  (void)take_all(thumbnails);
  thumbnails.want(names(500, 3));
  for (int i = 0; i < 12; ++i) thumbnails.arrived("images/" + std::to_string(i));
  CHECK(thumbnails.take_next() == "images/500");
  CHECK(take_all(thumbnails) == 2);
}

TEST_CASE("what was not seen for longest is forgotten first, what is in view never") {
  Thumbnails thumbnails;
  for (int page = 0; page < 100; ++page) {
    thumbnails.want(names(page * 10, 10));
    for (std::string image = thumbnails.take_next(); !image.empty(); image = thumbnails.take_next())
      thumbnails.arrived(image);
  }
  CHECK_FALSE(thumbnails.contains("images/0"));
  CHECK_FALSE(thumbnails.contains("images/399"));
  CHECK(thumbnails.contains("images/400"));
  CHECK(thumbnails.contains("images/999"));
}

TEST_CASE("thumbnails whose pixels are lost are asked for again; others stay as they are") {
  Thumbnails thumbnails;
  thumbnails.want(names(0, 3));
  (void)take_all(thumbnails);
  thumbnails.arrived("images/0");
  thumbnails.failed("images/1", false);
  thumbnails.forget_ready();
  CHECK_FALSE(thumbnails.contains("images/0"));
  CHECK(thumbnails.has_failed("images/1"));
  CHECK(thumbnails.take_next() == "images/0");
  CHECK(thumbnails.take_next().empty());
  thumbnails.arrived("images/2");  // was on its way
  CHECK(thumbnails.contains("images/2"));
}

TEST_CASE("a lost connection is tried again, a missing thumbnail is not") {
  Thumbnails thumbnails;
  thumbnails.want(names(0, 2));
  (void)take_all(thumbnails);
  thumbnails.failed("images/0", true);
  thumbnails.failed("images/1", false);
  CHECK(thumbnails.take_next() == "images/0");
  CHECK(thumbnails.take_next().empty());
  CHECK(thumbnails.has_failed("images/1"));
  thumbnails.forget_unfinished();
  CHECK(take_all(thumbnails) == 2);
}
