#pragma once

// What the page of statistics shows: how well readers agree, and one reader's record. The server computes it
// (proto/hada/v1/statistics.proto, docs/statistics.md).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/model/effect.h"
#include "client/model/types.h"

namespace hada::model {

// The protocol's numbers.
enum class AgreementLevel : int32_t { Unspecified, Term, ReleaseClass, Risk, Gradable };
inline constexpr size_t kAgreementLevels = 4;

// A share of a count with its 95 % interval.
struct Proportion {
  int hits = 0, total = 0;
  double low = 0, high = 1;
  double share() const { return total > 0 ? static_cast<double>(hits) / total : 0; }
};
struct LevelProportion {
  AgreementLevel level = AgreementLevel::Unspecified;
  Proportion proportion;
};

// Whether a reader is given cases to read, by the policy's limits on accuracy with the hidden gold cases.
struct ReaderStanding {
  ReadingStanding standing = ReadingStanding::NotJudged;
  Proportion gold;  // what they are judged by
  double warn_percent = 0, pause_percent = 0;
  int judged_from = 0;   // gold cases
  bool resumed = false;  // QA has resumed their reading; older gold cases do not count
  std::string etag;
};

struct Confusion {
  std::vector<std::string> said;  // "terms/psoriasis"; several when tied
  std::string outcome;
  int count = 0;
};

struct ReaderRecord {
  std::string reader, display_name;
  int reads = 0;
  bool truncated = false;  // there are older reads that were not counted
  int ungradable = 0;
  std::vector<LevelProportion> gold, repeats, outcomes;
  std::vector<Confusion> confusions;
  double quarter_seconds = 0, median_seconds = 0, three_quarters_seconds = 0;  // 0: not known
  ReaderStanding standing;
};

struct Estimate {
  double value = 0;
  std::optional<double> low, high;
};
struct ReaderPair {
  size_t first = 0, second = 0;  // readers, first < second
  int common = 0, agreed = 0;
  std::optional<double> kappa;
};
struct LevelAgreement {
  AgreementLevel level = AgreementLevel::Unspecified;
  int cases = 0;
  Proportion agreed;
  std::optional<Estimate> fleiss_kappa, alpha, tree_alpha;
  std::vector<ReaderPair> pairs;
};
struct AgreementReader {
  std::string name, display_name;
  int votes = 0;
};
struct ReaderAgreement {
  std::vector<AgreementReader> readers;
  std::vector<LevelAgreement> levels;
  int cases = 0;
  bool truncated = false;
};

// The page while it is open.
struct StatisticsPage {
  std::string reader;                              // whose record; empty: none was asked for
  Ticket record_ticket = 0, agreement_ticket = 0;  // 0: nothing is awaited
  std::optional<ApiError> record_error, agreement_error;
  std::optional<ReaderRecord> record;
  std::optional<ReaderAgreement> agreement;
  Ticket resume_ticket = 0;  // the reader's reading is being resumed
};

}  // namespace hada::model
