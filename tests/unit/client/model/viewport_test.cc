#include "client/model/viewport.h"

#include <doctest/doctest.h>

using namespace hada::model;

namespace {
Viewport slide() {
  Viewport v;
  v.pane_width = 1000;
  v.pane_height = 500;
  v.image_width = 60000;
  v.image_height = 40000;
  return fitted(v);
}
}  // namespace

TEST_CASE("a fitted image is whole and centred") {
  const Viewport v = slide();
  CHECK(v.zoom == doctest::Approx(500.0 / 40000));
  CHECK(v.centre.x == 30000);
  CHECK(v.centre.y == 20000);
  CHECK(v.visible().y0 == doctest::Approx(0));
  CHECK(v.visible().y1 == doctest::Approx(40000));
  CHECK(v.fitted);
}

TEST_CASE("zooming keeps the image point under the cursor") {
  Viewport v = slide();
  const PointD cursor{700, 120};
  for (const double factor : {1.25, 3.0, 7.0, 0.5}) {
    const PointD before = v.to_image(cursor);
    v = zoomed_at(v, cursor, factor);
    const PointD after = v.to_image(cursor);
    CHECK(after.x == doctest::Approx(before.x));
    CHECK(after.y == doctest::Approx(before.y));
  }
  CHECK_FALSE(v.fitted);
}

TEST_CASE("zoom stays between half of fit and 32 display pixels per image pixel") {
  const Viewport v = slide();
  CHECK(zoomed_at(v, {500, 250}, 1e9).zoom == 32);
  CHECK(zoomed_at(v, {500, 250}, 1e-9).zoom == doctest::Approx(v.fit_zoom() / 2));
}

TEST_CASE("a tiny image may be shown at its own size") {
  Viewport v = slide();
  v.image_width = v.image_height = 20;
  v = fitted(v);
  CHECK(v.min_zoom() == 1);
  CHECK(zoomed_at(v, {500, 250}, 1e-9).zoom == 1);
}

TEST_CASE("a factor that is no number changes nothing") {
  const Viewport v = slide();
  CHECK(zoomed_at(v, {1, 1}, 0).zoom == v.zoom);
  CHECK(zoomed_at(v, {1, 1}, -2).zoom == v.zoom);
  CHECK(zoomed_at(v, {1, 1}, 0.0 / 0.0).zoom == v.zoom);
}

TEST_CASE("one to one shows one image pixel per display pixel at the same centre") {
  const Viewport v = one_to_one(centred_on(slide(), {12345, 6789}));
  CHECK(v.zoom == 1);
  CHECK(v.centre.x == 12345);
  CHECK(v.visible().width() == 1000);
}

TEST_CASE("dragging moves the image with the mouse") {
  Viewport v = one_to_one(slide());
  const PointD grabbed = v.to_image({300, 200});
  v = panned(v, 40, -25);
  CHECK(v.to_display(grabbed).x == doctest::Approx(340));
  CHECK(v.to_display(grabbed).y == doctest::Approx(175));
}

TEST_CASE("the image is never lost from view") {
  const Viewport v = panned(one_to_one(slide()), 1e9, 1e9);
  CHECK(v.centre.x == 0);
  CHECK(v.centre.y == 0);
}

TEST_CASE("display and image coordinates are each other's inverse") {
  const Viewport v = zoomed_at(slide(), {10, 10}, 5);
  const PointD p = v.to_display(v.to_image({123, 456}));
  CHECK(p.x == doctest::Approx(123));
  CHECK(p.y == doctest::Approx(456));
}

TEST_CASE("a resized pane keeps a fitted image whole, and another image's centre and zoom") {
  CHECK(resized(slide(), 400, 400).zoom == doctest::Approx(400.0 / 60000));
  const Viewport v = centred_on(one_to_one(slide()), {5000, 6000});
  const Viewport small = resized(v, 300, 200);
  CHECK(small.zoom == 1);
  CHECK(small.centre.x == 5000);
}

TEST_CASE("the scale bar has a length of 1, 2 or 5 times a power of ten, and fits") {
  Viewport v = slide();
  for (double zoom = 0.01; zoom < 32; zoom *= 1.37) {
    v.zoom = zoom;
    const ScaleBar bar = scale_bar(v, 0.25, 150);
    double length = bar.micrometres;
    while (length >= 9.99) length /= 10;
    while (length < 0.999) length *= 10;
    const bool round =
        length == doctest::Approx(1) || length == doctest::Approx(2) || length == doctest::Approx(5);
    CHECK(round);
    CHECK(bar.display_pixels <= 150.001);
    CHECK(bar.display_pixels > 150 / 2.51);
    CHECK(bar.display_pixels == doctest::Approx(bar.micrometres / 0.25 * zoom));
  }
}

