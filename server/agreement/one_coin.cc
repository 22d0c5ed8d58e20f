#include "server/agreement/one_coin.h"

#include <algorithm>
#include <cmath>

namespace hada::agreement {
namespace {

// A reader who was never wrong could not be outvoted by any number of others.
constexpr double kLeast = 1e-10;

void fit(const Votes& votes, OneCoin& model) {
  const Posterior& posterior = model.posterior;
  model.prior.assign(static_cast<size_t>(votes.terms), 0.0);
  double total = 0;
  for (size_t k = 0; k < posterior.terms.size(); ++k) {
    model.prior[static_cast<size_t>(posterior.terms[k])] += posterior.probability[k];
    total += posterior.probability[k];
  }
  if (total > 0)
    for (double& p : model.prior) p /= total;

  model.skill.assign(static_cast<size_t>(votes.readers), 0.0);
  std::vector<double> said(model.skill);
  for (const Vote& vote : votes.list) {
    model.skill[static_cast<size_t>(vote.reader)] +=
        posterior.probability_of(static_cast<size_t>(vote.case_index), vote.term);
    ++said[static_cast<size_t>(vote.reader)];
  }
  for (size_t r = 0; r < said.size(); ++r)
    if (said[r] > 0) model.skill[r] /= said[r];
}

double expect(const Votes& votes, const std::vector<size_t>& starts, OneCoin& model) {
  const double others = std::max(1, votes.terms - 1);
  std::vector<double> log_right, log_wrong;
  for (const double skill : model.skill) {
    log_right.push_back(std::log(std::clamp(skill, kLeast, 1 - kLeast)));
    log_wrong.push_back(std::log(std::clamp((1 - skill) / others, kLeast, 1 - kLeast)));
  }
  double likelihood = 0;
  for (size_t i = 0; i + 1 < starts.size(); ++i) {
    const auto terms = model.posterior.terms_of(i);
    const auto logs = model.posterior.of(i);
    for (size_t k = 0; k < terms.size(); ++k) {
      logs[k] = std::log(model.prior[static_cast<size_t>(terms[k])]);
      for (size_t v = starts[i]; v < starts[i + 1]; ++v) {
        const auto reader = static_cast<size_t>(votes.list[v].reader);
        logs[k] += votes.list[v].term == terms[k] ? log_right[reader] : log_wrong[reader];
      }
    }
    likelihood += normalise_logs(logs);
  }
  return likelihood;
}

}  // namespace

OneCoin one_coin(const Votes& votes, const OneCoinOptions& options) {
  const std::vector<size_t> starts = case_starts(votes);
  OneCoin model;
  model.posterior = vote_shares(votes, options.candidates);
  fit(votes, model);
  for (int32_t iteration = 0; iteration < options.max_iterations; ++iteration) {
    const double likelihood = expect(votes, starts, model);
    fit(votes, model);
    const double gain = model.log_likelihood.empty() ? HUGE_VAL : likelihood - model.log_likelihood.back();
    model.log_likelihood.push_back(likelihood);
    if (std::abs(gain) < options.tolerance * votes.cases) break;
  }
  return model;
}

}  // namespace hada::agreement
