#pragma once

// Dawid-Skene: what is true of each case and how each reader errs, both from the votes alone. In Hada it
// orders the queue of QA and decides nothing.

#include <cstdint>
#include <vector>

#include "server/agreement/posterior.h"
#include "server/agreement/votes.h"

namespace hada::agreement {

struct DawidSkeneOptions {
  Candidates candidates = Candidates::Named;
  // Votes as all readers together give them, added to each row of a reader's confusion: a reader with few
  // reads of a rare term then errs as everyone does, not as two votes say. 0 is the model as published.
  double pooled_votes = 0;
  int32_t max_iterations = 100;
  double tolerance = 1e-6;  // ends when the log likelihood of a case, in the mean, gains less
};

// How likely `reader` says `said` where `truth` is true. Only what occurred has a cell; every other
// probability is 0, or with pooled votes a little that no vote asks for.
struct ConfusionCell {
  int32_t reader = 0;
  int32_t truth = 0;
  int32_t said = 0;
  double probability = 0;
};

struct DawidSkene {
  Posterior posterior;
  std::vector<double> prior;             // by term
  std::vector<ConfusionCell> confusion;  // by reader, truth, said
  std::vector<double> reader_accuracy;   // share of a reader's votes that are right, in the mean over the
                                         // posterior; 0 for a reader without votes
  std::vector<double> log_likelihood;    // after each iteration
};

// Expectation-maximization from the shares of votes: Dawid & Skene, Appl. Statist. 28 (1979) 20, equations
// 2.3 to 2.5. Prior and confusion are those of the posterior returned. Memory: about 60 bytes for each
// (vote, candidate of its case) while it runs; time: linear in them for each iteration.
DawidSkene dawid_skene(const Votes& votes, const DawidSkeneOptions& options = {});

}  // namespace hada::agreement
