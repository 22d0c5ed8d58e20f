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
