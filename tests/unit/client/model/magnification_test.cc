#include "client/model/magnification.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace hada;
using namespace hada::model;

namespace {
Image slide(double mpp) {
  Image image;
  image.kind = ImageKind::HistopathologyWsi;
  image.mpp_x = image.mpp_y = mpp;
  return image;
}
Viewport at_zoom(double zoom) {
  Viewport v;
  v.zoom = zoom;
  return v;
}
}  // namespace

TEST_CASE("40x is 0.25 um per display pixel, 20x is 0.5") {
  CHECK(zoom_at_magnification(slide(0.25), 40) == 1);
  CHECK(zoom_at_magnification(slide(0.25), 20) == 0.5);
  CHECK(zoom_at_magnification(slide(0.5), 40) == 2);
  CHECK(magnification_of(slide(0.25), at_zoom(0.5)) == 20);
}

TEST_CASE("without the pixel's size there is no preset, and only a slide's objective tells a magnification") {
  CHECK(zoom_at_magnification(slide(0), 10) == 0);
  Image image = slide(0);
  image.objective = 20;
  CHECK(magnification_of(image, at_zoom(0.5)) == 10);
  image.kind = ImageKind::Dermoscopic;
  CHECK(magnification_of(image, at_zoom(0.5)) == 0);
}

TEST_CASE("1:1 is native, anything larger is beyond it") {
  CHECK_FALSE(beyond_native(1));
  CHECK_FALSE(beyond_native(zoom_at_magnification(slide(0.25), 40)));
  CHECK(beyond_native(1.01));
}

TEST_CASE("the grid's step is a round length and wide enough") {
  for (const double mpp : {0.0, 0.25, 0.503, 12.7}) {
    for (double zoom = 0.004; zoom < 32; zoom *= 1.7) {
      const GridStep step = grid_step(slide(mpp), at_zoom(zoom), 80);
      CHECK(step.pixels * zoom >= 79.99);
      CHECK(step.pixels * zoom < 80 * 2.51);
      double length = mpp > 0 ? step.micrometres : step.pixels;
      if (mpp > 0) CHECK(step.micrometres == doctest::Approx(step.pixels * mpp));
      if (mpp == 0) CHECK(step.micrometres == 0);
      while (length >= 9.99) length /= 10;
      while (length < 0.999) length *= 10;
      const bool round =
          length == doctest::Approx(1) || length == doctest::Approx(2) || length == doctest::Approx(5);
      CHECK(round);
    }
  }
}
