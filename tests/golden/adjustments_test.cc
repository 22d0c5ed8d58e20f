// What the shader and the baked colours make of a picture: each kind of adjustment has a golden picture, and
// where arithmetic says what must come out, that is checked too. The left half is a tissue made of known
// amounts of two stains, the right half colours, greys and edges.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "client/render/sample.h"
#include "client/render/slide_programs.h"
#include "client/render/slide_renderer.h"
#include "client/tiles/colour_grid.h"
#include "tests/golden/golden.h"

using namespace hada;
using golden::Offscreen;
using golden::Picture;
using model::ImageAdjustments;
using model::StainView;

namespace {

constexpr int kWidth = 256, kHeight = 160;
constexpr tiles::ImageId kImage = 3;
const contract::Pyramid kPyramid = {{kWidth, kHeight, 256, 256, 1}};

using Rgb = std::array<double, 3>;

double haematoxylin(int x, int y) { return 1.1 + std::sin(x * 0.12) * std::sin(y * 0.15); }
double eosin(int x, int y) { return 0.9 + 0.8 * std::sin((x - y) * 0.05); }

Rgb stained(double h, double e) {
  const auto hv = render::stain_vectors(StainView::Haematoxylin).stain;
  const auto ev = render::stain_vectors(StainView::Eosin).stain;
  Rgb c{};
  for (size_t i = 0; i < 3; ++i)
    c[i] = std::exp2(-(h * static_cast<double>(hv[i]) + e * static_cast<double>(ev[i])));
  return c;
}

Rgb source(int x, int y) {
  if (x < 128) return stained(haematoxylin(x, y), eosin(x, y));
  if (y < 48) return {(x - 128) / 127.0, (x - 128) / 127.0, (x - 128) / 127.0};
  if (y < 96) {
    constexpr Rgb kPatches[] = {{0.45, 0.32, 0.27}, {0.76, 0.59, 0.51}, {0.38, 0.48, 0.62},
                                {0.34, 0.42, 0.26}, {0.73, 0.35, 0.39}, {0.91, 0.78, 0.12},
                                {0.03, 0.52, 0.63}, {0.95, 0.95, 0.95}};
    return kPatches[(x - 128) / 16];
  }
  const double edge = (x / 8 + y / 8) % 2 ? 0.65 : 0.4;
  return {edge, edge * 0.8, edge * 0.7};
}

struct Scene {
  Offscreen screen{kWidth, kHeight};
  std::unique_ptr<render::SlideRenderer> renderer;

  // `grid` is applied as the decoders do.
  explicit Scene(const tiles::ColourGrid* grid = nullptr) {
    if (!screen.ok()) return;
    auto created = render::SlideRenderer::create();
    REQUIRE_MESSAGE(created.has_value(), created.error().message);
    renderer = std::move(*created);
    tiles::Pixels pixels;
    pixels.width = pixels.height = 256;
    pixels.data = std::make_unique<uint8_t[]>(pixels.bytes());
    uint8_t* out = pixels.data.get();
    for (int y = 0; y < 256; ++y)
      for (int x = 0; x < 256; ++x, out += 4) {
        const Rgb c = source(x, y);
        for (size_t i = 0; i < 3; ++i) out[i] = static_cast<uint8_t>(std::lround(c[i] * 255));
        out[3] = 255;
      }
    if (grid) grid->apply(pixels.data.get(), size_t{256} * 256);
    renderer->textures().upload({kImage, {0, 0, 0}}, pixels);
  }
  bool skip() const {
    if (!screen.ok()) MESSAGE("SKIPPED: no display with OpenGL 3.3");
    return !screen.ok();
  }
  render::SlidePane pane(const ImageAdjustments& adjustments) const {
    render::SlidePane pane;
    pane.box = {0, 0, kWidth, kHeight};
    pane.viewport.pane_width = pane.viewport.image_width = kWidth;
    pane.viewport.pane_height = pane.viewport.image_height = kHeight;
    pane.viewport = model::one_to_one(pane.viewport);
    pane.viewport.centre = {kWidth / 2.0, kHeight / 2.0};
    pane.image = kImage;
    pane.pyramid = &kPyramid;
    pane.adjustments = adjustments;
    return pane;
  }
  std::vector<tiles::DrawItem> plan() const {
    const render::SlidePane p = pane({});
    return tiles::draw_plan(kPyramid, p.viewport.visible(), 1, [](contract::TileKey) { return true; });
  }
  Picture draw(const ImageAdjustments& adjustments) {
    renderer->draw(pane(adjustments), plan(), screen.height());
    return screen.read();
  }
};

// The most that a channel differs from what `expected(x, y)` says, over the columns from x0 to x1.
template <typename F>
int worst(const Picture& picture, int x0, int x1, F expected) {
  int most = 0;
  for (int y = 0; y < kHeight; ++y)
    for (int x = x0; x < x1; ++x) {
      const Rgb c = expected(x, y);
      for (size_t i = 0; i < 3; ++i)
        most = std::max(most, std::abs(picture.at(x, y)[i] -
                                       static_cast<int>(std::lround(std::clamp(c[i], 0.0, 1.0) * 255))));
    }
  return most;
}

Rgb eight_bits(const Rgb& c) {
  return {std::round(c[0] * 255) / 255, std::round(c[1] * 255) / 255, std::round(c[2] * 255) / 255};
}

}  // namespace

