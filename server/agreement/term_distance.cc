#include "server/agreement/term_distance.h"

#include <algorithm>
#include <cassert>

namespace hada::agreement {

TermTree::TermTree(std::vector<std::vector<int32_t>> parents) {
  above_.resize(parents.size());
  depth_.resize(parents.size());
  std::vector<int32_t> steps(parents.size(), -1);
  for (size_t term = 0; term < parents.size(); ++term) {
    // Breadth first, so that each ancestor is met by its shortest way.
    std::vector<int32_t> met{static_cast<int32_t>(term)};
    steps[term] = 0;
    int32_t to_root = -1;
    for (size_t next = 0; next < met.size(); ++next) {
      const auto at = static_cast<size_t>(met[next]);
      if (parents[at].empty() && to_root < 0) to_root = steps[at] + 1;
      for (const int32_t parent : parents[at]) {
        if (steps[static_cast<size_t>(parent)] >= 0) continue;
        steps[static_cast<size_t>(parent)] = steps[at] + 1;
        met.push_back(parent);
      }
    }
    assert(to_root > 0);
    depth_[term] = to_root;
    std::sort(met.begin(), met.end());
    for (const int32_t ancestor : met) {
      above_[term].push_back({ancestor, steps[static_cast<size_t>(ancestor)]});
      steps[static_cast<size_t>(ancestor)] = -1;
    }
  }
}

double TermTree::between(int32_t a, int32_t b) const {
  if (a == b) return 0;
  const auto& up_a = above_[static_cast<size_t>(a)];
  const auto& up_b = above_[static_cast<size_t>(b)];
  const int32_t over_root = depth_[static_cast<size_t>(a)] + depth_[static_cast<size_t>(b)];
  int32_t shortest = over_root;
  for (auto x = up_a.begin(), y = up_b.begin(); x != up_a.end() && y != up_b.end();) {
    if (x->ancestor == y->ancestor) shortest = std::min(shortest, x->steps + y->steps);
    const bool advance_x = x->ancestor <= y->ancestor, advance_y = y->ancestor <= x->ancestor;
    if (advance_x) ++x;
    if (advance_y) ++y;
  }
  return static_cast<double>(shortest) / over_root;
}

double TermTree::between_sets(std::span<const int32_t> a, std::span<const int32_t> b) const {
  assert(!a.empty() && !b.empty());
  const auto mean_to_nearest = [this](std::span<const int32_t> from, std::span<const int32_t> to) {
    double sum = 0;
    for (const int32_t term : from) {
      double nearest = 1;
      for (const int32_t other : to) nearest = std::min(nearest, between(term, other));
      sum += nearest;
    }
    return sum / static_cast<double>(from.size());
  };
  return (mean_to_nearest(a, b) + mean_to_nearest(b, a)) / 2;
}

Distance TermTree::distances(std::span<const std::vector<int32_t>> sets) const {
  Distance distance(static_cast<int32_t>(sets.size()));
  for (size_t i = 0; i < sets.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      distance.set(static_cast<int32_t>(i), static_cast<int32_t>(j), between_sets(sets[i], sets[j]));
  return distance;
}

}  // namespace hada::agreement
