#include "server/agreement/krippendorff_alpha.h"

#include <cassert>

namespace hada::agreement {
namespace {

// Answers by category, of the cases that have two or more.
std::vector<double> pairable(const Ratings& ratings, Times times) {
  std::vector<double> count(static_cast<size_t>(ratings.categories()), 0.0);
  for (size_t i = 0; i < ratings.cases(); ++i) {
    const auto said = ratings.of(i);
    if (said.size() < 2) continue;
    for (const int32_t answer : said) count[static_cast<size_t>(answer)] += times_of(times, i);
  }
  return count;
}

}  // namespace

Distance nominal_distance(int32_t categories) {
  Distance distance(categories);
  for (int32_t a = 0; a < categories; ++a)
    for (int32_t b = 0; b < a; ++b) distance.set(a, b, 1);
  return distance;
}

Distance interval_distance(std::span<const double> values) {
  Distance distance(static_cast<int32_t>(values.size()));
  for (size_t a = 0; a < values.size(); ++a)
    for (size_t b = 0; b < a; ++b) {
      const double apart = values[a] - values[b];
      distance.set(static_cast<int32_t>(a), static_cast<int32_t>(b), apart * apart);
    }
  return distance;
}

Distance ratio_distance(std::span<const double> values) {
  Distance distance(static_cast<int32_t>(values.size()));
  for (size_t a = 0; a < values.size(); ++a)
    for (size_t b = 0; b < a; ++b) {
      const double sum = values[a] + values[b];
      const double apart = sum == 0 ? 0 : (values[a] - values[b]) / sum;
      distance.set(static_cast<int32_t>(a), static_cast<int32_t>(b), apart * apart);
    }
  return distance;
}

Distance ordinal_distance(const Ratings& ratings) {
  const std::vector<double> count = pairable(ratings, {});
  Distance distance(ratings.categories());
  for (int32_t a = 0; a < ratings.categories(); ++a) {
    double between = 0;
    for (int32_t b = a + 1; b < ratings.categories(); ++b) {
      const double apart = (count[static_cast<size_t>(a)] + count[static_cast<size_t>(b)]) / 2 + between;
      distance.set(a, b, apart * apart);
      between += count[static_cast<size_t>(b)];
    }
  }
  return distance;
}

std::optional<double> krippendorff_alpha(const Ratings& ratings, const Distance& distance, Times times) {
  assert(distance.categories() >= ratings.categories());
  const std::vector<double> count = pairable(ratings, times);
  double total = 0;
  std::vector<int32_t> present;
  for (int32_t c = 0; c < ratings.categories(); ++c) {
    if (count[static_cast<size_t>(c)] == 0) continue;
    total += count[static_cast<size_t>(c)];
    present.push_back(c);
  }

  double expected = 0;
  for (size_t a = 0; a < present.size(); ++a)
    for (size_t b = 0; b < a; ++b)
      expected += count[static_cast<size_t>(present[a])] * count[static_cast<size_t>(present[b])] *
                  distance(present[a], present[b]);
  if (expected <= 0) return std::nullopt;

  double observed = 0;
  for (size_t i = 0; i < ratings.cases(); ++i) {
    const auto said = ratings.of(i);
    const double weight = times_of(times, i);
    if (said.size() < 2 || weight == 0) continue;
    double apart = 0;
    for (size_t a = 0; a < said.size(); ++a)
      for (size_t b = 0; b < a; ++b) apart += distance(said[a], said[b]);
    observed += weight * apart / static_cast<double>(said.size() - 1);
  }
  return 1 - (total - 1) * observed / expected;
}

}  // namespace hada::agreement
