// Frame times of the slide view while panning, beside the limit: 33 ms at the 99th percentile with 8 uploads
// in each frame and colour management on (docs/performance.md). The slide is made in memory and its tiles go
// through the real TileSet, decoder and renderer; no server, no interface. Beside it, in the same run: the
// same without colour, with each adjustment, lcms2 and the JPEG decoder for one tile, and a screen of tiles
// from an empty cache.
//
//   xvfb-run -a frame_bench [--width W] [--height H] [--frames N]

#include <lcms2.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "client/render/colour_transform.h"
#include "client/tiles/decoder.h"
#include "tests/bench/bench_table.h"
#include "tests/bench/gpu_clock.h"
#include "tests/bench/memory_slide.h"

namespace {

using namespace hada;
using bench::Clock;
using bench::MemorySlide;
using bench::Percentiles;

constexpr double kLimitMs = 33;
constexpr int kUploadsInFrame = 8;

// A scanner's profile: Adobe RGB's primaries and gamma.
std::string scanner_profile() {
  const cmsCIExyY white = {0.3127, 0.3290, 1};
  const cmsCIExyYTRIPLE primaries = {{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
  cmsToneCurve* curve = cmsBuildGamma(nullptr, 563.0 / 256);
  cmsToneCurve* curves[3] = {curve, curve, curve};
  cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves);
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile, nullptr, &size);
  std::string bytes(size, '\0');
  cmsSaveProfileToMem(profile, bytes.data(), &size);
  cmsCloseProfile(profile);
  cmsFreeToneCurve(curve);
  return bytes;
}

tiles::SharedColour colour_from(const std::string& profile) {
  std::promise<std::shared_ptr<const tiles::ColourGrid>> made;
  made.set_value(render::make_colour_grid(profile, ""));
  return made.get_future().share();
}

// The fastest of a few rounds, in microseconds of this thread.
template <typename F>
double microseconds(F f) {
  double best = 1e9;
  for (int round = 0; round < 7; ++round) {
    constexpr int kTimes = 40;
    const double start = bench::thread_cpu_ms();
    for (int i = 0; i < kTimes; ++i) f();
    best = std::min(best, (bench::thread_cpu_ms() - start) * 1e3 / kTimes);
  }
  return best;
}

// What one tile of 256 px costs, single-threaded: decoding, our table, lcms2's transform.
void measure_tile(const MemorySlide& slide, const std::string& profile) {
  constexpr size_t kPixels = size_t{256} * 256;
  const std::string& jpeg = slide.jpegs.front();
  const double decode = microseconds([&] { (void)tiles::decode_jpeg(jpeg, tiles::HalfSizes::None); });
  const auto decoded = tiles::decode_jpeg(jpeg, tiles::HalfSizes::None);
  const auto grid = render::make_colour_grid(profile, "");
  std::vector<uint8_t> pixels(4 * kPixels);
  const double table = microseconds([&] {
    std::memcpy(pixels.data(), decoded->data.get(), pixels.size());
    grid->apply(pixels.data(), kPixels);
  });
  cmsHPROFILE from = cmsOpenProfileFromMem(profile.data(), static_cast<cmsUInt32Number>(profile.size()));
  cmsHPROFILE to = cmsCreate_sRGBProfile();
  cmsHTRANSFORM transform = cmsCreateTransform(from, TYPE_RGBA_8, to, TYPE_RGBA_8,
                                               INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_BLACKPOINTCOMPENSATION);
  const double lcms =
      microseconds([&] { cmsDoTransform(transform, decoded->data.get(), pixels.data(), kPixels); });
  cmsDeleteTransform(transform);
  cmsCloseProfile(from);
  cmsCloseProfile(to);
  const double build = microseconds([&] { (void)render::make_colour_grid(profile, ""); });
  bench::print_row({"colour, us for a 256 px tile (lcms2)", table, lcms, bench::no_target()});
  bench::print_row({"colour, us for a 256 px tile (decoding it)", table, decode, bench::no_target()});
  bench::print_row({"colour, us to make an image's table", build, std::nullopt, bench::no_target()});
}

}  // namespace

