#include "server/agreement/dawid_skene.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace hada::agreement {
namespace {

// One confusion cell for each (reader, truth, said) that some vote and some candidate of its case make, found
// once: an iteration then only follows numbers.
class Cells {
 public:
  Cells(const Votes& votes, const std::vector<size_t>& starts, const Posterior& posterior) {
    const uint64_t terms = static_cast<uint64_t>(votes.terms);
    std::vector<std::pair<uint64_t, uint32_t>> keys;  // (reader, truth, said) as one number; which use of it
    for (size_t i = 0; i + 1 < starts.size(); ++i)
      for (size_t v = starts[i]; v < starts[i + 1]; ++v)
        for (const int32_t truth : posterior.terms_of(i)) {
          const Vote& vote = votes.list[v];
          const uint64_t row = static_cast<uint64_t>(vote.reader) * terms + static_cast<uint64_t>(truth);
          keys.emplace_back(row * terms + static_cast<uint64_t>(vote.term),
                            static_cast<uint32_t>(keys.size()));
        }
    std::sort(keys.begin(), keys.end());
    use_.resize(keys.size());
    for (size_t k = 0; k < keys.size(); ++k) {
      if (k == 0 || keys[k].first != keys[k - 1].first) {
        const uint64_t row = keys[k].first / terms;
        if (k == 0 || row != keys[k - 1].first / terms) row_starts_.push_back(cell_.size());
        cell_.push_back({static_cast<int32_t>(row / terms), static_cast<int32_t>(row % terms),
                         static_cast<int32_t>(keys[k].first % terms), 0.0});
      }
      use_[keys[k].second] = static_cast<uint32_t>(cell_.size() - 1);
    }
    row_starts_.push_back(cell_.size());
    log_.resize(cell_.size());
  }

  // The M-step: counts weighed by the posterior, each row made a distribution.
  void fit(const std::vector<size_t>& starts, const Posterior& posterior, double pooled_votes) {
    for (ConfusionCell& cell : cell_) cell.probability = 0;
    size_t use = 0;
    for (size_t i = 0; i + 1 < starts.size(); ++i) {
      const auto probability = posterior.of(i);
      for (size_t v = starts[i]; v < starts[i + 1]; ++v)
        for (const double p : probability) cell_[use_[use++]].probability += p;
    }
    if (pooled_votes > 0) pool();
    for (size_t row = 0; row + 1 < row_starts_.size(); ++row) {
      double total = pooled_votes;
      for (size_t c = row_starts_[row]; c < row_starts_[row + 1]; ++c) total += cell_[c].probability;
      for (size_t c = row_starts_[row]; c < row_starts_[row + 1]; ++c) {
        double count = cell_[c].probability;
        if (pooled_votes > 0) count += pooled_votes * pooled_[pool_of_[c]];
        cell_[c].probability = total > 0 ? count / total : 0;
        log_[c] = std::log(cell_[c].probability);
      }
    }
  }

  // log P(said | truth) of the n-th (vote, candidate), votes in order, then candidates.
  double log_of(size_t use) const { return log_[use_[use]]; }

  std::vector<ConfusionCell> take() { return std::move(cell_); }

 private:
  // What all readers together say where a term is true.
  void pool() {
    if (pool_of_.empty()) index_pool();
    std::fill(pooled_.begin(), pooled_.end(), 0.0);
    std::fill(pooled_truth_.begin(), pooled_truth_.end(), 0.0);
    for (size_t c = 0; c < cell_.size(); ++c) {
      pooled_[pool_of_[c]] += cell_[c].probability;
      pooled_truth_[static_cast<size_t>(cell_[c].truth)] += cell_[c].probability;
    }
    for (size_t p = 0; p < pooled_.size(); ++p) {
      const double total = pooled_truth_[static_cast<size_t>(truth_of_pool_[p])];
      if (total > 0) pooled_[p] /= total;
    }
  }

