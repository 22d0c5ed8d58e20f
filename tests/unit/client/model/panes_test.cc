#include "client/model/panes.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "desk.h"

using namespace hada;
using namespace hada::model;
using test::Desk;

TEST_CASE("panes fill the area without overlapping") {
  for (const double height : {300.0, 800.0, 3000.0})
    for (size_t count = 1; count <= 6; ++count) {
      const auto places = pane_places(count, 1000, height);
      CHECK(places.size() == count);
      double area = 0;
      for (const PanePlace& p : places) {
        CHECK(p.x1 > p.x0);
        CHECK(p.y1 > p.y0);
        area += (p.x1 - p.x0) * (p.y1 - p.y0);
      }
      CHECK(area == doctest::Approx(1));
    }
}

TEST_CASE("a wide area puts two images side by side, a tall one stacks them") {
  CHECK(pane_places(2, 1000, 500)[1].x0 == 0.5);
  CHECK(pane_places(2, 500, 1000)[1].y0 == 0.5);
}

TEST_CASE("the number of images chooses the panes, at most six") {
  for (const size_t images : {size_t{1}, size_t{2}, size_t{4}, size_t{6}, size_t{9}}) {
    Panes panes;
    set_images(panes, Desk::a_case("c", CaseState::Open, images).images);
    CHECK(panes.panes.size() == std::min<size_t>(images, 6));
    CHECK_FALSE(panes.layout_chosen);
    CHECK(panes.panes[0].viewport.fitted);
    CHECK(panes.panes[0].viewport.image_width == 1000);
  }
}

TEST_CASE("a chosen layout survives a reload of the case, and the view of each image stays") {
  const auto images = Desk::a_case("c", CaseState::Open, 4).images;
  Panes panes;
  set_images(panes, images);
  set_pane_count(panes, images, 2);
  panes.panes[1].viewport = resized(panes.panes[1].viewport, 500, 400);
  panes.panes[1].viewport = centred_on(panes.panes[1].viewport, {100, 200});
  set_images(panes, images);
  CHECK(panes.panes.size() == 2);
  CHECK(panes.panes[1].viewport.centre.x == 100);
}

TEST_CASE("the active pane stays when fewer are shown") {
  const auto images = Desk::a_case("c", CaseState::Open, 4).images;
  Panes panes;
  set_images(panes, images);
  panes.active = 3;
  set_pane_count(panes, images, 1);
  CHECK(panes.panes[0].image == images[3].name);
  CHECK(panes.active == 0);
}

TEST_CASE("an image that comes back looks where it looked before") {
  const auto images = Desk::a_case("c", CaseState::Open, 3).images;
  Panes panes;
  set_images(panes, images);
  set_pane_count(panes, images, 1);
  panes.panes[0].viewport = resized(panes.panes[0].viewport, 500, 400);
  panes.panes[0].viewport = centred_on(one_to_one(panes.panes[0].viewport), {300, 200});
  show_image(panes, images, 0, images[2].name);
  CHECK(panes.panes[0].image == images[2].name);
  CHECK(panes.panes[0].viewport.fitted);
  CHECK(panes.panes[0].viewport.pane_width == 500);
  show_image(panes, images, 0, images[0].name);
  CHECK(panes.panes[0].viewport.centre.x == 300);
  CHECK(panes.panes[0].viewport.zoom == 1);
}

TEST_CASE("an image that another pane shows changes places with it") {
  const auto images = Desk::a_case("c", CaseState::Open, 2).images;
  Panes panes;
  set_images(panes, images);
  panes.panes[1].viewport = centred_on(panes.panes[1].viewport, {7, 8});
  show_image(panes, images, 0, images[1].name);
  CHECK(panes.panes[0].image == images[1].name);
  CHECK(panes.panes[1].image == images[0].name);
  CHECK(panes.panes[0].viewport.centre.x == 7);
  CHECK(panes.active == 0);
}

TEST_CASE("panes of images that are gone go, and geometry that arrives is taken over") {
  auto images = Desk::a_case("c", CaseState::Open, 2).images;
  images[1].levels.clear();
  Panes panes;
  set_images(panes, images);
  CHECK(panes.panes[1].viewport.image_width == 0);
  images[1].levels = {{640, 480, 256, 256, 1.0}};
  set_images(panes, images);
  CHECK(panes.panes[1].viewport.image_width == 640);
  images.erase(images.begin());
  set_images(panes, images);
  CHECK(panes.panes.size() == 1);
  CHECK(panes.panes[0].image == images[0].name);
}
