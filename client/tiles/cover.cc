#include "client/tiles/cover.h"

#include <algorithm>
#include <cmath>

namespace hada::tiles {
namespace {

RectD intersection(const RectD& a, const RectD& b) {
  return {std::max(a.x0, b.x0), std::max(a.y0, b.y0), std::min(a.x1, b.x1), std::min(a.y1, b.y1)};
}

RectD clipped(const Pyramid& pyramid, const RectD& visible) {
  return intersection(visible, {0, 0, static_cast<double>(pyramid.front().width),
                                static_cast<double>(pyramid.front().height)});
}

// Levels of any ratio meet at edges that are equal but for rounding; what is thinner than this is not a part.
bool is_sliver(const RectD& r) { return r.width() < 1e-6 || r.height() < 1e-6; }

int64_t count_in(const Pyramid& pyramid, int32_t level, const RectD& area) {
  const contract::PyramidLevel& l = pyramid[static_cast<size_t>(level)];
  const double sx = static_cast<double>(l.width) / pyramid.front().width / l.tile_width;
  const double sy = static_cast<double>(l.height) / pyramid.front().height / l.tile_height;
  const auto span = [](double a, double b) { return static_cast<int64_t>(std::ceil(b) - std::floor(a)); };
  return span(area.x0 * sx, area.x1 * sx) * span(area.y0 * sy, area.y1 * sy);
}

std::vector<TileKey> from_the_centre(const Pyramid& pyramid, int32_t level, const RectD& area) {
  struct Near {
    double distance;
    TileKey key;
  };
  const double x = (area.x0 + area.x1) / 2, y = (area.y0 + area.y1) / 2;
  std::vector<Near> near;
  for (const TileKey& key : contract::tiles_in(pyramid, level, area)) {
    const RectD b = contract::tile_bounds(pyramid, key);
    near.push_back({std::hypot((b.x0 + b.x1) / 2 - x, (b.y0 + b.y1) / 2 - y), key});
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const Near& a, const Near& b) { return a.distance < b.distance; });
  std::vector<TileKey> keys;
  for (const Near& n : near) keys.push_back(n.key);
  return keys;
}

// The level nearest to four times coarser than `target`, or `target` when there is none between.
int32_t undercoat_level(const Pyramid& pyramid, int32_t target) {
  const double wished = pyramid[static_cast<size_t>(target)].downsample * 4;
  int32_t best = target;
  for (int32_t level = target + 1; level < static_cast<int32_t>(pyramid.size()); ++level)
    if (pyramid[static_cast<size_t>(level)].downsample <= wished * 1.1) best = level;
  return best;
}

class Planner {
 public:
  Planner(const Pyramid& pyramid, const Ready& ready) : pyramid_(pyramid), ready_(ready) {}

  // `try_finer` only at the view's own level: below a stand-in nothing finer can be complete.
  void fill(int32_t level, const RectD& area, bool try_finer) {
    for (const TileKey& key : contract::tiles_in(pyramid_, level, area)) {
      const RectD part = intersection(contract::tile_bounds(pyramid_, key), area);
      if (is_sliver(part)) continue;
      if (ready_(key)) {
        plan.push_back({key, part});
      } else if (!(try_finer && level > 0 && fill_finer(level - 1, part)) &&
                 level + 1 < static_cast<int32_t>(pyramid_.size())) {
        fill(level + 1, part, false);
      }
    }
  }

  std::vector<DrawItem> plan;

 private:
  bool fill_finer(int32_t level, const RectD& area) {
    std::vector<DrawItem> finer;
    for (const TileKey& key : contract::tiles_in(pyramid_, level, area)) {
      const RectD part = intersection(contract::tile_bounds(pyramid_, key), area);
      if (is_sliver(part)) continue;
      if (!ready_(key)) return false;
      finer.push_back({key, part});
    }
    plan.insert(plan.end(), finer.begin(), finer.end());
    return true;
  }

  const Pyramid& pyramid_;
  const Ready& ready_;
};

}  // namespace

int32_t target_level(const Pyramid& pyramid, const RectD& visible, double zoom, int max_tiles) {
  int32_t level = contract::level_for(pyramid, 1 / zoom);
  const RectD area = clipped(pyramid, visible);
  while (level + 1 < static_cast<int32_t>(pyramid.size()) && count_in(pyramid, level, area) > max_tiles)
    ++level;
  return level;
}

std::vector<TileKey> wanted_tiles(const Pyramid& pyramid, const RectD& visible, double zoom, int max_tiles) {
  if (pyramid.empty()) return {};
  const RectD area = clipped(pyramid, visible);
  if (is_sliver(area)) return {};
  const int32_t target = target_level(pyramid, visible, zoom, max_tiles);
  std::vector<int32_t> levels = {static_cast<int32_t>(pyramid.size()) - 1, undercoat_level(pyramid, target),
                                 target};
  levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  std::vector<TileKey> wanted;
  for (const int32_t level : levels) {
    const std::vector<TileKey> keys = from_the_centre(pyramid, level, area);
    wanted.insert(wanted.end(), keys.begin(), keys.end());
  }
  return wanted;
}

std::vector<DrawItem> draw_plan(const Pyramid& pyramid, const RectD& visible, double zoom, const Ready& ready,
                                int max_tiles) {
  if (pyramid.empty()) return {};
  Planner planner(pyramid, ready);
  planner.fill(target_level(pyramid, visible, zoom, max_tiles), clipped(pyramid, visible), true);
  return std::move(planner.plan);
}

}  // namespace hada::tiles
