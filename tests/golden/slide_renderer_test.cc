// The slide renderer, drawn offscreen. The pictures are of a pyramid whose colours say where a pixel is from:
// red grows to the right, green downward, blue tells the level, with a fine grid on level 0.

#include "client/render/slide_renderer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "client/render/thumbnail_textures.h"
#include "tests/golden/golden.h"

using namespace hada;
using contract::Pyramid;
using contract::TileKey;
using golden::Offscreen;
using golden::Picture;
using tiles::Pixels;

namespace {

const Pyramid kSlide = {{1000, 700, 256, 256, 1}, {500, 350, 256, 256, 2}, {250, 175, 256, 256, 4}};
constexpr tiles::ImageId kImage = 7;

struct Rgb {
  uint8_t r, g, b;
};

// Pixel (x, y) of a level.
Rgb colour_at(int level, int x, int y) {
  const int x0 = x << level, y0 = y << level;
  const bool grid = level == 0 && (x0 % 50 == 0 || y0 % 50 == 0);
  const uint8_t blue = level == 0 ? 40 : level == 1 ? 130 : 220;
  if (grid) return {255, 255, blue};
  return {static_cast<uint8_t>(x0 * 255 / 1023), static_cast<uint8_t>(y0 * 255 / 1023), blue};
}

// The padding beyond the level's edge is magenta: it must never be seen.
Pixels tile_pixels(const Pyramid& pyramid, TileKey key, int levels = 1) {
  const contract::PyramidLevel& level = pyramid[static_cast<size_t>(key.level)];
  Pixels pixels;
  pixels.width = level.tile_width;
  pixels.height = level.tile_height;
  pixels.levels = levels;
  pixels.data = std::make_unique<uint8_t[]>(pixels.bytes());
  uint8_t* out = pixels.data.get();
  for (int y = 0; y < level.tile_height; ++y) {
    for (int x = 0; x < level.tile_width; ++x, out += 4) {
      const int px = key.column * level.tile_width + x, py = key.row * level.tile_height + y;
      const Rgb c = px < level.width && py < level.height ? colour_at(key.level, px, py) : Rgb{255, 0, 255};
      out[0] = c.r;
      out[1] = c.g;
      out[2] = c.b;
      out[3] = 255;
    }
  }
  tiles::build_half_sizes(pixels);
  return pixels;
}

struct Scene {
  Offscreen screen;
  std::unique_ptr<render::SlideRenderer> renderer;
  std::set<TileKey> ready;
  Pyramid pyramid = kSlide;

  Scene(int width, int height) : screen(width, height) {
    if (!screen.ok()) return;
    auto created = render::SlideRenderer::create();
    REQUIRE_MESSAGE(created.has_value(), created.error().message);
    renderer = std::move(*created);
  }
  bool skip() const {
    if (!screen.ok()) MESSAGE("SKIPPED: no display with OpenGL 3.3");
    return !screen.ok();
  }
  void upload(TileKey key, int levels = 1) {
    renderer->textures().upload({kImage, key}, tile_pixels(pyramid, key, levels));
    ready.insert(key);
  }
  void upload_level(int level) {
    const contract::RectD all = {0, 0, 1e9, 1e9};
    for (const TileKey& key : contract::tiles_in(pyramid, level, all)) upload(key);
  }
  void draw(const render::PixelBox& box, model::Viewport viewport) {
    viewport = render::pixel_aligned(viewport, pyramid);
    const auto plan = tiles::draw_plan(pyramid, viewport.visible(), viewport.zoom,
                                       [&](TileKey key) { return ready.contains(key); });
    render::SlidePane pane;
    pane.box = box;
    pane.viewport = viewport;
    pane.image = kImage;
    pane.pyramid = &pyramid;
    pane.background = render::colour_from_rgb(0xF0F0F0);
    pane.surround = render::colour_from_rgb(0x101418);
    renderer->draw(pane, plan, screen.height());
  }
  model::Viewport viewport(int width, int height) const {
    model::Viewport v;
    v.pane_width = width;
    v.pane_height = height;
    v.image_width = pyramid.front().width;
    v.image_height = pyramid.front().height;
    return v;
  }
};

bool is(const uint8_t* pixel, Rgb c) { return pixel[0] == c.r && pixel[1] == c.g && pixel[2] == c.b; }

}  // namespace

