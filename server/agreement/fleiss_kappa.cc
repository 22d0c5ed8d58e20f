#include "server/agreement/fleiss_kappa.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace hada::agreement {

std::optional<FleissKappa> fleiss_kappa(const Ratings& ratings, Times times) {
  const auto categories = static_cast<size_t>(ratings.categories());
  std::vector<double> answers(categories, 0.0);   // by category
  std::vector<double> disputes(categories, 0.0);  // ordered pairs, this category against another
  FleissKappa result;
  result.case_agreement.reserve(ratings.cases());
  double cases = 0, readers = 0;
  std::vector<int32_t> sorted;
  for (size_t i = 0; i < ratings.cases(); ++i) {
    const auto said = ratings.of(i);
    const double weight = times_of(times, i);
    if (weight == 0) {
      result.case_agreement.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    const auto n = static_cast<double>(said.size());
    assert(n >= 2 && (cases == 0 || n == readers));
    readers = n;
    sorted.assign(said.begin(), said.end());
    std::sort(sorted.begin(), sorted.end());
    double agreeing = 0;
    for (auto first = sorted.begin(); first != sorted.end();) {
      const auto last = std::upper_bound(first, sorted.end(), *first);
      const auto count = static_cast<double>(last - first);
      const auto category = static_cast<size_t>(*first);
      answers[category] += weight * count;
      disputes[category] += weight * count * (n - count);
      agreeing += count * (count - 1);
      first = last;
    }
    result.case_agreement.push_back(agreeing / (n * (n - 1)));
    result.observed += weight * result.case_agreement.back();
    cases += weight;
  }
  if (cases == 0) return std::nullopt;

  result.observed /= cases;
  double pq = 0, skew = 0;
  for (size_t j = 0; j < categories; ++j) {
    const double p = answers[j] / (cases * readers), q = 1 - p;
    result.share.push_back(p);
    result.expected += p * p;
    pq += p * q;
    skew += p * q * (q - p);
    const double possible = cases * readers * (readers - 1) * p * q;
    result.kappa_by_category.push_back(possible > 0 ? 1 - disputes[j] / possible
                                                    : std::numeric_limits<double>::quiet_NaN());
  }
  if (pq <= 1e-12) return std::nullopt;
  result.kappa = (result.observed - result.expected) / (1 - result.expected);
  result.se0 = std::sqrt(2 * std::max(0.0, pq * pq - skew) / (cases * readers * (readers - 1))) / pq;
  result.z = result.se0 > 0 ? result.kappa / result.se0 : 0;
  return result;
}

}  // namespace hada::agreement
