// Frame times of the slide view while panning, beside the limit: 33 ms at the 99th percentile with 8 uploads
// in each frame and colour management on (docs/performance.md). The slide is made in memory and its tiles go
// through the real TileSet, decoder and renderer; no server, no interface. Beside it, in the same run: the
// same without colour, with each adjustment, lcms2 and the JPEG decoder for one tile, and a screen of tiles
// from an empty cache.
//
//   xvfb-run -a frame_bench [--width W] [--height H] [--frames N]

#define GLFW_INCLUDE_NONE  // render/gl.h brings OpenGL
#include <GLFW/glfw3.h>
#include <lcms2.h>
#include <sys/resource.h>
#include <turbojpeg.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "client/render/colour_transform.h"
#include "client/render/slide_renderer.h"
#include "client/tiles/decoder.h"
#include "client/tiles/tile_set.h"
#include "tests/bench/bench_table.h"

namespace {

using namespace hada;
using Clock = std::chrono::steady_clock;

constexpr double kLimitMs = 33;
constexpr int kUploadsInFrame = 8;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}
int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count();
}

// Of all threads: the rasteriser's and the decoders' too. Says more than the wall clock where others use the
// machine.
double cpu_ms() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
  };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

// Of this thread alone: what a stage costs although others hold the machine.
double thread_cpu_ms() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

// 60,000 x 60,000 pixels, a full pyramid; 64 different tiles of stained texture stand for all.
struct Slide {
  contract::Pyramid pyramid;
  std::vector<std::string> jpegs;

  Slide() {
    for (int size = 60'000, i = 0; i == 0 || size * 2 > 256; size = (size + 1) / 2, ++i)
      pyramid.push_back({size, size, 256, 256, std::exp2(i)});
    const tjhandle handle = tjInitCompress();
    std::vector<unsigned char> rgb(256 * 256 * 3);
    for (int t = 0; t < 64; ++t) {
      for (int y = 0; y < 256; ++y) {
        for (int x = 0; x < 256; ++x) {
          const double cell =
              std::sin(x * 0.31 + t) * std::sin(y * 0.27 - t) + 0.5 * std::sin((x + y) * 0.11 + t);
          const double grain =
              ((x * 73856093u ^ y * 19349663u ^ static_cast<unsigned>(t) * 83492791u) % 21u) - 10.0;
          unsigned char* p = rgb.data() + 3 * (y * 256 + x);
          p[0] = static_cast<unsigned char>(std::clamp(200 - 50 * cell + grain, 0.0, 255.0));
          p[1] = static_cast<unsigned char>(std::clamp(130 - 60 * cell + grain, 0.0, 255.0));
          p[2] = static_cast<unsigned char>(std::clamp(180 - 30 * cell + grain, 0.0, 255.0));
        }
      }
      unsigned char* bytes = nullptr;
      unsigned long size = 0;
      tjCompress2(handle, rgb.data(), 256, 0, 256, TJPF_RGB, &bytes, &size, TJSAMP_420, 80, 0);
      jpegs.emplace_back(reinterpret_cast<char*>(bytes), size);
      tjFree(bytes);
    }
    tjDestroy(handle);
  }
  const std::string& jpeg(contract::TileKey key) const {
    return jpegs[static_cast<size_t>(key.column * 5 + key.row * 11 + key.level * 3) % jpegs.size()];
  }
};

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
    const double start = thread_cpu_ms();
    for (int i = 0; i < kTimes; ++i) f();
    best = std::min(best, (thread_cpu_ms() - start) * 1e3 / kTimes);
  }
  return best;
}

// What one tile of 256 px costs, single-threaded: decoding, our table, lcms2's transform.
void measure_tile(const Slide& slide, const std::string& profile) {
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

struct Percentiles {
  double p50, p95, p99, max;
};
Percentiles percentiles(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double q) {
    return values[std::min(values.size() - 1, static_cast<size_t>(q * static_cast<double>(values.size())))];
  };
  return {at(0.5), at(0.95), at(0.99), values.back()};
}

// The parts as the app joins them, fed from memory instead of the network.
class Bench {
 public:
  Bench(const Slide& slide, std::unique_ptr<render::SlideRenderer> renderer, int width, int height)
      : slide_(slide), renderer_(std::move(renderer)), width_(width), height_(height), decoder_(2) {
    image_ = tiles_.open("images/bench", slide.pyramid);
  }

  // Of what is decoded from now on; what is there is forgotten.
  void set_colour(tiles::SharedColour colour) {
    wait_decoded();
    tiles_.close(image_);
    for (const tiles::TileId& id : tiles_.take_dropped()) renderer_->textures().drop(id);
    image_ = tiles_.open("images/bench", slide_.pyramid);
    colour_ = std::move(colour);
  }
  void set_adjustments(const model::ImageAdjustments& adjustments) { adjustments_ = adjustments; }