TEST_CASE("without adjustments the picture is the picture") {
  Scene scene;
  if (scene.skip()) return;
  const Picture plain = scene.draw({});
  CHECK(worst(plain, 0, kWidth, source) == 0);
  golden::check_golden("adjust_plain", plain);
}

TEST_CASE("colours baked by the decoder are shown as they are") {
  // Warmer and darker, as between two displays.
  std::vector<tiles::ColourGrid::Colour> colours;
  const auto stored = [](double v) { return static_cast<int16_t>(std::lround(v * 255 * 64)); };
  for (int r = 0; r < 33; ++r)
    for (int g = 0; g < 33; ++g)
      for (int b = 0; b < 33; ++b)
        colours.push_back({stored(r / 32.0), stored(std::pow(g / 32.0, 1.2)), stored(0.8 * b / 32.0), 0});
  tiles::ColourGrid::Axis axis{};
  for (size_t i = 0; i < axis.size(); ++i) axis[i] = static_cast<double>(i) / 255;
  const tiles::ColourGrid grid(std::move(colours), axis);
  Scene scene(&grid);
  if (scene.skip()) return;
  const Picture baked = scene.draw({});
  golden::check_golden("adjust_icc_baked", baked);
  CHECK(worst(baked, 0, kWidth, [](int x, int y) {
          const Rgb c = eight_bits(source(x, y));
          return Rgb{c[0], std::pow(c[1], 1.2), 0.8 * c[2]};
        }) <= 1);
}

TEST_CASE("white balance multiplies each channel") {
  Scene scene;
  if (scene.skip()) return;
  const ImageAdjustments a{.red_gain = 0.9, .green_gain = 1.1, .blue_gain = 1.3};
  const Picture picture = scene.draw(a);
  golden::check_golden("adjust_white", picture);
  CHECK(worst(picture, 0, kWidth, [](int x, int y) {
          const Rgb c = eight_bits(source(x, y));
          return Rgb{0.9 * c[0], 1.1 * c[1], 1.3 * c[2]};
        }) <= 1);
}

TEST_CASE("brightness, contrast and gamma are what their names say") {
  Scene scene;
  if (scene.skip()) return;
  const auto check = [&](const char* name, const ImageAdjustments& a, auto curve) {
    const Picture picture = scene.draw(a);
    golden::check_golden(name, picture);
    CHECK(worst(picture, 0, kWidth, [&](int x, int y) {
            const Rgb c = eight_bits(source(x, y));
            return Rgb{curve(c[0]), curve(c[1]), curve(c[2])};
          }) <= 2);
  };
  check("adjust_brightness", {.brightness = 0.3}, [](double v) { return v + 0.15; });
  check("adjust_contrast", {.contrast = 0.5}, [](double v) { return 0.5 + 2 * (v - 0.5); });
  check("adjust_gamma", {.gamma = 2}, [](double v) { return std::sqrt(v); });
}

TEST_CASE("sharpening leaves even areas alone and lifts edges") {
  Scene scene;
  if (scene.skip()) return;
  const Picture sharp = scene.draw({.sharpening = 1});
  golden::check_golden("adjust_sharpening", sharp);
  const Picture plain = scene.draw({});
  // The middle of a patch, and the light side of an edge.
  CHECK(std::abs(sharp.at(136, 70)[0] - plain.at(136, 70)[0]) <= 1);
  int lifted = 0;
  for (int x = 128; x < 250; ++x) lifted = std::max(lifted, sharp.at(x, 124)[0] - plain.at(x, 124)[0]);
  CHECK(lifted > 10);
}

