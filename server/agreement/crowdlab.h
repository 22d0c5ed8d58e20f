#pragma once

// CROWDLAB: votes and a classifier's predictions together. In Hada it orders the queue of QA and decides
// nothing.

#include <cstdint>
#include <optional>
#include <vector>

#include "server/agreement/votes.h"

namespace hada::agreement {

// A classifier's probabilities: `terms` numbers for each case, case by case, each case's summing to 1.
using Predictions = std::vector<double>;

// The term most voted for. Ties: the one the classifier thinks likelier (where there are predictions), then
// the rarer among all votes, then the one named by readers who agree more with the untied majorities, then
// the lowest. -1 for a case without votes.
std::vector<int32_t> majority_vote(const Votes& votes, const Predictions* predictions = nullptr);

struct Crowdlab {
  std::vector<int32_t> consensus;         // by case
  std::vector<double> consensus_quality;  // by case: how likely the consensus is right
  std::vector<double> vote_quality;       // by vote, as in the list: how likely this vote is right
  std::vector<double> agreement;          // by case: share of the votes that equal the consensus
  std::vector<double> reader_quality;     // by reader; NaN for a reader who never voted beside another
  std::vector<double> reader_weight;      // by reader
  double model_weight = 0;
};

// Goh, Tkachenko & Mueller, CROWDLAB, arXiv:2210.06812 (2022), section 3; details as in cleanlab 2.9. Each
// case must have a vote (assert). Nothing where no case has two votes, or with fewer than two terms.
std::optional<Crowdlab> crowdlab(const Votes& votes, const Predictions& predictions);

// Temperature scaling (Guo et al., ICML 2017): each probability to the power of 1 / temperature, normalised.
// Above 1 it flattens, below 1 it sharpens.
Predictions at_temperature(const Predictions& predictions, int32_t terms, double temperature);

// The temperature between 0.1 and 10 that brings the predictions nearest to the votes: the least cross
// entropy of each case's shares of votes, in the mean over the cases. 1 where there is no vote.
//
// cleanlab searches the same minimum on a grid, but for votes held as floating point (as they are where some
// are missing) it moves a case's counts to the first terms, and so finds another temperature: its 7.25 in the
// golden file, where the minimum is near 2. What it then makes of that temperature is right, and tested.
double best_temperature(const Votes& votes, const Predictions& predictions);

}  // namespace hada::agreement
