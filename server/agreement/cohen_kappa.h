#pragma once

// Cohen's kappa of two readers, and its errors.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace hada::agreement {

// Cases by what the first reader said (row) and the second (column).
struct CrossTable {
  explicit CrossTable(int32_t categories)
      : size(categories), counts(static_cast<size_t>(categories) * static_cast<size_t>(categories), 0.0) {}

  int32_t size = 0;
  std::vector<double> counts;  // row by row

  double& at(int32_t row, int32_t column) { return counts[index(row, column)]; }
  double at(int32_t row, int32_t column) const { return counts[index(row, column)]; }

 private:
  size_t index(int32_t row, int32_t column) const {
    return static_cast<size_t>(row) * static_cast<size_t>(size) + static_cast<size_t>(column);
  }
};

// How much of an agreement two answers are, by how far apart they stand: of k ordered categories,
// Linear 1 - |i - j| / (k - 1), Quadratic 1 - (i - j)^2 / (k - 1)^2, None 1 or 0.
enum class KappaWeights { None, Linear, Quadratic };

struct CohenKappa {
  double kappa = 0;
  double observed = 0;  // share of agreement
  double expected = 0;  // share of agreement by chance
  double ase = 0;       // asymptotic standard error, for an interval
  double ase0 = 0;      // the same if kappa were 0, for a test
  double z = 0;         // kappa / ase0
  double low = 0;       // 95 % interval, kappa +- 1.96 ase
  double high = 0;
};

// Kappa: Cohen, Educ. Psychol. Meas. 20 (1960) 37; weights: Cohen, Psychol. Bull. 70 (1968) 213; errors:
// Fleiss, Cohen & Everitt, Psychol. Bull. 72 (1969) 323 (with weights 1 and 0 they are
// those of the unweighted kappa). Nothing for an empty table, or where chance alone agrees always.
std::optional<CohenKappa> cohen_kappa(const CrossTable& table, KappaWeights weights = KappaWeights::None);

// Standard error by leaving out one case after the other (Efron, The Jackknife, 1982, chapter 3). The counts
// must be whole numbers. Nothing where kappa or one of the smaller tables' has no value.
std::optional<double> cohen_kappa_jackknife_se(const CrossTable& table,
                                               KappaWeights weights = KappaWeights::None);

}  // namespace hada::agreement
