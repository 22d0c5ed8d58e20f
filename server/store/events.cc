#include "server/store/events.h"

namespace hada::store {

Result<int64_t> record_event(Tx& tx, const Event& event) {
  ASSIGN_OR_RETURN(const Rows rows, tx.query("UPDATE clock SET seq = seq + 1 WHERE one = 1 RETURNING seq"));
  if (rows.empty()) return Unexpected(ErrorCode::Internal, "STORE_FAILED", "the event clock is missing");
  const int64_t seq = rows[0].integer(0);
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO events (seq, at_us, actor, verb, subject, case_id, detail) "
              "VALUES (:seq, :at_us, :actor, :verb, :subject, :case_id, :detail)",
              {{"seq", seq},
               {"at_us", event.at_us},
               {"actor", event.actor},
               {"verb", event.verb},
               {"subject", event.subject},
               {"case_id", event.case_id},
               {"detail", event.detail_json.empty() ? std::string("{}") : event.detail_json}}));
  return seq;
}

Result<std::vector<EventRow>> events_after(Tx& tx, int64_t seq, int32_t limit) {
  ASSIGN_OR_RETURN(const Rows rows, tx.query("SELECT seq, actor, verb, case_id FROM events WHERE seq > :seq "
                                             "ORDER BY seq LIMIT :limit",
                                             {{"seq", seq}, {"limit", limit}}));
  std::vector<EventRow> events;
  for (const Row& r : rows) events.push_back({r.integer(0), r.text(1), r.text(2), r.text(3)});
  return events;
}

Result<int64_t> last_event(Tx& tx) {
  ASSIGN_OR_RETURN(const Rows rows, tx.query("SELECT seq FROM clock WHERE one = 1"));
  return rows.empty() ? 0 : rows[0].integer(0);
}

}  // namespace hada::store
