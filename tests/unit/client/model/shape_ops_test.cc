// Regions joined, cut and painted.

#include "client/model/shape_ops.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

using namespace hada;
using namespace hada::model;
using contract::PointD;

namespace {

Path box(double x0, double y0, double x1, double y1) { return {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}; }

double area(const Paths& paths) { return contract::measures_of({AnnotationKind::Polygon, paths}, 1, 1).area; }
bool inside(const Paths& paths, PointD p) { return contract::contains({AnnotationKind::Polygon, paths}, p); }

}  // namespace

TEST_CASE("regions that overlap become one, and others stay pieces of one") {
  const Paths joined = united({box(0, 0, 20, 20)}, {box(10, 10, 30, 30)});
  CHECK(joined.size() == 1);
  CHECK(area(joined) == doctest::Approx(700));
  CHECK(united({box(0, 0, 10, 10)}, {box(20, 0, 30, 10)}).size() == 2);
}

TEST_CASE("what is taken out of the middle is a hole") {
  const Paths ring = without({box(0, 0, 30, 30)}, {box(10, 10, 20, 20)});
  CHECK(area(ring) == doctest::Approx(800));
  CHECK_FALSE(inside(ring, {15, 15}));
  CHECK(inside(ring, {5, 15}));
  // And filled again.
  CHECK(area(united(ring, {box(9, 9, 21, 21)})) == doctest::Approx(900));
}

TEST_CASE("a hand-drawn outline that crosses itself is all that it winds around") {
  const Paths eight = cleaned({{0, 0}, {20, 20}, {20, 0}, {0, 20}});
  CHECK(area(eight) == doctest::Approx(200).epsilon(0.02));
  CHECK(inside(eight, {18, 10}));
  CHECK(inside(eight, {2, 10}));
  CHECK_FALSE(inside(eight, {10, 2}));
  const Paths twice = cleaned({{0, 0}, {30, 0}, {30, 30}, {0, 30}, {0, 0}, {30, 0}, {30, 30}, {0, 30}});
  CHECK(area(twice) == doctest::Approx(900));
}

TEST_CASE("a brush covers its way by its radius") {
  CHECK(area(brushed({{50, 50}}, 10)) == doctest::Approx(std::numbers::pi * 100).epsilon(0.01));
  const Paths stroke = brushed({{50, 50}, {150, 50}}, 10);
  CHECK(area(stroke) == doctest::Approx(100 * 20 + std::numbers::pi * 100).epsilon(0.01));
  CHECK(brushed({}, 10).empty());
  CHECK(brushed({{1, 1}}, 0).empty());
  CHECK(area(clipped_to(brushed({{0, 0}}, 10), 100, 100)) ==
        doctest::Approx(std::numbers::pi * 25).epsilon(0.02));
}

TEST_CASE("a line parts a region into pieces that are all of it") {
  const Paths ring = without({box(0, 0, 300, 300)}, {box(100, 100, 200, 200)});
  const std::vector<Paths> pieces = split(ring, {{150, -10}, {150, 310}});
  REQUIRE(pieces.size() == 2);
  CHECK(area(pieces[0]) + area(pieces[1]) == doctest::Approx(80'000).epsilon(0.001));
  // A line through one side of the ring opens it and parts nothing.
  CHECK(split(ring, {{150, -10}, {150, 150}}).size() == 1);
  // A cut around a hole keeps the hole with its piece.
  const std::vector<Paths> beside = split(ring, {{50, -10}, {50, 310}});
  REQUIRE(beside.size() == 2);
  CHECK(beside[0].size() + beside[1].size() == 3);
  CHECK(split({box(0, 0, 10, 10)}, {}).size() == 1);
}
