// Random walks over several images at once: after every step every budget holds, and the textures that a
// store was given are exactly those that count as ready. With it whole lives: closing, a lost context, a GPU
// that refuses memory, failures of the network and of the decoder.

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <random>
#include <set>

#include "client/tiles/cover.h"
#include "client/tiles/tile_set.h"

using namespace hada;
using contract::Pyramid;
using contract::RectD;
using tiles::Actions;
using tiles::Pixels;
using tiles::TileId;
using tiles::TileLimits;
using tiles::TileSet;

namespace {

Pyramid slide(int side, int tile) {
  Pyramid pyramid;
  for (int size = side, i = 0;; size = (size + 1) / 2, ++i) {
    pyramid.push_back({size, size, tile, tile, std::exp2(i)});
    if (size <= tile) return pyramid;
  }
}

// What the renderer would hold.
struct TextureStore {
  std::map<TileId, Pixels> textures;
  size_t refuse_beyond = static_cast<size_t>(-1);

  size_t small = 0, large_bytes = 0;

  bool upload(const tiles::Upload& upload, Pixels pixels) {
    const bool fits = tiles::fits_slot(pixels.width, pixels.height);
    if (small * Pixels::bytes(256, 256, 2) + large_bytes + pixels.bytes() > refuse_beyond) return false;
    REQUIRE_FALSE(textures.contains(upload.id));
    fits ? void(++small) : void(large_bytes += pixels.bytes());
    textures[upload.id] = std::move(pixels);
    return true;
  }
  void drop(TileId id) {
    const auto it = textures.find(id);
    REQUIRE_MESSAGE(it != textures.end(), "a texture left that was never there");
    tiles::fits_slot(it->second.width, it->second.height) ? void(--small)
                                                          : void(large_bytes -= it->second.bytes());
    textures.erase(it);
  }
};

// Sizes only: the walk needs no pixels.
Pixels sized(int width, int height, tiles::HalfSizes half_sizes) {
  Pixels p;
  p.width = width;
  p.height = height;
  p.levels = half_sizes == tiles::HalfSizes::None  ? 1
             : half_sizes == tiles::HalfSizes::One ? 2
                                                   : Pixels::full_chain(width, height);
  return p;
}

class Walk {
 public:
  Walk(unsigned seed, const TileLimits& limits) : random_(seed), limits_(limits), set_(limits) {
    for (int i = 0; i < 4; ++i) pyramids_["images/slide" + std::to_string(i)] = slide(9'000 + 4'000 * i, 256);
    pyramids_["images/odd"] = slide(12'000, 240);
    pyramids_["images/coarse-tiles"] = slide(6'000, 512);
    pyramids_["images/photo0"] = pyramids_["images/photo1"] = {{1800, 1300, 1800, 1300, 1}};
  }

  void run(int steps) {
    for (step_ = 0; step_ < steps; ++step_) {
      now_us_ += 16'000;
      if (chance(8) || panes_.empty()) open_or_close();
      if (chance(50)) lose_context();
      move();
      frame();
      answer();
      upload();
      check();
    }
  }

  void close_all() {
    while (!panes_.empty()) {
      set_.close(panes_.back().image);
      panes_.pop_back();
    }
    for (const TileId& id : set_.take_dropped()) store.drop(id);
    set_.begin_frame();
    set_.step(now_us_);
    CHECK(store.textures.empty());
    CHECK(set_.slots_used() == 0);
    CHECK(set_.large_bytes() == 0);
    CHECK(set_.jpeg_bytes() == 0);
    CHECK(set_.work_bytes() == 0);
    CHECK(set_.idle());
  }

  const TileSet& set() const { return set_; }
  TextureStore store;

 private:
  struct Pane {
    std::string name;
    tiles::ImageId image = 0;
    RectD view;
    double zoom = 1;
  };

  bool chance(unsigned one_in) { return random_() % one_in == 0; }
  double part() { return static_cast<double>(random_() % 1000) / 1000; }

  void open_or_close() {
    if (panes_.size() >= 4 || (!panes_.empty() && chance(3))) {
      const size_t i = random_() % panes_.size();
      set_.close(panes_[i].image);
      panes_.erase(panes_.begin() + static_cast<std::ptrdiff_t>(i));
      return;
    }
    auto it = pyramids_.begin();
    std::advance(it, random_() % pyramids_.size());
    panes_.push_back({it->first, set_.open(it->first, it->second), {}, 1});
    jump(panes_.back());
  }

  void jump(Pane& pane) {
    const Pyramid& pyramid = pyramids_[pane.name];
    pane.zoom = std::exp2(-part() * static_cast<double>(pyramid.size()));
    place(pane, part() * pyramid.front().width, part() * pyramid.front().height);
  }
  void place(Pane& pane, double x, double y) {
    const double w = 900 / pane.zoom, h = 600 / pane.zoom;
    pane.view = {x - w / 2, y - h / 2, x + w / 2, y + h / 2};
  }

  void move() {
    if (panes_.empty()) return;
    Pane& pane = panes_[random_() % panes_.size()];
    if (chance(15)) return jump(pane);
    if (chance(5)) pane.zoom *= std::exp(part() - 0.5);
    place(pane, (pane.view.x0 + pane.view.x1) / 2 + (part() - 0.5) * 300 / pane.zoom,
          (pane.view.y0 + pane.view.y1) / 2 + (part() - 0.5) * 300 / pane.zoom);
  }

  void frame() {
    set_.begin_frame();
    tiles::Motion motion;
    motion.vx = chance(2) ? 0 : (part() - 0.5) * 4000;
    for (const Pane& pane : panes_)
      set_.want(pane.image, tiles::wanted_tiles(pyramids_[pane.name], pane.view, pane.zoom, motion, 24));
    take(set_.step(now_us_));
  }

  void take(Actions actions) {
    for (const tiles::Cancel& cancel : actions.cancels) asked_.erase(cancel.ticket);
    for (tiles::Fetch& fetch : actions.fetches) asked_[fetch.ticket] = fetch;
    for (tiles::Decode& decode : actions.decodes) decoding_[decode.ticket] = decode;
    CHECK(asked_.size() <= static_cast<size_t>(limits_.in_flight));
  }

  // A part of what is asked comes, in any order; some of it fails.
  void answer() {
    std::map<uint64_t, tiles::Fetch> waiting;
    waiting.swap(asked_);
    for (auto& [ticket, fetch] : waiting) {
      if (chance(4)) {
        asked_[ticket] = fetch;
        continue;
      }
      if (chance(40)) {
        set_.fetched(ticket, Unexpected(ErrorCode::Unavailable, "GONE", ""), now_us_);
        continue;
      }
      // Its size in the first bytes, for the decoder below.
      const contract::PyramidLevel& level = pyramids_[fetch.image][static_cast<size_t>(fetch.key.level)];
      set_.fetched(ticket,
                   std::to_string(level.tile_width) + " " + std::to_string(level.tile_height) +
                       std::string(2'000 + random_() % 20'000, ' '),
                   now_us_);
    }
    take(set_.step(now_us_));
    std::map<uint64_t, tiles::Decode> jobs;
    jobs.swap(decoding_);
    for (auto& [ticket, job] : jobs) {
      if (chance(4)) {
        decoding_[ticket] = job;
        continue;
      }
      int width = 0, height = 0;
      REQUIRE(std::sscanf(job.jpeg->c_str(), "%d %d", &width, &height) == 2);
      if (chance(60))
        set_.decoded(ticket, Unexpected(ErrorCode::DataLoss, "CORRUPT_TILE", ""), now_us_);
      else
        set_.decoded(ticket, sized(width, height, job.half_sizes), now_us_);
    }
  }

  void upload() {
    for (int i = 0; i < 12; ++i) {
      auto next = set_.next_upload();
      for (const TileId& id : set_.take_dropped()) store.drop(id);
      if (!next) return;
      if (store.upload(*next, std::move(next->pixels))) continue;
      set_.refused(next->id, now_us_);
      for (const TileId& id : set_.take_dropped()) store.drop(id);
    }
  }

  void lose_context() {
    for (const TileId& id : set_.take_dropped()) store.drop(id);
    store = TextureStore{{}, store.refuse_beyond};
    set_.textures_lost();
  }

  void check() {
    CAPTURE(step_);
    REQUIRE(set_.slots_used() <= set_.limits().slots);
    REQUIRE(set_.large_bytes() <= set_.limits().large_bytes);
    REQUIRE(set_.jpeg_bytes() <= limits_.jpeg_bytes);
    REQUIRE(set_.work_bytes() <= limits_.work_bytes);
    REQUIRE(store.small == static_cast<size_t>(set_.slots_used()));
    REQUIRE(store.large_bytes == set_.large_bytes());
    for (const auto& [id, pixels] : store.textures) REQUIRE(set_.ready(id));
  }

  std::mt19937 random_;
  TileLimits limits_;
  TileSet set_;
  std::map<std::string, Pyramid> pyramids_;
  std::vector<Pane> panes_;
  std::map<uint64_t, tiles::Fetch> asked_;
  std::map<uint64_t, tiles::Decode> decoding_;
  int64_t now_us_ = 0;
  int step_ = 0;
};

TileLimits small_limits() {
  TileLimits limits;
  limits.in_flight = 20;
  limits.slots = 150;
  limits.large_bytes = 40u << 20;
  limits.jpeg_bytes = 3u << 20;
  limits.work_bytes = 24u << 20;
  return limits;
}

}  // namespace

TEST_CASE("every budget holds after every step of a random walk, and closing gives everything back") {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    CAPTURE(seed);
    Walk walk(seed, small_limits());
    walk.run(1'500);
    walk.close_all();
  }
}

TEST_CASE("the budgets hold as well on a GPU with less memory than was thought") {
  for (unsigned seed = 20; seed < 24; ++seed) {
    CAPTURE(seed);
    Walk walk(seed, small_limits());
    walk.store.refuse_beyond = 34u << 20;
    walk.run(1'500);
    CHECK(walk.set().limits().slots < 150);
    CHECK(walk.set().limits().slots >= tiles::kLeastSlots);
    CHECK(walk.set().limits().large_bytes >= tiles::kLeastLargeBytes);
    walk.close_all();
  }
}
