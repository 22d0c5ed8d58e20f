#include "server/store/samples.h"

#include <nlohmann/json.hpp>

namespace hada::store::samples {
namespace {

constexpr std::string_view kSelect =
    "SELECT sample_id, creator, site_id, percent, policy_version, left_out, closed_us, created_us "
    "FROM samples ";

Result<std::optional<SampleRow>> select_one(Tx& tx, const std::string& where, const Params& params) {
  ASSIGN_OR_RETURN(const Rows rows, tx.query(std::string(kSelect) + where, params));
  if (rows.empty()) return std::optional<SampleRow>();
  const Row& r = rows[0];
  SampleRow row;
  row.sample_id = r.text(0);
  row.creator = r.text(1);
  row.site_id = r.text(2);
  row.percent = r.real(3);
  row.policy_version = r.text(4);
  const auto left_out = nlohmann::json::parse(r.text(5), nullptr, /*allow_exceptions=*/false);
  for (const auto& [reason, cases] : left_out.items())
    if (cases.is_number_integer()) row.left_out[reason] = cases.get<int64_t>();
  row.closed = r.integer(6) != 0;
  row.created_us = r.integer(7);
  return std::optional<SampleRow>(std::move(row));
}

}  // namespace

Status insert(Tx& tx, const SampleRow& row, const std::vector<SampleCaseRow>& cases) {
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO samples (sample_id, creator, site_id, percent, policy_version, left_out, "
              "created_us) VALUES (:sample, :creator, :site, :percent, :policy, :left_out, :now)",
              {{"sample", row.sample_id},
               {"creator", row.creator},
               {"site", row.site_id},
               {"percent", row.percent},
               {"policy", row.policy_version},
               {"left_out", nlohmann::json(row.left_out).dump()},
               {"now", row.created_us}}));
  for (const SampleCaseRow& each : cases)
    RETURN_IF_ERROR(
        tx.exec("INSERT INTO sample_cases (sample_id, case_seq, case_id, sampled) "
                "VALUES (:sample, :seq, :case_id, :sampled)",
                {{"sample", row.sample_id},
                 {"seq", each.case_seq},
                 {"case_id", each.case_id},
                 {"sampled", each.sampled}}));
  return {};
}

Result<std::optional<SampleRow>> find(Tx& tx, const std::string& sample_id) {
  return select_one(tx, "WHERE sample_id = :sample", {{"sample", sample_id}});
}

Result<std::optional<SampleRow>> open_of(Tx& tx, const std::string& user_id) {
  return select_one(tx, "WHERE creator = :user AND closed_us = 0", {{"user", user_id}});
}

Status close(Tx& tx, const std::string& sample_id, int64_t now_us) {
  RETURN_IF_ERROR(tx.exec("UPDATE samples SET closed_us = :now WHERE sample_id = :sample AND closed_us = 0",
                          {{"now", now_us}, {"sample", sample_id}}));
  return {};
}

Result<bool> holds(Tx& tx, const std::string& case_id) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT 1 FROM sample_cases c JOIN samples s ON s.sample_id = c.sample_id "
               "WHERE c.case_id = :case_id AND s.closed_us = 0 AND NOT EXISTS (SELECT 1 FROM users u "
               "WHERE u.user_id = s.creator AND u.disabled = 1) LIMIT 1",
               {{"case_id", case_id}}));
  return !rows.empty();
}

Result<std::vector<SampleCaseRow>> sampled(Tx& tx, const std::string& sample_id, int64_t after_seq,
                                           int32_t limit) {
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query("SELECT case_seq, case_id FROM sample_cases WHERE sample_id = :sample "
                            "AND sampled = 1 AND case_seq > :after ORDER BY case_seq LIMIT :limit",
                            {{"sample", sample_id}, {"after", after_seq}, {"limit", limit}}));
  std::vector<SampleCaseRow> cases;
  for (const Row& row : rows) cases.push_back({row.integer(0), row.text(1), true});
  return cases;
}

Result<std::vector<SampleCaseRow>> rest_waiting(Tx& tx, const std::string& sample_id, int32_t limit) {
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query("SELECT case_seq, case_id FROM sample_cases WHERE sample_id = :sample "
                            "AND sampled = 0 AND result = '' ORDER BY case_seq LIMIT :limit",
                            {{"sample", sample_id}, {"limit", limit}}));
  std::vector<SampleCaseRow> cases;
  for (const Row& row : rows) cases.push_back({row.integer(0), row.text(1), false});
  return cases;
}

Status set_result(Tx& tx, const std::string& sample_id, int64_t case_seq, const std::string& result) {
  RETURN_IF_ERROR(
      tx.exec("UPDATE sample_cases SET result = :result WHERE sample_id = :sample AND sampled = 0 "
              "AND case_seq = :seq",
              {{"result", result}, {"sample", sample_id}, {"seq", case_seq}}));
  return {};
}

Result<std::map<CaseState, int64_t>> sampled_states(Tx& tx, const std::string& sample_id) {
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query("SELECT c.state, COUNT(*) FROM sample_cases s JOIN cases c "
                            "ON c.case_id = s.case_id WHERE s.sample_id = :sample AND s.sampled = 1 "
                            "GROUP BY c.state",
                            {{"sample", sample_id}}));
  std::map<CaseState, int64_t> states;
  for (const Row& row : rows) states[static_cast<CaseState>(row.integer(0))] = row.integer(1);
  return states;
}

Result<std::map<std::string, int64_t>> rest_results(Tx& tx, const std::string& sample_id) {
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query("SELECT result, COUNT(*) FROM sample_cases WHERE sample_id = :sample "
                            "AND sampled = 0 GROUP BY result",
                            {{"sample", sample_id}}));
  std::map<std::string, int64_t> results;
  for (const Row& row : rows) results[row.text(0)] = row.integer(1);
  return results;
}

}  // namespace hada::store::samples
