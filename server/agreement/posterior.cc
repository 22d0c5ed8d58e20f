#include "server/agreement/posterior.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hada::agreement {

int32_t Posterior::best(size_t i) const {
  const auto shares = of(i);
  if (shares.empty()) return -1;
  return terms_of(i)[static_cast<size_t>(std::max_element(shares.begin(), shares.end()) - shares.begin())];
}

double Posterior::probability_of(size_t i, int32_t term) const {
  const auto candidates = terms_of(i);
  const auto at = std::lower_bound(candidates.begin(), candidates.end(), term);
  if (at == candidates.end() || *at != term) return 0;
  return of(i)[static_cast<size_t>(at - candidates.begin())];
}

Posterior vote_shares(const Votes& votes, Candidates candidates) {
  const std::vector<size_t> starts = case_starts(votes);
  Posterior result;
  result.starts.reserve(starts.size());
  result.starts.push_back(0);
  std::vector<int32_t> said, named;
  for (size_t i = 0; i + 1 < starts.size(); ++i) {
    said.clear();
    for (size_t v = starts[i]; v < starts[i + 1]; ++v) said.push_back(votes.list[v].term);
    std::sort(said.begin(), said.end());
    if (candidates == Candidates::All) {
      named.resize(static_cast<size_t>(votes.terms));
      std::iota(named.begin(), named.end(), 0);
    } else {
      named = said;
      named.erase(std::unique(named.begin(), named.end()), named.end());
    }
    for (const int32_t term : named) {
      const auto [first, last] = std::equal_range(said.begin(), said.end(), term);
      result.terms.push_back(term);
      result.probability.push_back(said.empty() ? 1.0 / static_cast<double>(named.size())
                                                : static_cast<double>(last - first) /
                                                      static_cast<double>(said.size()));
    }
    result.starts.push_back(result.terms.size());
  }
  return result;
}

double normalise_logs(std::span<double> logs) {
  if (logs.empty()) return 0;
  const double largest = *std::max_element(logs.begin(), logs.end());
  double sum = 0;
  for (double& value : logs) {
    value = std::exp(value - largest);
    sum += value;
  }
  for (double& value : logs) value /= sum;
  return largest + std::log(sum);
}

}  // namespace hada::agreement
