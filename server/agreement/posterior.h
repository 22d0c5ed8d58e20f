#pragma once

// For each case, the terms that may be true and how likely each is: sparse, since a reader names few of
// hundreds of terms.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "server/agreement/votes.h"

namespace hada::agreement {

// Which terms a case may be.
enum class Candidates {
  Named,  // those that a vote on it named: what makes a million cases possible
  All,    // every term: the model as published
};

// Of case i the terms and probabilities [starts[i], starts[i + 1]), by term. A case without votes has none
// where the candidates are the named ones.
struct Posterior {
  std::vector<size_t> starts;
  std::vector<int32_t> terms;
  std::vector<double> probability;

  size_t cases() const { return starts.size() - 1; }
  std::span<const int32_t> terms_of(size_t i) const { return {terms.data() + starts[i], size(i)}; }
  std::span<const double> of(size_t i) const { return {probability.data() + starts[i], size(i)}; }
  std::span<double> of(size_t i) { return {probability.data() + starts[i], size(i)}; }
  // The likeliest, the lowest among equals; -1 without candidates.
  int32_t best(size_t i) const;
  double probability_of(size_t i, int32_t term) const;  // 0 for what is no candidate

 private:
  size_t size(size_t i) const { return starts[i + 1] - starts[i]; }
};

// Each candidate's share of the case's votes: where expectation-maximization begins. Its best() is the
// majority vote.
Posterior vote_shares(const Votes& votes, Candidates candidates);

// Turns logarithms of joint probabilities into probabilities that sum to 1; returns the logarithm of their
// sum.
double normalise_logs(std::span<double> logs);

}  // namespace hada::agreement