TEST_CASE("without a known pixel size there is no scale bar") {
  CHECK(scale_bar(slide(), 0, 150).display_pixels == 0);
}

TEST_CASE("a quarter turn to the right puts the image's top at the right") {
  const Viewport v = turned(one_to_one(slide()), 90);
  const PointD above = v.to_display({30000, 20000 - 100});
  CHECK(above.x == 600);  // exact: no sine of 90 degrees gets in
  CHECK(above.y == 250);
  CHECK(turned(v, 270).rotation == 0);
}

TEST_CASE("a mirrored view exchanges left and right of what the screen shows, also when it is turned") {
  for (const double rotation : {0.0, 90.0, 37.0}) {
    const Viewport v = turned(one_to_one(slide()), rotation);
    const PointD before = v.to_display({30100, 20040});
    const PointD after = mirrored(v).to_display({30100, 20040});
    CHECK(after.x == doctest::Approx(1000 - before.x));
    CHECK(after.y == doctest::Approx(before.y));
    CHECK(mirrored(mirrored(v)).rotation == doctest::Approx(v.rotation));
  }
}

TEST_CASE("display and image coordinates are inverse in every orientation, and the hand's point stays") {
  for (const double rotation : {0.0, 33.0, 90.0, 180.0, 251.5}) {
    for (const bool flip : {false, true}) {
      Viewport v = turned(centred_on(one_to_one(slide()), {12000, 9000}), rotation);
      if (flip) v = mirrored(v);
      const PointD p = v.to_display(v.to_image({123, 456}));
      CHECK(p.x == doctest::Approx(123));
      CHECK(p.y == doctest::Approx(456));
      const PointD held_point = v.to_image({700, 120});
      const PointD zoomed = zoomed_at(v, {700, 120}, 3).to_image({700, 120});
      CHECK(zoomed.x == doctest::Approx(held_point.x));
      CHECK(zoomed.y == doctest::Approx(held_point.y));
      const PointD dragged = panned(v, 40, -25).to_display(held_point);
      CHECK(dragged.x == doctest::Approx(740));
      CHECK(dragged.y == doctest::Approx(95));
    }
  }
}

TEST_CASE("fit takes the turn into account, and a fitted image stays fitted while it turns") {
  const Viewport quarter = turned(slide(), 90);
  CHECK(quarter.fitted);
  CHECK(quarter.zoom == doctest::Approx(500.0 / 60000));
  const Viewport slanted = turned(slide(), 30);
  for (const PointD corner : {PointD{0, 0}, {60000, 0}, {0, 40000}, {60000, 40000}}) {
    const PointD at = slanted.to_display(corner);
    CHECK(at.x > -0.001);
    CHECK(at.x < 1000.001);
    CHECK(at.y > -0.001);
    CHECK(at.y < 500.001);
  }
}

TEST_CASE("what is visible is the box around the turned pane; what is seen is the pane itself") {
  Viewport v = one_to_one(slide());
  v.pane_width = v.pane_height = 1000;
  v = turned(v, 45);
  CHECK(v.visible().width() == doctest::Approx(1000 * 1.41421356));
  const auto tile_at = [](double x, double y) { return hada::contract::RectD{x, y, x + 256, y + 256}; };
  CHECK(v.sees(tile_at(30000, 20000)));
  CHECK(v.sees(tile_at(30000 + 500, 20000)));
  // In the box's corner, outside the pane.
  CHECK_FALSE(v.sees(tile_at(30000 + 450, 20000 + 450)));
  // Of the tiles in the box about half are needed.
  int in_box = 0, seen = 0;
  const hada::contract::RectD box = v.visible();
  for (double x = box.x0; x < box.x1; x += 64)
    for (double y = box.y0; y < box.y1; y += 64, ++in_box) seen += v.sees({x, y, x + 64, y + 64});
  CHECK(seen < in_box * 0.65);
  CHECK(seen > in_box * 0.5);
}

TEST_CASE("a free turn snaps to multiples of fifteen degrees") {
  CHECK(snapped_degrees(44) == 45);
  CHECK(snapped_degrees(41) == 41);
  CHECK(snapped_degrees(359) == 0);
  CHECK(snapped_degrees(-91) == 270);
  CHECK(normal_degrees(-1e-18) < 360);
}

TEST_CASE("a part of a pane shows what the pane shows there") {
  const Viewport v = turned(centred_on(one_to_one(slide()), {12000, 9000}), 33);
  const Viewport right = part_of(v, {400, 0}, {1000, 500});
  const PointD whole = v.to_display({12100, 9050}), part = right.to_display({12100, 9050});
  CHECK(part.x == doctest::Approx(whole.x - 400));
  CHECK(part.y == doctest::Approx(whole.y));
}