  void look(const model::Viewport& viewport) {
    viewport_ = render::pixel_aligned(viewport, slide_.pyramid);
    tiles_.begin_frame();
    tiles_.want(image_,
                {tiles::wanted_tiles(slide_.pyramid, viewport_.visible(), viewport_.zoom).visible, {}});
    pump();
  }

  // Fetches are answered at once, from memory; the decoders work beside.
  void pump() {
    {
      std::lock_guard lock(mutex_);
      for (auto& [ticket, pixels] : decoded_) tiles_.decoded(ticket, std::move(pixels), now_us());
      decoded_.clear();
    }
    for (bool again = true; again;) {
      tiles::Actions actions = tiles_.step(now_us());
      again = !actions.fetches.empty();
      for (const tiles::Fetch& fetch : actions.fetches)
        tiles_.fetched(fetch.ticket, std::string(slide_.jpeg(fetch.key)), now_us());
      for (tiles::Decode& job : actions.decodes) {
        decoder_.submit({std::move(job.jpeg), job.half_sizes,
                         [this, ticket = job.ticket](Result<tiles::Pixels> pixels) {
                           std::lock_guard lock(mutex_);
                           decoded_.emplace_back(ticket, std::move(pixels));
                           came_.notify_one();
                         },
                         colour_});
      }
    }
  }

  void wait_decoded() {
    while (!tiles_.idle()) {
      {
        std::unique_lock lock(mutex_);
        came_.wait_for(lock, std::chrono::milliseconds(5), [this] { return !decoded_.empty(); });
      }
      pump();
      if (tiles_.uploads_waiting() && tiles_.in_work() == 0) return;
    }
  }

  int upload(int most) {
    int count = 0;
    while (count < most) {
      const auto upload = tiles_.next_upload();
      for (const tiles::TileId& id : tiles_.take_dropped()) renderer_->textures().drop(id);
      if (!upload) break;
      if (!renderer_->textures().upload(upload->id, upload->pixels)) tiles_.refused(upload->id, now_us());
      ++count;
    }
    return count;
  }

  size_t draw() {
    render::SlidePane pane;
    pane.box = {0, 0, width_, height_};
    pane.viewport = viewport_;
    pane.image = image_;
    pane.pyramid = &slide_.pyramid;
    pane.background = render::colour_from_rgb(0xFFFFFF);
    pane.adjustments = adjustments_;
    const auto plan =
        tiles::draw_plan(slide_.pyramid, viewport_.visible(), viewport_.zoom, [&](tiles::TileKey key) {
          return tiles_.ready({image_, key});
        });
    tiles_.drawn(image_, plan);
    renderer_->draw(pane, plan, height_);
    glFinish();
    return plan.size();
  }

  size_t gpu_bytes() const { return renderer_->textures().bytes(); }

 private:
  const Slide& slide_;
  std::unique_ptr<render::SlideRenderer> renderer_;
  int width_, height_;
  tiles::TileSet tiles_;
  tiles::ImageId image_ = 0;
  model::Viewport viewport_;
  tiles::SharedColour colour_;
  model::ImageAdjustments adjustments_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::pair<uint64_t, Result<tiles::Pixels>>> decoded_;
  tiles::Decoder decoder_;
};

