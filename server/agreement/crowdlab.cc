#include "server/agreement/crowdlab.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace hada::agreement {
namespace {

constexpr double kLeastWeight = 1e-6;
constexpr double kLeastProbability = 1e-100;  // 0 has no logarithm and would stay 0 at any temperature
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The votes by case, and what is asked of them again and again.
struct Table {
  const Votes& votes;
  const double* predictions = nullptr;
  std::vector<size_t> starts = case_starts(votes);

  size_t cases() const { return starts.size() - 1; }
  size_t terms() const { return static_cast<size_t>(votes.terms); }
  size_t count(size_t i) const { return starts[i + 1] - starts[i]; }
  const Vote* begin(size_t i) const { return votes.list.data() + starts[i]; }
  const Vote* end(size_t i) const { return votes.list.data() + starts[i + 1]; }
  const double* predicted(size_t i) const { return predictions + i * terms(); }
  double mean_count() const { return static_cast<double>(votes.list.size()) / static_cast<double>(cases()); }
  double share(size_t i, int32_t term) const {
    const auto same = std::count_if(begin(i), end(i), [&](const Vote& v) { return v.term == term; });
    return static_cast<double>(same) / static_cast<double>(count(i));
  }
};

// Of each reader the mean of what the votes are worth, NaN where there is none.
class ReaderMean {
 public:
  explicit ReaderMean(int32_t readers)
      : sum_(static_cast<size_t>(readers), 0.0), weight_(static_cast<size_t>(readers), 0.0) {}
  void add(int32_t reader, double value, double weight = 1) {
    sum_[static_cast<size_t>(reader)] += weight * value;
    weight_[static_cast<size_t>(reader)] += weight;
  }
  std::vector<double> means() const {
    std::vector<double> result;
    for (size_t r = 0; r < sum_.size(); ++r) result.push_back(weight_[r] > 0 ? sum_[r] / weight_[r] : kNaN);
    return result;
  }
  // The readers without a value get the mean of the others.
  std::vector<double> imputed() const {
    std::vector<double> result = means();
    double sum = 0, known = 0;
    for (const double value : result)
      if (!std::isnan(value)) sum += value, ++known;
    for (double& value : result)
      if (std::isnan(value)) value = known > 0 ? sum / known : 0;
    return result;
  }

