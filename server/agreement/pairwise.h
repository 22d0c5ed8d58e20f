#pragma once

// Reader by reader: how often two agree on the cases they both read.

#include <cstdint>
#include <optional>
#include <vector>

#include "server/agreement/votes.h"

namespace hada::agreement {

struct PairAgreement {
  int32_t first = 0;  // reader; first < second
  int32_t second = 0;
  int64_t common = 0;           // cases both read, 1 or more
  int64_t agreed = 0;           // of them, those with the same term
  std::optional<double> kappa;  // Cohen's; nothing where chance alone agrees always

  double share() const { return static_cast<double>(agreed) / static_cast<double>(common); }
};

// Every pair with a case in common, by first, then second reader. Of several votes of one reader on a case
// the first counts. Time and memory: of the pairs of votes that share a case.
std::vector<PairAgreement> pair_agreement(const Votes& votes);

}  // namespace hada::agreement
