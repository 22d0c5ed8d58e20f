#include "server/agreement/pairwise.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace hada::agreement {
namespace {

struct Meeting {
  int32_t first = 0, second = 0;  // readers
  int32_t said = 0, other = 0;    // what each said

  std::pair<int32_t, int32_t> pair() const { return {first, second}; }
};

// The share of answers that two readers give alike by chance: the sum over the terms of the product of both
// shares.
double expected_agreement(const Meeting* begin, const Meeting* end) {
  std::vector<int32_t> first, second;
  for (const Meeting* m = begin; m != end; ++m) {
    first.push_back(m->said);
    second.push_back(m->other);
  }
  std::sort(first.begin(), first.end());
  std::sort(second.begin(), second.end());
  double expected = 0;
  for (auto at = first.begin(); at != first.end();) {
    const auto next = std::upper_bound(at, first.end(), *at);
    const auto [low, high] = std::equal_range(second.begin(), second.end(), *at);
    expected += static_cast<double>(next - at) * static_cast<double>(high - low);
    at = next;
  }
  return expected / (static_cast<double>(first.size()) * static_cast<double>(first.size()));
}

}  // namespace

std::vector<PairAgreement> pair_agreement(const Votes& votes) {
  const std::vector<size_t> starts = case_starts(votes);
  std::vector<Meeting> meetings;
  std::vector<Vote> said;
  for (size_t i = 0; i + 1 < starts.size(); ++i) {
    said.assign(votes.list.begin() + static_cast<std::ptrdiff_t>(starts[i]),
                votes.list.begin() + static_cast<std::ptrdiff_t>(starts[i + 1]));
    std::stable_sort(said.begin(), said.end(),
                     [](const Vote& a, const Vote& b) { return a.reader < b.reader; });
    said.erase(std::unique(said.begin(), said.end(),
                           [](const Vote& a, const Vote& b) { return a.reader == b.reader; }),
               said.end());
    for (size_t a = 0; a < said.size(); ++a)
      for (size_t b = a + 1; b < said.size(); ++b)
        meetings.push_back({said[a].reader, said[b].reader, said[a].term, said[b].term});
  }
  std::sort(meetings.begin(), meetings.end(),
            [](const Meeting& a, const Meeting& b) { return a.pair() < b.pair(); });

  std::vector<PairAgreement> pairs;
  for (size_t from = 0; from < meetings.size();) {
    size_t to = from;
    PairAgreement pair{meetings[from].first, meetings[from].second, 0, 0, std::nullopt};
    for (; to < meetings.size() && meetings[to].pair() == meetings[from].pair(); ++to) {
      ++pair.common;
      if (meetings[to].said == meetings[to].other) ++pair.agreed;
    }
    const double expected = expected_agreement(meetings.data() + from, meetings.data() + to);
    if (1 - expected > 1e-12) pair.kappa = (pair.share() - expected) / (1 - expected);
    pairs.push_back(pair);
    from = to;
  }
  return pairs;
}

}  // namespace hada::agreement
