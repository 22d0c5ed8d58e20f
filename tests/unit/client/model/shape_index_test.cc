#include "client/model/shape_index.h"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <random>

using namespace hada;
using contract::PointD;
using contract::RectD;
using model::ShapeIndex;
using model::SharedAnnotation;

namespace {

SharedAnnotation annotation(AnnotationKind kind, std::vector<contract::Path> paths) {
  auto made = std::make_shared<model::Annotation>();
  made->shape = contract::to_grid({kind, std::move(paths)});
  return made;
}

SharedAnnotation blob(PointD centre, double radius, int corners) {
  contract::Path path;
  for (int i = 0; i < corners; ++i) {
    const double angle = 6.283185307 * i / corners, r = radius * (1 + 0.2 * std::sin(3 * angle));
    path.push_back({centre.x + r * std::cos(angle), centre.y + r * std::sin(angle)});
  }
  return annotation(AnnotationKind::Polygon, {path});
}

}  // namespace

TEST_CASE("a query finds exactly the boxes that meet the area") {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> place(0, 10'000), size(0, 200);
  for (const size_t count : {size_t{0}, size_t{1}, size_t{16}, size_t{17}, size_t{300}, size_t{5'000}}) {
    CAPTURE(count);
    std::vector<RectD> boxes;
    for (size_t i = 0; i < count; ++i) {
      const double x = place(random), y = place(random);
      // Some have no extent, as points have not.
      boxes.push_back(i % 5 == 0 ? RectD{x, y, x, y} : RectD{x, y, x + size(random), y + size(random)});
    }
    const ShapeIndex index(boxes);
    CHECK(index.size() == count);
    for (int round = 0; round < 50; ++round) {
      const double x = place(random), y = place(random), side = round % 7 == 0 ? 0 : 4 * size(random);
      const RectD area{x, y, x + side, y + side};
      std::vector<uint32_t> expected;
      for (size_t i = 0; i < count; ++i)
        if (boxes[i].x0 <= area.x1 && area.x0 <= boxes[i].x1 && boxes[i].y0 <= area.y1 &&
            area.y0 <= boxes[i].y1)
          expected.push_back(static_cast<uint32_t>(i));
      CHECK(index.query(area) == expected);
    }
    CHECK(index.query({-10, -10, 20'000, 20'000}).size() == count);
  }
}

TEST_CASE("boxes that all lie at one place are found") {
  const ShapeIndex index(std::vector<RectD>(100, RectD{5, 5, 5, 5}));
  CHECK(index.query({5, 5, 6, 6}).size() == 100);
  CHECK(index.query({5.1, 5, 6, 6}).empty());
}

TEST_CASE("a visit ends when it has seen enough") {
  const ShapeIndex index(std::vector<RectD>(100, RectD{0, 0, 1, 1}));
  int seen = 0;
  index.visit({0, 0, 1, 1}, [&](uint32_t) { return ++seen < 10; });
  CHECK(seen == 10);
}

TEST_CASE("a hit is the topmost annotation, as looking at each one says") {
  std::mt19937 random(11);
  std::uniform_real_distribution<double> place(0, 3'000);
  std::vector<SharedAnnotation> list;
  for (int i = 0; i < 600; ++i) {
    const PointD at{place(random), place(random)};
    switch (i % 4) {
      case 0:
        list.push_back(annotation(AnnotationKind::Point, {{at}}));
        break;
      case 1:
        list.push_back(annotation(AnnotationKind::Length, {{at, {at.x + 120, at.y + 30}}}));
        break;
      case 2:
        list.push_back(annotation(AnnotationKind::Ellipse, {{at, {at.x + 90, at.y + 60}}}));
        break;
      default:
        list.push_back(blob(at, 60, 40));
    }
  }
  const ShapeIndex index = model::index_of(list);
  int hits = 0;
  for (int round = 0; round < 2'000; ++round) {
    const PointD at{place(random), place(random)};
    std::optional<size_t> expected;
    for (size_t i = 0; i < list.size(); ++i)
      if (contract::contains(list[i]->shape, at) || contract::distance_to(list[i]->shape, at) <= 6)
        expected = i;
    CHECK(model::hit(index, list, at, 6) == expected);
    hits += expected.has_value();
  }
  CHECK(hits > 200);
  CHECK(hits < 2'000);
}

TEST_CASE("a hole is not hit, but its edge is") {
  const std::vector<SharedAnnotation> list = {
      annotation(AnnotationKind::Polygon,
                 {{{0, 0}, {100, 0}, {100, 100}, {0, 100}}, {{30, 30}, {70, 30}, {70, 70}, {30, 70}}})};
  const ShapeIndex index = model::index_of(list);
  CHECK(model::hit(index, list, {10, 50}, 3) == 0u);
  CHECK(model::hit(index, list, {50, 50}, 3) == std::nullopt);
  CHECK(model::hit(index, list, {32, 50}, 3) == 0u);
  CHECK(model::hit(index, list, {-2, 50}, 3) == 0u);
  CHECK(model::hit(index, list, {-4, 50}, 3) == std::nullopt);
}
