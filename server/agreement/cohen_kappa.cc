#include "server/agreement/cohen_kappa.h"

#include <cmath>
#include <cstdlib>

namespace hada::agreement {
namespace {

constexpr double kNormal975 = 1.959963984540054;  // quantile of the standard normal distribution

double weight(KappaWeights kind, int32_t i, int32_t j, int32_t size) {
  if (i == j) return 1;
  if (kind == KappaWeights::None) return 0;
  const double apart = std::abs(i - j) / static_cast<double>(size - 1);
  return kind == KappaWeights::Linear ? 1 - apart : 1 - apart * apart;
}

// Rounding leaves a little below 0 where a variance is 0.
double root(double variance) { return variance > 0 ? std::sqrt(variance) : 0; }

}  // namespace

std::optional<CohenKappa> cohen_kappa(const CrossTable& table, KappaWeights weights) {
  const int32_t k = table.size;
  double total = 0;
  for (const double count : table.counts) total += count;
  if (total <= 0) return std::nullopt;

  std::vector<double> row(static_cast<size_t>(k), 0.0), column(row), row_weight(row), column_weight(row);
  for (int32_t i = 0; i < k; ++i)
    for (int32_t j = 0; j < k; ++j) {
      row[static_cast<size_t>(i)] += table.at(i, j) / total;
      column[static_cast<size_t>(j)] += table.at(i, j) / total;
    }
  CohenKappa result;
  for (int32_t i = 0; i < k; ++i)
    for (int32_t j = 0; j < k; ++j) {
      const auto r = static_cast<size_t>(i), c = static_cast<size_t>(j);
      const double w = weight(weights, i, j, k);
      result.observed += w * table.at(i, j) / total;
      result.expected += w * row[r] * column[c];
      row_weight[r] += w * column[c];
      column_weight[c] += w * row[r];
    }
  const double room = 1 - result.expected;
  if (room <= 1e-12) return std::nullopt;
  result.kappa = (result.observed - result.expected) / room;

  double spread = 0, spread0 = 0;
  for (int32_t i = 0; i < k; ++i)
    for (int32_t j = 0; j < k; ++j) {
      const auto r = static_cast<size_t>(i), c = static_cast<size_t>(j);
      const double w = weight(weights, i, j, k);
      const double mean = row_weight[r] + column_weight[c];
      const double term = w - mean * (1 - result.kappa);
      spread += table.at(i, j) / total * term * term;
      spread0 += row[r] * column[c] * (w - mean) * (w - mean);
    }
  const double centre = result.kappa - result.expected * (1 - result.kappa);
  result.ase = root((spread - centre * centre) / total) / room;
  result.ase0 = root((spread0 - result.expected * result.expected) / total) / room;
  result.z = result.ase0 > 0 ? result.kappa / result.ase0 : 0;
  result.low = result.kappa - kNormal975 * result.ase;
  result.high = result.kappa + kNormal975 * result.ase;
  return result;
}

std::optional<double> cohen_kappa_jackknife_se(const CrossTable& table, KappaWeights weights) {
  // Cases in one cell give the same kappa when left out: one table a cell, counted as often as it has cases.
  CrossTable smaller = table;
  double total = 0, sum = 0, squares = 0;
  for (double& count : smaller.counts) {
    const double cases = count;
    if (cases <= 0) continue;
    count = cases - 1;
    const auto without = cohen_kappa(smaller, weights);
    count = cases;
    if (!without) return std::nullopt;
    total += cases;
    sum += cases * without->kappa;
    squares += cases * without->kappa * without->kappa;
  }
  if (total < 2) return std::nullopt;
  return root((total - 1) / total * (squares - sum * sum / total));
}

}  // namespace hada::agreement
