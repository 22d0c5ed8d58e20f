#include "server/agreement/bootstrap.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace hada::agreement {

uint64_t Random::next() {
  state_ += 0x9E3779B97F4A7C15u;
  uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

uint64_t Random::below(uint64_t bound) {
  assert(bound > 0);
  // The last, incomplete run of remainders would make the small ones likelier.
  const uint64_t excess = (UINT64_MAX % bound + 1) % bound;
  uint64_t drawn = next();
  while (drawn > UINT64_MAX - excess) drawn = next();
  return drawn % bound;
}

double quantile(const std::vector<double>& sorted, double share) {
  assert(!sorted.empty());
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(std::floor(place));
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - std::floor(place)) * (sorted[above] - sorted[below]);
}

std::optional<Interval> bootstrap_interval(size_t cases, const CaseStatistic& statistic,
                                           const BootstrapOptions& options) {
  if (cases == 0) return std::nullopt;
  Random random(options.seed);
  std::vector<int32_t> times(cases);
  std::vector<double> values;
  for (int32_t draw = 0; draw < options.draws; ++draw) {
    std::fill(times.begin(), times.end(), 0);
    for (size_t i = 0; i < cases; ++i) ++times[random.below(cases)];
    if (const auto value = statistic(times)) values.push_back(*value);
  }
  if (values.empty() || values.size() * 2 < static_cast<size_t>(options.draws)) return std::nullopt;
  std::sort(values.begin(), values.end());
  const double tail = (1 - options.level) / 2;
  return Interval{quantile(values, tail), quantile(values, 1 - tail)};
}

}  // namespace hada::agreement
