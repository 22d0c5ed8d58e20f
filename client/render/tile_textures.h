#pragma once

// The tiles' pixels on the GPU. Tiles up to 256 x 256 live in the layers of texture arrays ("pages" of 16),
// since a new texture for each costs ten times more; a larger one has a page of one layer of its own size.
// Which tile comes and goes is TileSet's decision; a page that is empty is given back to the driver.

#include <memory>
#include <unordered_map>
#include <vector>

#include "client/render/gl.h"
#include "client/tiles/pixels.h"
#include "client/tiles/tile_set.h"

namespace hada::render {

struct TexturePage {
  Texture texture;  // GL_TEXTURE_2D_ARRAY, RGBA8
  int width = 0, height = 0, levels = 1;
  std::vector<int> free_layers;
  int layers = 0;

  size_t bytes() const { return tiles::Pixels::bytes(width, height, levels) * static_cast<size_t>(layers); }
};

// Where a tile is, and what of it is there.
struct TilePlace {
  TexturePage* page = nullptr;
  int layer = 0;
  int levels = 1;
};

class TileTextures {
 public:
  enum class Uploaded {
    Done,
    NoMemory,  // the GPU has none for it: the tile is not there
    Failed,    // nor for another reason: larger than the driver takes, or the context is lost
  };
  // About 15 us for a small tile; a tile that is there already is replaced.
  Uploaded upload(tiles::TileId id, const tiles::Pixels& pixels);
  void drop(tiles::TileId id);
  const TilePlace* find(tiles::TileId id) const;
  // What the driver was asked for, empty layers included.
  size_t bytes() const;
  // Refuses what would take more than this, as a GPU without memory does. For tests.
  void refuse_beyond(size_t bytes) { most_bytes_ = bytes; }

 private:
  // Null, and `outcome` says why.
  TexturePage* page_for(const tiles::Pixels& pixels, Uploaded& outcome);
  TexturePage* add_page(int width, int height, int levels, int layers, Uploaded& outcome);

  size_t most_bytes_ = static_cast<size_t>(-1);
  std::vector<std::unique_ptr<TexturePage>> pages_;
  std::unordered_map<tiles::TileId, TilePlace, tiles::TileIdHash> places_;
};

}  // namespace hada::render
