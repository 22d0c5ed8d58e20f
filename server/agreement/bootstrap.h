#pragma once

// Intervals by drawing the cases anew.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "server/agreement/votes.h"

namespace hada::agreement {

// SplitMix64 (Steele, Lea & Flood 2014): the same numbers on every machine and with every standard library.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t next();
  // A whole number below `bound` (1 or more), each equally likely.
  uint64_t below(uint64_t bound);
  // In [0, 1).
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

 private:
  uint64_t state_ = 0;
};

struct Interval {
  double low = 0;
  double high = 0;
};

struct BootstrapOptions {
  int32_t draws = 1000;
  double level = 0.95;  // share of the draws inside the interval
  uint64_t seed = 1;
};

// A statistic over the cases, each counted as often as told.
using CaseStatistic = std::function<std::optional<double>(Times)>;

// Percentile interval: Efron & Tibshirani, An Introduction to the Bootstrap (1993), chapter 13; cases are
// drawn with replacement, readers stay as they are, so it speaks for other cases of the same readers.
// Quantiles are interpolated (Hyndman & Fan 1996, type 7). Draws without a value are left out; nothing when
// fewer than half have one. The same seed gives the same interval everywhere.
std::optional<Interval> bootstrap_interval(size_t cases, const CaseStatistic& statistic,
                                           const BootstrapOptions& options = {});

// Hyndman & Fan 1996, type 7. `sorted` ascending, not empty; `share` in [0, 1].
double quantile(const std::vector<double>& sorted, double share);

}  // namespace hada::agreement
