#pragma once

// Level and tile arithmetic of an image pyramid. Pure; any downsample, not only powers of two.
// Coordinates: level-0 pixels in double unless a name says otherwise; x right, y down, origin top left.

#include <compare>
#include <cstdint>
#include <functional>
#include <vector>

namespace hada::contract {

// One resolution. Tiles are numbered from the top left; those of the last column and row may be padded.
struct PyramidLevel {
  int32_t width = 0;   // pixels at this level
  int32_t height = 0;  // pixels at this level
  int32_t tile_width = 256;
  int32_t tile_height = 256;
  double downsample = 1.0;  // level-0 pixels per pixel of this level, >= 1

  int32_t columns() const { return (width + tile_width - 1) / tile_width; }
  int32_t rows() const { return (height + tile_height - 1) / tile_height; }
  bool operator==(const PyramidLevel&) const = default;
};

struct TileKey {
  int32_t level = 0;
  int32_t column = 0;
  int32_t row = 0;
  auto operator<=>(const TileKey&) const = default;
};

// An axis-aligned rectangle in level-0 pixels.
struct RectD {
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  double width() const { return x1 - x0; }
  double height() const { return y1 - y0; }
  bool empty() const { return x1 <= x0 || y1 <= y0; }
};

using Pyramid = std::vector<PyramidLevel>;  // level 0 first

// The part of the image a tile shows, clipped to the image, in level-0 pixels.
RectD tile_bounds(const Pyramid& pyramid, TileKey key);

// Pixels of the tile that lie inside the level (the rest is padding): width and height at the tile's level.
struct TileExtent {
  int32_t width = 0, height = 0;
};
TileExtent tile_extent(const PyramidLevel& level, int32_t column, int32_t row);

bool contains(const Pyramid& pyramid, TileKey key);

// The coarsest level that still gives at least one pixel of data per display pixel, where
// `level0_per_display` is the number of level-0 pixels per display pixel (the inverse of zoom). Level 0 when
// even that is too coarse.
int32_t level_for(const Pyramid& pyramid, double level0_per_display);

// All tiles of `level` that meet `area`, row by row.
std::vector<TileKey> tiles_in(const Pyramid& pyramid, int32_t level, const RectD& area);

// The tile one or more levels up that covers the centre of `key`.
TileKey ancestor_at(const Pyramid& pyramid, TileKey key, int32_t level);

struct TileKeyHash {
  size_t operator()(const TileKey& k) const {
    uint64_t h = (static_cast<uint64_t>(static_cast<uint32_t>(k.level)) << 58) ^
                 (static_cast<uint64_t>(static_cast<uint32_t>(k.column)) << 29) ^
                 static_cast<uint32_t>(k.row);
    return std::hash<uint64_t>{}(h * 0x9E3779B97F4A7C15ull);
  }
};

}  // namespace hada::contract
