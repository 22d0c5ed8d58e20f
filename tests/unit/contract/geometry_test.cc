// Shapes on an image: what is valid, how long and large, what lies inside, what is left when simplified.

#include "contract/geometry.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numbers>

using namespace hada;
using namespace hada::contract;

namespace {

const Path kSquare{{10, 10}, {30, 10}, {30, 30}, {10, 30}};
const Path kHole{{15, 15}, {25, 15}, {25, 25}, {15, 25}};

Shape polygon(std::vector<Path> paths) { return {AnnotationKind::Polygon, std::move(paths)}; }

}  // namespace

TEST_CASE("a shape is checked against its kind and its image") {
  const auto problem = [](const Shape& shape) { return problem_of(shape, 100, 100); };
  CHECK_FALSE(problem(polygon({kSquare, kHole})));
  CHECK_FALSE(problem({AnnotationKind::Point, {{{0, 100}}}}));
  CHECK_FALSE(problem({AnnotationKind::Angle, {{{1, 1}, {5, 5}, {9, 1}}}}));
  CHECK(problem({AnnotationKind::Unspecified, {kSquare}}) == ShapeProblem::Kind);
  CHECK(problem({static_cast<AnnotationKind>(10), {kSquare}}) == ShapeProblem::Kind);
  CHECK(problem(polygon({})) == ShapeProblem::Paths);
  CHECK(problem({AnnotationKind::Length, {kSquare, kHole}}) == ShapeProblem::Paths);
  CHECK(problem(polygon({{{1, 1}, {2, 2}}})) == ShapeProblem::Points);
  CHECK(problem({AnnotationKind::Rectangle, {kSquare}}) == ShapeProblem::Points);
  CHECK(problem(polygon({Path(kMaxShapePoints + 1, PointD{1, 1})})) == ShapeProblem::Points);
  CHECK(problem({AnnotationKind::Point, {{{100.5, 1}}}}) == ShapeProblem::Outside);
  CHECK(problem({AnnotationKind::Point, {{{std::nan(""), 1}}}}) == ShapeProblem::Outside);
  CHECK(problem({AnnotationKind::Point, {{{std::numeric_limits<double>::infinity(), 1}}}}) ==
        ShapeProblem::Outside);
  CHECK(problem(polygon({{{1, 1}, {5, 5}, {9, 9}}})) == ShapeProblem::Collapsed);
  CHECK(problem({AnnotationKind::Rectangle, {{{9, 9}, {1, 1}}}}) == ShapeProblem::Collapsed);
  CHECK(problem({AnnotationKind::Length, {{{9, 9}, {9, 9}}}}) == ShapeProblem::Collapsed);
}

TEST_CASE("lengths, areas and angles are in micrometres of pixels that need not be square") {
  const Shape square = polygon({kSquare});
  CHECK(measures_of(square, 0.5, 0.25).area == doctest::Approx(20 * 0.5 * 20 * 0.25));
  CHECK(measures_of(square, 0.5, 0.25).length == doctest::Approx(2 * (10 + 5)));
  // A hole takes away, whichever way round it runs.
  CHECK(measures_of(polygon({kSquare, kHole}), 1, 1).area == doctest::Approx(300));
  CHECK(measures_of(polygon({kSquare, Path(kHole.rbegin(), kHole.rend())}), 1, 1).area ==
        doctest::Approx(300));
  // Two pieces that touch are two pieces.
  CHECK(measures_of(polygon({{{10, 10}, {20, 0}, {20, 20}}, {{10, 10}, {0, 0}, {0, 20}}}), 1, 1).area ==
        doctest::Approx(200));
  const Shape ellipse{AnnotationKind::Ellipse, {{{0, 0}, {40, 40}}}};
  CHECK(measures_of(ellipse, 1, 1).area == doctest::Approx(std::numbers::pi * 400));
  CHECK(measures_of(ellipse, 1, 1).length == doctest::Approx(std::numbers::pi * 40));
  CHECK(measures_of({AnnotationKind::Length, {{{0, 0}, {3, 4}, {3, 14}}}}, 2, 2).length ==
        doctest::Approx(30));
  const Shape angle{AnnotationKind::Angle, {{{10, 0}, {0, 0}, {10, 10}}}};
  CHECK(measures_of(angle, 1, 1).degrees == doctest::Approx(45));
  CHECK(measures_of(angle, 1, 2).degrees == doctest::Approx(std::atan(2.0) * 180 / std::numbers::pi));
  // Far from the origin an area is as exact as near it.
  Path far = kSquare;
  for (PointD& p : far) p = {p.x + 200'000, p.y + 200'000};
  CHECK(measures_of(polygon({far}), 1, 1).area == doctest::Approx(400).epsilon(1e-12));
}

