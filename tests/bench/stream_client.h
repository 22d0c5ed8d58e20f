#pragma once

// The client's streaming parts joined as the workstation joins them, without its window: backend, tile set,
// decoder. For benchmarks: it notes when each tile was asked for and when it came.

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "client/net/grpc_backend.h"
#include "client/tiles/decoder.h"
#include "client/tiles/tile_set.h"

namespace hada::bench {

using Clock = std::chrono::steady_clock;

inline double ms_between(Clock::time_point a, Clock::time_point b) {
  return std::chrono::duration<double, std::milli>(b - a).count();
}
inline double ms_since(Clock::time_point start) { return ms_between(start, Clock::now()); }
inline int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count();
}

// Of unsorted values; 0 of none.
inline double quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<size_t>(q * static_cast<double>(values.size())))];
}

class StreamClient {
 public:
  struct TileTimes {
    contract::TileKey key;
    Clock::time_point asked, came;  // zero: not yet
    size_t bytes = 0;
    bool cancelled = false;
  };

  StreamClient(const std::string& address, const std::string& tls_ca, const tiles::TileLimits& limits = {})
      : tiles_(limits), mailbox_([this] { wake(); }), decoder_(2) {
    auto backend = net::GrpcBackend::create({address, tls_ca, "hada/bench", {}}, mailbox_);
    if (!backend) throw std::runtime_error(backend.error().message);
    backend_ = std::move(*backend);
  }

  void log_in(const std::string& user, const std::string& password) {
    backend_->submit(model::effect::Login{1, user, password});
    if (!wait([this] { return logged_in_; }, std::chrono::seconds(20)))
      throw std::runtime_error("cannot log in: " + error_);
  }

  tiles::TileSet& tiles() { return tiles_; }

  // One frame's wish of one pane; the tiles asked for by it follow in times().
  void look(tiles::ImageId image, const tiles::Wanted& wanted) {
    tiles_.begin_frame();
    tiles_.want(image, wanted);
    step();
  }

  // Takes what has come. True when there was something.
  bool pump() {
    bool any = false;
    for (model::Reply& reply : mailbox_.take()) {
      any = true;
      if (auto* tile = std::get_if<model::reply::Tile>(&reply)) take(*tile);
      if (const auto* in = std::get_if<model::reply::LoggedIn>(&reply)) {
        logged_in_ = !in->error;
        if (in->error) error_ = in->error->reason;
      }
    }
    std::vector<std::pair<uint64_t, Result<tiles::Pixels>>> taken;
    {
      std::lock_guard lock(mutex_);
      taken.swap(decoded_);
      woken_ = false;
    }
    for (auto& [ticket, pixels] : taken) {
      any = true;
      tiles_.decoded(ticket, std::move(pixels), now_us());
    }
    if (any) step();
    return any;
  }

  // Pumps until the condition holds; false after the timeout.
  bool wait(const std::function<bool()>& condition, std::chrono::milliseconds timeout) {
    const auto end = Clock::now() + timeout;
    while (!condition()) {
      if (pump()) continue;
      std::unique_lock lock(mutex_);
      if (!came_.wait_until(lock, end, [this] { return woken_; })) return false;
    }
    return true;
  }

  // Tiles of `keys` that are decoded or already uploaded.
  bool have(tiles::ImageId image, const std::vector<contract::TileKey>& keys) const {
    return std::all_of(keys.begin(), keys.end(), [&](const contract::TileKey& key) {
      const auto state = tiles_.state({image, key});
      return state == tiles::TileState::Decoded || state == tiles::TileState::Ready;
    });
  }

  // What a frame does, without a GPU.
  void upload_all() {
    while (tiles_.next_upload()) {
    }
    tiles_.take_dropped();
  }

  // By ticket of the fetch, so in the order of asking.
  const std::map<uint64_t, TileTimes>& times() const { return times_; }
  void forget_times() { times_.clear(); }
  int on_the_wire() const {
    return static_cast<int>(std::count_if(times_.begin(), times_.end(), [](const auto& entry) {
      return entry.second.came == Clock::time_point{} && !entry.second.cancelled;
    }));
  }
  int stale() const { return stale_; }  // tiles that came although they were cancelled

 private:
  void wake() {
    std::lock_guard lock(mutex_);
    woken_ = true;
    came_.notify_one();
  }

  void take(model::reply::Tile& tile) {
    if (auto it = times_.find(tile.ticket); it != times_.end()) {
      it->second.came = Clock::now();
      it->second.bytes = tile.jpeg.size();
    }
    if (tile.error) error_ = tile.error->reason;
    const bool known =
        tile.error
            ? tiles_.fetched(tile.ticket, Unexpected(ErrorCode::Unknown, tile.error->reason, ""), now_us())
            : tiles_.fetched(tile.ticket, std::move(tile.jpeg), now_us());
    if (!known) ++stale_;
  }

  void step() {
    tiles::Actions actions = tiles_.step(now_us());
    for (const tiles::Cancel& cancel : actions.cancels) {
      if (auto it = times_.find(cancel.ticket); it != times_.end()) it->second.cancelled = true;
      backend_->submit(model::effect::Cancel{cancel.ticket});
    }
    for (auto job = actions.decodes.rbegin(); job != actions.decodes.rend(); ++job) {
      decoder_.submit(
          {std::move(job->jpeg), job->half_sizes, [this, ticket = job->ticket](Result<tiles::Pixels> pixels) {
             {
               std::lock_guard lock(mutex_);
               decoded_.emplace_back(ticket, std::move(pixels));
             }
             wake();
           }});
    }
    for (tiles::Fetch& fetch : actions.fetches) {
      times_[fetch.ticket] = {fetch.key, Clock::now(), {}, 0, false};
      backend_->submit(model::effect::GetTile{fetch.ticket, std::move(fetch.image), fetch.key});
    }
  }

  tiles::TileSet tiles_;
  bool logged_in_ = false;
  std::string error_;
  int stale_ = 0;
  std::map<uint64_t, TileTimes> times_;
  std::mutex mutex_;
  std::condition_variable came_;
  bool woken_ = false;                                               // guarded by mutex_
  std::vector<std::pair<uint64_t, Result<tiles::Pixels>>> decoded_;  // guarded by mutex_
  net::Mailbox mailbox_;
  std::unique_ptr<net::GrpcBackend> backend_;
  tiles::Decoder decoder_;  // last: its threads use the members above
};

}  // namespace hada::bench