TEST_CASE("one stain alone is shown with its known amount") {
  Scene scene;
  if (scene.skip()) return;
  // 8 bits and dark places leave a little of the other stain.
  const Picture h = scene.draw({.stain = StainView::Haematoxylin});
  golden::check_golden("adjust_haematoxylin", h);
  CHECK(worst(h, 0, 128, [](int x, int y) { return stained(haematoxylin(x, y), 0); }) <= 5);
  const Picture e = scene.draw({.stain = StainView::Eosin});
  golden::check_golden("adjust_eosin", e);
  CHECK(worst(e, 0, 128, [](int x, int y) { return stained(0, eosin(x, y)); }) <= 5);
  const Picture grey = scene.draw({.stain = StainView::Haematoxylin, .stain_grey = true});
  golden::check_golden("adjust_haematoxylin_grey", grey);
  CHECK(worst(grey, 0, 128, [](int x, int y) {
          const double v = std::exp2(-haematoxylin(x, y));
          return Rgb{v, v, v};
        }) <= 5);
}

TEST_CASE("all adjustments together are drawn in their order") {
  Scene scene;
  if (scene.skip()) return;
  golden::check_golden("adjust_all", scene.draw({.red_gain = 1.05,
                                                 .green_gain = 1,
                                                 .blue_gain = 0.95,
                                                 .brightness = 0.1,
                                                 .contrast = 0.25,
                                                 .gamma = 1.2,
                                                 .sharpening = 0.5,
                                                 .stain = StainView::Eosin}));
}

TEST_CASE("the stains' rows undo their vectors") {
  for (const StainView view : {StainView::Haematoxylin, StainView::Eosin}) {
    const auto own = render::stain_vectors(view);
    const auto other =
        render::stain_vectors(view == StainView::Eosin ? StainView::Haematoxylin : StainView::Eosin);
    const auto dot = [](const std::array<float, 3>& a, const std::array<float, 3>& b) {
      return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    };
    CHECK(dot(own.stain, own.stain) == doctest::Approx(1).epsilon(1e-5));
    CHECK(dot(own.unmix, own.stain) == doctest::Approx(1).epsilon(1e-5));
    CHECK(std::abs(dot(own.unmix, other.stain)) < 1e-5f);
  }
}

TEST_CASE("a point's colour is sampled without the adjustments, and nothing on the screen changes") {
  Scene scene;
  if (scene.skip()) return;
  const ImageAdjustments dark{.brightness = -0.5};
  const Picture before = scene.draw(dark);
  // In the middle of the third patch; where a patch is even, the mean is its colour.
  const render::Colour c = render::sample(*scene.renderer, scene.pane(dark), scene.plan(), 128 + 40, 72);
  CHECK(c.red == doctest::Approx(0.38).epsilon(0.01));
  CHECK(c.green == doctest::Approx(0.48).epsilon(0.01));
  CHECK(c.blue == doctest::Approx(0.62).epsilon(0.01));
  CHECK(scene.screen.read().rgba == before.rgba);
  // White balance from there makes it grey.
  const ImageAdjustments white = model::with_white({}, static_cast<double>(c.red),
                                                   static_cast<double>(c.green), static_cast<double>(c.blue));
  const Picture balanced = scene.draw(white);
  const uint8_t* grey = balanced.at(128 + 40, 72);
  CHECK(std::abs(grey[0] - grey[1]) <= 1);
  CHECK(std::abs(grey[1] - grey[2]) <= 1);
}

TEST_CASE("an adjustment whose program does not compile is drawn plain, and that is known") {
  Scene scene;
  if (scene.skip()) return;
  ImageAdjustments adjustments;
  adjustments.gamma = 1.8;
  const Picture plain = scene.draw({});
  scene.renderer->programs().refuse_all();
  scene.renderer->rehearse(scene.pane(adjustments), scene.plan(), kHeight);
  CHECK_FALSE(scene.renderer->adjustments_not_shown());  // nobody has asked for them yet
  CHECK(scene.draw(adjustments).rgba == plain.rgba);
  CHECK(scene.renderer->adjustments_not_shown());
}

TEST_CASE("a rehearsal makes what the next frames need, and shows nothing but one pixel") {
  Scene scene;
  if (scene.skip()) return;
  const Picture plain = scene.draw({});
  for (const ImageAdjustments& usual : render::usual_adjustments())
    scene.renderer->rehearse(scene.pane(usual), scene.plan(), kHeight);
  const Picture after = scene.screen.read();
  int changed = 0;
  for (size_t i = 0; i < plain.rgba.size(); i += 4)
    changed += !std::equal(&plain.rgba[i], &plain.rgba[i] + 4, &after.rgba[i]);
  CHECK(changed <= 1);
  scene.renderer->programs().refuse_all();  // none is left to compile
  for (const ImageAdjustments& usual : render::usual_adjustments())
    CHECK(scene.draw(usual).rgba != plain.rgba);
  CHECK_FALSE(scene.renderer->adjustments_not_shown());
}
