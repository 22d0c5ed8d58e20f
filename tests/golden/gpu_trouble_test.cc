// The slide view on a GPU that fails it: no memory, a lost context; and panes that vanish, grow and shrink.
// Every tile is one grey, so a pixel of any other colour inside the image is garbage.

#include <doctest/doctest.h>
#include <turbojpeg.h>

#include <cmath>
#include <thread>

#include "client/app/slide_view.h"
#include "tests/golden/golden.h"

using namespace hada;
using golden::Offscreen;

namespace {

constexpr int kWidth = 1000, kHeight = 800;
constexpr uint8_t kGrey = 120;

std::string grey_jpeg() {
  std::vector<unsigned char> rgb(256 * 256 * 3, kGrey);
  const tjhandle handle = tjInitCompress();
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  tjCompress2(handle, rgb.data(), 256, 0, 256, TJPF_RGB, &bytes, &size, TJSAMP_420, 95, 0);
  std::string jpeg(reinterpret_cast<char*>(bytes), size);
  tjFree(bytes);
  tjDestroy(handle);
  return jpeg;
}

// One pane over a slide of 40,000 x 40,000; the server is a string.
class Desk {
 public:
  explicit Desk(size_t gpu_bytes = static_cast<size_t>(-1)) : offscreen_(kWidth, kHeight) {
    if (!offscreen_.ok()) return;
    auto renderer = render::SlideRenderer::create();
    REQUIRE(renderer);
    (*renderer)->textures().refuse_beyond(gpu_bytes);
    slides = std::make_unique<app::SlideView>(
        std::move(*renderer), [this](model::Effect effect) { asked_.push_back(std::move(effect)); }, [] {});
    model::Image image;
    image.name = "images/a";
    for (int size = 40'000, i = 0; i == 0 || size * 2 > 256; size = (size + 1) / 2, ++i)
      image.levels.push_back({size, size, 256, 256, std::exp2(i)});
    model_.open_case.emplace();
    model_.open_case->value.emplace();
    model_.open_case->value->images = {image};
    model_.open_case->panes.panes.resize(1);
    model_.open_case->panes.panes[0].image = image.name;
    view().image_width = view().image_height = 40'000;
    resize(kWidth, kHeight);
    view().centre = {20'000, 20'000};
    view().zoom = 1;
  }

  bool skip() const {
    if (!offscreen_.ok()) MESSAGE("SKIPPED: no display");
    return !offscreen_.ok();
  }

  model::Viewport& view() { return model_.open_case->panes.panes[0].viewport; }
  void resize(int width, int height) {
    view() = model::resized(view(), width, height);
    layout_.image = "images/a";
    layout_.rect = {0, 0, static_cast<float>(width), static_cast<float>(height)};
  }

  void frame() {
    now_us_ += 16'000;
    slides->take_decoded(now_us_);
    slides->prepare(model_, {layout_}, now_us_);
    std::vector<model::Effect> asked;
    asked.swap(asked_);
    for (const model::Effect& effect : asked) {
      const auto* tile = std::get_if<model::effect::GetTile>(&effect);
      if (!tile) continue;
      ++fetched;
      model::reply::Tile reply;
      reply.ticket = tile->ticket;
      reply.jpeg = jpeg_;
      slides->take(std::move(reply), now_us_);
    }
    slides->step(now_us_);
    slides->upload(1'000'000);
    offscreen_.clear(0x204080);
    slides->draw(model_, kHeight);
  }
  // Frames until nothing is on its way any more.
  void settle() {
    for (int i = 0; i < 2'000; ++i) {
      frame();
      if (i > 5 && slides->idle()) return;
      std::this_thread::yield();
    }
    FAIL("never idle");
  }

  // Of the pane's pixels, all inside the image: how many are not the tiles' grey.
  int wrong_pixels(int width = kWidth, int height = kHeight) const {
    const golden::Picture picture = offscreen_.read();
    int wrong = 0;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const uint8_t* p = picture.at(x, y);
        wrong += std::abs(p[0] - kGrey) > 3 || std::abs(p[1] - kGrey) > 3 || std::abs(p[2] - kGrey) > 3;
      }
    }
    return wrong;
  }

  std::unique_ptr<app::SlideView> slides;
  int fetched = 0;

 private:
  Offscreen offscreen_;  // first: GL objects die before their context
  const std::string jpeg_ = grey_jpeg();
  model::Model model_;
  ui::PaneLayout layout_;
  std::vector<model::Effect> asked_;
  int64_t now_us_ = 1'000'000;
};

}  // namespace

TEST_CASE("a GPU without memory for more gets a smaller budget, and shows tiles, never garbage") {
  const size_t two_pages = 2 * 64 * tiles::Pixels::bytes(256, 256, 2);
  Desk desk(two_pages);
  if (desk.skip()) return;
  for (int i = 0; i < 30; ++i) {
    desk.view().centre = {2'000 + i * 1'200.0, 5'000 + i * 900.0};
    desk.settle();
    CHECK(desk.wrong_pixels() == 0);
    CHECK(desk.slides->gpu_bytes() <= two_pages);
  }
  CHECK(desk.slides->tile_set().limits().slots < tiles::TileLimits{}.slots);
  CHECK(desk.slides->tile_set().limits().slots >= tiles::kLeastSlots);
}

TEST_CASE("a GPU without any memory shows the empty pane, marks its tiles and goes on trying") {
  Desk desk(0);
  if (desk.skip()) return;
  desk.settle();
  CHECK(desk.slides->gpu_bytes() == 0);
  CHECK_FALSE(desk.slides->status(0).anything_drawn);
  CHECK(desk.slides->status(0).failed_tiles > 0);
  CHECK(desk.slides->next_retry_us());
}

TEST_CASE("after a lost context the same picture comes back without the network") {
  Desk desk;
  if (desk.skip()) return;
  desk.settle();
  REQUIRE(desk.wrong_pixels() == 0);
  const int fetched = desk.fetched;
  const size_t bytes = desk.slides->gpu_bytes();
  REQUIRE(desk.slides->context_lost());
  CHECK(desk.slides->gpu_bytes() == 0);
  desk.settle();
  CHECK(desk.wrong_pixels() == 0);
  CHECK(desk.slides->gpu_bytes() == bytes);
  CHECK(desk.fetched == fetched);
}

TEST_CASE("a pane survives being minimised, resized and scaled") {
  Desk desk;
  if (desk.skip()) return;
  desk.settle();
  for (const std::pair<int, int>& size : {std::pair(0, 0), std::pair(300, 200), std::pair(1, 700),
                                          std::pair(500, 400), std::pair(kWidth, kHeight)}) {
    CAPTURE(size.first);
    desk.resize(size.first, size.second);
    desk.settle();
    CHECK(desk.wrong_pixels(size.first, size.second) == 0);
    CHECK(desk.slides->status(0).failed_tiles == 0);
  }
  // A scale of 2: every length on the screen doubles, the tissue under it too.
  desk.view().zoom *= 2;
  desk.settle();
  CHECK(desk.wrong_pixels() == 0);
}