void report(const char* what, const Percentiles& p, double limit) {
  std::printf("%-44s p50 %6.2f  p95 %6.2f  p99 %6.2f  max %6.2f ms", what, p.p50, p.p95, p.p99, p.max);
  if (limit > 0) std::printf("   limit p99 %.0f: %.2fx", limit, p.p99 / limit);
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
  int width = 1920, height = 1080, frames = 300;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    (name == "--width" ? width : name == "--height" ? height : frames) = std::atoi(argv[i + 1]);
  }
  if (!glfwInit()) {
    std::fprintf(stderr, "frame_bench: no display; run it under xvfb-run -a\n");
    return 1;
  }
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
  GLFWwindow* window = glfwCreateWindow(64, 64, "frame_bench", nullptr, nullptr);
  if (!window) {
    std::fprintf(stderr, "frame_bench: no OpenGL 3.3\n");
    return 1;
  }
  glfwMakeContextCurrent(window);
  std::printf("%s, %d x %d\n", reinterpret_cast<const char*>(glGetString(GL_RENDERER)), width, height);
  {
    render::Texture colour = render::make_texture();
    glBindTexture(GL_TEXTURE_2D, colour.get());
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
    render::Framebuffer framebuffer = render::make_framebuffer();
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer.get());
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, colour.get(), 0);

    auto renderer = render::SlideRenderer::create();
    if (!renderer) {
      std::fprintf(stderr, "frame_bench: %s\n", renderer.error().message.c_str());
      return 1;
    }
    const Slide slide;
    Bench bench(slide, std::move(*renderer), width, height);
    model::Viewport view;
    view.pane_width = width;
    view.pane_height = height;
    view.image_width = view.image_height = 60'000;

    const auto run = [&](double zoom, double pan_x, double pan_y, int uploads) {
      view.zoom = zoom;
      view.centre = {6'000, 6'000};
      bench.look(view);
      bench.wait_decoded();
      bench.upload(10'000);
      bench.draw();
      std::vector<double> times, cpu, upload_cpu;
      int uploaded = 0;
      const double cpu_start = cpu_ms();
      for (int i = 0; i < frames; ++i) {
        // A slanted way through the slide, turning at its edges.
        view = model::panned(view, -pan_x, -pan_y);
        if (view.centre.x > 54'000 || view.centre.y > 54'000) view.centre = {6'000 + i * 1.0, 6'000};
        const auto start = Clock::now();
        const double cpu_before = cpu_ms();
        bench.look(view);
        const double upload_before = thread_cpu_ms();
        uploaded += bench.upload(uploads);
        upload_cpu.push_back(thread_cpu_ms() - upload_before);
        bench.draw();
        times.push_back(ms_since(start));
        cpu.push_back(cpu_ms() - cpu_before);
      }
      const Percentiles all = percentiles(cpu), up = percentiles(upload_cpu);
      std::printf(
          "[%.1f uploads and %.1f ms CPU a frame (p99 %.1f), of it uploading p50 %.2f p99 %.2f max %.2f; "
          "%.0f MiB on the GPU]\n  ",
          static_cast<double>(uploaded) / frames, (cpu_ms() - cpu_start) / frames, all.p99, up.p50, up.p99,
          up.max, static_cast<double>(bench.gpu_bytes()) / 1048576);
      return percentiles(times);
    };
    const std::string profile = scanner_profile();
    measure_tile(slide, profile);
    const tiles::SharedColour managed = colour_from(profile);
    // 256 px diagonally would bring a row and a column of tiles; this speed brings about 8 a frame.
    const auto pan = [&] { return run(1, 140, 60, kUploadsInFrame); };

    const Percentiles stand = run(1, 0, 0, 0), plain = pan();
    report("standing at 1:1, no colour", stand, 0);
    report("panning at 1:1, no colour", plain, kLimitMs);
    bench.set_colour(managed);
    const Percentiles coloured = pan();
    report("panning at 1:1", coloured, kLimitMs);
    const Percentiles reduced = run(0.6, 140, 30, kUploadsInFrame);
    report("panning at 0.6", reduced, kLimitMs);
    bench::print_row(
        {"frame, p50 ms panning at 1:1 (no colour)", coloured.p50, plain.p50, bench::no_target()});
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
      bench.set_adjustments(look);
      const Percentiles p = run(1, 0, 0, 0);
      report((std::string("standing at 1:1 with ") + name).c_str(), p, 0);
      bench::print_row(
          {std::string("frame, p50 ms with ") + name + " (neutral)", p.p50, neutral.p50, bench::no_target()});
    }
    const Percentiles adjusted = pan();
    report("panning at 1:1 with everything", adjusted, kLimitMs);
    bench::print_row(
        {"frame, p99 ms panning with everything (neutral)", adjusted.p99, coloured.p99, bench::no_target()});
    bench.set_adjustments({});

    // A screen of tiles that are not there yet, with and without colour.
    Percentiles without{};
    for (const bool colour : {false, true}) {
      bench.set_colour(colour ? managed : tiles::SharedColour{});
      std::vector<double> decoded, shown;
      for (int i = 0; i < 60; ++i) {
        view.zoom = 1;
        view.centre = {8'000 + (i % 8) * 6'000.0 + i * 13, 8'000 + (i / 8) * 5'000.0};
        const auto start = Clock::now();
        bench.look(view);
        bench.wait_decoded();
        decoded.push_back(ms_since(start));
        bench.upload(10'000);
        bench.draw();
        shown.push_back(ms_since(start));
      }
      report(colour ? "a new screen, all decoded" : "a new screen, all decoded, no colour",
             percentiles(decoded), 0);
      report(colour ? "a new screen, all drawn" : "a new screen, all drawn, no colour", percentiles(shown),
             0);
      if (colour)
        bench::print_row({"frame, p50 ms to decode and draw a new screen (no colour)", percentiles(shown).p50,
                          without.p50, bench::no_target()});
      without = percentiles(shown);
    }
  }
  glfwDestroyWindow(window);
  glfwTerminate();
  return 0;
}
