// The hand that draws a shape, and the hand that reshapes it.

#include "client/model/drawing.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

using namespace hada;
using namespace hada::model;
using contract::Path;
using contract::Shape;

namespace {

const Shape kTriangle{AnnotationKind::Polygon, {{{10, 10}, {50, 10}, {30, 50}}}};
const Shape kBox{AnnotationKind::Rectangle, {{{10, 20}, {50, 60}}}};

}  // namespace

TEST_CASE("an outline ends on its first point, by the double click or by the key") {
  Drawing drawing;
  drawing.choose(Tool::Polygon);
  CHECK_FALSE(drawing.click({10, 10}, 3, false));
  CHECK_FALSE(drawing.finish());
  CHECK_FALSE(drawing.click({50, 10}, 3, false));
  CHECK_FALSE(drawing.click({11, 11}, 3, false));  // two points make no outline
  drawing.take_back();
  CHECK_FALSE(drawing.click({30, 50}, 3, false));
  SUBCASE("on its first point") {
    const auto done = drawing.click({12, 10}, 3, false);
    REQUIRE(done);
    CHECK(*done == Path{{10, 10}, {50, 10}, {30, 50}});
    CHECK_FALSE(drawing.begun());
  }
  SUBCASE("by a double click, whose point counts once") {
    CHECK_FALSE(drawing.click({20, 40}, 3, false));
    CHECK_FALSE(drawing.click({20, 40}, 3, false));
    const auto done = drawing.finish();
    REQUIRE(done);
    CHECK(done->size() == 4);
  }
}

TEST_CASE("a point takes one click, a length two, an angle three") {
  Drawing drawing;
  drawing.choose(Tool::Point);
  CHECK(drawing.click({1, 1}, 3, false));
  drawing.choose(Tool::Length);
  CHECK_FALSE(drawing.click({1, 1}, 3, false));
  CHECK(drawing.click({9, 1}, 3, false)->size() == 2);
  CHECK_FALSE(drawing.click({1, 1}, 3, false));
  CHECK_FALSE(drawing.click({9, 1}, 3, true));
  CHECK(drawing.click({9, 9}, 3, false)->size() == 3);
  drawing.choose(Tool::Angle);
  CHECK_FALSE(drawing.click({1, 1}, 3, false));
  CHECK_FALSE(drawing.click({5, 5}, 3, false));
  CHECK(drawing.click({9, 1}, 3, false)->size() == 3);
}

TEST_CASE("a drag draws, and a mere press draws nothing but a dot of the brush") {
  Drawing drawing;
  drawing.choose(Tool::Rectangle);
  drawing.press({50, 60});
  drawing.drag({30, 30}, 1);
  drawing.drag({10, 20}, 1);
  const auto corners = drawing.release();
  REQUIRE(corners);
  CHECK(*shape_of(Tool::Rectangle, *corners, 1, 100, 100) == kBox);
  drawing.press({5, 5});
  CHECK_FALSE(drawing.release());
  drawing.choose(Tool::Brush);
  drawing.press({5, 5});
  CHECK(drawing.release());
}

TEST_CASE("what is drawn beyond the edge ends at it, and what has no extent is nothing") {
  const auto box = shape_of(Tool::Ellipse, {{-20, -20}, {40, 140}}, 1, 100, 100);
  REQUIRE(box);
  CHECK(box->paths[0] == Path{{0, 0}, {40, 100}});
  CHECK_FALSE(shape_of(Tool::Rectangle, {{5, 5}, {5, 50}}, 1, 100, 100));
  CHECK_FALSE(shape_of(Tool::Polygon, {{5, 5}, {6, 6}, {7, 7}}, 1, 100, 100));
}

TEST_CASE("a freehand line keeps its form with few points") {
  Path hand;
  for (int i = 0; i < 720; ++i) {
    const double a = i * std::numbers::pi / 360;
    hand.push_back({500 + 300 * std::cos(a), 500 + 200 * std::sin(a)});
  }
  const auto shape = shape_of(Tool::Freehand, hand, 2, 1000, 1000);
  REQUIRE(shape);
  CHECK(contract::point_count(*shape) < 80);
  CHECK(contract::measures_of(*shape, 1, 1).area == doctest::Approx(std::numbers::pi * 60'000).epsilon(0.01));
}

TEST_CASE("corners are taken hold of and moved") {
  CHECK(handle_at(kTriangle, {51, 11}, 5) == Handle{0, 1});
  CHECK_FALSE(handle_at(kTriangle, {40, 30}, 5));
  CHECK(with_handle_at(kTriangle, {0, 1}, {60, 5}).paths[0][1] == PointD{60, 5});
  CHECK(handle_at(kBox, {11, 59}, 5) == Handle{0, 3});
  CHECK(with_handle_at(kBox, {0, 3}, {0, 70}).paths[0] == Path{{0, 20}, {50, 70}});
  // Past the corner across.
  CHECK(with_handle_at(kBox, {0, 0}, {70, 80}).paths[0] == Path{{50, 60}, {70, 80}});
}

TEST_CASE("points are put in and taken out, but a region keeps three") {
  const auto edge = edge_at(kTriangle, {30, 11}, 3);
  REQUIRE(edge);
  CHECK(*edge == Handle{0, 1});
  const Shape more = with_point(kTriangle, *edge, {30, 5});
  CHECK(more.paths[0] == Path{{10, 10}, {30, 5}, {50, 10}, {30, 50}});
  // The edge that closes the path gets its point at the end.
  CHECK(edge_at(kTriangle, {20, 30}, 3) == Handle{0, 3});
  CHECK(*without_point(more, {0, 1}) == kTriangle);
  CHECK_FALSE(without_point(kTriangle, {0, 0}));
  Shape two = kTriangle;
  two.paths.push_back({{60, 60}, {70, 60}, {65, 70}});
  CHECK(*without_point(two, {1, 0}) == kTriangle);
  CHECK_FALSE(edge_at(kBox, {30, 20}, 3));
}

TEST_CASE("a moved shape stays in its image") {
  CHECK(moved(kBox, 5, 5, 100, 100).paths[0] == Path{{15, 25}, {55, 65}});
  CHECK(moved(kBox, 500, -500, 100, 100).paths[0] == Path{{60, 0}, {100, 40}});
}

TEST_CASE("a point snaps to a corner before it snaps to a line") {
  const std::vector<const Shape*> shapes{&kTriangle, &kBox};
  CHECK(*snapped(shapes, {48, 12}, 6) == PointD{50, 10});
  CHECK(*snapped(shapes, {30, 13}, 6) == PointD{30, 10});
  CHECK_FALSE(snapped(shapes, {90, 90}, 6));
}
