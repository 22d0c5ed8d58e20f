#pragma once

// SQL that reads votes in order of time, for the statistics. Nothing here scans a table: each page follows an
// index and is as long as asked.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contract/enums.h"
#include "server/store/reads.h"
#include "server/store/store.h"

namespace hada::store::statistics {

// Where the next page begins: before this vote. The first page begins at the end of time.
struct Before {
  int64_t created_us = INT64_MAX;
  std::string read_id;
};

struct RecentVote {
  std::string read_id;
  std::string case_id;
  std::string site_id;
  CaseState state = CaseState::Unspecified;  // the case's
  int64_t created_us = 0;
};
// The newest first: neither late nor gold nor repeat reads.
Result<std::vector<RecentVote>> newest_votes(Tx& tx, const Before& before, int32_t limit);

struct CaseVote {
  std::string user_id;
  std::string display_name;
  std::string json;  // StoredContent::json of the revision that counts
};
// The first `limit` votes of a case, as reads::votes.
Result<std::vector<CaseVote>> first_votes(Tx& tx, const std::string& case_id, int32_t limit);

// A read as its reader's record shows it; a hidden one as of the case it was a copy of (plants.h).
struct RecordedRead {
  std::string case_id;
  std::string site_id;
  CaseState state = CaseState::Unspecified;  // the case's
  std::string decided_term;                  // the case's; term id or empty
  ReadPurpose purpose = ReadPurpose::Vote;
  bool revealed = false;  // the reader has been shown the case's outcome
  int64_t created_us = 0;
  std::string json;       // StoredContent::json of the last revision before any reveal
  std::string telemetry;  // JSON of v1::ReadTelemetry of the first submit
};
// The newest `limit` reads of one reader that are not late, the newest first.
Result<std::vector<RecordedRead>> newest_reads(Tx& tx, const std::string& user_id, int32_t limit);
// Of these the hidden gold ones, submitted from `from_us` on and before `before_us`.
Result<std::vector<RecordedRead>> gold_reads(Tx& tx, const std::string& user_id, int64_t from_us,
                                             int64_t before_us, int32_t limit);

}  // namespace hada::store::statistics