 private:
  std::vector<double> sum_, weight_;
};

// Keeps the terms with the highest score.
template <typename Score>
void keep_best(std::vector<int32_t>& terms, Score score) {
  std::vector<double> scores;
  for (const int32_t term : terms) scores.push_back(score(term));
  const double best = *std::max_element(scores.begin(), scores.end());
  size_t kept = 0;
  for (size_t k = 0; k < terms.size(); ++k)
    if (scores[k] == best) terms[kept++] = terms[k];
  terms.resize(kept);
}

struct Fit {
  std::vector<double> posterior;  // by case and term
  std::vector<double> reader_weight;
  double model_weight = 0;
};

// Weights of the readers and of the model, and the average of what each says, for a given consensus.
Fit fit(const Table& table, const std::vector<int32_t>& consensus) {
  const size_t terms = table.terms();
  double shared = 0, shared_agreement = 0, model_errors = 0;
  std::vector<double> consensus_count(terms, 0.0);
  ReaderMean with_others(table.votes.readers);
  for (size_t i = 0; i < table.cases(); ++i) {
    const auto others = static_cast<double>(table.count(i)) - 1;
    if (others < 1) continue;
    ++shared;
    shared_agreement += table.share(i, consensus[i]);
    ++consensus_count[static_cast<size_t>(consensus[i])];
    const double* predicted = table.predicted(i);
    if (std::max_element(predicted, predicted + terms) - predicted != consensus[i]) ++model_errors;
    for (const Vote* v = table.begin(i); v != table.end(i); ++v) {
      const double same = table.share(i, v->term) * (others + 1) - 1;
      with_others.add(v->reader, same / others, others);
    }
  }
  const double right = shared_agreement / shared;
  const double wrong = (1 - right) / static_cast<double>(terms - 1);
  // How often one errs who always says the commonest term: what is better than this has weight.
  const double baseline =
      std::max(kLeastWeight, 1 - *std::max_element(consensus_count.begin(), consensus_count.end()) / shared);

  Fit result;
  for (const double agreement : with_others.imputed())
    result.reader_weight.push_back(std::max(kLeastWeight, 1 - (1 - agreement) / baseline));
  result.model_weight =
      std::max(kLeastWeight, 1 - model_errors / shared / baseline) * std::sqrt(table.mean_count());

  result.posterior.reserve(table.cases() * terms);
  for (size_t i = 0; i < table.cases(); ++i) {
    double total = result.model_weight;
    for (const Vote* v = table.begin(i); v != table.end(i); ++v)
      total += result.reader_weight[static_cast<size_t>(v->reader)];
    for (size_t k = 0; k < terms; ++k) {
      double sum = result.model_weight * table.predicted(i)[k];
      for (const Vote* v = table.begin(i); v != table.end(i); ++v)
        sum += result.reader_weight[static_cast<size_t>(v->reader)] *
               (static_cast<size_t>(v->term) == k ? right : wrong);
      result.posterior.push_back(sum / total);
    }
  }
  return result;
}

std::vector<double> reader_quality(const Table& table, const Crowdlab& result) {
  ReaderMean quality(table.votes.readers), agreement(table.votes.readers);
  for (size_t i = 0; i < table.cases(); ++i)
    for (const Vote* v = table.begin(i); v != table.end(i); ++v) {
      quality.add(v->reader, result.vote_quality[static_cast<size_t>(v - table.votes.list.data())]);
      if (table.count(i) > 1) agreement.add(v->reader, v->term == result.consensus[i] ? 1 : 0);
    }
  double readers_weight = 0;
  for (const double weight : result.reader_weight) readers_weight += weight;
  readers_weight *= table.mean_count() / table.votes.readers;
  const double model_share = result.model_weight / (result.model_weight + readers_weight);
  const std::vector<double> mean_quality = quality.means(), mean_agreement = agreement.means();
  std::vector<double> both;
  for (size_t r = 0; r < mean_quality.size(); ++r)
    both.push_back(model_share * mean_quality[r] + (1 - model_share) * mean_agreement[r]);
  return both;
}

double soft_cross_entropy(const Table& table, const Predictions& predictions) {
  double sum = 0;
  for (size_t i = 0; i < table.cases(); ++i)
    for (const Vote* v = table.begin(i); v != table.end(i); ++v)
      sum -= std::log(predictions[i * table.terms() + static_cast<size_t>(v->term)]) /
             static_cast<double>(table.count(i));
  return sum;
}

}  // namespace

std::vector<int32_t> majority_vote(const Votes& votes, const Predictions* predictions) {
  const Table table{votes, predictions ? predictions->data() : nullptr};
  std::vector<double> frequency(table.terms(), 0.0);
  for (const Vote& vote : votes.list) ++frequency[static_cast<size_t>(vote.term)];

  std::vector<int32_t> majority(table.cases(), -1);
  std::vector<std::vector<int32_t>> tied(table.cases());
  ReaderMean with_majority(votes.readers);
  for (size_t i = 0; i < table.cases(); ++i) {
    if (table.count(i) == 0) continue;
    std::vector<int32_t>& best = tied[i];
    for (const Vote* v = table.begin(i); v != table.end(i); ++v) best.push_back(v->term);
    std::sort(best.begin(), best.end());
    best.erase(std::unique(best.begin(), best.end()), best.end());
    keep_best(best, [&](int32_t term) { return table.share(i, term); });
    majority[i] = best.front();
    if (best.size() > 1) continue;
    for (const Vote* v = table.begin(i); v != table.end(i); ++v)
      with_majority.add(v->reader, v->term == majority[i] ? 1 : 0);
  }
  const std::vector<double> quality = with_majority.imputed();
  for (size_t i = 0; i < table.cases(); ++i) {
    std::vector<int32_t>& best = tied[i];
    if (best.size() < 2) continue;
    if (predictions)
      keep_best(best, [&](int32_t term) { return table.predicted(i)[static_cast<size_t>(term)]; });
    keep_best(best, [&](int32_t term) { return -frequency[static_cast<size_t>(term)]; });
    keep_best(best, [&](int32_t term) {
      double sum = 0, readers = 0;
      for (const Vote* v = table.begin(i); v != table.end(i); ++v)
        if (v->term == term) sum += quality[static_cast<size_t>(v->reader)], ++readers;
      return sum / readers;
    });
    majority[i] = best.front();
  }
  return majority;
}

