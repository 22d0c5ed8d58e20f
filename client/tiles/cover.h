#pragma once

// Which tiles a view wants, now and next, and with which of those at hand it can be drawn. Pure functions.
// `visible` is the part of the image a pane shows, in level-0 pixels, not necessarily inside the image;
// `zoom` is display pixels per level-0 pixel.

#include <functional>
#include <vector>

#include "client/tiles/motion.h"
#include "contract/pyramid.h"

namespace hada::tiles {

using contract::Pyramid;
using contract::TileKey;

// More tiles than this in one view and the next coarser level serves it: a 4x step between levels on a large
// display would otherwise want thousands.
inline constexpr int kMaxTilesInView = 512;

// The level that shows `visible` at `zoom` without being magnified, or the finest whose tiles are at most
// `max_tiles`.
int32_t target_level(const Pyramid& pyramid, const RectD& visible, double zoom,
                     int max_tiles = kMaxTilesInView);

// Tiles, most wanted first; none twice.
struct Wanted {
  std::vector<TileKey> visible;   // what the view shows, or will when the zoom in progress ends
  std::vector<TileKey> prefetch;  // what it may show next; may wait, and may be left out
};

// Visible: the coarsest level (so that something is shown at once, and for the minimap), then a level about
// four times coarser than the sharp one (a sixteenth of its bytes), then the sharp level itself; within a
// level outward from the centre, which is drawn ahead in the direction of the motion. While the zoom changes,
// the sharp level is the one at which it will arrive, so that the levels between are not fetched in vain.
// Prefetch: what a moving view will show within about 300 ms, coarse first; around a view that stands, one
// level coarser and one finer. At most a quarter as many as the sharp tiles in view.
Wanted wanted_tiles(const Pyramid& pyramid, const RectD& visible, double zoom, const Motion& motion = {},
                    int max_tiles = kMaxTilesInView);

// A part of a tile to draw: `area` in level-0 pixels, inside the tile's bounds.
struct DrawItem {
  TileKey key;
  RectD area;
};

using Ready = std::function<bool(TileKey)>;

// Covers the visible part of the image with what is ready: for each tile of the target level the tile itself;
// else the tiles of the next finer level, if all of them are ready (zooming out); else the nearest coarser
// ones. No place is drawn twice, so the order does not matter; a place for which nothing is ready is left
// out.
std::vector<DrawItem> draw_plan(const Pyramid& pyramid, const RectD& visible, double zoom, const Ready& ready,
                                int max_tiles = kMaxTilesInView);

}  // namespace hada::tiles
