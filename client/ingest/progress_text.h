#pragma once

// The words of a progress bar; whoever calls prints them. Pure.

#include <cstdint>
#include <string>

#include "client/ingest/upload.h"

namespace hada::ingest {

// "940 B", "1.2 MiB".
std::string bytes_text(int64_t bytes);

// "0:07", "12:30", "3:05:00".
std::string duration_text(double seconds);

// Turns counts into one line: images, bytes, rate, time left. Keeps a smoothed rate between calls.
class ProgressText {
 public:
  // `seconds` since the start, growing from call to call; `width` of the bar in characters, 0 for none.
  std::string line(const Progress& progress, double seconds, int width);

 private:
  double last_seconds_ = 0;
  int64_t last_bytes_ = 0;
  double rate_ = 0;  // bytes per second
};

}  // namespace hada::ingest
