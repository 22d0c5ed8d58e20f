#include "client/tiles/tile_set.h"

#include <algorithm>

namespace hada::tiles {
namespace {

constexpr int64_t kFirstRetryUs = 1'000'000;
constexpr int64_t kLastRetryUs = 60'000'000;

}  // namespace

ImageId TileSet::open(const std::string& image, const Pyramid& pyramid) {
  const auto [it, is_new] = ids_.try_emplace(image, last_image_ + 1);
  if (is_new) images_[++last_image_] = {image, pyramid, 0};
  ++images_[it->second].opened;
  return it->second;
}

void TileSet::close(ImageId image) {
  const auto it = images_.find(image);
  if (it == images_.end() || --it->second.opened > 0) return;
  ids_.erase(it->second.name);
  images_.erase(it);
  for (auto tile = tiles_.begin(); tile != tiles_.end();) {
    if (tile->first.image != image) {
      ++tile;
      continue;
    }
    if (tile->second.state == TileState::Fetching) cancels_.push_back({tile->second.ticket});
    in_work_.erase(tile->second.ticket);
    leave_gpu(tile->first, tile->second);
    set_state(tile->second, TileState::Wanted);
    forget_jpeg(tile->second);
    tile = tiles_.erase(tile);
  }
}

void TileSet::begin_frame() {
  ++frame_;
  wants_.clear();
  wants_changed_ = true;
}

void TileSet::want(ImageId image, const std::vector<TileKey>& keys) {
  if (!images_.contains(image)) return;
  std::vector<TileId>& ids = wants_.emplace_back();
  for (const TileKey& key : keys) ids.push_back({image, key});
}

void TileSet::set_wanted_order() {
  order_.clear();
  size_t longest = 0;
  for (const auto& ids : wants_) longest = std::max(longest, ids.size());
  for (size_t i = 0; i < longest; ++i) {
    for (const auto& ids : wants_) {
      if (i >= ids.size()) continue;
      const auto [it, is_new] = tiles_.try_emplace(ids[i]);
      Tile& tile = it->second;
      if (is_new) tile.work_bytes = expected_bytes(ids[i]);
      tile.used = frame_;
      if (std::exchange(tile.wanted, frame_) != frame_) order_.push_back(ids[i]);
    }
  }
}

void TileSet::cancel_unwanted(Actions& actions) {
  for (auto it = in_work_.begin(); it != in_work_.end();) {
    Tile& tile = tiles_[it->second];
    if (tile.state != TileState::Fetching || tile.wanted == frame_) {
      ++it;
      continue;
    }
    actions.cancels.push_back({it->first});
    set_state(tile, TileState::Wanted);
    tiles_.erase(it->second);
    it = in_work_.erase(it);
  }
}

Actions TileSet::step(int64_t now_us) {
  Actions actions;
  actions.cancels = std::exchange(cancels_, {});
  if (std::exchange(wants_changed_, false)) {
    set_wanted_order();
    cancel_unwanted(actions);
    forget_unwanted_pixels();
    sweep();
  }
  no_room_ = false;
  next_ = 0;
  for (const TileId& id : order_) {
    const auto it = tiles_.find(id);
    if (it == tiles_.end()) continue;  // its image was closed
    Tile& tile = it->second;
    const bool due = tile.state == TileState::Wanted || tile.state == TileState::Kept ||
                     (tile.state == TileState::Failed && tile.retry_us <= now_us);
    if (!due || (!tile.jpeg && fetching_ >= limits_.in_flight)) continue;
    if (work_bytes_ > 0 && work_bytes_ + tile.work_bytes > limits_.work_bytes) break;
    tile.ticket = ++last_ticket_;
    in_work_[tile.ticket] = id;
    if (tile.jpeg) {
      set_state(tile, TileState::Decoding);
      actions.decodes.push_back({tile.ticket, tile.jpeg, half_sizes(id)});
    } else {
      set_state(tile, TileState::Fetching);
      actions.fetches.push_back({tile.ticket, images_.at(id.image).name, id.key});
    }
  }
  return actions;
}

TileSet::Tile* TileSet::answered(uint64_t ticket, TileState expected) {
  const auto it = in_work_.find(ticket);
  if (it == in_work_.end()) return nullptr;
  Tile& tile = tiles_[it->second];
  if (tile.state != expected) return nullptr;
  in_work_.erase(it);
  return &tile;
}

bool TileSet::fetched(uint64_t ticket, Result<std::string> jpeg, int64_t now_us) {
  Tile* tile = answered(ticket, TileState::Fetching);
  if (!tile) return false;
  if (!jpeg) {
    fail(*tile, now_us);
    return true;
  }
  jpeg_bytes_ += jpeg->size();
  tile->jpeg = std::make_shared<const std::string>(std::move(*jpeg));
  set_state(*tile, TileState::Kept);  // the next step sends it to the decoder
  trim_jpegs();
  return true;
}

bool TileSet::decoded(uint64_t ticket, Result<Pixels> pixels, int64_t now_us) {
  const auto it = in_work_.find(ticket);
  const TileId id = it == in_work_.end() ? TileId{} : it->second;
  Tile* tile = answered(ticket, TileState::Decoding);
  if (!tile) return false;
  const contract::PyramidLevel& level = images_.at(id.image).pyramid[static_cast<size_t>(id.key.level)];
  const contract::TileExtent extent = contract::tile_extent(level, id.key.column, id.key.row);
  if (!pixels || pixels->width < extent.width || pixels->height < extent.height) {
    forget_jpeg(*tile);
    fail(*tile, now_us);
    return true;
  }
  tile->failures = 0;
  tile->pixels = std::move(*pixels);
  set_state(*tile, TileState::Decoded);
  decoded_.push_back(id);
  next_ = 0;
  return true;
}

void TileSet::forgive() {
  for (auto& [id, tile] : tiles_)
    if (tile.state == TileState::Failed) tile.retry_us = 0;
}

std::optional<Upload> TileSet::next_upload() {
  for (; waiting_ > 0 && next_ < order_.size(); ++next_) {
    const TileId id = order_[next_];
    const auto it = tiles_.find(id);
    if (it == tiles_.end() || it->second.state != TileState::Decoded) continue;
    Tile& tile = it->second;
    no_room_ = !make_room(tile.pixels);
    if (no_room_) break;
    tile.small = fits_slot(tile.pixels.width, tile.pixels.height);
    tile.gpu_bytes = tile.pixels.bytes();
    if (tile.small) {
      ++slots_used_;
    } else {
      large_bytes_ += tile.gpu_bytes;
    }
    Upload upload{id, std::move(tile.pixels)};
    set_state(tile, TileState::Ready);
    return upload;
  }
  return std::nullopt;
}

// What was decoded for a view that has gone keeps its JPEG only.
void TileSet::forget_unwanted_pixels() {
  std::erase_if(decoded_, [this](const TileId& id) {
    const auto it = tiles_.find(id);
    if (it == tiles_.end() || it->second.state != TileState::Decoded) return true;
    if (it->second.wanted == frame_) return false;
    set_state(it->second, it->second.jpeg ? TileState::Kept : TileState::Wanted);
    return true;
  });
}

// Entries that hold nothing, looked for when the table has doubled.
void TileSet::sweep() {
  if (tiles_.size() < sweep_at_) return;
  std::erase_if(tiles_, [this](const Tiles::value_type& entry) {
    const Tile& tile = entry.second;
    return (tile.state == TileState::Wanted || tile.state == TileState::Failed) && tile.wanted != frame_;
  });
  sweep_at_ = std::max<size_t>(4096, 2 * tiles_.size());
}

std::vector<TileId> TileSet::take_dropped() { return std::exchange(dropped_, {}); }

bool TileSet::ready(TileId id) const {
  const auto it = tiles_.find(id);
  return it != tiles_.end() && it->second.state == TileState::Ready;
}

void TileSet::drawn(ImageId image, const std::vector<DrawItem>& plan) {
  for (const DrawItem& item : plan) {
    const auto it = tiles_.find({image, item.key});
    if (it != tiles_.end()) it->second.used = frame_;
  }
}

std::optional<TileState> TileSet::state(TileId id) const {
  const auto it = tiles_.find(id);
  if (it == tiles_.end()) return std::nullopt;
  return it->second.state;
}

std::optional<int64_t> TileSet::next_retry_us() const {
  std::optional<int64_t> earliest;
  for (const TileId& id : order_) {
    const auto it = tiles_.find(id);
    if (it != tiles_.end() && it->second.state == TileState::Failed)
      earliest = std::min(earliest.value_or(it->second.retry_us), it->second.retry_us);
  }
  return earliest;
}

// The only place where a state changes, so that the counts are right.
void TileSet::set_state(Tile& tile, TileState state) {
  const auto count = [this](TileState s) -> int* {
    return s == TileState::Fetching   ? &fetching_
           : s == TileState::Decoding ? &decoding_
           : s == TileState::Decoded  ? &waiting_
                                      : nullptr;
  };
  if (int* n = count(tile.state)) {
    --*n;
    work_bytes_ -= tile.work_bytes;
  }
  if (int* n = count(state)) {
    ++*n;
    work_bytes_ += tile.work_bytes;
  }
  if (state != TileState::Decoded) tile.pixels = {};
  tile.state = state;
}

void TileSet::fail(Tile& tile, int64_t now_us) {
  const int64_t wait = kFirstRetryUs << std::min(tile.failures, 6);
  ++tile.failures;
  tile.retry_us = now_us + std::min(wait, kLastRetryUs);
  set_state(tile, TileState::Failed);
}

void TileSet::leave_gpu(TileId id, Tile& tile) {
  if (tile.state != TileState::Ready) return;
  if (tile.small) {
    --slots_used_;
  } else {
    large_bytes_ -= tile.gpu_bytes;
  }
  set_state(tile, tile.jpeg ? TileState::Kept : TileState::Wanted);
  dropped_.push_back(id);
}

void TileSet::forget_jpeg(Tile& tile) {
  if (tile.jpeg) jpeg_bytes_ -= tile.jpeg->size();
  tile.jpeg = nullptr;
}

bool TileSet::make_room(const Pixels& pixels) {
  const bool small = fits_slot(pixels.width, pixels.height);
  const size_t size = pixels.bytes();
  const auto fits = [&](int slots_used, size_t large) {
    return small ? slots_used < limits_.slots : large + size <= limits_.large_bytes;
  };
  if (fits(slots_used_, large_bytes_)) return true;
  std::vector<Tiles::value_type*> unused;
  for (auto& entry : tiles_) {
    const Tile& tile = entry.second;
    // The last frame's tiles are still on the screen, and its stand-ins are about to be drawn again.
    if (tile.state == TileState::Ready && tile.small == small && tile.used + 1 < frame_)
      unused.push_back(&entry);
  }
  std::sort(unused.begin(), unused.end(),
            [](const auto* a, const auto* b) { return a->second.used < b->second.used; });
  // A few at once, so that the search is not repeated for each tile of a pan.
  size_t extra = small ? static_cast<size_t>(limits_.slots) / 32 : 0;
  for (auto* entry : unused) {
    if (fits(slots_used_, large_bytes_) && extra-- == 0) break;
    leave_gpu(entry->first, entry->second);
  }
  return fits(slots_used_, large_bytes_);
}

void TileSet::trim_jpegs() {
  if (jpeg_bytes_ <= limits_.jpeg_bytes) return;
  std::vector<Tiles::value_type*> kept;
  for (auto& entry : tiles_)
    if (entry.second.jpeg) kept.push_back(&entry);
  std::sort(kept.begin(), kept.end(),
            [](const auto* a, const auto* b) { return a->second.used < b->second.used; });
  const size_t goal = limits_.jpeg_bytes - limits_.jpeg_bytes / 16;
  for (auto* entry : kept) {
    if (jpeg_bytes_ <= goal) break;
    Tile& tile = entry->second;
    forget_jpeg(tile);
    if (tile.state == TileState::Kept) set_state(tile, TileState::Wanted);
  }
}

HalfSizes TileSet::half_sizes(TileId id) const {
  const Pyramid& pyramid = images_.at(id.image).pyramid;
  const size_t level = static_cast<size_t>(id.key.level);
  if (!fits_slot(pyramid[level].tile_width, pyramid[level].tile_height)) return HalfSizes::All;
  const bool last = level + 1 == pyramid.size();
  const double step = last ? 1 : pyramid[level + 1].downsample / pyramid[level].downsample;
  return step > 2.1 ? HalfSizes::One : HalfSizes::None;
}

size_t TileSet::expected_bytes(TileId id) const {
  const contract::PyramidLevel& level = images_.at(id.image).pyramid[static_cast<size_t>(id.key.level)];
  return Pixels::bytes(level.tile_width, level.tile_height, 2);
}

}  // namespace hada::tiles
