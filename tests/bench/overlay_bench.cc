// Frames with 150,000 annotations of 50 corners over a slide of 60,000 x 60,000 pixels, beside the same
// frames without them and beside the limit of 33 ms at the 99th percentile; finding what a click hits; what
// an edit costs.
//
//   xvfb-run -a overlay_bench [--width W] [--height H] [--frames N] [--count N]

#include <malloc.h>

#include <cmath>
#include <cstdlib>
#include <memory>
#include <numbers>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "client/model/shape_index.h"
#include "client/render/overlay_renderer.h"
#include "tests/bench/bench_table.h"
#include "tests/bench/gpu_clock.h"
#include "tests/bench/memory_slide.h"

namespace {

using namespace hada;
using bench::Clock;
using bench::Percentiles;
using model::PointD;

constexpr double kLimitMs = 33, kHitLimitMs = 1;
constexpr int kSide = 60'000, kUploadsInFrame = 8;
constexpr int64_t kUploadBudgetUs = 2'000;
constexpr std::chrono::microseconds kPicture{16'667};
const std::string kImage = "images/bench";

// Like a nucleus: 50 to 110 pixels across, wavy.
model::SharedAnnotation nucleus(PointD centre, std::mt19937& random, double radius) {
  std::uniform_real_distribution<double> part(0, 1);
  const double turn = part(random) * 6, wave = 0.05 + 0.15 * part(random);
  auto annotation = std::make_shared<model::Annotation>();
  annotation->id = "n";
  annotation->image = kImage;
  annotation->shape.kind = AnnotationKind::Polygon;
  contract::Path path;
  path.reserve(50);
  for (int i = 0; i < 50; ++i) {
    const double angle = 2 * std::numbers::pi * i / 50;
    const double r = radius * (1 + wave * std::sin(3 * angle + turn) + wave / 3 * std::sin(8 * angle - turn));
    path.push_back(contract::to_grid({centre.x + r * std::cos(angle), centre.y + r * std::sin(angle)}));
  }
  annotation->shape.paths = {std::move(path)};
  return annotation;
}

std::vector<model::SharedAnnotation> nuclei(int count) {
  std::mt19937 random(17);
  std::uniform_real_distribution<double> place(100, kSide - 100), radius(25, 55);
  std::vector<model::SharedAnnotation> list;
  list.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i)
    list.push_back(nucleus({place(random), place(random)}, random, radius(random)));
  return list;
}

class Desk {
 public:
  Desk(int width, int height, std::unique_ptr<render::SlideRenderer> slides,
       std::unique_ptr<render::OverlayRenderer> overlay)
      : height_(height), screen_(slide_, std::move(slides), width, height), overlay_(std::move(overlay)) {
    view.pane_width = pane_.box.width = width;
    view.pane_height = pane_.box.height = height;
    view.image_width = view.image_height = kSide;
    view = model::fitted(view);
    pane_.image = kImage;
  }

  render::OverlayRenderer& overlay() { return *overlay_; }

