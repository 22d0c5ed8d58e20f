#include "client/render/overlay_raster.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace hada;
using render::OverlayItem;
using render::OverlayItems;
using render::OverlayRaster;
using render::OverlayScale;
using render::OverlayScene;
using render::PlatePicture;

namespace {

constexpr int kSide = OverlayRaster::kSide;

std::shared_ptr<const OverlayScene> scene_of(AnnotationKind kind, std::vector<contract::Path> paths) {
  auto annotation = std::make_shared<model::Annotation>();
  annotation->shape = {kind, std::move(paths)};
  return OverlayScene::make(nullptr,
                            std::make_shared<const OverlayItems>(OverlayItems{{annotation, 0xFF0000}}));
}

int alpha(const PlatePicture& picture, int x, int y) {
  return picture.rgba.empty()
             ? 0
             : picture.rgba[4 * (static_cast<size_t>(y) * kSide + static_cast<size_t>(x)) + 3];
}
const int kFill = static_cast<int>(std::lround(255 * render::overlay::kFillAlpha));

}  // namespace

TEST_CASE("inside is tinted, the line covers, outside is clear") {
  OverlayRaster raster;
  const auto scene = scene_of(AnnotationKind::Rectangle, {{{40, 50}, {200, 180}}});
  const PlatePicture picture = raster.draw(*scene, {}, 0, 0);
  CHECK(alpha(picture, 120, 100) == kFill);
  CHECK(alpha(picture, 40, 100) > 200);
  CHECK(alpha(picture, 120, 50) > 200);
  CHECK(alpha(picture, 30, 100) == 0);
  CHECK(alpha(picture, 120, 190) == 0);
  // A second call starts from nothing.
  CHECK(raster.draw(*scene, {}, 0, 0).rgba == picture.rgba);
}

TEST_CASE("what spans plates fits together, and empty ones take no memory") {
  OverlayRaster raster;
  const auto scene = scene_of(AnnotationKind::Ellipse, {{{100, 100}, {900, 900}}});
  for (const auto& [column, row] : {std::pair(1, 1), std::pair(2, 2)})
    CHECK(alpha(raster.draw(*scene, {}, column, row), 128, 128) == kFill);
  // On both sides of the border between two plates.
  const PlatePicture left = raster.draw(*scene, {}, 1, 0), right = raster.draw(*scene, {}, 2, 0);
  for (int y = 0; y < kSide; ++y) CHECK(std::abs(alpha(left, kSide - 1, y) - alpha(right, 0, y)) < 120);
  CHECK(raster.draw(*scene, {}, 7, 7).rgba.empty());
  CHECK(raster.draw(*scene, {}, 7, 7).parts.empty());
}

TEST_CASE("holes, crossings and either direction follow the even-odd rule") {
  OverlayRaster raster;
  const contract::Path outer = {{10, 10}, {240, 10}, {240, 240}, {10, 240}};
  contract::Path hole = {{80, 80}, {160, 80}, {160, 160}, {80, 160}};
  for (int direction = 0; direction < 2; ++direction) {
    const PlatePicture picture = raster.draw(*scene_of(AnnotationKind::Polygon, {outer, hole}), {}, 0, 0);
    CHECK(alpha(picture, 120, 120) == 0);
    CHECK(alpha(picture, 40, 120) == kFill);
    CHECK(alpha(picture, 200, 120) == kFill);
    std::reverse(hole.begin(), hole.end());
  }
}

TEST_CASE("the parts hold every pixel that shows, each once") {
  OverlayRaster raster;
  for (const double zoom : {0.2, 0.7, 3.0}) {
    const OverlayScale scale{zoom * 0.8, zoom * 0.6, -zoom * 0.6, zoom * 0.8, 1.5f};
    const auto scene = scene_of(AnnotationKind::Length, {{{-500, 40}, {20, 30}, {90, 200}, {700, 250}}});
    const PlatePicture picture = raster.draw(*scene, scale, 0, 0);
    REQUIRE_FALSE(picture.parts.empty());
    std::vector<int> held(size_t{kSide} * kSide);
    for (const auto& part : picture.parts)
      for (int y = part.y0; y < part.y1; ++y)
        for (int x = part.x0; x < part.x1; ++x)
          ++held[static_cast<size_t>(y) * kSide + static_cast<size_t>(x)];
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const int count = held[static_cast<size_t>(y) * kSide + static_cast<size_t>(x)];
        CHECK(count <= 1);
        CHECK((alpha(picture, x, y) == 0 || count == 1));
      }
    }
  }
}

TEST_CASE("the smallest shape still shows") {
  OverlayRaster raster;
  const PlatePicture picture =
      raster.draw(*scene_of(AnnotationKind::Rectangle, {{{5'000, 5'000}, {5'010, 5'010}}}),
                  {0.02, 0, 0, 0.02, 1.5f}, 0, 0);
  CHECK(alpha(picture, 100, 100) > 60);
}
