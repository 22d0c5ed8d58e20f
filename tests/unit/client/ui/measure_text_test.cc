// Sizes in words: units by size, three digits, pixels where a pixel's size is unknown.

#include <doctest/doctest.h>

#include "client/ui/tools/tools.h"

using namespace hada;
using contract::Shape;

namespace {

std::string words(const Shape& shape, double mpp_x, double mpp_y) {
  model::Image image;
  image.mpp_x = mpp_x;
  image.mpp_y = mpp_y;
  return ui::measure_text(image, shape);
}
Shape box(double width, double height) { return {AnnotationKind::Rectangle, {{{0, 0}, {width, height}}}}; }
Shape line(double length) { return {AnnotationKind::Length, {{{0, 0}, {length, 0}}}}; }

}  // namespace

TEST_CASE("sizes are told in the unit that suits them, with three digits") {
  CHECK(words(line(100), 0.5, 0.5) == "50.0 µm");
  CHECK(words(line(2469), 0.5, 0.5) == "1.23 mm");
  CHECK(words(line(100), 0, 0) == "100 px");
  CHECK(words(box(100, 99), 1, 1) == "9900 µm²");
  CHECK(words(box(149, 100), 1, 1) == "0.0149 mm²");
  CHECK(words(box(1000, 2500), 1, 1) == "2.50 mm²");
  CHECK(words(box(100, 100), 0, 0) == "10000 px²");
  // Pixels that are not square, and a height that is not told.
  CHECK(words(box(100, 100), 0.5, 0.25) == "1250 µm²");
  CHECK(words(box(100, 100), 0.5, 0) == "2500 µm²");
  CHECK(words({AnnotationKind::Angle, {{{10, 0}, {0, 0}, {0, 10}}}}, 0, 0) == "90.0°");
  CHECK(words({AnnotationKind::Point, {{{1, 1}}}}, 1, 1).empty());
}
