#pragma once

// Fleiss' kappa of any number of readers, the same number for each case.

#include <optional>
#include <vector>

#include "server/agreement/votes.h"

namespace hada::agreement {

struct FleissKappa {
  double kappa = 0;
  double observed = 0;                    // mean share of agreeing pairs
  double expected = 0;                    // the same by chance
  double se0 = 0;                         // standard error if kappa were 0
  double z = 0;                           // kappa / se0
  std::vector<double> share;              // of all answers, by category
  std::vector<double> kappa_by_category;  // this category against all others; NaN where nobody or everybody
                                          // chose it
  std::vector<double> case_agreement;     // share of agreeing pairs, by case
};

// Kappa: Fleiss, Psychol. Bull. 76 (1971) 378; errors: Fleiss, Nee & Landis, Psychol. Bull. 86 (1979) 974.
// Every case that counts must have the same number of answers, two or more (assert). Nothing
// without a case, or where all answers are one category.
std::optional<FleissKappa> fleiss_kappa(const Ratings& ratings, Times times = {});

}  // namespace hada::agreement
