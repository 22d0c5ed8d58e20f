#include "client/model/linking.h"

#include <doctest/doctest.h>

#include "desk.h"

using namespace hada;
using namespace hada::model;
using test::Desk;

namespace {

// Two panes of one size side by side. `mpp`: of the first and the second image, um per pixel.
struct Two {
  std::vector<Image> images = Desk::a_case("c", CaseState::Open, 3).images;
  Panes panes;

  explicit Two(double first = 0, double second = 0) {
    images[0].mpp_x = first;
    images[1].mpp_x = second;
    set_images(panes, images);
    set_pane_count(panes, images, 2);
    for (Pane& pane : panes.panes) pane.viewport = resized(pane.viewport, 400, 300);
  }
  Viewport& view(size_t i) { return panes.panes[i].viewport; }
  void pan(size_t i, double dx, double dy) {
    view(i) = panned(view(i), dx, dy);
    move_linked(panes, i);
  }
};

}  // namespace

TEST_CASE("panes that are not linked stay where they are") {
  Two two;
  const PointD before = two.view(1).centre;
  two.pan(0, 50, 20);
  CHECK(two.view(1).centre.x == before.x);
  set_linked(two.panes, two.images, 0, true);  // alone in its group
  two.pan(0, 50, 20);
  CHECK(two.view(1).centre.x == before.x);
}

TEST_CASE("linked panes take one physical scale and go the same way") {
  Two two(2, 8);
  two.view(0) = zoomed_to(two.view(0), 0.5);
  set_all_linked(two.panes, two.images, true);
  CHECK(two.view(0).zoom == 0.5);  // the active pane gives the scale
  CHECK(two.view(1).zoom == doctest::Approx(2));
  const PointD before = two.view(1).centre;
  two.pan(0, 40, -20);
  CHECK(two.view(1).centre.x == doctest::Approx(before.x - 20));
  CHECK(two.view(1).centre.y == doctest::Approx(before.y + 10));
  // The other one leads as well.
  const PointD first = two.view(0).centre;
  two.pan(1, 10, 0);
  CHECK(two.view(0).centre.x == doctest::Approx(first.x - 20));
}

TEST_CASE("where a scale is unknown, linked panes keep the ratio they had") {
  Two two(0, 8);
  two.view(1) = zoomed_to(two.view(1), 1.5);
  const double ratio = two.view(1).zoom / two.view(0).zoom;
  set_all_linked(two.panes, two.images, true);
  CHECK(two.view(1).zoom == doctest::Approx(1.5));
  two.view(0) = zoomed_at(two.view(0), {100, 100}, 3);
  move_linked(two.panes, 0);
  CHECK(two.view(1).zoom / two.view(0).zoom == doctest::Approx(ratio));
}

TEST_CASE("linked panes turn and mirror together, and there is no drift") {
  Two two;
  set_all_linked(two.panes, two.images, true);
  two.view(0) = mirrored(turned(two.view(0), 30));
  move_linked(two.panes, 0);
  CHECK(two.view(1).rotation == doctest::Approx(330));
  CHECK(two.view(1).mirrored);
  two.view(0) = upright(fitted(two.view(0)));
  move_linked(two.panes, 0);
  const Viewport start = two.view(1);
  for (int i = 0; i < 200; ++i) two.pan(0, i % 2 ? 31 : -31, 7 * (i % 3 - 1));
  two.view(0) = fitted(two.view(0));
  move_linked(two.panes, 0);
  CHECK(two.view(1).centre.x == doctest::Approx(start.centre.x));
  CHECK(two.view(1).rotation == 0);
}

TEST_CASE("another image in a linked pane is linked from where it is") {
  Two two;
  set_all_linked(two.panes, two.images, true);
  show_image(two.panes, two.images, 1, two.images[2].name);
  relink(two.panes, two.images);
  const PointD before = two.view(1).centre;
  two.pan(0, 0, 0);
  CHECK(two.view(1).centre.x == doctest::Approx(before.x));
}

