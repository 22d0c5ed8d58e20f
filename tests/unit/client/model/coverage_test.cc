#include "client/model/coverage.h"

#include <doctest/doctest.h>

using namespace hada;
using namespace hada::model;

namespace {
Viewport slide() {
  Viewport v;
  v.pane_width = 1000;
  v.pane_height = 500;
  v.image_width = 64000;
  v.image_height = 32000;
  return fitted(v);
}
}  // namespace

TEST_CASE("nothing has been seen at first, and the whole image once it is shown whole") {
  Coverage seen(64000, 32000);
  CHECK(seen.columns() == 64);
  CHECK(seen.rows() == 32);
  CHECK(seen.part() == 0);
  seen.add(slide());
  CHECK(seen.part() == 1);
}

TEST_CASE("what was in view stays seen, and only that") {
  Coverage seen(64000, 32000);
  Viewport v = zoomed_to(slide(), 0.1);  // 10,000 by 5,000 pixels: ten cells by five
  seen.add(centred_on(v, {10000, 10000}));
  CHECK(seen.at(10, 10));
  CHECK(seen.at(6, 8));
  CHECK_FALSE(seen.at(16, 10));
  CHECK_FALSE(seen.at(10, 14));
  const double once = seen.part();
  seen.add(centred_on(v, {10000, 10000}));
  CHECK(seen.part() == once);
  seen.add(centred_on(v, {50000, 20000}));
  CHECK(seen.at(10, 10));
  CHECK(seen.at(50, 20));
}

TEST_CASE("a turned view counts what the pane shows, not the box around it") {
  Coverage seen(64000, 32000);
  Viewport v = zoomed_to(slide(), 0.05);
  v.pane_height = 1000;
  seen.add(turned(centred_on(v, {30000, 15000}), 45));
  CHECK(seen.at(30, 15));
  CHECK(seen.at(42, 15));        // along the diagonal
  CHECK_FALSE(seen.at(41, 26));  // in the box's corner
}

TEST_CASE("a view smaller than a cell counts for the cell it is in") {
  Coverage seen(64000, 32000);
  seen.add(centred_on(zoomed_to(slide(), 8), {10010, 10990}));
  CHECK(seen.at(10, 10));
  CHECK(seen.part() > 0);
}

TEST_CASE("a place counts from 5x on a slide, never later than 1:1, never when the whole is shown") {
  Image image;
  image.kind = ImageKind::HistopathologyWsi;
  image.mpp_x = 0.25;
  CHECK(judging_zoom(image, slide()) == 0.125);
  image.mpp_x = 10;
  CHECK(judging_zoom(image, slide()) == 1);
  image.kind = ImageKind::Dermoscopic;
  CHECK(judging_zoom(image, slide()) == 0.5);
  Viewport small = slide();
  small.image_width = small.image_height = 1000;
  CHECK(judging_zoom(image, small) == 1);
}
