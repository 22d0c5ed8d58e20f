#pragma once

// Every tile the client knows, as a table of states: what to fetch, cancel, decode, upload and forget. No GL,
// no network, no thread, no clock: the app carries out what `step` and `next_upload` say and reports back.
// Main thread only.
//
//   Wanted -> Fetching -> Decoding -> Decoded -> Ready (on the GPU)
//                |            |                    |  out of room
//                +-> Failed <-+                   Kept (its JPEG only) -> Decoding ...
//
// Budgets, in bytes, that hold: textures (small tiles count as one slot each, larger ones by size), kept
// JPEGs, and the pixels between decoding and upload. What goes first is what was used longest ago; what this
// frame uses stays. When the GPU refuses memory the budget of textures shrinks, and while it refuses nothing
// it grows back, slowly.
//
// Prefetches yield to everything: none is asked for while a visible tile is on its way, they are cancelled
// when a visible tile has to be fetched, and they push out only what was seen long ago.

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "client/tiles/cover.h"
#include "client/tiles/decoder.h"
#include "client/tiles/pixels.h"
#include "contract/pyramid.h"
#include "contract/result.h"

namespace hada::tiles {

// A tile that fits shares a texture array with others; a larger one has a texture of its own.
inline constexpr int kSlotSize = 256;
// A tile that was used within so many frames was "just seen": no prefetch pushes it out.
inline constexpr uint64_t kJustSeenFrames = 64;
inline bool fits_slot(int width, int height) { return width <= kSlotSize && height <= kSlotSize; }

using ImageId = uint32_t;  // given by TileSet::open; 0 is none

struct TileId {
  ImageId image = 0;
  TileKey key;
  auto operator<=>(const TileId&) const = default;
};

struct TileIdHash {
  size_t operator()(const TileId& id) const {
    return contract::TileKeyHash{}(id.key) ^ (id.image * size_t{0x9E3779B97F4A7C15});
  }
};

// What to do outside. Tickets have the top bit set, so that they never meet the model's own.
struct Fetch {
  uint64_t ticket = 0;
  std::string image;  // resource name
  TileKey key;
};
struct Cancel {
  uint64_t ticket = 0;
};
struct Decode {
  uint64_t ticket = 0;
  std::shared_ptr<const std::string> jpeg;
  HalfSizes half_sizes = HalfSizes::None;
  ImageId image = 0;
};
struct Actions {
  std::vector<Fetch> fetches;
  std::vector<Cancel> cancels;
  std::vector<Decode> decodes;
};

struct Upload {
  TileId id;
  Pixels pixels;
};

enum class TileState { Wanted, Fetching, Decoding, Decoded, Ready, Kept, Failed };

struct TileLimits {
  // Fetches. Over 50 ms and 20 Mbit/s the wire holds a dozen tiles; with 16 asked for it runs dry when a few
  // are small or the server is late, with 32 it does not (tests/bench/link_bench).
  int in_flight = 32;
  int prefetches = 8;  // of those, for what is not visible yet
  size_t work_bytes =
      96u << 20;     // pixels of what is fetching, decoding or waiting for the GPU; one tile always may
  int slots = 1152;  // small tiles on the GPU
  size_t large_bytes = 320u << 20;  // larger tiles on the GPU
  size_t jpeg_bytes = 256u << 20;   // kept JPEGs
};

// Below these the budget of textures does not shrink: one page of small tiles, one photograph.
inline constexpr int kLeastSlots = 64;
inline constexpr size_t kLeastLargeBytes = 32u << 20;
// So long without a refusal or a growth, then a budget that was refused grows by an eighth: what took the
// GPU's memory may have gone.
inline constexpr int64_t kGrowBackUs = 60'000'000;

class TileSet {
 public:
  explicit TileSet(TileLimits limits = {}) : limits_(limits), full_(limits) {}

  // Opening an image twice gives the same id and shares its tiles; it is closed as often as it was opened.
  ImageId open(const std::string& image, const Pyramid& pyramid);
  void close(ImageId image);
  const Pyramid& pyramid(ImageId image) const { return images_.at(image).pyramid; }

  // Each frame: begin_frame, then want for each pane (most wanted first; panes take turns), then step.
  // Between frames step may be called again, after answers: it goes on with the same wishes.
  void begin_frame();
  void want(ImageId image, const Wanted& wanted);
  // Fetches of what nobody wants any more are cancelled; the most wanted missing tiles are fetched or
  // decoded.
  Actions step(int64_t now_us);

  // Answers. False: stale, nothing changed. A failed tile is fetched again after 1 s, 2 s, 4 s ... at most 60
  // s.
  bool fetched(uint64_t ticket, Result<std::string> jpeg, int64_t now_us);
  bool decoded(uint64_t ticket, Result<Pixels> pixels, int64_t now_us);
  // Failed tiles may be fetched again at once: the connection came back.
  void forgive();