TEST_CASE("a point is in a region, in its hole, or at a distance") {
  const Shape ring = polygon({kSquare, kHole});
  CHECK(contains(ring, {12, 12}));
  CHECK_FALSE(contains(ring, {20, 20}));
  CHECK_FALSE(contains(ring, {31, 20}));
  const Shape ellipse{AnnotationKind::Ellipse, {{{0, 0}, {40, 20}}}};
  CHECK(contains(ellipse, {20, 1}));
  CHECK_FALSE(contains(ellipse, {2, 2}));
  CHECK_FALSE(contains({AnnotationKind::Length, {kSquare}}, {20, 20}));
  CHECK(distance_to(ring, {20, 20}) == doctest::Approx(5));
  CHECK(distance_to(ring, {5, 20}) == doctest::Approx(5));  // from the edge that closes the path
  CHECK(distance_to({AnnotationKind::Point, {{{3, 4}}}}, {0, 0}) == doctest::Approx(5));
}

TEST_CASE("simplifying leaves no point further away than asked") {
  Path wave;
  for (int i = 0; i <= 1000; ++i) wave.push_back({static_cast<double>(i), 20 * std::sin(i / 50.0)});
  const Path few = simplified(wave, 0.5, false);
  CHECK(few.size() < 60);
  CHECK(few.front() == wave.front());
  CHECK(few.back() == wave.back());
  for (const PointD p : wave) CHECK(distance_to({AnnotationKind::Length, {few}}, p) <= 0.5);

  Path circle;
  for (int i = 0; i < 360; ++i)
    circle.push_back(
        {50 + 40 * std::cos(i * std::numbers::pi / 180), 50 + 40 * std::sin(i * std::numbers::pi / 180)});
  const Shape round = simplified(polygon({circle}), 0.5);
  CHECK(point_count(round) < 40);
  for (const PointD p : circle) CHECK(distance_to(round, p) <= 0.5);
  // However much is allowed, a region stays one.
  CHECK_FALSE(problem_of(simplified(polygon({circle}), 1000), 100, 100));
  CHECK(point_count(simplified(polygon({circle}), 1000)) >= 3);
}

TEST_CASE("what is on the grid stays as it is") {
  const PointD p = to_grid(PointD{1234.56789, 0.007});
  CHECK(p.x == doctest::Approx(1234.56789).epsilon(0.01));
  CHECK(to_grid(p) == p);
  CHECK(p.x * kGridPerPixel == std::floor(p.x * kGridPerPixel));
}

TEST_CASE("the box and the outline of a shape") {
  const Shape ellipse{AnnotationKind::Ellipse, {{{0, 10}, {40, 30}}}};
  const RectD box = bounds_of({AnnotationKind::Polygon, outline_of(ellipse)});
  CHECK(box.x0 == doctest::Approx(0));
  CHECK(box.y1 == doctest::Approx(30));
  CHECK(outline_of({AnnotationKind::Rectangle, {{{1, 2}, {3, 4}}}})[0] ==
        Path{{1, 2}, {3, 2}, {3, 4}, {1, 4}});
  CHECK(bounds_of({}).empty());
}
