#include "contract/pyramid.h"

#include <algorithm>
#include <cmath>

namespace hada::contract {

RectD tile_bounds(const Pyramid& pyramid, TileKey key) {
  const PyramidLevel& level = pyramid[static_cast<size_t>(key.level)];
  const PyramidLevel& base = pyramid.front();
  // The ratio by axis, not `downsample`: a level's size is rounded, and tiles must meet the image's edge
  // exactly.
  const double sx = static_cast<double>(base.width) / level.width;
  const double sy = static_cast<double>(base.height) / level.height;
  const int64_t x = static_cast<int64_t>(key.column) * level.tile_width;
  const int64_t y = static_cast<int64_t>(key.row) * level.tile_height;
  const TileExtent extent = tile_extent(level, key.column, key.row);
  return {static_cast<double>(x) * sx, static_cast<double>(y) * sy,
          static_cast<double>(x + extent.width) * sx, static_cast<double>(y + extent.height) * sy};
}

TileExtent tile_extent(const PyramidLevel& level, int32_t column, int32_t row) {
  const int64_t left = static_cast<int64_t>(level.width) - static_cast<int64_t>(column) * level.tile_width;
  const int64_t above = static_cast<int64_t>(level.height) - static_cast<int64_t>(row) * level.tile_height;
  return {static_cast<int32_t>(std::clamp<int64_t>(left, 0, level.tile_width)),
          static_cast<int32_t>(std::clamp<int64_t>(above, 0, level.tile_height))};
}

bool contains(const Pyramid& pyramid, TileKey key) {
  if (key.level < 0 || static_cast<size_t>(key.level) >= pyramid.size()) return false;
  const PyramidLevel& level = pyramid[static_cast<size_t>(key.level)];
  return key.column >= 0 && key.row >= 0 && key.column < level.columns() && key.row < level.rows();
}

int32_t level_for(const Pyramid& pyramid, double level0_per_display) {
  int32_t best = 0;
  for (size_t i = 1; i < pyramid.size(); ++i) {
    // 1 % of slack, so that a downsample of 4.0007 still serves a zoom of exactly 1/4.
    if (pyramid[i].downsample <= level0_per_display * 1.01) best = static_cast<int32_t>(i);
  }
  return best;
}

std::vector<TileKey> tiles_in(const Pyramid& pyramid, int32_t level_index, const RectD& area) {
  std::vector<TileKey> keys;
  if (pyramid.empty() || area.empty()) return keys;
  const PyramidLevel& level = pyramid[static_cast<size_t>(level_index)];
  const double sx = static_cast<double>(level.width) / pyramid.front().width / level.tile_width;
  const double sy = static_cast<double>(level.height) / pyramid.front().height / level.tile_height;
  const auto first = [](double v) { return static_cast<int32_t>(std::floor(std::max(v, 0.0))); };
  const auto last = [](double v, int32_t count) {
    return static_cast<int32_t>(std::ceil(std::clamp(v, 0.0, static_cast<double>(count)))) - 1;
  };
  const int32_t c1 = last(area.x1 * sx, level.columns());
  const int32_t r1 = last(area.y1 * sy, level.rows());
  for (int32_t r = first(area.y0 * sy); r <= r1; ++r)
    for (int32_t c = first(area.x0 * sx); c <= c1; ++c) keys.push_back({level_index, c, r});
  return keys;
}

TileKey ancestor_at(const Pyramid& pyramid, TileKey key, int32_t level_index) {
  const RectD bounds = tile_bounds(pyramid, key);
  const PyramidLevel& level = pyramid[static_cast<size_t>(level_index)];
  const double x = (bounds.x0 + bounds.x1) / 2 * level.width / pyramid.front().width;
  const double y = (bounds.y0 + bounds.y1) / 2 * level.height / pyramid.front().height;
  return {level_index, std::clamp(static_cast<int32_t>(x / level.tile_width), 0, level.columns() - 1),
          std::clamp(static_cast<int32_t>(y / level.tile_height), 0, level.rows() - 1)};
}

}  // namespace hada::contract
