// The budgets of TileSet: who leaves when there is no room.

#include <algorithm>
#include <utility>

#include "client/tiles/tile_set.h"

namespace hada::tiles {

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

bool TileSet::make_room(const Pixels& pixels, bool prefetch) {
  const bool small = fits_slot(pixels.width, pixels.height);
  const size_t size = pixels.bytes();
  const auto fits = [&](int slots_used, size_t large) {
    return small ? slots_used < limits_.slots : large + size <= limits_.large_bytes;
  };
  if (fits(slots_used_, large_bytes_)) return true;
  // The last frame's tiles are still on the screen, and its stand-ins are about to be drawn again.
  const uint64_t before = prefetch ? frame_ - kJustSeenFrames : frame_ - 1;
  std::vector<Tiles::value_type*> unused;
  for (auto& entry : tiles_) {
    const Tile& tile = entry.second;
    if (tile.state == TileState::Ready && tile.small == small && tile.used < before) unused.push_back(&entry);
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

void TileSet::refused(TileId id, int64_t now_us) {
  const auto it = tiles_.find(id);
  if (it == tiles_.end() || it->second.state != TileState::Ready) return;
  Tile& tile = it->second;
  const bool small = tile.small;
  const bool at_the_floor = small ? limits_.slots <= kLeastSlots : limits_.large_bytes <= kLeastLargeBytes;
  budget_changed_us_ = now_us;
  if (at_the_floor) return upload_failed(id, now_us);
  leave_gpu(id, tile);
  dropped_.pop_back();  // it never arrived there
  // Half of what is there, not of what was allowed: others have the rest.
  if (small) {
    limits_.slots = std::max(kLeastSlots, std::min(limits_.slots, slots_used_) / 2);
  } else {
    limits_.large_bytes = std::max(kLeastLargeBytes, std::min(limits_.large_bytes, large_bytes_) / 2);
  }
  shrink_to_limits(small);
}

void TileSet::upload_failed(TileId id, int64_t now_us) {
  const auto it = tiles_.find(id);
  if (it == tiles_.end() || it->second.state != TileState::Ready) return;
  leave_gpu(id, it->second);
  dropped_.pop_back();  // it never arrived there
  fail(it->second, now_us);
}

void TileSet::grow_back(int64_t now_us) {
  if (limits_.slots == full_.slots && limits_.large_bytes == full_.large_bytes) return;
  if (now_us - budget_changed_us_ < kGrowBackUs) return;
  budget_changed_us_ = now_us;
  limits_.slots = std::min(full_.slots, limits_.slots + limits_.slots / 8);
  limits_.large_bytes = std::min(full_.large_bytes, limits_.large_bytes + limits_.large_bytes / 8);
}

void TileSet::shrink_to_limits(bool small) {
  std::vector<Tiles::value_type*> ready;
  for (auto& entry : tiles_)
    if (entry.second.state == TileState::Ready && entry.second.small == small) ready.push_back(&entry);
  std::sort(ready.begin(), ready.end(),
            [](const auto* a, const auto* b) { return a->second.used < b->second.used; });
  for (auto* entry : ready) {
    if (small ? slots_used_ <= limits_.slots : large_bytes_ <= limits_.large_bytes) return;
    leave_gpu(entry->first, entry->second);
  }
}

void TileSet::textures_lost() {
  for (auto& [id, tile] : tiles_) leave_gpu(id, tile);
  dropped_.clear();
}

void TileSet::trim_jpegs() {
  if (jpeg_bytes_ <= limits_.jpeg_bytes) return;
  // Last what is wanted and waits for its decoder: without its JPEG it would be fetched again at once.
  const auto when = [this](const Tile& tile) {
    const bool waits = tile.state == TileState::Kept && tile.wanted == frame_ && !tile.prefetch;
    return std::pair(waits, tile.used);
  };
  std::vector<Tiles::value_type*> kept;
  for (auto& entry : tiles_)
    if (entry.second.jpeg) kept.push_back(&entry);
  std::sort(kept.begin(), kept.end(),
            [&](const auto* a, const auto* b) { return when(a->second) < when(b->second); });
  const size_t goal = limits_.jpeg_bytes - limits_.jpeg_bytes / 16;
  for (auto* entry : kept) {
    if (jpeg_bytes_ <= goal) break;
    Tile& tile = entry->second;
    forget_jpeg(tile);
    if (tile.state != TileState::Kept) continue;
    set_state(tile, TileState::Wanted);
    // Nor is there room for its like.
    if (tile.prefetch && tile.wanted == frame_) no_prefetch_before_ = frame_ + kJustSeenFrames / 2;
  }
}

}  // namespace hada::tiles
