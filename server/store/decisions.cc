#include "server/store/decisions.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

namespace hada::store::decisions {
namespace {

std::vector<std::string> names_from_json(const std::string& text) {
  std::vector<std::string> names;
  for (const auto& name : nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false))
    if (name.is_string()) names.push_back(name.get<std::string>());
  return names;
}

// What is left of the case's decisions once each reopening has taken back the one before it.
Result<std::vector<DecisionRow>> not_taken_back(Tx& tx, const std::string& case_id) {
  ASSIGN_OR_RETURN(std::vector<DecisionRow> all,
                   of_case(tx, case_id, 0, std::numeric_limits<int32_t>::max()));
  std::vector<DecisionRow> kept;
  for (DecisionRow& d : all) {
    if (d.kind != DecisionKind::Reopen) {
      kept.push_back(std::move(d));
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  return kept;
}

auto last_return_in(std::vector<DecisionRow>& decisions) {
  return std::find_if(decisions.rbegin(), decisions.rend(),
                      [](const DecisionRow& d) { return d.kind == DecisionKind::Return; });
}

}  // namespace

Status insert(Tx& tx, const DecisionRow& row) {
  RETURN_IF_ERROR(tx.exec(
      "INSERT INTO decisions (decision_id, case_id, seq, kind, decider, term, code, rationale, basis, "
      "policy_version, vocabulary_version, created_us, images, returned_to, readers, sample, panel_id) "
      "VALUES "
      "(:decision_id, "
      ":case_id, :seq, :kind, :decider, :term, :code, :rationale, :basis, :policy_version, "
      ":vocabulary_version, :created_us, :images, :returned_to, :readers, :sample, :panel)",
      {{"decision_id", row.decision_id},
       {"case_id", row.case_id},
       {"seq", row.seq},
       {"kind", static_cast<int32_t>(row.kind)},
       {"decider", row.decider},
       {"term", row.term},
       {"code", static_cast<int32_t>(row.code)},
       {"rationale", row.rationale},
       {"basis", nlohmann::json(row.basis).dump()},
       {"policy_version", row.policy_version},
       {"vocabulary_version", row.vocabulary_version},
       {"created_us", row.created_us},
       {"images", nlohmann::json(row.images).dump()},
       {"returned_to", static_cast<int32_t>(row.returned_to)},
       {"readers", nlohmann::json(row.readers).dump()},
       {"sample", row.sample},
       {"panel", row.panel_id}}));
  return {};
}

Result<std::vector<DecisionRow>> of_case(Tx& tx, const std::string& case_id, int64_t after_seq,
                                         int32_t limit) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT d.decision_id, d.seq, d.kind, d.decider, u.display_name, d.term, d.code, d.rationale, "
               "d.basis, d.policy_version, d.vocabulary_version, d.created_us, d.images, d.returned_to, "
               "d.readers, d.sample, d.panel_id "
               "FROM decisions d LEFT JOIN users u ON u.user_id = d.decider "
               "WHERE d.case_id = :case_id AND d.seq > :after ORDER BY d.seq LIMIT :limit",
               {{"case_id", case_id}, {"after", after_seq}, {"limit", limit}}));
  std::vector<DecisionRow> decisions;
  for (const Row& r : rows) {
    DecisionRow d;
    d.decision_id = r.text(0);
    d.case_id = case_id;
    d.seq = r.integer(1);
    d.kind = static_cast<DecisionKind>(r.integer(2));
    d.decider = r.text(3);
    d.decider_display_name = r.text(4);
    d.term = r.text(5);
    d.code = static_cast<RejectCode>(r.integer(6));
    d.rationale = r.text(7);
    d.basis = names_from_json(r.text(8));
    d.policy_version = r.text(9);
    d.vocabulary_version = r.text(10);
    d.created_us = r.integer(11);
    d.images = names_from_json(r.text(12));
    d.returned_to = static_cast<ReturnTo>(r.integer(13));
    d.readers = names_from_json(r.text(14));
    d.sample = r.text(15);
    d.panel_id = r.text(16);
    decisions.push_back(std::move(d));
  }
  return decisions;
}

Result<std::vector<DecisionRow>> standing(Tx& tx, const std::string& case_id) {
  ASSIGN_OR_RETURN(std::vector<DecisionRow> kept, not_taken_back(tx, case_id));
  kept.erase(kept.begin(), last_return_in(kept).base());
  return kept;
}

Result<std::optional<DecisionRow>> last_return(Tx& tx, const std::string& case_id) {
  ASSIGN_OR_RETURN(std::vector<DecisionRow> kept, not_taken_back(tx, case_id));
  const auto last = last_return_in(kept);
  if (last == kept.rend()) return std::optional<DecisionRow>();
  return std::optional<DecisionRow>(std::move(*last));
}

}  // namespace hada::store::decisions
