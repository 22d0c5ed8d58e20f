// Paths on their way to the server and back.

#include "contract/path_steps.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace hada::contract;

TEST_CASE("the first point goes as it is, each further one as its step") {
  const Path path{{10, 20}, {10.5, 19}, {0, 0}};
  const std::vector<int32_t> steps = steps_of(path);
  CHECK(steps == std::vector<int32_t>{640, 1280, 32, -64, -672, -1216});
  CHECK(path_of_steps(steps) == path);
  CHECK(steps_of({}).empty());
  CHECK(path_of_steps({}) == Path{});
}

TEST_CASE("a path across 300,000 pixels comes back exactly") {
  const double far = 300'000, fine = 1.0 / kGridPerPixel;
  const Path path{{far, far}, {0, fine}, {far - fine, 0}, {fine, far}};
  CHECK(path_of_steps(steps_of(path)) == path);
}

TEST_CASE("points between the grid's are rounded, and the error does not add up") {
  Path path;
  for (int i = 0; i < 1000; ++i) path.push_back({i * 0.1, i * 0.3});
  const auto back = path_of_steps(steps_of(path));
  REQUIRE(back);
  for (size_t i = 0; i < path.size(); ++i) CHECK(back->at(i) == to_grid(path[i]));
}

TEST_CASE("steps that make no path are refused") {
  CHECK_FALSE(path_of_steps(std::vector<int32_t>{1, 2, 3}));
  CHECK_FALSE(path_of_steps(std::vector<int32_t>{std::numeric_limits<int32_t>::max(), 0}));
  // Each step alone is small enough.
  const auto most = static_cast<int32_t>(kMaxGridCoordinate);
  CHECK(path_of_steps(std::vector<int32_t>{most, -most}));
  CHECK_FALSE(path_of_steps(std::vector<int32_t>{most, 0, 1, 0}));
  CHECK_FALSE(path_of_steps(std::vector<int32_t>{0, -most, 0, -1}));
}

TEST_CASE("what no image has stays within the protocol's numbers") {
  const double infinity = std::numeric_limits<double>::infinity();
  const auto back = path_of_steps(steps_of({{infinity, -infinity}, {-infinity, std::nan("")}}));
  REQUIRE(back);
  const double edge = static_cast<double>(kMaxGridCoordinate) / kGridPerPixel;
  CHECK(*back == Path{{edge, -edge}, {-edge, -edge}});
}
