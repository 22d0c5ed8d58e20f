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
  wishes_.clear();
  wants_changed_ = true;
}

void TileSet::want(ImageId image, const Wanted& wanted) {
  if (!images_.contains(image)) return;
  Wish& wish = wishes_.emplace_back();
  for (const TileKey& key : wanted.visible) wish.visible.push_back({image, key});
  for (const TileKey& key : wanted.prefetch) wish.prefetch.push_back({image, key});
}

// Panes take turns: the first wish of each, then the second of each ...
void TileSet::append_in_turns(std::vector<TileId> Wish::*list, bool prefetch) {
  size_t longest = 0;
  for (const Wish& wish : wishes_) longest = std::max(longest, (wish.*list).size());
  for (size_t i = 0; i < longest; ++i) {
    for (const Wish& wish : wishes_) {
      if (i >= (wish.*list).size()) continue;
      const TileId id = (wish.*list)[i];
      const auto [it, is_new] = tiles_.try_emplace(id);
      Tile& tile = it->second;
      if (is_new) tile.work_bytes = expected_bytes(id);
      if (std::exchange(tile.wanted, frame_) == frame_) continue;  // another pane's, or visible
      tile.prefetch = prefetch;
      tile.used = std::max(tile.used, prefetch ? frame_ - kJustSeenFrames : frame_);
      order_.push_back(id);
    }
  }
}

void TileSet::cancel_fetch(TileId id, Actions& actions) {
  Tile& tile = tiles_[id];
  actions.cancels.push_back({tile.ticket});
  in_work_.erase(tile.ticket);
  set_state(tile, TileState::Wanted);
}

void TileSet::cancel_unwanted(Actions& actions) {
  std::vector<TileId> gone;
  for (const auto& [ticket, id] : in_work_) {
    const Tile& tile = tiles_[id];
    if (tile.state == TileState::Fetching && tile.wanted != frame_) gone.push_back(id);
  }
  for (const TileId& id : gone) {
    cancel_fetch(id, actions);
    tiles_.erase(id);
  }
}

// Prefetches leave the wire to what is visible and has to be fetched.
void TileSet::give_way(Actions& actions) {
  for (size_t i = order_.size(); i-- > visible_;) {
    const auto it = tiles_.find(order_[i]);
    if (it != tiles_.end() && it->second.state == TileState::Fetching) cancel_fetch(order_[i], actions);
  }
}

bool TileSet::due(const Tile& tile, int64_t now_us) const {
  return tile.state == TileState::Wanted || tile.state == TileState::Kept ||
         (tile.state == TileState::Failed && tile.retry_us <= now_us);
}

bool TileSet::visible_unfetched(int64_t now_us) const {
  for (size_t i = 0; i < visible_; ++i) {
    const auto it = tiles_.find(order_[i]);
    if (it != tiles_.end() && !it->second.jpeg && due(it->second, now_us)) return true;
  }
  return false;
}

void TileSet::start(TileId id, Tile& tile, Actions& actions) {
  tile.ticket = ++last_ticket_;
  in_work_[tile.ticket] = id;
  if (tile.jpeg) {
    set_state(tile, TileState::Decoding);
    actions.decodes.push_back({tile.ticket, tile.jpeg, half_sizes(id), id.image});
  } else {
    set_state(tile, TileState::Fetching);
    actions.fetches.push_back({tile.ticket, images_.at(id.image).name, id.key});
  }
}

Actions TileSet::step(int64_t now_us) {
  grow_back(now_us);
  Actions actions;
  actions.cancels = std::exchange(cancels_, {});
  if (std::exchange(wants_changed_, false)) {
    order_.clear();
    append_in_turns(&Wish::visible, false);
    visible_ = order_.size();
    append_in_turns(&Wish::prefetch, true);
    cancel_unwanted(actions);
    forget_unwanted_pixels();
    sweep();
  }
  no_room_ = false;
  next_ = 0;
  if (visible_unfetched(now_us)) give_way(actions);
  bool visible_on_the_way = false;
  for (size_t i = 0; i < order_.size(); ++i) {
    const bool prefetch = i >= visible_;
    if (prefetch && (visible_on_the_way || frame_ < no_prefetch_before_)) break;
    const TileId id = order_[i];
    const auto it = tiles_.find(id);
    if (it == tiles_.end()) continue;  // its image was closed
    Tile& tile = it->second;
    const bool starts = due(tile, now_us);
    if (!prefetch) visible_on_the_way |= tile.state == TileState::Fetching || (starts && !tile.jpeg);
    if (!starts || (!tile.jpeg && fetching_ >= (prefetch ? limits_.prefetches : limits_.in_flight))) continue;
    const size_t room = prefetch ? limits_.work_bytes / 2 : limits_.work_bytes;
    if (work_bytes_ > 0 && work_bytes_ + tile.work_bytes > room) break;
    start(id, tile, actions);
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
  // Larger than a tile it would break the budgets.
  if (!pixels || pixels->width < extent.width || pixels->height < extent.height ||
      pixels->width > std::max(kSlotSize, level.tile_width) ||
      pixels->height > std::max(kSlotSize, level.tile_height)) {
    forget_jpeg(*tile);
    fail(*tile, now_us);
    return true;
  }
  tile->failures = 0;
  tile->pixels = std::move(*pixels);
  set_state(*tile, TileState::Decoded);
  decoded_.push_back(id);
  no_room_ = false;
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
    if (!make_room(tile.pixels, tile.prefetch)) {
      // A visible one waits, in nobody's way: a photograph without room does not hold up another pane's
      // tiles.
      if (tile.prefetch) {
        set_state(tile, tile.jpeg ? TileState::Kept : TileState::Wanted);
        no_prefetch_before_ = frame_ + kJustSeenFrames / 2;
      }
      continue;
    }
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
  no_room_ = waiting_ > 0;
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

bool TileSet::completes_view() const {
  if (no_room_) return false;
  bool waits = false;
  for (size_t i = 0; i < visible_; ++i) {
    const auto it = tiles_.find(order_[i]);
    if (it == tiles_.end()) continue;
    const TileState state = it->second.state;
    if (state == TileState::Decoded) waits = true;
    if (state != TileState::Decoded && state != TileState::Ready && state != TileState::Failed) return false;
  }
  return waits;
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
  const int levels =
      half_sizes(id) == HalfSizes::All ? Pixels::full_chain(level.tile_width, level.tile_height) : 2;
  return Pixels::bytes(level.tile_width, level.tile_height, levels);
}

}  // namespace hada::tiles
