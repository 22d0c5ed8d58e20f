#pragma once

// SQL over `samples` and `sample_cases`. Functions run inside the caller's transaction.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "contract/enums.h"
#include "contract/result.h"
#include "server/store/store.h"

namespace hada::store {

struct SampleRow {
  std::string sample_id;
  std::string creator;  // user id
  std::string site_id;  // empty: all sites
  double percent = 0;
  std::string policy_version;
  std::map<std::string, int64_t> left_out;  // when it was drawn: reason -> cases
  bool closed = false;
  int64_t created_us = 0;
};

struct SampleCaseRow {
  int64_t case_seq = 0;
  std::string case_id;
  bool sampled = false;
};

namespace samples {

// `result` of a case of the rest.
inline constexpr const char* kApproved = "APPROVED";

Status insert(Tx& tx, const SampleRow& row, const std::vector<SampleCaseRow>& cases);
Result<std::optional<SampleRow>> find(Tx& tx, const std::string& sample_id);
Result<std::optional<SampleRow>> open_of(Tx& tx, const std::string& user_id);
Status close(Tx& tx, const std::string& sample_id, int64_t now_us);
// Whether the case belongs to a sample that is open.
Result<bool> holds(Tx& tx, const std::string& case_id);

// The cases to be looked at, in order of arrival, after `after_seq`, at most `limit`.
Result<std::vector<SampleCaseRow>> sampled(Tx& tx, const std::string& sample_id, int64_t after_seq,
                                           int32_t limit);
// Of the rest, those without a result, oldest first, at most `limit`.
Result<std::vector<SampleCaseRow>> rest_waiting(Tx& tx, const std::string& sample_id, int32_t limit);
Status set_result(Tx& tx, const std::string& sample_id, int64_t case_seq, const std::string& result);

// How many of the sampled cases are in each state now.
Result<std::map<CaseState, int64_t>> sampled_states(Tx& tx, const std::string& sample_id);
// How many of the rest have each result; "" for those that wait.
Result<std::map<std::string, int64_t>> rest_results(Tx& tx, const std::string& sample_id);

}  // namespace samples
}  // namespace hada::store