TEST_CASE("a slide fitted into its pane is whole, without padding, on its surround") {
  Scene scene(640, 400);
  if (scene.skip()) return;
  for (int level = 0; level < 3; ++level) scene.upload_level(level);
  scene.draw({0, 0, 640, 400}, model::fitted(scene.viewport(640, 400)));
  const Picture picture = scene.screen.read();
  golden::check_golden("slide_fitted", picture);
  int bluest = 0;  // level 0 has 40, the padding 255
  for (size_t i = 2; i < picture.rgba.size(); i += 4) bluest = std::max<int>(bluest, picture.rgba[i]);
  CHECK(bluest <= 41);
}

TEST_CASE("at 1:1 every display pixel is the image's own pixel") {
  Scene scene(320, 240);
  if (scene.skip()) return;
  scene.upload_level(0);
  model::Viewport v = model::one_to_one(scene.viewport(320, 240));
  v.centre = {512.3, 255.6};  // a drag never stops at whole pixels
  scene.draw({0, 0, 320, 240}, v);
  const Picture picture = scene.screen.read();
  const model::Viewport seen = render::pixel_aligned(v, kSlide);
  const int left = static_cast<int>(std::lround(seen.to_image({0, 0}).x));
  const int top = static_cast<int>(std::lround(seen.to_image({0, 0}).y));
  CHECK(std::abs(left - (512.3 - 160)) <= 0.5);
  int wrong = 0;
  for (int y = 0; y < 240; ++y)
    for (int x = 0; x < 320; ++x) wrong += !is(picture.at(x, y), colour_at(0, left + x, top + y));
  CHECK(wrong == 0);
}

TEST_CASE("missing tiles are stood in for by coarser ones, exactly in their place") {
  Scene scene(640, 480);
  if (scene.skip()) return;
  scene.upload_level(2);
  scene.upload({1, 0, 0});
  scene.upload({0, 1, 1});
  scene.upload({0, 2, 0});
  model::Viewport v = model::one_to_one(scene.viewport(640, 480));
  v.centre = {480, 330};
  scene.draw({0, 0, 640, 480}, v);
  golden::check_golden("slide_stand_ins", scene.screen.read());
}

TEST_CASE("panes side by side do not touch each other or what lies around them") {
  Scene scene(640, 300);
  if (scene.skip()) return;
  for (int level = 0; level < 3; ++level) scene.upload_level(level);
  scene.draw({20, 30, 290, 240}, model::fitted(scene.viewport(290, 240)));
  model::Viewport v = scene.viewport(290, 240);
  v.zoom = 1.7;
  v.centre = {700, 400};
  scene.draw({330, 30, 290, 240}, v);
  const Picture picture = scene.screen.read();
  golden::check_golden("slide_two_panes", picture);
  int touched = 0;
  for (int y = 0; y < 300; ++y)
    for (int x = 0; x < 640; ++x)
      if (y < 30 || y >= 270 || x < 20 || x >= 620 || (x >= 310 && x < 330))
        touched += !is(picture.at(x, y), {0x20, 0x40, 0x80});
  CHECK(touched == 0);
  // The left image's edges run through the middle of pixels; the slide's background must not shine through
  // there.
  int background = 0;
  for (int y = 0; y < 300; ++y) background += is(picture.at(150, y), {0xF0, 0xF0, 0xF0});
  CHECK(background == 0);
}

TEST_CASE("far beyond 1:1 pixels are squares") {
  Scene scene(240, 160);
  if (scene.skip()) return;
  scene.upload_level(0);
  model::Viewport v = scene.viewport(240, 160);
  v.zoom = 8;
  v.centre = {256, 100};
  scene.draw({0, 0, 240, 160}, v);
  const Picture picture = scene.screen.read();
  int wrong = 0;
  for (int y = 0; y < 160; ++y)
    for (int x = 0; x < 240; ++x)
      wrong += !is(picture.at(x, y), colour_at(0, (256 * 8 - 120 + x) / 8, (100 * 8 - 80 + y) / 8));
  CHECK(wrong == 0);
}

