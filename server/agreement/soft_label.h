#pragma once

// The distribution over diagnoses that the votes of one case amount to.

#include <cstdint>
#include <span>
#include <vector>

namespace hada::agreement {

struct RankedTerm {
  int32_t term = 0;
  int32_t rank = 1;  // 1 is first; equal ranks are ties
};
using Differential = std::vector<RankedTerm>;

struct TermShare {
  int32_t term = 0;
  double share = 0;
};

// Inverse rank: the n-th place of a differential weighs 1 / n, tied terms share the weights of the places
// they take ({a, b} tied, then c: 3/4, 3/4, 1/3); summed over the votes and normalised to 1 (Liu et al., Nat.
// Med. 26 (2020) 900; SCIN: Ward et al., JAMA Netw. Open 7 (2024) e2446615). Largest share first, then by
// term. A term named twice in one differential counts at its better place. Empty without a named term.
std::vector<TermShare> soft_label(std::span<const Differential> votes);

}  // namespace hada::agreement
