#pragma once

// The one-coin model: Dawid-Skene with one number a reader, how often they are right. For readers with too
// few reads for a confusion of their own.

#include <cstdint>
#include <vector>

#include "server/agreement/posterior.h"
#include "server/agreement/votes.h"

namespace hada::agreement {

struct OneCoinOptions {
  Candidates candidates = Candidates::Named;
  int32_t max_iterations = 100;
  double tolerance = 1e-6;  // ends when the log likelihood of a case, in the mean, gains less
};

struct OneCoin {
  Posterior posterior;
  std::vector<double> prior;           // by term
  std::vector<double> skill;           // by reader: probability of the true term; 0 without votes
  std::vector<double> log_likelihood;  // after each iteration
};

// A reader with skill s says the true term with probability s, each of the other terms with
// (1 - s) / (terms - 1). Zhang, Chen, Zhou & Jordan, JMLR 17 (2016) 102, section 2; expectation-maximization
// from the shares of votes. Prior and skill are those of the posterior returned.
OneCoin one_coin(const Votes& votes, const OneCoinOptions& options = {});

}  // namespace hada::agreement
