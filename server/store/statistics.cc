#include "server/store/statistics.h"

namespace hada::store::statistics {

Result<std::vector<RecentVote>> newest_votes(Tx& tx, const Before& before, int32_t limit) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT r.read_id, r.case_id, c.site_id, c.state, r.created_us "
               "FROM reads r JOIN cases c ON c.case_id = r.case_id "
               "WHERE r.purpose = 1 AND r.late = 0 AND (r.created_us, r.read_id) < (:created, :read_id) "
               "ORDER BY r.created_us DESC, r.read_id DESC LIMIT :limit",
               {{"created", before.created_us}, {"read_id", before.read_id}, {"limit", limit}}));
  std::vector<RecentVote> votes;
  for (const Row& r : rows)
    votes.push_back({r.text(0), r.text(1), r.text(2), static_cast<CaseState>(r.integer(3)), r.integer(4)});
  return votes;
}

Result<std::vector<CaseVote>> first_votes(Tx& tx, const std::string& case_id, int32_t limit) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT r.user_id, u.display_name, v.content FROM reads r JOIN read_revisions v "
               "ON v.read_id = r.read_id AND v.revision = (SELECT MAX(w.revision) FROM read_revisions w "
               "WHERE w.read_id = r.read_id AND w.after_reveal = 0) "
               "LEFT JOIN users u ON u.user_id = r.user_id "
               "WHERE r.case_id = :case_id AND r.purpose = 1 AND r.late = 0 ORDER BY r.read_id LIMIT :limit",
               {{"case_id", case_id}, {"limit", limit}}));
  std::vector<CaseVote> votes;
  for (const Row& r : rows) votes.push_back({r.text(0), r.text(1), r.text(2)});
  return votes;
}

namespace {

Result<std::vector<RecordedRead>> select_reads(Tx& tx, const std::string& where, const Params& params) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query(
          "SELECT c.case_id, c.site_id, c.state, c.decided_term, r.purpose, "
          "COALESCE(cr.revealed_us, 0) <> 0, r.created_us, v.content, f.telemetry "
          "FROM reads r JOIN cases k ON k.case_id = r.case_id "
          "JOIN cases c ON c.case_id = CASE WHEN k.plant_of = '' THEN k.case_id ELSE k.plant_of END "
          "JOIN read_revisions v ON v.read_id = r.read_id AND v.revision = "
          "(SELECT MAX(w.revision) FROM read_revisions w WHERE w.read_id = r.read_id AND w.after_reveal = 0) "
          "JOIN read_revisions f ON f.read_id = r.read_id AND f.revision = 1 "
          "LEFT JOIN case_readers cr ON cr.case_id = r.case_id AND cr.user_id = r.user_id "
          "WHERE r.user_id = :user AND r.late = 0 " +
              where + "ORDER BY r.created_us DESC, r.read_id DESC LIMIT :limit",
          params));
  std::vector<RecordedRead> reads;
  for (const Row& r : rows)
    reads.push_back({r.text(0), r.text(1), static_cast<CaseState>(r.integer(2)), r.text(3),
                     static_cast<ReadPurpose>(r.integer(4)), r.integer(5) != 0, r.integer(6), r.text(7),
                     r.text(8)});
  return reads;
}

}  // namespace

Result<std::vector<RecordedRead>> newest_reads(Tx& tx, const std::string& user_id, int32_t limit) {
  return select_reads(tx, "", {{"user", user_id}, {"limit", limit}});
}

Result<std::vector<RecordedRead>> gold_reads(Tx& tx, const std::string& user_id, int64_t from_us,
                                             int64_t before_us, int32_t limit) {
  return select_reads(tx, "AND r.purpose = 2 AND r.created_us >= :from AND r.created_us < :before ",
                      {{"user", user_id}, {"from", from_us}, {"before", before_us}, {"limit", limit}});
}

}  // namespace hada::store::statistics
