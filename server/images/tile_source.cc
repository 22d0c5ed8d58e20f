#include "server/images/tile_source.h"

#include <utility>

namespace hada::images {
namespace {

Unexpected not_ready() {
  return Unexpected(ErrorCode::FailedPrecondition, "IMAGE_NOT_READY", "the image has not passed its check");
}

}  // namespace

Result<std::shared_ptr<const OpenImage>> OpenImage::load(blobs::BlobStore& blobs, ImageRecord record) {
  auto open = std::make_shared<OpenImage>();
  open->record = std::move(record);
  open->pyramid = open->record.image.pyramid();
  open->bytes = sizeof(OpenImage);
  std::unordered_map<std::string, std::shared_ptr<const blobs::BlobReader>> readers;
  for (const StoredLevel& level : open->record.image.levels) {
    auto& reader = readers[level.blob];
    if (!reader) {
      ASSIGN_OR_RETURN(reader, blobs.open(level.blob));
    }
    ASSIGN_OR_RETURN(LevelIndex index, LevelIndex::load(reader, level));
    open->bytes += index.bytes() + sizeof(StoredLevel) + level.blob.capacity();
    open->levels.push_back(std::move(index));
  }
  return std::shared_ptr<const OpenImage>(std::move(open));
}

Result<FoundTile> find_tile(std::shared_ptr<const OpenImage> image, contract::TileKey key) {
  if (!image->record.ready) return not_ready();
  if (!contract::contains(image->pyramid, key))
    return Unexpected(ErrorCode::OutOfRange, "NO_SUCH_TILE", "the tile is outside its level's grid");
  const size_t bytes = image->levels[static_cast<size_t>(key.level)].tile_bytes(key.column, key.row);
  return FoundTile{std::move(image), key, bytes};
}

Status FoundTile::read_into(char* out) const {
  return image->levels[static_cast<size_t>(key.level)].read_tile(key.column, key.row, out);
}

Result<std::string> FoundTile::read() const {
  std::string jpeg(bytes, '\0');
  RETURN_IF_ERROR(read_into(jpeg.data()));
  return jpeg;
}

TileSource::TileSource(blobs::BlobStore& blobs, Loader loader, size_t cache_bytes)
    : blobs_(blobs), loader_(std::move(loader)), cache_bytes_(cache_bytes) {}

Result<std::shared_ptr<const OpenImage>> TileSource::load(const std::string& image_id) {
  ASSIGN_OR_RETURN(ImageRecord record, loader_(image_id));
  return OpenImage::load(blobs_, std::move(record));
}

Result<std::shared_ptr<const OpenImage>> TileSource::open(const std::string& image_id) {
  std::shared_ptr<Opening> opening;
  uint64_t forgotten = 0;
  {
    MutexLock lock(mutex_);
    if (const auto found = cache_.find(image_id); found != cache_.end()) {
      ages_.splice(ages_.begin(), ages_, found->second.age);
      return found->second.image;
    }
    auto& slot = opening_[image_id];
    if (!slot) slot = std::make_shared<Opening>();
    opening = slot;
    forgotten = forgotten_;
  }
  Result<std::shared_ptr<const OpenImage>> image = std::shared_ptr<const OpenImage>();
  {
    MutexLock lock(opening->mutex);
    if (opening->image) return opening->image;
    image = load(image_id);
    if (image && (*image)->record.ready) opening->image = *image;
  }
  MutexLock lock(mutex_);
  if (const auto slot = opening_.find(image_id); slot != opening_.end() && slot->second == opening)
    opening_.erase(slot);
  if (image && (*image)->record.ready && forgotten == forgotten_) keep(image_id, *image);
  return image;
}

void TileSource::keep(const std::string& image_id, std::shared_ptr<const OpenImage> image) {
  drop(image_id);
  bytes_ += image->bytes;
  ages_.push_front(image_id);
  cache_[image_id] = Cached{std::move(image), ages_.begin()};
  // The newest stays even where it alone is over the budget: it is about to be read.
  while (bytes_ > cache_bytes_ && ages_.size() > 1) drop(std::string(ages_.back()));
}

void TileSource::drop(const std::string& image_id) {
  const auto found = cache_.find(image_id);
  if (found == cache_.end()) return;
  bytes_ -= found->second.image->bytes;
  ages_.erase(found->second.age);
  cache_.erase(found);
}

Result<std::string> TileSource::tile(const std::string& image_id, contract::TileKey key) {
  ASSIGN_OR_RETURN(auto image, open(image_id));
  ASSIGN_OR_RETURN(const FoundTile found, find_tile(std::move(image), key));
  return found.read();
}

Result<std::string> TileSource::thumbnail(const std::string& image_id) {
  ASSIGN_OR_RETURN(const auto image, open(image_id));
  if (!image->record.ready) return not_ready();
  ASSIGN_OR_RETURN(const auto blob, blobs_.open(image->record.image.thumbnail_blob));
  std::string jpeg(blob->size(), '\0');
  RETURN_IF_ERROR(blob->read_into(0, jpeg.size(), jpeg.data()));
  return jpeg;
}

void TileSource::forget(const std::string& image_id) {
  MutexLock lock(mutex_);
  ++forgotten_;
  opening_.erase(image_id);
  drop(image_id);
}

size_t TileSource::cached_bytes() const {
  MutexLock lock(mutex_);
  return bytes_;
}

}  // namespace hada::images
