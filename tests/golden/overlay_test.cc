// Annotations over an image: each kind of shape by both ways of drawing, from triangles and from plates, on
// dark and light ground, turned, mirrored, near and far.

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <memory>
#include <random>
#include <thread>

#include "client/render/overlay_renderer.h"
#include "tests/golden/golden.h"

using namespace hada;
using contract::Path;
using contract::PointD;
using golden::Offscreen;
using golden::Picture;
using render::OverlayItem;
using render::OverlayItems;

namespace {

constexpr int kWidth = 640, kHeight = 400;
constexpr uint32_t kTissue = 0xE3B8CE, kDark = 0x1B1D20, kWhite = 0xFFFFFF;
constexpr uint32_t kBlue = 0x2F80ED, kOrange = 0xF2994A, kGreen = 0x27AE60, kRed = 0xEB5757,
                   kYellow = 0xF2C94C;
constexpr size_t kMeshes = 1'000'000, kPlates = 0;  // limits that leave one way

OverlayItem item(AnnotationKind kind, std::vector<Path> paths, uint32_t rgb) {
  auto annotation = std::make_shared<model::Annotation>();
  annotation->shape = contract::to_grid({kind, std::move(paths)});
  return {annotation, rgb};
}

Path ring(PointD centre, double radius, int corners, double wave = 0, double phase = 0) {
  Path path;
  for (int i = 0; i < corners; ++i) {
    const double angle = 2 * 3.14159265358979 * i / corners;
    const double r = radius * (1 + wave * std::sin(3 * angle + phase) + wave / 2 * std::sin(7 * angle));
    path.push_back({centre.x + r * std::cos(angle), centre.y + r * std::sin(angle)});
  }
  return path;
}

// Every kind once, within 640 x 400 pixels from `at`.
OverlayItems every_kind(PointD at) {
  const auto p = [&](double x, double y) { return PointD{at.x + x, at.y + y}; };
  const auto moved = [&](Path path) {
    for (PointD& q : path) q = p(q.x, q.y);
    return path;
  };
  using enum AnnotationKind;
  return {
      item(Rectangle, {{p(30, 30), p(150, 110)}}, kBlue),
      item(Ellipse, {{p(180, 30), p(300, 110)}}, kOrange),
      item(Polygon, {moved({{340, 35}, {440, 50}, {410, 75}, {450, 110}, {350, 100}})}, kGreen),
      // With two holes, one of them with an island.
      item(Freehand,
           {moved(ring({545, 100}, 75, 80, 0.06)), moved(ring({520, 95}, 24, 40, 0.1)),
            moved(ring({580, 105}, 18, 30)), moved(ring({520, 95}, 9, 20))},
           kRed),
      item(Brush, {moved(ring({90, 220}, 60, 90, 0.2, 1))}, kYellow),
      // Crosses itself: by the even-odd rule its middle is empty.
      item(Polygon, {moved({{230, 150}, {270, 280}, {165, 200}, {295, 200}, {190, 280}})}, kBlue),
      item(Area,
           {moved({{330, 160}, {440, 160}, {440, 270}, {330, 270}}),
            moved({{355, 185}, {415, 185}, {415, 245}, {355, 245}})},
           kOrange),
      item(Length, {moved({{480, 220}, {610, 280}})}, kGreen),
      item(Length, {moved({{40, 320}, {90, 380}, {110, 310}, {125, 380}, {132, 315}, {137, 380}})}, kRed),
      item(Angle, {moved({{290, 320}, {190, 370}, {300, 370}})}, kBlue),
      item(Point, {{p(350, 340)}}, kRed),
      item(Point, {{p(385, 350)}}, kYellow),
      item(Point, {{p(420, 340)}}, kGreen),
      item(Ellipse, {{p(470, 320), p(478, 328)}}, kRed),
      item(Ellipse, {{p(495, 320), p(499, 324)}}, kRed),
      item(Rectangle, {{p(515, 320), p(517, 322)}}, kRed),
      item(Ellipse, {{p(540, 310), p(600, 370)}}, kGreen),
      item(Ellipse, {{p(560, 330), p(620, 390)}}, kRed),
  };
}

class Desk {
 public:
  explicit Desk(size_t mesh_corners, int width = kWidth, int height = kHeight) : screen_(width, height) {
    if (!screen_.ok()) return;
    pane.box = {0, 0, width, height};
    pane.image = "images/a";
    pane.viewport.pane_width = width;
    pane.viewport.pane_height = height;
    pane.viewport.image_width = pane.viewport.image_height = 240'000;
    limits.mesh_corners = mesh_corners;
    renew();
  }
  void renew() {
    overlay = nullptr;
    auto created = render::OverlayRenderer::create([] {}, limits);
    REQUIRE_MESSAGE(created.has_value(), created.error().message);
    overlay = std::move(*created);
  }
  bool skip() const {
    if (!screen_.ok()) MESSAGE("SKIPPED: no display with OpenGL 3.3");
    return !screen_.ok();
  }
  void set(OverlayItems items) {
    overlay->set(pane.image, std::make_shared<const OverlayItems>(std::move(items)));
  }
  void look(PointD centre, double zoom) {
    pane.viewport.centre = centre;
    pane.viewport.zoom = zoom;
  }
  void frame() {
    overlay->upload(1'000'000);
    screen_.clear(ground);
    overlay->draw(pane, screen_.height());
    overlay->frame_done();
  }
  // Frames until another would look the same.
  Picture settled() {
    for (int i = 0; i < 20'000; ++i) {
      frame();
      if (i > 2 && overlay->idle()) return screen_.read();
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    FAIL("never idle");
    return {};
  }
  Picture now() {
    frame();
    return screen_.read();
  }

 private:
  Offscreen screen_;  // first: GL objects die before their context

 public:
  render::OverlayPane pane;
  render::OverlayLimits limits;
  std::unique_ptr<render::OverlayRenderer> overlay;
  uint32_t ground = kTissue;
};

size_t different(const Picture& a, const Picture& b, int tolerance) {
  size_t count = 0;
  for (size_t i = 0; i < a.rgba.size(); i += 4) {
    int most = 0;
    for (size_t c = 0; c < 3; ++c) most = std::max(most, std::abs(a.rgba[i + c] - b.rgba[i + c]));
    count += most > tolerance;
  }
  return count;
}

}  // namespace

TEST_CASE("every kind of shape, on tissue, white and dark ground") {
  Desk desk(kMeshes);
  if (desk.skip()) return;
  desk.set(every_kind({0, 0}));
  desk.look({kWidth / 2.0, kHeight / 2.0}, 1);
  golden::check_golden("overlay_tissue", desk.settled());
  desk.ground = kWhite;
  golden::check_golden("overlay_white", desk.settled());
  desk.ground = kDark;
  golden::check_golden("overlay_dark", desk.settled());
}

TEST_CASE("plates show the same picture as triangles") {
  Desk triangles(kMeshes);
  if (triangles.skip()) return;
  triangles.set(every_kind({0, 0}));
  triangles.look({kWidth / 2.0, kHeight / 2.0}, 1);
  const Picture expected = triangles.settled();
  Desk plates(kPlates);
  plates.set(every_kind({0, 0}));
  plates.look({kWidth / 2.0, kHeight / 2.0}, 1);
  const Picture actual = plates.settled();
  golden::check_golden("overlay_plates", actual);
  CHECK(different(expected, actual, 48) < kWidth * kHeight / 1000);
}

TEST_CASE("turned and mirrored, by both ways") {
  for (const size_t way : {kMeshes, kPlates}) {
    CAPTURE(way);
    Desk desk(way);
    if (desk.skip()) return;
    desk.set(every_kind({0, 0}));
    desk.look({kWidth / 2.0, kHeight / 2.0}, 0.9);
    desk.pane.viewport.rotation = 30;
    desk.pane.viewport.mirrored = true;
    golden::check_golden(way == kMeshes ? "overlay_turned" : "overlay_turned_plates", desk.settled());
  }
}

TEST_CASE("thousands, far away") {
  std::mt19937 random(2);
  std::uniform_real_distribution<double> place(0, 12'000), radius(20, 50), turn(0, 6);
  constexpr uint32_t kColours[] = {kBlue, kOrange, kGreen};
  OverlayItems items;
  for (size_t i = 0; i < 4'000; ++i) {
    const PointD at{place(random), place(random)};
    items.push_back(
        item(AnnotationKind::Polygon, {ring(at, radius(random), 50, 0.1, turn(random))}, kColours[i % 3]));
  }
  items.push_back(item(AnnotationKind::Freehand, {ring({6'000, 6'000}, 3'500, 200, 0.1)}, kRed));
  for (const double zoom : {0.03, 0.1, 0.3}) {
    Desk desk(kPlates);
    if (desk.skip()) return;
    desk.set(items);
    desk.look({6'000, 6'000}, zoom);
    const std::string name = "overlay_far_" + std::to_string(static_cast<int>(zoom * 100));
    golden::check_golden(name, desk.settled());
    desk.ground = kDark;
    golden::check_golden(name + "_dark", desk.settled());
  }
}

TEST_CASE("at 32 times, far from the origin, nothing trembles") {
  const auto around = [](PointD at) {
    return OverlayItems{
        item(AnnotationKind::Polygon, {ring(at, 6, 12, 0.2)}, kBlue),
        item(AnnotationKind::Rectangle, {{{at.x - 90'000, at.y - 4}, {at.x + 20'000, at.y + 5}}}, kOrange),
        item(AnnotationKind::Length, {{{at.x - 3, at.y + 2}, {at.x + 8, at.y - 1}}}, kGreen)};
  };
  for (const size_t way : {kMeshes, kPlates}) {
    CAPTURE(way);
    Desk near(way), far(way);
    if (near.skip()) return;
    near.set(around({100'000, 1'000}));
    far.set(around({200'000, 239'000}));
    for (int i = 0; i < 40; ++i) {
      // Panned by less than a pixel of the display each time.
      const PointD by{i * 0.007, i * 0.003};
      near.look({100'000 + by.x, 1'000 + by.y}, 32);
      far.look({200'000 + by.x, 239'000 + by.y}, 32);
      CHECK(different(near.settled(), far.settled(), 2) < 8);
    }
  }
}

TEST_CASE("an edit shows soon, and what was there never goes away") {
  for (const size_t way : {kMeshes, kPlates}) {
    CAPTURE(way);
    Desk desk(way);
    if (desk.skip()) return;
    OverlayItems items = every_kind({0, 0});
    desk.set(items);
    desk.look({kWidth / 2.0, kHeight / 2.0}, 1);
    const Picture before = desk.settled();
    items[0] = item(AnnotationKind::Rectangle, {{{30, 30}, {150, 110}}}, kRed);
    items.push_back(item(AnnotationKind::Ellipse, {{{300, 290}, {420, 390}}}, kBlue));
    desk.set(items);
    bool seen = false;
    for (int i = 0; i < 2'000 && !seen; ++i) {
      const Picture now = desk.now();
      // The edge of the first rectangle is blue or red, never the ground; the others stay.
      CHECK(std::abs(now.at(90, 30)[1] - static_cast<int>(kTissue >> 8 & 0xFF)) > 40);
      CHECK(std::memcmp(now.at(240, 30), before.at(240, 30), 3) == 0);
      seen = now.at(90, 30)[0] > 180 && std::memcmp(now.at(360, 290), before.at(360, 290), 3) != 0;
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    CHECK(seen);
  }
}

TEST_CASE("while plates of a new scale are drawn, older ones stand in") {
  Desk desk(kPlates);
  if (desk.skip()) return;
  desk.set(every_kind({0, 0}));
  desk.look({kWidth / 2.0, kHeight / 2.0}, 1);
  (void)desk.settled();
  for (const double zoom : {1.05, 1.3, 0.8}) {
    CAPTURE(zoom);
    desk.look({kWidth / 2.0, kHeight / 2.0}, zoom);
    const Picture stretched = desk.now();
    CHECK(different(stretched, desk.settled(), 100) < kWidth * kHeight / 40);
  }
}

TEST_CASE("removed, closed, and after a lost context") {
  for (const size_t way : {kMeshes, kPlates}) {
    CAPTURE(way);
    Desk desk(way);
    if (desk.skip()) return;
    const OverlayItems items = every_kind({0, 0});
    desk.look({kWidth / 2.0, kHeight / 2.0}, 1);
    const Picture ground = desk.settled();
    desk.set(items);
    const Picture expected = desk.settled();
    CHECK(different(ground, expected, 20) > 10'000);
    CHECK(desk.overlay->bytes() > 0);

    desk.renew();
    CHECK(desk.overlay->bytes() == 0);
    desk.set(items);
    CHECK(different(desk.settled(), expected, 0) == 0);

    desk.overlay->set(desk.pane.image, nullptr);
    CHECK(different(desk.settled(), ground, 0) == 0);
    desk.set(items);
    CHECK(different(desk.settled(), expected, 0) == 0);
    desk.overlay->keep_only([](const std::string&) { return false; });
    CHECK(desk.overlay->bytes() == 0);
    CHECK(different(desk.settled(), ground, 0) == 0);
  }
}

TEST_CASE("plates keep within their budget") {
  Desk desk(kPlates);
  if (desk.skip()) return;
  desk.limits.plate_bytes = size_t{24} * 256 * 256 * 4;
  desk.renew();
  OverlayItems items;
  for (int i = 0; i < 900; ++i) {
    const PointD at{200.0 + 200 * (i % 30), 200.0 + 200 * (i / 30)};
    items.push_back(item(AnnotationKind::Polygon, {ring(at, 90, 30)}, kBlue));
  }
  desk.pane.viewport.image_width = desk.pane.viewport.image_height = 6'400;
  desk.set(items);
  for (int i = 0; i < 12; ++i) {
    desk.look({500.0 + i * 400, 500.0 + i * 400}, 1);
    const Picture picture = desk.settled();
    CHECK(desk.overlay->bytes() <= size_t{48} * 256 * 256 * 4);
    (void)picture;
  }
}
