#pragma once

// A slide in memory and a screen for it, for the benchmarks of frames: its tiles go through the real TileSet,
// decoder and renderer; no server, no interface.

#define GLFW_INCLUDE_NONE  // render/gl.h brings OpenGL
#include <GLFW/glfw3.h>
#include <sys/resource.h>
#include <turbojpeg.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <ctime>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "client/render/slide_renderer.h"
#include "client/tiles/decoder.h"
#include "client/tiles/tile_set.h"

namespace hada::bench {

using Clock = std::chrono::steady_clock;

inline double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

inline int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count();
}

// Of all threads: the rasteriser's and the decoders' too. Says more than the wall clock where others use the
// machine.
inline double cpu_ms() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
  };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

// Of this thread alone: what a stage costs although others hold the machine.
inline double thread_cpu_ms() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

// 60,000 x 60,000 pixels, a full pyramid; 64 different tiles of stained texture stand for all.
struct MemorySlide {
  contract::Pyramid pyramid;
  std::vector<std::string> jpegs;

  MemorySlide() {
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

struct Percentiles {
  double p50, p95, p99, max;
  int64_t over_17, over_33;  // how many took longer than a picture, than two, of a 60 Hz display
};

inline Percentiles percentiles(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double q) {
    return values[std::min(values.size() - 1, static_cast<size_t>(q * static_cast<double>(values.size())))];
  };
  const auto over = [&](double ms) {
    return std::count_if(values.begin(), values.end(), [ms](double value) { return value > ms; });
  };
  return {at(0.5), at(0.95), at(0.99), values.back(), over(1e3 / 60), over(2e3 / 60)};
}

inline void report(const char* what, const Percentiles& p, double limit) {
  std::printf("%-44s p50 %6.2f  p95 %6.2f  p99 %6.2f  max %6.2f ms  over 16.7: %d, 33: %d", what, p.p50,
              p.p95, p.p99, p.max, static_cast<int>(p.over_17), static_cast<int>(p.over_33));
  if (limit > 0) std::printf("   limit p99 %.0f: %.2fx", limit, p.p99 / limit);
  std::printf("\n");
}

// A hidden window's context and a framebuffer of this size, current. ok() is false where there is no display.
class BenchScreen {
 public:
  BenchScreen(int width, int height) {
    if (!glfwInit()) return;
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
    window_ = glfwCreateWindow(64, 64, "bench", nullptr, nullptr);
    if (!window_) return;
    glfwMakeContextCurrent(window_);
    std::printf("%s, %d x %d\n", reinterpret_cast<const char*>(glGetString(GL_RENDERER)), width, height);
    colour_ = render::make_texture();
    glBindTexture(GL_TEXTURE_2D, colour_.get());
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
    framebuffer_ = render::make_framebuffer();
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_.get());
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, colour_.get(), 0);
  }
  ~BenchScreen() {
    framebuffer_ = {};
    colour_ = {};
    if (window_) glfwDestroyWindow(window_);
    glfwTerminate();
  }
  BenchScreen(const BenchScreen&) = delete;
  BenchScreen& operator=(const BenchScreen&) = delete;

  bool ok() const { return window_ != nullptr; }

 private:
  GLFWwindow* window_ = nullptr;
  render::Texture colour_;
  render::Framebuffer framebuffer_;
};

// The parts as the app joins them, fed from memory instead of the network.
class SlideScreen {
 public:
  SlideScreen(const MemorySlide& slide, std::unique_ptr<render::SlideRenderer> renderer, int width,
              int height)
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
      if (renderer_->textures().upload(upload->id, upload->pixels) != render::TileTextures::Uploaded::Done)
        tiles_.refused(upload->id, now_us());
      ++count;
    }
    return count;
  }

  // Does not wait for the GPU.
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
    return plan.size();
  }

  const model::Viewport& viewport() const { return viewport_; }
  size_t gpu_bytes() const { return renderer_->textures().bytes(); }

 private:
  const MemorySlide& slide_;
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

}  // namespace hada::bench
