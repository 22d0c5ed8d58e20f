#pragma once

// How long the main thread works on a frame, for --frame-stats and the benchmark.

#include <string>
#include <vector>

#include "contract/result.h"

namespace hada::app {

class FrameStats {
 public:
  // Milliseconds from the start of the frame until the picture was handed over (`work`), and until the swap
  // returned.
  void add(double work_ms, double with_swap_ms, bool panning);
  // {"frames": {count, p50, p95, p99, max}, "panning": {...}, "with_swap": {...}}, in milliseconds.
  std::string json() const;

 private:
  std::vector<float> frames_, panning_, with_swap_;
};

// Writes a whole file, or leaves the old one: to a temporary name beside it, then renamed.
Status replace_file(const std::string& path, const std::string& content);

}  // namespace hada::app