  // The most wanted tile that waits for the GPU, once there is room for it; from now on it counts as Ready.
  // What had to leave for it is in take_dropped(), which the renderer must obey before the upload.
  std::optional<Upload> next_upload();
  std::vector<TileId> take_dropped();
  // The GPU had no memory for the upload that next_upload just gave. Its budget is halved, down to a floor,
  // what was used longest ago leaves (see take_dropped), and the tile waits for room; at the floor it has
  // failed and is tried again later.
  void refused(TileId id, int64_t now_us);
  // The GPU did not take that upload for another reason: the tile has failed, budgets stay.
  void upload_failed(TileId id, int64_t now_us);
  // All textures are gone with their context. What is wanted comes back from the kept JPEGs.
  void textures_lost();

  bool ready(TileId id) const;
  // The tiles drawn in this frame: they are in use.
  void drawn(ImageId image, const std::vector<DrawItem>& plan);

  std::optional<TileState> state(TileId id) const;
  // Nothing is being fetched or decoded, and nothing that there is room for waits for the GPU.
  bool idle() const { return fetching_ == 0 && decoding_ == 0 && (waiting_ == 0 || no_room_); }
  // All that is visible has come, and some of it waits for the GPU: a frame now completes the picture, while
  // prefetches may still be on their way.
  bool completes_view() const;
  // next_upload has more to give.
  bool uploads_waiting() const { return waiting_ > 0 && !no_room_; }
  // When the earliest wanted failed tile is due; absent when there is none.
  std::optional<int64_t> next_retry_us() const;

  // Tiles being fetched or decoded.
  int in_work() const { return fetching_ + decoding_; }
  // What holds now.
  const TileLimits& limits() const { return limits_; }
  size_t work_bytes() const { return work_bytes_; }
  int slots_used() const { return slots_used_; }
  size_t large_bytes() const { return large_bytes_; }
  size_t jpeg_bytes() const { return jpeg_bytes_; }

 private:
  struct ImageEntry {
    std::string name;
    Pyramid pyramid;
    int opened = 0;
  };
  struct Tile {
    TileState state = TileState::Wanted;
    uint64_t ticket = 0;
    uint64_t used = 0;      // the frame that last showed it; a prefetch counts as used long ago
    uint64_t wanted = 0;    // the frame that last wanted it
    bool prefetch = false;  // of this frame's wishes: not visible yet
    std::shared_ptr<const std::string> jpeg;
    Pixels pixels;          // Decoded
    size_t gpu_bytes = 0;   // Ready, of a large tile
    size_t work_bytes = 0;  // its pixels' size as expected from the pyramid
    bool small = true;      // Ready
    int failures = 0;
    int64_t retry_us = 0;
  };
  using Tiles = std::unordered_map<TileId, Tile, TileIdHash>;

  struct Wish {
    std::vector<TileId> visible, prefetch;
  };

  void append_in_turns(std::vector<TileId> Wish::*list, bool prefetch);
  void cancel_unwanted(Actions& actions);
  void cancel_fetch(TileId id, Actions& actions);
  bool visible_unfetched(int64_t now_us) const;
  bool due(const Tile& tile, int64_t now_us) const;
  void start(TileId id, Tile& tile, Actions& actions);
  void give_way(Actions& actions);
  void forget_unwanted_pixels();
  void sweep();
  void set_wanted_order();
  void set_state(Tile& tile, TileState state);
  void fail(Tile& tile, int64_t now_us);
  Tile* answered(uint64_t ticket, TileState expected);
  void leave_gpu(TileId id, Tile& tile);
  void forget_jpeg(Tile& tile);
  bool make_room(const Pixels& pixels, bool prefetch);
  void shrink_to_limits(bool small);
  void grow_back(int64_t now_us);
  void trim_jpegs();
  HalfSizes half_sizes(TileId id) const;
  size_t expected_bytes(TileId id) const;

  TileLimits limits_;  // as long as the GPU refuses nothing: full_
  const TileLimits full_;
  int64_t budget_changed_us_ = 0;
  ImageId last_image_ = 0;
  uint64_t last_ticket_ = uint64_t{1} << 63;
  uint64_t frame_ = kJustSeenFrames + 1;
  std::unordered_map<ImageId, ImageEntry> images_;
  std::unordered_map<std::string, ImageId> ids_;
  Tiles tiles_;
  std::unordered_map<uint64_t, TileId> in_work_;  // tickets of what is fetching or decoding
  std::vector<Wish> wishes_;                      // by pane, this frame
  std::vector<TileId> order_;                     // all wishes, panes interleaved, each once; prefetches last
  size_t visible_ = 0;                            // how many of them are visible
  uint64_t no_prefetch_before_ = 0;               // the frame until which there is no room for prefetches
  std::vector<TileId> dropped_;
  std::vector<Cancel> cancels_;  // of closed images
  std::vector<TileId> decoded_;  // what became Decoded since the last step that found it wanted no more
  size_t next_ = 0;              // where in order_ next_upload goes on
  size_t sweep_at_ = 4096;       // table size at which garbage is looked for
  size_t work_bytes_ = 0;
  int fetching_ = 0, decoding_ = 0, waiting_ = 0;
  int slots_used_ = 0;
  size_t large_bytes_ = 0, jpeg_bytes_ = 0;
  bool no_room_ = false;
  bool wants_changed_ = false;
};

}  // namespace hada::tiles
