#include "client/model/hand.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace hada::model;

TEST_CASE("a press that wanders less than the tolerance is a click, and the image does not move") {
  Drag drag;
  drag.press({100, 100}, 0, 6);
  CHECK_FALSE(drag.move({103, 102}, 0.01));
  CHECK_FALSE(drag.move({105, 103}, 0.02));
  const Drag::Release release = drag.release(0.03);
  CHECK(release.click);
  CHECK(release.velocity.x == 0);
}

TEST_CASE("beyond the tolerance it is a drag that keeps the grabbed point under the hand") {
  Drag drag;
  drag.press({100, 100}, 0, 6);
  CHECK_FALSE(drag.move({104, 100}, 0.01));
  const auto first = drag.move({110, 98}, 0.02);
  REQUIRE(first);
  CHECK(first->x == 10);
  CHECK(first->y == -2);
  // Once it is a drag, small steps count, and coming back makes no click of it.
  CHECK(drag.move({109, 98}, 0.03)->x == -1);
  CHECK(drag.move({100, 100}, 0.04));
  CHECK_FALSE(drag.release(0.05).click);
}

TEST_CASE("let go in motion it has the hand's velocity; after a rest it has none") {
  Drag drag;
  drag.press({0, 0}, 0, 6);
  for (int i = 1; i <= 20; ++i) drag.move({i * 8.0, 0}, i * 0.016);
  CHECK(drag.release(20 * 0.016 + 0.01).velocity.x == doctest::Approx(500));

  drag.press({0, 0}, 1, 6);
  for (int i = 1; i <= 20; ++i) drag.move({i * 8.0, 0}, 1 + i * 0.016);
  CHECK(drag.release(1 + 20 * 0.016 + 0.2).velocity.x == 0);
}

TEST_CASE("a jump of the pointer throws the image no faster than a hand could") {
  Drag drag;
  drag.press({0, 0}, 0, 6);
  drag.move({3000, 4000}, 0.001);
  const PointD v = drag.release(0.002).velocity;
  CHECK(std::hypot(v.x, v.y) == doctest::Approx(12'000));
}

TEST_CASE("a glide goes the same way at any frame rate, slows down and ends") {
  double way[2];
  int which = 0;
  for (const double frame : {1.0 / 240, 1.0 / 30}) {
    Glide glide;
    glide.start({1000, 0});
    double x = 0, first = 0;
    int frames = 0;
    while (glide.moving() && frames < 10'000) {
      const double step = glide.step(frame).x;
      if (frames++ == 0) first = step;
      CHECK(step <= first);
      x += step;
    }
    CHECK(frames < 10'000);
    way[which++] = x;
  }
  CHECK(way[0] == doctest::Approx(way[1]).epsilon(0.03));
  CHECK(way[0] > 200);
  Glide glide;
  glide.start({1000, 0});
  glide.stop();
  CHECK_FALSE(glide.moving());
}
