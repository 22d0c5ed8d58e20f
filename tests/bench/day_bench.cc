// The input of an eight-hour day, 100,000 moves, as fast as it goes: pans, zooms and jumps in one to four
// panes over slides and photographs, a case closed and another opened every 1,000 moves, a tile in a hundred
// failing, and the OpenGL context lost five times. The real SlideView, decoders and textures; the server is
// this process's memory. Memory must be flat: the slope over the second half is printed, and what closing
// gives back.
//
//   xvfb-run -a day_bench [moves]

#define GLFW_INCLUDE_NONE  // render/gl.h brings OpenGL
#include <GLFW/glfw3.h>
#include <turbojpeg.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "client/app/heap.h"
#include "client/app/slide_view.h"
#include "tests/bench/bench_table.h"

namespace {

using namespace hada;

constexpr int kWidth = 1280, kHeight = 800;
constexpr int kMovesInCase = 1000;
constexpr int kMovesToRest = 10;  // then what is on its way may come
constexpr double kMaxSlope = 1;   // MiB in 10,000 moves
constexpr int64_t kMoveUs = 16'000;

double rss_mib() {
  std::ifstream in("/proc/self/statm");
  double total = 0, resident = 0;
  in >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

// MiB in 10,000 moves: least squares.
double slope(const std::vector<std::pair<double, double>>& samples) {
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (const auto& [x, y] : samples) {
    n += 1;
    sx += x;
    sy += y;
    sxx += x * x;
    sxy += x * y;
  }
  const double spread = n * sxx - sx * sx;
  return spread == 0 ? 0 : (n * sxy - sx * sy) / spread * 1e4;
}

// A JPEG of this size, grain and all, so that its bytes are like a tile's.
std::string make_jpeg(int width, int height) {
  std::vector<unsigned char> rgb(size_t{3} * static_cast<size_t>(width) * static_cast<size_t>(height));
  std::mt19937 random(static_cast<unsigned>(width));
  for (size_t i = 0; i < rgb.size(); ++i)
    rgb[i] = static_cast<unsigned char>(180 + i / 997 % 40 + random() % 12);
  const tjhandle handle = tjInitCompress();
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  tjCompress2(handle, rgb.data(), width, 0, height, TJPF_RGB, &bytes, &size, TJSAMP_420, 80, 0);
  std::string jpeg(reinterpret_cast<char*>(bytes), size);
  tjFree(bytes);
  tjDestroy(handle);
  return jpeg;
}

model::Image make_image(const std::string& name, int width, int height, int tile) {
  model::Image image;
  image.name = name;
  for (int w = width, h = height, i = 0;; w = (w + 1) / 2, h = (h + 1) / 2, ++i) {
    image.levels.push_back({w, h, tile, tile, std::exp2(i)});
    if (std::max(w, h) <= tile) break;
  }
  return image;
}

class Day {
 public:
  explicit Day(std::unique_ptr<render::SlideRenderer> renderer)
      : view_(
            std::move(renderer), [this](model::Effect effect) { take(std::move(effect)); }, [] {}, limits()) {
    for (int i = 0; i < 6; ++i)
      images_.push_back(
          make_image("images/slide" + std::to_string(i), 40'000 + 7'000 * i, 30'000 + 5'000 * i, 256));
    for (int i = 0; i < 4; ++i) {  // photographs: one tile each
      model::Image photo;
      photo.name = "images/photo" + std::to_string(i);
      photo.levels = {{1900, 1400, 1900, 1400, 1}};
      images_.push_back(photo);
    }
  }

  // Smaller than a workstation's, so that they are full after a few hundred moves.
  static tiles::TileLimits limits() {
    tiles::TileLimits limits;
    limits.slots = 512;
    limits.large_bytes = 48u << 20;
    limits.jpeg_bytes = 64u << 20;
    return limits;
  }

  void move(int number) {
    now_us_ += kMoveUs;
    if (number % kMovesInCase == 0) open_case();
    auto& panes = model_.open_case->panes.panes;
    model::Viewport& view = panes[random_() % panes.size()].viewport;
    const auto part = [this](double most) {
      return most * (static_cast<double>(random_() % 2001) / 1000 - 1);
    };
    if (pan_left_ == 0) {
      pan_left_ = 5 + random_() % 40;
      pan_x_ = part(120);
      pan_y_ = part(120);
    }
    --pan_left_;
    const auto what = random_() % 100;
    if (what < 3)
      view = model::centred_on(view, {part(0.5) * view.image_width + view.image_width / 2,
                                      part(0.5) * view.image_height + view.image_height / 2});
    else if (what < 18)
      view = model::zoomed_at(view, {part(0.5) * view.pane_width + view.pane_width / 2, view.pane_height / 2},
                              std::exp(part(0.3)));
    else
      view = model::panned(view, pan_x_, pan_y_);

    frame(number % 50 == 0);
    if (number % kMovesToRest == 0)
      for (int i = 0; i < 20 && !view_.idle(); ++i) {
        std::this_thread::sleep_for(std::chrono::microseconds(500));
        frame(false);
      }
    for (const auto& [name, bytes] :
         {std::pair("slots", view_.tile_set().slots_used() > limits().slots),
          std::pair("large", view_.tile_set().large_bytes() > limits().large_bytes),
          std::pair("jpeg", view_.tile_set().jpeg_bytes() > limits().jpeg_bytes)})
      if (bytes) throw std::runtime_error(std::string("a budget was broken: ") + name);
  }

  void lose_context() {
    if (const Status lost = view_.context_lost(); !lost) throw std::runtime_error(lost.error().message);
  }

  void close_case() {
    model_.open_case.reset();
    for (int i = 0; i < 10 || !view_.idle(); ++i) {
      frame(true);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));  // llvmpipe frees textures a little later
    }
  }
  size_t gpu_bytes() const { return view_.gpu_bytes(); }
  const tiles::TileSet& tiles() const { return view_.tile_set(); }
  int64_t fetched() const { return fetched_; }