std::optional<Crowdlab> crowdlab(const Votes& votes, const Predictions& predictions) {
  const Table table{votes, predictions.data()};
  const size_t terms = table.terms();
  assert(predictions.size() == table.cases() * terms);
  bool shared = false;
  for (size_t i = 0; i < table.cases(); ++i) {
    assert(table.count(i) > 0);
    shared = shared || table.count(i) > 1;
  }
  if (!shared || terms < 2) return std::nullopt;

  // A first consensus by majority gives the weights that find the better one.
  Crowdlab result;
  result.consensus = majority_vote(votes, &predictions);
  const std::vector<double> first = fit(table, result.consensus).posterior;
  for (size_t i = 0; i < table.cases(); ++i) {
    const auto from = first.begin() + static_cast<std::ptrdiff_t>(i * terms);
    const auto to = from + static_cast<std::ptrdiff_t>(terms);
    const auto best = std::max_element(from, to);
    if (std::count(from, to, *best) == 1) result.consensus[i] = static_cast<int32_t>(best - from);
  }
  Fit final_fit = fit(table, result.consensus);
  result.reader_weight = std::move(final_fit.reader_weight);
  result.model_weight = final_fit.model_weight;
  for (size_t i = 0; i < table.cases(); ++i) {
    const double* posterior = final_fit.posterior.data() + i * terms;
    result.consensus_quality.push_back(posterior[result.consensus[i]]);
    result.agreement.push_back(table.share(i, result.consensus[i]));
    for (const Vote* v = table.begin(i); v != table.end(i); ++v)
      result.vote_quality.push_back(posterior[v->term]);
  }
  result.reader_quality = reader_quality(table, result);
  return result;
}

Predictions at_temperature(const Predictions& predictions, int32_t terms, double temperature) {
  Predictions scaled(predictions.size());
  for (size_t from = 0; from < predictions.size(); from += static_cast<size_t>(terms)) {
    const size_t to = from + static_cast<size_t>(terms);
    double sum = 0;
    for (size_t k = from; k < to; ++k) {
      scaled[k] = std::pow(std::max(predictions[k], kLeastProbability), 1 / temperature);
      sum += scaled[k];
    }
    for (size_t k = from; k < to; ++k) scaled[k] /= sum;
  }
  return scaled;
}

double best_temperature(const Votes& votes, const Predictions& predictions) {
  if (votes.list.empty()) return 1;
  const Table table{votes, predictions.data()};
  const auto entropy = [&](double inverse) {
    return soft_cross_entropy(table, at_temperature(predictions, votes.terms, 1 / inverse));
  };
  // The entropy is convex in 1 / temperature: golden section (Kiefer 1953).
  constexpr double kGolden = 0.6180339887498949;
  double low = 0.1, high = 10;
  double left = high - kGolden * (high - low), right = low + kGolden * (high - low);
  double at_left = entropy(left), at_right = entropy(right);
  while (high - low > 1e-6) {
    if (at_left < at_right) {
      high = right;
      right = left;
      at_right = at_left;
      left = high - kGolden * (high - low);
      at_left = entropy(left);
    } else {
      low = left;
      left = right;
      at_left = at_right;
      right = low + kGolden * (high - low);
      at_right = entropy(right);
    }
  }
  return 2 / (low + high);
}

}  // namespace hada::agreement
