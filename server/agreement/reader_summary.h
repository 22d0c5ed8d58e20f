#pragma once

// What a reader's own page says: right on gold, the same again on repeats, what they confuse, how fast.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace hada::agreement {

// What the reader said and what it is held against: the gold term, their own first answer, or the outcome.
struct Comparison {
  int32_t said = 0;
  int32_t against = 0;
};

// One reader's record. The lists are independent of each other.
struct ReaderRecord {
  std::vector<Comparison> gold;
  std::vector<Comparison> repeats;
  std::vector<Comparison> outcomes;
  std::vector<double> seconds;  // active time of each read
};

// A share of a count with its 95 % interval (Wilson, J. Am. Stat. Assoc. 22 (1927) 209).
struct Proportion {
  int64_t hits = 0;
  int64_t total = 0;
  double share = 0;
  double low = 0;
  double high = 1;
};
Proportion proportion(int64_t hits, int64_t total);

struct ConfusionPair {
  int32_t said = 0;
  int32_t against = 0;
  int64_t count = 0;
};

struct Speed {
  double quarter = 0;  // seconds; a quarter of the reads took less
  double median = 0;
  double three_quarters = 0;
};

struct ReaderSummary {
  Proportion gold;
  Proportion repeats;
  Proportion outcomes;
  std::vector<ConfusionPair> confusions;  // of the outcomes, those that differ: the commonest first, then by
                                          // said, then against
  std::optional<Speed> speed;             // nothing without a read
};

// At most `limit` confusions.
ReaderSummary summarise(const ReaderRecord& record, size_t limit = 20);

}  // namespace hada::agreement
