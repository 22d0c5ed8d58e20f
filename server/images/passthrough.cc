#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "server/images/jpeg_splice.h"
#include "server/images/pyramid_builder.h"
#include "server/images/tiff_index.h"

namespace hada::images {
namespace {

constexpr uint64_t kMaxTables = 64 << 10;
// Markers before the scan seldom need 1 KiB; a tile that brings more is read whole.
constexpr size_t kHeaderBytes = 2048;
constexpr uint32_t kMaxTileSide = 2048;

bool looks_servable(const TiffDirectory& d) {
  if (!d.tiled() || d.compression != kTiffJpeg || d.bits_per_sample != 8 || d.planar != 1) return false;
  if (d.tile_width > kMaxTileSide || d.tile_height > kMaxTileSide || d.orientation != 1) return false;
  if (d.samples_per_pixel == 1) return d.photometric == kTiffMinIsBlack;
  return d.samples_per_pixel == 3 && (d.photometric == kTiffRgb || d.photometric == kTiffYcbcr);
}

bool tile_serves(const JpegHeader& tile, const TiffDirectory& d, bool tables) {
  return tile.baseline() && std::cmp_equal(tile.width, d.tile_width) &&
         std::cmp_equal(tile.height, d.tile_height) && std::cmp_equal(tile.components, d.samples_per_pixel) &&
         colours_agree(tile, d.photometric == kTiffRgb) &&
         (tables || (tile.quantisation_tables && tile.huffman_tables));
}

// Every tile is looked at: one that is not stored, or coded in another way, makes the level unfit.
bool every_tile_serves(const blobs::BlobReader& file, const TiffFile& tiff, const TiffDirectory& d) {
  const auto tiles = tiff.tiles(d);
  if (!tiles) return false;
  std::string tables;
  if (d.jpeg_tables) {
    auto read = tiff.bytes(d.jpeg_tables, kMaxTables);
    if (!read) return false;
    tables = std::move(*read);
  }
  if (!tile_prefix(tables, false)) return false;
  std::string head;
  for (size_t i = 0; i < tiles->offsets.size(); ++i) {
    head.resize(std::min<size_t>(tiles->lengths[i], kHeaderBytes));
    if (head.size() < 4 || !file.read_into(tiles->offsets[i], head.size(), head.data())) return false;
    auto header = read_jpeg_header(head);
    if (!header && tiles->lengths[i] > head.size()) {
      head.resize(tiles->lengths[i]);
      if (!file.read_into(tiles->offsets[i], head.size(), head.data())) return false;
      header = read_jpeg_header(head);
    }
    if (!header || !tile_serves(*header, d, !tables.empty())) return false;
  }
  return true;
}

}  // namespace

std::vector<BuiltLevel> find_passthrough(const blobs::BlobReader& file,
                                         const std::vector<std::pair<int64_t, int64_t>>& slide_levels) {
  const auto tiff = TiffFile::open(file);
  if (!tiff) return {};
  const auto directories = tiff->directories();
  if (!directories) return {};

  std::vector<BuiltLevel> levels;
  for (const auto& [width, height] : slide_levels) {
    const auto fits = [w = width, h = height](const TiffDirectory& d) {
      return std::cmp_equal(d.width, w) && std::cmp_equal(d.height, h) && looks_servable(d);
    };
    const auto found = std::find_if(directories->begin(), directories->end(), fits);
    if (found == directories->end() || !every_tile_serves(file, *tiff, *found)) {
      if (levels.empty()) return {};
      continue;
    }
    BuiltLevel built;
    built.level.blob = kMainFile;
    built.level.directory = found->offset;
    built.page = static_cast<int>(found - directories->begin());
    contract::PyramidLevel& g = built.level.geometry;
    g.width = static_cast<int32_t>(found->width);
    g.height = static_cast<int32_t>(found->height);
    g.tile_width = static_cast<int32_t>(found->tile_width);
    g.tile_height = static_cast<int32_t>(found->tile_height);
    if (!levels.empty()) {
      const contract::PyramidLevel& base = levels.front().level.geometry;
      g.downsample =
          (static_cast<double>(base.width) / g.width + static_cast<double>(base.height) / g.height) / 2;
      if (g.downsample <= levels.back().level.geometry.downsample) continue;
    }
    levels.push_back(std::move(built));
  }
  return levels;
}

}  // namespace hada::images
