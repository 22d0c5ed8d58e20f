#include "server/agreement/reader_summary.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "server/agreement/bootstrap.h"

namespace hada::agreement {
namespace {

Proportion equal_share(const std::vector<Comparison>& compared) {
  const auto equal = std::count_if(compared.begin(), compared.end(),
                                   [](const Comparison& c) { return c.said == c.against; });
  return proportion(equal, static_cast<int64_t>(compared.size()));
}

}  // namespace

Proportion proportion(int64_t hits, int64_t total) {
  assert(hits >= 0 && hits <= total);
  Proportion result{hits, total, 0, 0, 1};
  if (total == 0) return result;
  constexpr double kZ = 1.959963984540054;
  const auto n = static_cast<double>(total);
  result.share = static_cast<double>(hits) / n;
  const double scale = 1 + kZ * kZ / n;
  const double centre = (result.share + kZ * kZ / (2 * n)) / scale;
  const double half = kZ * std::sqrt(result.share * (1 - result.share) / n + kZ * kZ / (4 * n * n)) / scale;
  result.low = std::max(0.0, centre - half);
  result.high = std::min(1.0, centre + half);
  return result;
}

ReaderSummary summarise(const ReaderRecord& record, size_t limit) {
  ReaderSummary summary;
  summary.gold = equal_share(record.gold);
  summary.repeats = equal_share(record.repeats);
  summary.outcomes = equal_share(record.outcomes);

  std::map<std::pair<int32_t, int32_t>, int64_t> counts;
  for (const Comparison& c : record.outcomes)
    if (c.said != c.against) ++counts[{c.said, c.against}];
  for (const auto& [pair, count] : counts) summary.confusions.push_back({pair.first, pair.second, count});
  std::stable_sort(summary.confusions.begin(), summary.confusions.end(),
                   [](const ConfusionPair& a, const ConfusionPair& b) { return a.count > b.count; });
  if (summary.confusions.size() > limit) summary.confusions.resize(limit);

  if (!record.seconds.empty()) {
    std::vector<double> sorted = record.seconds;
    std::sort(sorted.begin(), sorted.end());
    summary.speed = Speed{quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)};
  }
  return summary;
}

}  // namespace hada::agreement
