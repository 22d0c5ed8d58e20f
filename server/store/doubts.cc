#include "server/store/doubts.h"

#include <algorithm>

namespace hada::store::doubts {

Result<std::vector<Vote>> newest_votes(Tx& tx, const statistics::Before& before, int32_t limit) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT r.case_seq, r.user_id, v.content, r.created_us, r.read_id FROM reads r "
               "JOIN read_revisions v ON v.read_id = r.read_id AND v.revision = (SELECT MAX(w.revision) "
               "FROM read_revisions w WHERE w.read_id = r.read_id AND w.after_reveal = 0) "
               "WHERE r.purpose = 1 AND r.late = 0 AND (r.created_us, r.read_id) < (:created, :read_id) "
               "ORDER BY r.created_us DESC, r.read_id DESC LIMIT :limit",
               {{"created", before.created_us}, {"read_id", before.read_id}, {"limit", limit}}));
  std::vector<Vote> votes;
  for (const Row& r : rows) votes.push_back({r.integer(0), r.text(1), r.text(2), {r.integer(3), r.text(4)}});
  return votes;
}

Result<std::vector<Scored>> cases_in(Tx& tx, CaseState state, int64_t after_seq, int32_t limit) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT seq, certainty FROM cases WHERE state = :state AND seq > :after "
               "ORDER BY seq LIMIT :limit",
               {{"state", static_cast<int32_t>(state)}, {"after", after_seq}, {"limit", limit}}));
  std::vector<Scored> cases;
  for (const Row& r : rows) cases.push_back({r.integer(0), static_cast<int32_t>(r.integer(1))});
  return cases;
}

Status save(Tx& tx, const std::vector<Scored>& cases) {
  for (const Scored& each : cases)
    RETURN_IF_ERROR(tx.exec("UPDATE cases SET certainty = :certainty WHERE seq = :seq",
                            {{"certainty", each.certainty}, {"seq", each.seq}}));
  return {};
}

Result<bool> ask(Tx& tx, int64_t now_us, int64_t pause_us, int64_t* begin_us) {
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query("UPDATE doubt_clock SET waiting = 1 WHERE one = 1 AND waiting = 0 "
                            "RETURNING began_us"));
  if (rows.empty()) return false;
  *begin_us = std::max(now_us, rows[0].integer(0) + pause_us);
  return true;
}

Status begin(Tx& tx, int64_t now_us) {
  RETURN_IF_ERROR(
      tx.exec("UPDATE doubt_clock SET waiting = 0, began_us = :now WHERE one = 1", {{"now", now_us}}));
  return {};
}

}  // namespace hada::store::doubts