TEST_CASE("a steep pyramid is drawn from half sizes where it is much reduced, without shimmering") {
  Scene scene(300, 200);
  if (scene.skip()) return;
  // Level 0 is a checkerboard of single pixels: its only right picture below half size is an even grey.
  scene.pyramid = {{1024, 768, 256, 256, 1}, {256, 192, 256, 256, 4}};
  for (const TileKey& key : contract::tiles_in(scene.pyramid, 0, {0, 0, 1024, 768})) {
    Pixels pixels = tile_pixels(scene.pyramid, key, 2);
    for (int y = 0; y < 256; ++y)
      for (int x = 0; x < 256; ++x)
        std::memset(pixels.data.get() + 4 * (y * 256 + x), (x + y) % 2 ? 255 : 0, 3);
    tiles::build_half_sizes(pixels);
    scene.renderer->textures().upload({kImage, key}, pixels);
    scene.ready.insert(key);
  }
  model::Viewport v = scene.viewport(300, 200);
  v.zoom = 0.37;
  v.centre = {512, 384};
  scene.draw({0, 0, 300, 200}, v);
  const Picture picture = scene.screen.read();
  int darkest = 255, lightest = 0;
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 300; ++x) {
      darkest = std::min<int>(darkest, picture.at(x, y)[0]);
      lightest = std::max<int>(lightest, picture.at(x, y)[0]);
    }
  }
  CHECK(darkest >= 126);
  CHECK(lightest <= 130);
}

TEST_CASE("a photograph of one large tile is drawn from its own texture") {
  Scene scene(400, 300);
  if (scene.skip()) return;
  scene.pyramid = {{1000, 700, 1000, 700, 1}};
  scene.upload({0, 0, 0}, Pixels::full_chain(1000, 700));
  scene.draw({0, 0, 400, 300}, model::fitted(scene.viewport(400, 300)));
  golden::check_golden("photograph_fitted", scene.screen.read());
}

TEST_CASE("a quarter turn and a mirror keep every display pixel the image's own") {
  struct Case {
    double rotation;
    bool mirrored;
  };
  for (const Case& c : {Case{90, false}, Case{180, false}, Case{270, true}, Case{0, true}}) {
    Scene scene(321, 240);
    if (scene.skip()) return;
    scene.upload_level(0);
    model::Viewport v = model::one_to_one(scene.viewport(321, 240));
    v.centre = {512.3, 255.6};
    v.rotation = c.rotation;
    v.mirrored = c.mirrored;
    scene.draw({0, 0, 321, 240}, v);
    const Picture picture = scene.screen.read();
    const model::Viewport seen = render::pixel_aligned(v, kSlide);
    int wrong = 0;
    for (int y = 0; y < 240; ++y) {
      for (int x = 0; x < 321; ++x) {
        const model::PointD at = seen.to_image({x + 0.5, y + 0.5});
        wrong += !is(picture.at(x, y),
                     colour_at(0, static_cast<int>(std::floor(at.x)), static_cast<int>(std::floor(at.y))));
      }
    }
    CAPTURE(c.rotation);
    CHECK(wrong == 0);
  }
}

TEST_CASE("a turned slide is drawn slanted on its ground, without seams between tiles or levels") {
  Scene scene(480, 360);
  if (scene.skip()) return;
  // The left part of level 0 over level 1: small tiles meet larger ones along a slanted line.
  scene.upload_level(1);
  for (const TileKey& key : contract::tiles_in(kSlide, 0, {0, 0, 500, 700})) scene.upload(key);
  model::Viewport v = model::turned(scene.viewport(480, 360), 27);
  v = model::centred_on(model::zoomed_to(v, 0.6), {480, 380});
  v.fitted = false;
  scene.draw({0, 0, 480, 360}, v);
  const Picture picture = scene.screen.read();
  golden::check_golden("slide_turned", picture);
  // Inside the image no pixel shows the ground (grey, 0xF0) or the padding.
  int holes = 0;
  for (int y = 0; y < 360; ++y) {
    for (int x = 0; x < 480; ++x) {
      const model::PointD at = v.to_image({x + 0.5, y + 0.5});
      if (at.x < 3 || at.y < 3 || at.x > 997 || at.y > 697) continue;
      const uint8_t* p = picture.at(x, y);
      holes += p[2] > 135;
    }
  }
  CHECK(holes == 0);
}