 private:
  void take(model::Effect effect) {
    if (auto* tile = std::get_if<model::effect::GetTile>(&effect)) asked_.push_back(std::move(*tile));
    if (const auto* cancel = std::get_if<model::effect::Cancel>(&effect)) cancelled_.insert(cancel->ticket);
  }

  void open_case() {
    model_.open_case.emplace();
    model_.open_case->value.emplace();
    const int count = 1 + static_cast<int>(random_() % 4);
    const auto places = model::pane_places(static_cast<size_t>(count), kWidth, kHeight);
    layouts_.clear();
    std::shuffle(images_.begin(), images_.end(), random_);
    for (int i = 0; i < count; ++i) {
      const model::Image& image = images_[static_cast<size_t>(i)];
      const model::PanePlace& place = places[static_cast<size_t>(i)];
      model_.open_case->value->images.push_back(image);
      model::Pane pane;
      pane.image = image.name;
      pane.viewport.image_width = image.levels.front().width;
      pane.viewport.image_height = image.levels.front().height;
      const ui::PixelRect rect = {static_cast<float>(std::floor(place.x0 * kWidth)),
                                  static_cast<float>(std::floor(place.y0 * kHeight)),
                                  static_cast<float>(std::floor(place.x1 * kWidth)),
                                  static_cast<float>(std::floor(place.y1 * kHeight))};
      pane.viewport.pane_width = rect.x1 - rect.x0;
      pane.viewport.pane_height = rect.y1 - rect.y0;
      pane.viewport = model::fitted(pane.viewport);
      if (random_() % 2 == 0) pane.viewport = model::one_to_one(pane.viewport);
      model_.open_case->panes.panes.push_back(pane);
      ui::PaneLayout layout;
      layout.pane = static_cast<size_t>(i);
      layout.image = image.name;
      layout.rect = rect;
      layouts_.push_back(layout);
    }
  }

