#include "client/tiles/cover.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace hada::tiles {
namespace {

constexpr double kAheadS = 0.3;       // how far a pan is foreseen
constexpr double kZoomAheadS = 0.15;  // and a zoom without a target
constexpr double kSlowZoom = 0.5;     // below this rate the level stays the one of now
constexpr double kPrefetchShare = 0.25;

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

struct Point {
  double x = 0, y = 0;
};

Point centre_of(const RectD& r) { return {(r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2}; }

RectD moved(const RectD& r, double dx, double dy) { return {r.x0 + dx, r.y0 + dy, r.x1 + dx, r.y1 + dy}; }

// About `centre`, `factor` times as large.
RectD scaled(const RectD& r, Point centre, double factor) {
  const double w = r.width() * factor / 2, h = r.height() * factor / 2;
  return {centre.x - w, centre.y - h, centre.x + w, centre.y + h};
}

std::vector<TileKey> from_the_centre(const Pyramid& pyramid, int32_t level, const RectD& area, Point centre) {
  struct Near {
    double distance;
    TileKey key;
  };
  std::vector<Near> near;
  for (const TileKey& key : contract::tiles_in(pyramid, level, area)) {
    const Point middle = centre_of(contract::tile_bounds(pyramid, key));
    near.push_back({std::hypot(middle.x - centre.x, middle.y - centre.y), key});
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

// The view about `seconds` from now, or where its glide ends.
View foreseen(const View& view, const Motion& motion) {
  if (motion.target) return *motion.target;
  const double width = view.visible.width(), height = view.visible.height();
  const RectD there = moved(view.visible, std::clamp(motion.vx * kAheadS, -width, width),
                            std::clamp(motion.vy * kAheadS, -height, height));
  if (std::abs(motion.zoom_rate) < kSlowZoom) return {there, view.zoom};
  const double factor = std::exp(std::clamp(motion.zoom_rate * kZoomAheadS, -0.7, 0.7));
  // A zoom moves the centre as well, but ever less: what it does in the next moment is most of it.
  const Point centre = {centre_of(view.visible).x + std::clamp(motion.vx * kZoomAheadS, -width, width) / 2,
                        centre_of(view.visible).y + std::clamp(motion.vy * kZoomAheadS, -height, height) / 2};
  return {scaled(view.visible, centre, 1 / factor), view.zoom * factor};
}

// Collects keys, each once, up to a number.
class Wishes {
 public:
  explicit Wishes(const Pyramid& pyramid) : pyramid_(pyramid) {}

  void add(std::vector<TileKey>& to, int32_t level, const RectD& area, Point centre, size_t most) {
    if (is_sliver(area)) return;
    for (const TileKey& key : from_the_centre(pyramid_, level, area, centre)) {
      if (most == 0) return;
      if (!seen_.insert(key).second) continue;
      to.push_back(key);
      --most;
    }
  }

 private:
  const Pyramid& pyramid_;
  std::set<TileKey> seen_;
};

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

Wanted wanted_tiles(const Pyramid& pyramid, const RectD& visible, double zoom, const Motion& motion,
                    int max_tiles) {
  if (pyramid.empty()) return {};
  const RectD area = clipped(pyramid, visible);
  if (is_sliver(area)) return {};
  const auto last = static_cast<int32_t>(pyramid.size()) - 1;
  const View ahead = foreseen({visible, zoom}, motion);
  const RectD ahead_area = clipped(pyramid, ahead.visible);

  int32_t sharp = target_level(pyramid, visible, zoom, max_tiles);
  RectD sharp_area = area;
  if (!is_sliver(ahead_area) && ahead.zoom != zoom) {
    const int32_t coming = target_level(pyramid, ahead.visible, ahead.zoom, max_tiles);
    // Zooming in, what leaves the view at its edges is not worth its sharp tiles.
    if (coming < sharp || motion.target) sharp_area = ahead_area;
    sharp = coming;
  }
  const int32_t undercoat = undercoat_level(pyramid, sharp);

  // Ahead by at most a quarter of the view: what is in the middle now is still looked at.
  const Point now = centre_of(visible), then = centre_of(ahead.visible);
  const double reach_x = visible.width() / 4, reach_y = visible.height() / 4;
  const Point centre = {now.x + std::clamp(then.x - now.x, -reach_x, reach_x),
                        now.y + std::clamp(then.y - now.y, -reach_y, reach_y)};
  constexpr size_t kAll = static_cast<size_t>(-1);
  Wanted wanted;
  Wishes wishes(pyramid);
  for (const int32_t level : {last, undercoat}) wishes.add(wanted.visible, level, area, centre, kAll);
  const size_t before = wanted.visible.size();
  wishes.add(wanted.visible, sharp, sharp_area, centre, kAll);

  const auto share = std::max<size_t>(
      1, static_cast<size_t>(kPrefetchShare * static_cast<double>(wanted.visible.size() - before)));
  const auto left = [&] { return share - std::min(share, wanted.prefetch.size()); };
  if (!motion.still()) {
    // All between here and there; what is nearest enters first.
    const RectD swept =
        clipped(pyramid, {std::min(visible.x0, ahead.visible.x0), std::min(visible.y0, ahead.visible.y0),
                          std::max(visible.x1, ahead.visible.x1), std::max(visible.y1, ahead.visible.y1)});
    wishes.add(wanted.prefetch, undercoat, swept, now, left());
    wishes.add(wanted.prefetch, sharp, swept, now, left());
  }
  // A moving view has more use for what lies in its way than for the levels beside, which would change with
  // every frame; a zoom in progress says which of them is next.
  const bool pans = motion.vx != 0 || motion.vy != 0;
  if (motion.target || (pans && std::abs(motion.zoom_rate) < kSlowZoom)) return wanted;
  if (sharp < last && motion.zoom_rate <= 0)
    wishes.add(wanted.prefetch, sharp + 1, clipped(pyramid, scaled(visible, centre, 2)), centre,
               sharp > 0 && motion.zoom_rate == 0 ? left() / 2 : left());
  if (sharp > 0 && motion.zoom_rate >= 0)
    wishes.add(wanted.prefetch, sharp - 1, clipped(pyramid, scaled(visible, centre, 0.5)), centre, left());
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