TEST_CASE("a turned and mirrored slide without tiles shows its ground in its own outline") {
  Scene scene(300, 200);
  if (scene.skip()) return;
  scene.draw({0, 0, 300, 200}, model::mirrored(model::fitted(model::turned(scene.viewport(300, 200), 20))));
  golden::check_golden("slide_ground_turned", scene.screen.read());
}

TEST_CASE("an image without pyramid shows its surround only") {
  Scene scene(100, 100);
  if (scene.skip()) return;
  render::SlidePane pane;
  pane.box = {10, 10, 80, 80};
  pane.surround = render::colour_from_rgb(0x0A0B0C);
  scene.renderer->draw(pane, {}, 100);
  const Picture picture = scene.screen.read();
  CHECK(is(picture.at(50, 50), {0x0A, 0x0B, 0x0C}));
  CHECK(is(picture.at(5, 50), {0x20, 0x40, 0x80}));
}

TEST_CASE("tiles share textures, and dropping them gives the memory back") {
  Scene scene(64, 64);
  if (scene.skip()) return;
  render::TileTextures& textures = scene.renderer->textures();
  const Pixels small = tile_pixels(kSlide, {0, 0, 0});
  const size_t page = 16 * Pixels::bytes(256, 256, 2);
  for (int i = 0; i < 25; ++i) textures.upload({1, {0, i, 0}}, small);
  CHECK(textures.bytes() == 2 * page);
  for (int i = 0; i < 16; ++i) textures.drop({1, {0, i, 0}});
  CHECK(textures.bytes() == page);
  const Pyramid photograph = {{1000, 700, 1000, 700, 1}};
  textures.upload({2, {0, 0, 0}}, tile_pixels(photograph, {0, 0, 0}, Pixels::full_chain(1000, 700)));
  CHECK(textures.bytes() == page + Pixels::bytes(1000, 700, Pixels::full_chain(1000, 700)));
  textures.drop({2, {0, 0, 0}});
  for (int i = 16; i < 25; ++i) textures.drop({1, {0, i, 0}});
  CHECK(textures.bytes() == 0);
}

TEST_CASE("only a GPU without memory counts as one") {
  Scene scene(64, 64);
  if (scene.skip()) return;
  using Uploaded = render::TileTextures::Uploaded;
  render::TileTextures& textures = scene.renderer->textures();
  const Pixels small = tile_pixels(kSlide, {0, 0, 0});
  // An older error is not this upload's.
  glEnable(0xFFFF);
  CHECK(textures.upload({1, {0, 0, 0}}, small) == Uploaded::Done);
  CHECK(glGetError() == GL_NO_ERROR);
  // Wider than the driver takes.
  GLint most = 0;
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &most);
  Pixels wide;
  wide.width = most + 1;
  wide.height = 1;
  wide.data = std::make_unique<uint8_t[]>(wide.bytes());
  CHECK(textures.upload({2, {0, 0, 0}}, wide) == Uploaded::Failed);
  CHECK(textures.find({2, {0, 0, 0}}) == nullptr);
  textures.refuse_beyond(0);
  CHECK(textures.upload({3, {0, 0, 0}}, tile_pixels({{1000, 700, 1000, 700, 1}}, {0, 0, 0}, 1)) ==
        Uploaded::NoMemory);
}

TEST_CASE("thumbnails are kept as long as the model says so") {
  Scene scene(64, 64);
  if (scene.skip()) return;
  render::ThumbnailTextures thumbnails;
  const Pyramid wide = {{300, 150, 300, 150, 1}};
  thumbnails.put("images/a", tile_pixels(wide, {0, 0, 0}, Pixels::full_chain(300, 150)));
  thumbnails.put("images/b", tile_pixels(wide, {0, 0, 0}, Pixels::full_chain(300, 150)));
  CHECK(thumbnails.find("images/a").texture != 0);
  CHECK(thumbnails.find("images/a").aspect == doctest::Approx(2));
  CHECK(thumbnails.find("images/c").texture == 0);
  const size_t both = thumbnails.bytes();
  thumbnails.keep_only([](const std::string& image) { return image == "images/b"; });
  CHECK(thumbnails.find("images/a").texture == 0);
  CHECK(thumbnails.bytes() == both / 2);
}