  // What the app does for a frame; returns when it is drawn.
  void frame(bool with_overlay) {
    screen_.look(view);
    gpu_.start();
    screen_.upload(kUploadsInFrame);
    double start = bench::thread_cpu_ms(), own = 0;
    if (with_overlay) overlay_->upload(kUploadBudgetUs);
    own += bench::thread_cpu_ms() - start;
    screen_.draw();
    start = bench::thread_cpu_ms();
    if (with_overlay) {
      pane_.viewport = screen_.viewport();
      overlay_->draw(pane_, height_);
    }
    main_thread.push_back(own + bench::thread_cpu_ms() - start);
    gpu_.stop();
    glFinish();
    if (with_overlay) overlay_->frame_done();
  }
  // Returns how many frames it took until nothing more comes.
  int settle(bool with_overlay) {
    screen_.look(view);
    screen_.wait_decoded();
    screen_.upload(10'000);
    int frames = 0;
    do {
      const auto start = Clock::now();
      frame(with_overlay);
      ++frames;
      if (with_overlay && !overlay_->idle()) wait_for_display(start);
    } while (with_overlay && !overlay_->idle());
    return frames;
  }
  // Of the display pixel where the image's point is shown.
  std::vector<uint8_t> pixel(PointD image) const {
    const PointD at = screen_.viewport().to_display(image);
    std::vector<uint8_t> rgba(4);
    glReadPixels(static_cast<int>(at.x), height_ - 1 - static_cast<int>(at.y), 1, 1, GL_RGBA,
                 GL_UNSIGNED_BYTE, rgba.data());
    return rgba;
  }

  template <class Move>
  Percentiles run(bool with_overlay, int frames, Move move) {
    settle(with_overlay);
    main_thread.clear();
    std::vector<double> gpu_times;
    const double cpu = bench::cpu_ms();
    std::vector<double> times;
    for (int i = 0; i < frames; ++i) {
      view = move(view, i);
      const auto start = Clock::now();
      frame(with_overlay);
      times.push_back(bench::ms_since(start));
      gpu_times.push_back(gpu_.ms());
      wait_for_display(start);
    }
    const Percentiles own = bench::percentiles(main_thread), drawing = bench::percentiles(gpu_times);
    std::printf(
        "[%.1f ms CPU a frame; of the main thread for annotations p50 %.2f, p99 %.2f; the GPU's clock p50 "
        "%.2f, "
        "p99 %.2f]\n  ",
        (bench::cpu_ms() - cpu) / frames, own.p50, own.p99, drawing.p50, drawing.p99);
    return bench::percentiles(times);
  }

  // A display of 60 Hz makes the app wait for its next picture; meanwhile the other threads work.
  static void wait_for_display(Clock::time_point frame_start) {
    const auto pictures = (Clock::now() - frame_start) / kPicture + 1;
    std::this_thread::sleep_until(frame_start + pictures * kPicture);
  }

  model::Viewport view;
  std::vector<double> main_thread;  // its ms for the annotations of each frame

 private:
  const bench::MemorySlide slide_;
  int height_;
  bench::SlideScreen screen_;
  bench::GpuClock gpu_;
  std::unique_ptr<render::OverlayRenderer> overlay_;
  render::OverlayPane pane_;
};

void measure_hits(const std::vector<model::SharedAnnotation>& list) {
  auto start = Clock::now();
  const model::ShapeIndex index = model::index_of(list);
  bench::print_row(
      {"overlay, ms to build the index for hits", bench::ms_since(start), std::nullopt, bench::no_target()});
  std::mt19937 random(23);
  std::uniform_real_distribution<double> place(0, kSide);
  std::vector<double> times;
  int found = 0;
  for (int i = 0; i < 20'000; ++i) {
    const PointD at{place(random), place(random)};
    start = Clock::now();
    found += model::hit(index, list, at, 6).has_value();
    times.push_back(bench::ms_since(start));
  }
  const Percentiles p = bench::percentiles(times);
  std::printf("a hit test: p50 %.4f  p99 %.4f  max %.4f ms; %d of 20,000 hit\n", p.p50, p.p99, p.max, found);
  bench::print_row({"overlay, p99 ms of a hit test", p.p99, std::nullopt, bench::at_most(kHitLimitMs)});
}

// One more annotation, in view: until it is seen, what the longest frame took, and the main thread's part.
void measure_edit(Desk& desk, const render::OverlayItems& items, double zoom, const char* what) {
  std::mt19937 random(31);
  std::vector<double> until_seen, longest, frames_until;
  for (int i = 0; i < 30; ++i) {
    desk.view = model::zoomed_to(model::centred_on(desk.view, {9'000.0 + 900 * i, 20'000}), zoom);
    desk.settle(true);
    const PointD at = desk.view.centre;
    const auto before = desk.pixel(at);
    auto more = std::make_shared<render::OverlayItems>(items);
    more->push_back({nucleus(at, random, 50), 0x00FFFF});
    more->push_back({nucleus(at, random, 40), 0x00FFFF});
    const auto start = Clock::now();
    desk.overlay().set(kImage, more);
    int frames = 0;
    double most = 0;
    do {
      const auto frame_start = Clock::now();
      desk.frame(true);
      most = std::max(most, bench::ms_since(frame_start));
      ++frames;
      if (desk.pixel(at) == before) Desk::wait_for_display(frame_start);
    } while (desk.pixel(at) == before && frames < 500);
    until_seen.push_back(bench::ms_since(start));
    frames_until.push_back(frames);
    longest.push_back(most);
  }
  const Percentiles seen = bench::percentiles(until_seen), count = bench::percentiles(frames_until);
  std::printf(
      "one more annotation %s: seen after p50 %.1f ms (%.0f frames), max %.1f ms (%.0f frames); longest "
      "frame %.1f ms\n",
      what, seen.p50, count.p50, seen.max, count.max, bench::percentiles(longest).max);
  bench::print_row({std::string("overlay, frames until one more is seen, ") + what, count.p50, std::nullopt,
                    bench::at_most(3)});
}

}  // namespace

int main(int argc, char** argv) {
  int width = 1920, height = 1080, frames = 200, count = 150'000;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    (name == "--width"    ? width
     : name == "--height" ? height
     : name == "--count"  ? count
                          : frames) = std::atoi(argv[i + 1]);
  }
  const bench::BenchScreen offscreen(width, height);
  if (!offscreen.ok()) {
    std::fprintf(stderr, "overlay_bench: no display with OpenGL 3.3; run it under xvfb-run -a\n");
    return 1;
  }
  auto slides = render::SlideRenderer::create();
  auto overlay = render::OverlayRenderer::create([] {});
  if (!slides || !overlay) {
    std::fprintf(stderr, "overlay_bench: %s\n", (slides ? overlay.error() : slides.error()).message.c_str());
    return 1;
  }
  const std::vector<model::SharedAnnotation> list = nuclei(count);
  measure_hits(list);
  Desk desk(width, height, std::move(*slides), std::move(*overlay));
  constexpr uint32_t kColours[] = {0x2F80ED, 0xF2994A, 0x27AE60};
  auto items = std::make_shared<render::OverlayItems>();
  for (size_t i = 0; i < list.size(); ++i) items->push_back({list[i], kColours[i % 3]});

  desk.settle(false);
  const size_t heap = mallinfo2().uordblks;
  auto start = Clock::now();
  desk.overlay().set(kImage, items);
  const double set_ms = bench::ms_since(start);
  const int first_frames = desk.settle(true);
  const double all_ms = bench::ms_since(start);
  std::printf(
      "all drawn at fit after %.0f ms and %d frames; set() itself %.3f ms; %.1f MiB of heap, %.1f MiB on the "
      "GPU\n",
      all_ms, first_frames, set_ms, static_cast<double>(mallinfo2().uordblks - heap) / 1048576,
      static_cast<double>(desk.overlay().bytes()) / 1048576);
  bench::print_row({"overlay, ms until 150,000 are drawn at fit", all_ms, std::nullopt, bench::no_target()});

  const double fit = desk.view.fit_zoom();
  const auto beside = [&](const std::string& what, bench::Target limit, auto prepare, auto move) {
    prepare();
    const Percentiles without = desk.run(false, frames, move);
    bench::report((what + ", slide alone").c_str(), without, 0);
    prepare();
    const Percentiles with = desk.run(true, frames, move);
    bench::report((what + ", with annotations").c_str(), with, kLimitMs);
    bench::print_row(
        {"overlay, p50 ms " + what + " (slide alone)", with.p50, without.p50, bench::no_target()});
    bench::print_row({"overlay, p99 ms " + what + " (slide alone)", with.p99, without.p99, limit});
  };
  const std::pair<const char*, double> zooms[] = {{"panning at fit", fit}, {"panning at 0.1", 0.1},
                                                  {"panning at 0.3", 0.3}, {"panning at 0.6", 0.6},
                                                  {"panning at 1:1", 1},   {"panning at 2:1", 2}};
  for (const auto& [what, zoom] : zooms) {
    const auto prepare = [&, at = zoom] {
      desk.view.zoom = at;
      desk.view.centre = {9'000, 9'000};
      if (at < 0.05) desk.view = model::fitted(desk.view);
    };
    beside(what, bench::at_most(kLimitMs), prepare, [](model::Viewport v, int) {
      v = model::panned(v, -140, -60);
      if (v.centre.x > kSide - 6'000 || v.centre.y > kSide - 6'000) v.centre = {6'000, 6'000};
      return v;
    });
  }
  // In and out again, 6 % a frame: through all levels of the pyramid.
  const auto zoom = [&](model::Viewport v, int i) {
    const PointD cursor{v.pane_width * 0.6, v.pane_height * 0.4};
    return model::zoomed_at(v, cursor, i % 200 < 100 ? 1.06 : 1 / 1.06);
  };
  beside(
      "zooming through all levels", bench::at_most(kLimitMs), [&] { desk.view = model::fitted(desk.view); },
      zoom);
  const auto rotate = [](model::Viewport v, int) { return model::turned(v, 1.5); };
  beside(
      "turning at 0.3", bench::no_target(),
      [&] { desk.view = model::zoomed_to(model::fitted(desk.view), 0.3); }, rotate);
  desk.view = model::upright(desk.view);

  measure_edit(desk, *items, 2, "at 2:1, triangles");
  measure_edit(desk, *items, 0.2, "at 0.2, plates");
  std::printf("%.1f MiB on the GPU at the end\n", static_cast<double>(desk.overlay().bytes()) / 1048576);
  bench::print_row({"overlay, MiB on the GPU", static_cast<double>(desk.overlay().bytes()) / 1048576,
                    std::nullopt, bench::at_most(192)});
  desk.overlay().keep_only([](const std::string&) { return false; });
  bench::print_row({"overlay, MiB on the GPU after closing",
                    static_cast<double>(desk.overlay().bytes()) / 1048576, std::nullopt, bench::at_most(8)});
  return 0;
}