  void frame(bool draw) {
    view_.take_decoded(now_us_);
    view_.step(now_us_);
    view_.prepare(model_, model_.open_case ? layouts_ : std::vector<ui::PaneLayout>(), now_us_);
    std::vector<model::effect::GetTile> asked;
    asked.swap(asked_);
    for (model::effect::GetTile& tile : asked) {
      if (cancelled_.erase(tile.ticket) > 0) continue;
      ++fetched_;
      model::reply::Tile reply;
      reply.ticket = tile.ticket;
      if (random_() % 100 == 0)
        reply.error = model::ApiError{13, "INJECTED", "", {}};
      else
        reply.jpeg = tile.image.starts_with("images/photo") ? photo_ : tile_;
      view_.take(std::move(reply), now_us_);
    }
    cancelled_.clear();
    view_.upload(1'000);
    if (draw) {
      glClear(GL_COLOR_BUFFER_BIT);
      view_.draw(model_, kHeight);
      glFinish();
    }
  }

  std::mt19937 random_{3};
  const std::string tile_ = make_jpeg(256, 256), photo_ = make_jpeg(1900, 1400);
  std::vector<model::Image> images_;
  model::Model model_;
  std::vector<ui::PaneLayout> layouts_;
  std::vector<model::effect::GetTile> asked_;
  std::set<model::Ticket> cancelled_;
  unsigned long pan_left_ = 0;
  double pan_x_ = 0, pan_y_ = 0;
  int64_t now_us_ = 1'000'000, fetched_ = 0;
  app::SlideView view_;
};

}  // namespace

int main(int argc, char** argv) {
  const int moves = argc > 1 ? std::atoi(argv[1]) : 100'000;
  app::keep_heap_small();
  if (!glfwInit()) {
    std::printf("SKIPPED: no display; run it under xvfb-run -a\n");
    return 0;
  }
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
  GLFWwindow* window = glfwCreateWindow(kWidth, kHeight, "day_bench", nullptr, nullptr);
  if (!window) {
    std::printf("SKIPPED: no OpenGL 3.3\n");
    return 0;
  }
  glfwMakeContextCurrent(window);
  try {
    auto renderer = render::SlideRenderer::create();
    if (!renderer) throw std::runtime_error(renderer.error().message);
    Day day(std::move(*renderer));
    const double before = rss_mib();
    std::vector<std::pair<double, double>> second_half;  // resident when a case was closed
    std::vector<double> closed_mib;
    double most = 0;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < moves; ++i) {
      if (i % (moves / 5) == moves / 10) day.lose_context();
      day.move(i);
      // Always the last move of a case: what is open differs from case to case, what stays must not grow.
      if (i % kMovesInCase == kMovesInCase - 1) {
        const double open = rss_mib();
        day.close_case();
        closed_mib.push_back(rss_mib());
        if (i >= moves / 2) second_half.emplace_back(i, closed_mib.back());
        most = std::max(most, open);
      }
      if (i % (moves / 10) == moves / 20)
        std::printf("%6d moves: %5.0f MiB resident, %4.0f MiB of textures, %3.0f MiB of JPEGs\n", i,
                    rss_mib(), static_cast<double>(day.gpu_bytes()) / (1 << 20),
                    static_cast<double>(day.tiles().jpeg_bytes()) / (1 << 20));
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::printf("%d moves in %.0f s, %lld tiles fetched\n", moves, seconds,
                static_cast<long long>(day.fetched()));
    std::printf("resident: %.0f MiB at the start, %.0f at most with a case open, closed:", before, most);
    for (size_t i = 0; i < closed_mib.size(); i += std::max<size_t>(1, closed_mib.size() / 10))
      std::printf(" %.0f", closed_mib[i]);
    std::printf("\n");
    std::printf("left in the budgets: %d slots, %zu B of photographs, %zu B of JPEGs, %zu B of textures\n",
                day.tiles().slots_used(), day.tiles().large_bytes(), day.tiles().jpeg_bytes(),
                day.gpu_bytes());
    bench::print_row({"day of " + std::to_string(moves) + " moves, MiB of growth in 10,000",
                      slope(second_half),
                      {},
                      bench::at_most(kMaxSlope)});
    bench::print_row(
        {"case closed, bytes still in the budgets",
         static_cast<double>(day.gpu_bytes() + day.tiles().jpeg_bytes() + day.tiles().large_bytes()),
         {},
         bench::at_most(0)});
  } catch (const std::exception& e) {
    std::fprintf(stderr, "day_bench: %s\n", e.what());
    return 1;
  }
  glfwDestroyWindow(window);
  glfwTerminate();
  return 0;
}
