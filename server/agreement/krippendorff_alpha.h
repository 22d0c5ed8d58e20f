#pragma once

// Krippendorff's alpha: any number of readers, missing answers, any distance between answers.

#include <optional>
#include <span>
#include <vector>

#include "server/agreement/votes.h"

namespace hada::agreement {

// How far apart two answers are, as alpha weighs it: 0 for equal answers, symmetric, never negative. The
// metrics of Krippendorff (below) are squared differences and stand here squared.
class Distance {
 public:
  explicit Distance(int32_t categories)
      : categories_(categories),
        between_(static_cast<size_t>(categories) * static_cast<size_t>(categories), 0.0) {}

  int32_t categories() const { return categories_; }
  double operator()(int32_t a, int32_t b) const { return between_[index(a, b)]; }
  void set(int32_t a, int32_t b, double distance) {
    between_[index(a, b)] = distance;
    between_[index(b, a)] = distance;
  }

 private:
  size_t index(int32_t a, int32_t b) const {
    return static_cast<size_t>(a) * static_cast<size_t>(categories_) + static_cast<size_t>(b);
  }
  int32_t categories_ = 0;
  std::vector<double> between_;
};

// Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section E. Nominal: 1 unless equal.
// Interval: (a - b)^2. Ratio: ((a - b) / (a + b))^2. `values` are what the categories stand for.
Distance nominal_distance(int32_t categories);
Distance interval_distance(std::span<const double> values);
Distance ratio_distance(std::span<const double> values);
// Ordinal: the square of how many of the answers in `ratings` lie between, half of those at both ends.
// Category 0 is the lowest. It depends on the data: under the bootstrap that of the whole sample stays.
Distance ordinal_distance(const Ratings& ratings);

// 1 - observed / expected disagreement (Krippendorff 2011, as above; 1 is perfect, 0 is chance). Cases with
// fewer than two answers do not count. Nothing where no case has two, or all answers are one category.
std::optional<double> krippendorff_alpha(const Ratings& ratings, const Distance& distance, Times times = {});

}  // namespace hada::agreement
