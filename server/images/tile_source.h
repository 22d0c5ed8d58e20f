#pragma once

// Tiles and thumbnails as stored bytes: index lookup -> one positioned read -> JPEG tables spliced in.
// Nothing is decoded here, no libtiff handle is used, and no lock is held while a blob is read. Any thread.

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "contract/mutex.h"
#include "contract/pyramid.h"
#include "contract/result.h"
#include "server/blobs/blob_store.h"
#include "server/images/stored_image.h"

namespace hada::images {

// What the store says about an image.
struct ImageRecord {
  std::string site_id;  // of its case; for access checks without SQL
  std::string case_id;
  bool ready = false;  // `image` is filled
  StoredImage image;
};

// The tiles of one level: where each lies in the blob.
class LevelIndex {
 public:
  // Reads the directory at `level.directory` of `blob` (or takes the blob as one JPEG) and checks it against
  // the level's geometry. DATA_LOSS / BAD_TILE_INDEX when they do not fit.
  static Result<LevelIndex> load(std::shared_ptr<const blobs::BlobReader> blob, const StoredLevel& level);

  // The size in bytes of a tile as it is sent, and the tile, a complete baseline JPEG, written into as many
  // bytes. `column` and `row` must be inside the level.
  size_t tile_bytes(int32_t column, int32_t row) const;
  Status read_tile(int32_t column, int32_t row, char* out) const;

  int64_t tile_count() const { return static_cast<int64_t>(offsets_.size()); }
  size_t bytes() const;  // memory held

 private:
  size_t position(int32_t column, int32_t row) const;

  std::shared_ptr<const blobs::BlobReader> blob_;
  int32_t columns_ = 0;
  std::string prefix_;  // SOI, Adobe marker where needed, tables; empty: a tile is sent as it lies
  std::vector<uint64_t> offsets_;
  std::vector<uint32_t> lengths_;
};

struct OpenImage;

// A tile that was found and not yet read, so that its reader can have the memory ready that it goes into.
struct FoundTile {
  std::shared_ptr<const OpenImage> image;
  contract::TileKey key;
  size_t bytes = 0;

  // Writes `bytes` bytes, a complete baseline JPEG. DATA_LOSS where the blob fails.
  Status read_into(char* out) const;
  Result<std::string> read() const;
};

// An image open for reading; immutable.
struct OpenImage {
  ImageRecord record;
  contract::Pyramid pyramid;
  std::vector<LevelIndex> levels;
  size_t bytes = 0;  // memory held

  // Opens all levels of a ready image.
  static Result<std::shared_ptr<const OpenImage>> load(blobs::BlobStore& blobs, ImageRecord record);
};

// OUT_OF_RANGE / NO_SUCH_TILE, FAILED_PRECONDITION / IMAGE_NOT_READY.
Result<FoundTile> find_tile(std::shared_ptr<const OpenImage> image, contract::TileKey key);

class TileSource {
 public:
  // Asks the store; NOT_FOUND for an unknown image.
  using Loader = std::function<Result<ImageRecord>(const std::string& image_id)>;

  // Keeps at most `cache_bytes` of indexes open (least recently used go first).
  TileSource(blobs::BlobStore& blobs, Loader loader, size_t cache_bytes = size_t{256} << 20);
  TileSource(const TileSource&) = delete;
  TileSource& operator=(const TileSource&) = delete;

  // The image, from the cache or opened now. One that is not ready comes without levels and is not kept.
  Result<std::shared_ptr<const OpenImage>> open(const std::string& image_id);

  // A tile's bytes. Errors as those of find_tile and read_into.
  Result<std::string> tile(const std::string& image_id, contract::TileKey key);
  // FAILED_PRECONDITION / IMAGE_NOT_READY until it is there.
  Result<std::string> thumbnail(const std::string& image_id);

  // After the image's row has changed.
  void forget(const std::string& image_id);

  size_t cached_bytes() const;

 private:
  struct Cached {
    std::shared_ptr<const OpenImage> image;
    std::list<std::string>::iterator age;
  };
  // An image that somebody is opening; others who want it wait here instead of opening it too.
  struct Opening {
    Mutex mutex;
    std::shared_ptr<const OpenImage> image HADA_GUARDED_BY(mutex);
  };
  Result<std::shared_ptr<const OpenImage>> load(const std::string& image_id);
  void keep(const std::string& image_id, std::shared_ptr<const OpenImage> image) HADA_REQUIRES(mutex_);
  void drop(const std::string& image_id) HADA_REQUIRES(mutex_);

  blobs::BlobStore& blobs_;
  const Loader loader_;
  const size_t cache_bytes_;

  mutable Mutex mutex_;  // held for a look-up, never while something is read
  std::unordered_map<std::string, Cached> cache_ HADA_GUARDED_BY(mutex_);
  std::list<std::string> ages_ HADA_GUARDED_BY(mutex_);  // most recently used first
  size_t bytes_ HADA_GUARDED_BY(mutex_) = 0;
  std::unordered_map<std::string, std::shared_ptr<Opening>> opening_ HADA_GUARDED_BY(mutex_);
  uint64_t forgotten_ HADA_GUARDED_BY(mutex_) = 0;  // counts forget(), so that nothing older is kept after it
};

}  // namespace hada::images
