#include <cstring>
#include <utility>

#include "server/images/jpeg_splice.h"
#include "server/images/tiff_index.h"
#include "server/images/tile_source.h"

namespace hada::images {
namespace {

constexpr uint64_t kMaxTables = 64 << 10;
constexpr uint64_t kMaxWholeJpeg = uint64_t{256} << 20;

Unexpected bad_index() {
  return Unexpected(ErrorCode::DataLoss, "BAD_TILE_INDEX", "the stored tiles do not fit the image's record");
}

}  // namespace

Result<LevelIndex> LevelIndex::load(std::shared_ptr<const blobs::BlobReader> blob, const StoredLevel& level) {
  LevelIndex index;
  index.columns_ = level.geometry.columns();
  if (level.directory == 0) {
    if (level.geometry.columns() != 1 || level.geometry.rows() != 1) return bad_index();
    if (blob->size() < 4 || blob->size() > kMaxWholeJpeg) return bad_index();
    index.offsets_ = {0};
    index.lengths_ = {static_cast<uint32_t>(blob->size())};
    index.blob_ = std::move(blob);
    return index;
  }
  ASSIGN_OR_RETURN(const TiffFile tiff, TiffFile::open(*blob));
  ASSIGN_OR_RETURN(const TiffDirectory directory, tiff.directory_at(level.directory));
  if (directory.compression != kTiffJpeg || std::cmp_not_equal(directory.width, level.geometry.width) ||
      std::cmp_not_equal(directory.height, level.geometry.height) ||
      std::cmp_not_equal(directory.tile_width, level.geometry.tile_width) ||
      std::cmp_not_equal(directory.tile_height, level.geometry.tile_height))
    return bad_index();
  ASSIGN_OR_RETURN(TiffFile::Tiles tiles, tiff.tiles(directory));
  for (const uint32_t length : tiles.lengths)
    if (length < 4) return bad_index();
  std::string tables;
  if (directory.jpeg_tables) {
    ASSIGN_OR_RETURN(tables, tiff.bytes(directory.jpeg_tables, kMaxTables));
  }
  ASSIGN_OR_RETURN(index.prefix_, tile_prefix(tables, directory.photometric == kTiffRgb));
  index.offsets_ = std::move(tiles.offsets);
  index.lengths_ = std::move(tiles.lengths);
  index.blob_ = std::move(blob);
  return index;
}

size_t LevelIndex::position(int32_t column, int32_t row) const {
  return static_cast<size_t>(row) * static_cast<size_t>(columns_) + static_cast<size_t>(column);
}

// The tile is read so that its SOI falls on the prefix's last two bytes; the prefix, which has its own, goes
// over it.
size_t LevelIndex::tile_bytes(int32_t column, int32_t row) const {
  return (prefix_.empty() ? 0 : prefix_.size() - 2) + lengths_[position(column, row)];
}

Status LevelIndex::read_tile(int32_t column, int32_t row, char* out) const {
  const size_t i = position(column, row);
  char* const stored = out + (prefix_.empty() ? 0 : prefix_.size() - 2);
  RETURN_IF_ERROR(blob_->read_into(offsets_[i], lengths_[i], stored));
  if (stored[0] != '\xFF' || stored[1] != '\xD8')
    return Unexpected(ErrorCode::DataLoss, "BAD_TILE", "a stored tile is not a JPEG");
  std::memcpy(out, prefix_.data(), prefix_.size());
  return {};
}

size_t LevelIndex::bytes() const {
  return sizeof(*this) + prefix_.size() + offsets_.capacity() * sizeof(uint64_t) +
         lengths_.capacity() * sizeof(uint32_t);
}

}  // namespace hada::images