  void index_pool() {
    std::vector<std::pair<uint64_t, uint32_t>> keys;
    keys.reserve(cell_.size());
    int32_t last_truth = 0;
    for (const ConfusionCell& cell : cell_) {
      keys.emplace_back(static_cast<uint64_t>(cell.truth) << 32 | static_cast<uint32_t>(cell.said),
                        static_cast<uint32_t>(keys.size()));
      last_truth = std::max(last_truth, cell.truth);
    }
    std::sort(keys.begin(), keys.end());
    pool_of_.resize(cell_.size());
    for (size_t k = 0; k < keys.size(); ++k) {
      if (k == 0 || keys[k].first != keys[k - 1].first)
        truth_of_pool_.push_back(static_cast<int32_t>(keys[k].first >> 32));
      pool_of_[keys[k].second] = static_cast<uint32_t>(truth_of_pool_.size() - 1);
    }
    pooled_.resize(truth_of_pool_.size());
    pooled_truth_.resize(static_cast<size_t>(last_truth) + 1);
  }

  std::vector<ConfusionCell> cell_;
  std::vector<double> log_;         // of each cell's probability
  std::vector<size_t> row_starts_;  // of each (reader, truth) among the cells; one more at the end
  std::vector<uint32_t> use_;       // of each (vote, candidate) its cell

  std::vector<uint32_t> pool_of_;  // of each cell its (truth, said) over all readers
  std::vector<double> pooled_;
  std::vector<int32_t> truth_of_pool_;
  std::vector<double> pooled_truth_;
};

std::vector<double> prior_of(const Posterior& posterior, int32_t terms) {
  std::vector<double> prior(static_cast<size_t>(terms), 0.0);
  double total = 0;
  for (size_t k = 0; k < posterior.terms.size(); ++k) {
    prior[static_cast<size_t>(posterior.terms[k])] += posterior.probability[k];
    total += posterior.probability[k];
  }
  if (total > 0)
    for (double& p : prior) p /= total;
  return prior;
}

// The E-step; returns the log likelihood.
double expect(const std::vector<size_t>& starts, const Cells& cells, const std::vector<double>& prior,
              Posterior& posterior) {
  std::vector<double> log_prior;
  for (const double p : prior) log_prior.push_back(std::log(p));
  double likelihood = 0;
  size_t use = 0;
  for (size_t i = 0; i + 1 < starts.size(); ++i) {
    const auto terms = posterior.terms_of(i);
    const auto logs = posterior.of(i);
    for (size_t k = 0; k < terms.size(); ++k) logs[k] = log_prior[static_cast<size_t>(terms[k])];
    for (size_t v = starts[i]; v < starts[i + 1]; ++v)
      for (double& log : logs) log += cells.log_of(use++);
    likelihood += normalise_logs(logs);
  }
  return likelihood;
}

std::vector<double> accuracy_of(const Votes& votes, const Posterior& posterior) {
  std::vector<double> right(static_cast<size_t>(votes.readers), 0.0), said(right);
  for (const Vote& vote : votes.list) {
    right[static_cast<size_t>(vote.reader)] +=
        posterior.probability_of(static_cast<size_t>(vote.case_index), vote.term);
    ++said[static_cast<size_t>(vote.reader)];
  }
  for (size_t r = 0; r < right.size(); ++r)
    if (said[r] > 0) right[r] /= said[r];
  return right;
}

}  // namespace

DawidSkene dawid_skene(const Votes& votes, const DawidSkeneOptions& options) {
  const std::vector<size_t> starts = case_starts(votes);
  DawidSkene result;
  result.posterior = vote_shares(votes, options.candidates);
  Cells cells(votes, starts, result.posterior);
  result.prior = prior_of(result.posterior, votes.terms);
  cells.fit(starts, result.posterior, options.pooled_votes);
  for (int32_t iteration = 0; iteration < options.max_iterations; ++iteration) {
    const double likelihood = expect(starts, cells, result.prior, result.posterior);
    result.prior = prior_of(result.posterior, votes.terms);
    cells.fit(starts, result.posterior, options.pooled_votes);
    const double gain = result.log_likelihood.empty() ? HUGE_VAL : likelihood - result.log_likelihood.back();
    result.log_likelihood.push_back(likelihood);
    if (std::abs(gain) < options.tolerance * votes.cases) break;
  }
  result.confusion = cells.take();
  result.reader_accuracy = accuracy_of(votes, result.posterior);
  return result;
}

}  // namespace hada::agreement
