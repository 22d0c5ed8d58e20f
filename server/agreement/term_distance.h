#pragma once

// How far apart two diagnoses stand in the tree of terms: 0 the same, 1 with nothing in common.

#include <cstdint>
#include <span>
#include <vector>

#include "server/agreement/krippendorff_alpha.h"

namespace hada::agreement {

// Terms as indexes. A term may have several parents (it is a DAG); a term without one hangs below a common
// root that is no term itself.
class TermTree {
 public:
  // `parents[t]` are the parents of term t, anywhere in the list. There must be no cycle.
  explicit TermTree(std::vector<std::vector<int32_t>> parents);

  int32_t size() const { return static_cast<int32_t>(above_.size()); }

  // Steps of the shortest way from one to the other over an ancestor that both have, by the steps of the way
  // over the root: 1 - similarity of Wu & Palmer (ACL 1994), for a DAG by shortest ways. A flat vocabulary
  // gives 0 and 1. Siblings at depth d are 1 / d apart.
  double between(int32_t a, int32_t b) const;

  // For differentials whose first place is tied: the mean over the terms of each side of the distance to the
  // nearest of the other side, and of both sides the mean (Dubuisson & Jain, ICPR 1994). {a} and {a, b} are a
  // quarter of the way from a to b apart. Neither is empty.
  double between_sets(std::span<const int32_t> a, std::span<const int32_t> b) const;

  // For krippendorff_alpha, over sets that the caller numbered.
  Distance distances(std::span<const std::vector<int32_t>> sets) const;

 private:
  struct Above {
    int32_t ancestor = 0;  // the term itself included
    int32_t steps = 0;     // of the shortest way up
  };
  std::vector<std::vector<Above>> above_;  // by term; by ancestor
  std::vector<int32_t> depth_;             // steps up to the root
};

}  // namespace hada::agreement
