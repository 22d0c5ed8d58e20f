#include "client/tiles/motion.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace hada;
using tiles::Motion;
using tiles::MotionTracker;
using tiles::View;

namespace {

constexpr int64_t kFrame = 16'000;

View view_at(double x, double zoom = 1) {
  return {{x - 500 / zoom, -300 / zoom, x + 500 / zoom, 300 / zoom}, zoom};
}

}  // namespace

TEST_CASE("a steady pan is known by its speed after a few frames") {
  MotionTracker tracker;
  Motion motion;
  for (int i = 0; i < 30; ++i) motion = tracker.update(view_at(i * 16.0), i * kFrame);
  CHECK(motion.vx == doctest::Approx(1000).epsilon(0.02));
  CHECK(motion.vy == 0);
  CHECK(motion.zoom_rate == 0);
}

TEST_CASE("a steady zoom is known by its rate") {
  MotionTracker tracker;
  Motion motion;
  for (int i = 0; i < 30; ++i) motion = tracker.update(view_at(0, std::exp(0.032 * i)), i * kFrame);
  CHECK(motion.zoom_rate == doctest::Approx(2).epsilon(0.02));
}

TEST_CASE("a frame between two reports of the pointer does not stop the motion, 60 ms of rest do") {
  MotionTracker tracker;
  for (int i = 0; i < 10; ++i) tracker.update(view_at(i * 16.0), i * kFrame);
  const int64_t last = 9 * kFrame;
  CHECK_FALSE(tracker.update(view_at(9 * 16.0), last + kFrame).still());
  REQUIRE(tracker.still_from_us());
  CHECK(*tracker.still_from_us() == last + 60'000);
  CHECK(tracker.update(view_at(9 * 16.0), last + 60'000).still());
  CHECK_FALSE(tracker.still_from_us());
}

TEST_CASE("a jump is no motion, nor is a change after a pause") {
  MotionTracker tracker;
  for (int i = 0; i < 10; ++i) tracker.update(view_at(i * 16.0), i * kFrame);
  CHECK(tracker.update(view_at(50'000), 10 * kFrame).still());
  CHECK(tracker.update(view_at(50'016), 10 * kFrame + 500'000).still());
  CHECK_FALSE(tracker.update(view_at(50'032), 11 * kFrame + 500'000).still());
}