int main(int argc, char** argv) {
  int width = 1920, height = 1080, frames = 300;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    (name == "--width" ? width : name == "--height" ? height : frames) = std::atoi(argv[i + 1]);
  }
  const bench::BenchScreen offscreen(width, height);
  if (!offscreen.ok()) {
    std::fprintf(stderr, "frame_bench: no display with OpenGL 3.3; run it under xvfb-run -a\n");
    return 1;
  }
  auto renderer = render::SlideRenderer::create();
  if (!renderer) {
    std::fprintf(stderr, "frame_bench: %s\n", renderer.error().message.c_str());
    return 1;
  }
  const MemorySlide slide;
  bench::SlideScreen screen(slide, std::move(*renderer), width, height);
  bench::GpuClock gpu;
  model::Viewport view;
  view.pane_width = width;
  view.pane_height = height;
  view.image_width = view.image_height = 60'000;

  const auto run = [&](double zoom, double pan_x, double pan_y, int uploads) {
    view.zoom = zoom;
    view.centre = {6'000, 6'000};
    screen.look(view);
    screen.wait_decoded();
    screen.upload(10'000);
    screen.draw();
    glFinish();
    std::vector<double> times, cpu, upload_cpu, gpu_times;
    int uploaded = 0;
    const double cpu_start = bench::cpu_ms();
    for (int i = 0; i < frames; ++i) {
      // A slanted way through the slide, turning at its edges.
      view = model::panned(view, -pan_x, -pan_y);
      if (view.centre.x > 54'000 || view.centre.y > 54'000) view.centre = {6'000 + i * 1.0, 6'000};
      const auto start = Clock::now();
      const double cpu_before = bench::cpu_ms();
      screen.look(view);
      gpu.start();
      const double upload_before = bench::thread_cpu_ms();
      uploaded += screen.upload(uploads);
      upload_cpu.push_back(bench::thread_cpu_ms() - upload_before);
      screen.draw();
      gpu.stop();
      glFinish();
      times.push_back(bench::ms_since(start));
      gpu_times.push_back(gpu.ms());
      cpu.push_back(bench::cpu_ms() - cpu_before);
    }
    const Percentiles all = bench::percentiles(cpu), up = bench::percentiles(upload_cpu),
                      drawing = bench::percentiles(gpu_times);
    std::printf(
        "[%.1f uploads and %.1f ms CPU a frame (p99 %.1f), of it uploading p50 %.2f p99 %.2f max %.2f; "
        "the GPU's clock p50 %.2f p99 %.2f; %.0f MiB on the GPU]\n  ",
        static_cast<double>(uploaded) / frames, (bench::cpu_ms() - cpu_start) / frames, all.p99, up.p50,
        up.p99, up.max, drawing.p50, drawing.p99, static_cast<double>(screen.gpu_bytes()) / 1048576);
    return bench::percentiles(times);
  };
  const std::string profile = scanner_profile();
  measure_tile(slide, profile);
  const tiles::SharedColour managed = colour_from(profile);
  // 256 px diagonally would bring a row and a column of tiles; this speed brings about 8 a frame.
  const auto pan = [&] { return run(1, 140, 60, kUploadsInFrame); };

  const Percentiles stand = run(1, 0, 0, 0), plain = pan();
  bench::report("standing at 1:1, no colour", stand, 0);
  bench::report("panning at 1:1, no colour", plain, kLimitMs);
  screen.set_colour(managed);
  const Percentiles coloured = pan();
  bench::report("panning at 1:1", coloured, kLimitMs);
  const Percentiles reduced = run(0.6, 140, 30, kUploadsInFrame);
  bench::report("panning at 0.6", reduced, kLimitMs);
  bench::print_row({"frame, p50 ms panning at 1:1 (no colour)", coloured.p50, plain.p50, bench::no_target()});
  bench::print_row(
      {"frame, p99 ms panning at 1:1 (no colour)", coloured.p99, plain.p99, bench::at_most(kLimitMs)});
  bench::print_row({"frame, p99 ms panning at 0.6", reduced.p99, std::nullopt, bench::at_most(kLimitMs)});

  // What the shader's variants cost, standing and panning.
  using model::ImageAdjustments;
  const std::pair<const char*, ImageAdjustments> looks[] = {
      {"white balance", {.red_gain = 1.1}},
      {"contrast", {.contrast = 0.3}},
      {"contrast, gamma", {.contrast = 0.3, .gamma = 1.4}},
      {"one stain", {.stain = model::StainView::Haematoxylin}},
      {"sharpening", {.sharpening = 0.8}},
      {"everything",
       {.red_gain = 1.1,
        .contrast = 0.3,
        .gamma = 1.4,
        .sharpening = 0.8,
        .stain = model::StainView::Eosin}}};
  const Percentiles neutral = run(1, 0, 0, 0);
  for (const auto& [name, look] : looks) {
    screen.set_adjustments(look);
    const Percentiles p = run(1, 0, 0, 0);
    bench::report((std::string("standing at 1:1 with ") + name).c_str(), p, 0);
    bench::print_row(
        {std::string("frame, p50 ms with ") + name + " (neutral)", p.p50, neutral.p50, bench::no_target()});
  }
  const Percentiles adjusted = pan();
  bench::report("panning at 1:1 with everything", adjusted, kLimitMs);
  bench::print_row(
      {"frame, p99 ms panning with everything (neutral)", adjusted.p99, coloured.p99, bench::no_target()});
  screen.set_adjustments({});

  // A screen of tiles that are not there yet, with and without colour.
  Percentiles without{};
  for (const bool colour : {false, true}) {
    screen.set_colour(colour ? managed : tiles::SharedColour{});
    std::vector<double> decoded, shown;
    for (int i = 0; i < 60; ++i) {
      view.zoom = 1;
      view.centre = {8'000 + (i % 8) * 6'000.0 + i * 13, 8'000 + (i / 8) * 5'000.0};
      const auto start = Clock::now();
      screen.look(view);
      screen.wait_decoded();
      decoded.push_back(bench::ms_since(start));
      screen.upload(10'000);
      screen.draw();
      glFinish();
      shown.push_back(bench::ms_since(start));
    }
    bench::report(colour ? "a new screen, all decoded" : "a new screen, all decoded, no colour",
                  bench::percentiles(decoded), 0);
    bench::report(colour ? "a new screen, all drawn" : "a new screen, all drawn, no colour",
                  bench::percentiles(shown), 0);
    if (colour)
      bench::print_row({"frame, p50 ms to decode and draw a new screen (no colour)",
                        bench::percentiles(shown).p50, without.p50, bench::no_target()});
    without = bench::percentiles(shown);
  }
  return 0;
}
