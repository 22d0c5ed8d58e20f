#pragma once

// JPEG to pixels on worker threads, newest job first: what was asked last is what the user looks at now.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "client/tiles/colour_grid.h"
#include "client/tiles/pixels.h"
#include "contract/result.h"

namespace hada::tiles {

// The half sizes to build: none, one (a tile of a pyramid whose next level is more than twice coarser), or
// all (a photograph, a thumbnail).
enum class HalfSizes { None, One, All };

// Decodes one JPEG (grey, YCbCr or RGB). Any damage that loses pixels is DATA_LOSS / CORRUPT_TILE: a
// half-grey tile must not pass for tissue. A picture of more than 64 megapixels is refused before memory is
// taken. `colour`, where given, brings the pixels to the display's colours before half sizes are built.
Result<Pixels> decode_jpeg(const std::string& jpeg, HalfSizes half_sizes, const ColourGrid* colour = nullptr);

struct DecodeJob {
  std::shared_ptr<const std::string> jpeg;
  HalfSizes half_sizes = HalfSizes::None;
  std::function<void(Result<Pixels>)> done;  // called on a worker thread; must not block
  SharedColour colour = {};                  // to the display's colours; without state: none
};

class Decoder {
 public:
  explicit Decoder(int threads);
  // Waits for the jobs that run; those that wait are dropped, their `done` never called.
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // Any thread. The caller bounds how many jobs wait.
  void submit(DecodeJob job);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<DecodeJob> jobs_;  // guarded by mutex_; the last is the newest
  bool stopping_ = false;        // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace hada::tiles