TEST_CASE("three pairs register two images, which then go together") {
  Two two;
  REQUIRE(start_registration(two.panes, two.images));
  CHECK(two.panes.registering->wanted() == two.images[0].name);
  // The second image is the first turned by a quarter: (x, y) -> (900 - y, x).
  const auto there = [](PointD p) { return PointD{900 - p.y, p.x}; };
  const PointD points[] = {{200, 200}, {700, 250}, {400, 600}};
  std::optional<Registration> done;
  for (const PointD p : points) {
    CHECK_FALSE(done);
    CHECK_FALSE(mark_point(two.panes, two.images, 0, p));
    CHECK(two.panes.active == 1);  // the next point is wanted there
    done = mark_point(two.panes, two.images, 1, there(p));
  }
  REQUIRE(done);
  CHECK(done->residual < 1e-9);
  CHECK_FALSE(two.panes.registering);
  CHECK(two.view(1).rotation == doctest::Approx(270));
  two.view(0) = centred_on(zoomed_to(two.view(0), 1), {300, 400});
  move_linked(two.panes, 0);
  CHECK(two.view(1).centre.x == doctest::Approx(500));
  CHECK(two.view(1).centre.y == doctest::Approx(300));
  two.view(1) = centred_on(two.view(1), {600, 200});
  move_linked(two.panes, 1);
  CHECK(two.view(0).centre.x == doctest::Approx(200));
  CHECK(two.view(0).centre.y == doctest::Approx(300));
}

TEST_CASE("while points are picked the linked panes move freely; a point can be taken back or moved") {
  Two two;
  set_all_linked(two.panes, two.images, true);
  REQUIRE(start_registration(two.panes, two.images));
  const PointD before = two.view(1).centre;
  two.pan(0, 50, 0);
  CHECK(two.view(1).centre.x == before.x);
  mark_point(two.panes, two.images, 1, {1, 1});  // not its turn, and nothing there to move
  CHECK(two.panes.registering->second_points.empty());
  mark_point(two.panes, two.images, 0, {10, 10});
  mark_point(two.panes, two.images, 0, {20, 10});
  REQUIRE(two.panes.registering->first_points.size() == 1);
  CHECK(two.panes.registering->first_points[0].x == 20);
  mark_point(two.panes, two.images, 1, {30, 30});
  undo_point(two.panes);
  CHECK(two.panes.registering->second_points.empty());
  CHECK(two.panes.active == 1);
  undo_point(two.panes);
  CHECK(two.panes.registering->first_points.empty());
  undo_point(two.panes);
  CHECK(two.panes.active == 0);
}

TEST_CASE("a third pair on the line of the others is not taken, and says why") {
  Two two;
  REQUIRE(start_registration(two.panes, two.images));
  for (const double x : {100.0, 300.0, 500.0}) {
    mark_point(two.panes, two.images, 0, {x, 100});
    CHECK_FALSE(mark_point(two.panes, two.images, 1, {x, 200 + x / 2}));
  }
  REQUIRE(two.panes.registering);
  CHECK(two.panes.registering->problem == RegistrationProblem::Line);
  CHECK(two.panes.registering->second_points.size() == 2);
  mark_point(two.panes, two.images, 0, {300, 500});
  CHECK_FALSE(two.panes.registering->problem);
  CHECK(mark_point(two.panes, two.images, 1, {300, 700}));
}

TEST_CASE("the compared image lies over the other by registration, else middle on middle at one scale") {
  Two two(2, 8);
  REQUIRE(start_comparison(two.panes, two.images));
  CHECK(two.panes.comparison->over == two.images[1].name);
  two.view(0) = centred_on(zoomed_to(two.view(0), 1), {500 + 80, 400});
  Viewport over = comparison_view(two.panes, two.images);
  CHECK(over.zoom == doctest::Approx(4));
  CHECK(over.centre.x == doctest::Approx(500 + 20));
  CHECK(over.pane_width == 400);
  Registration shift;
  shift.map.x = 7;
  two.panes.registrations[{two.images[1].name, two.images[0].name}] = shift;
  over = comparison_view(two.panes, two.images);
  CHECK(over.zoom == doctest::Approx(1));
  CHECK(over.centre.x == doctest::Approx(573));
}

TEST_CASE("a comparison or a registration of images that are gone ends") {
  Two two;
  REQUIRE(start_comparison(two.panes, two.images));
  two.images.erase(two.images.begin() + 1);
  set_images(two.panes, two.images);
  CHECK_FALSE(two.panes.comparison);
}

TEST_CASE("one image alone is neither registered nor compared") {
  Panes panes;
  const auto images = Desk::a_case("c").images;
  set_images(panes, images);
  CHECK_FALSE(start_registration(panes, images));
  CHECK_FALSE(start_comparison(panes, images));
}
