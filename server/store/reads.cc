#include "server/store/reads.h"

#include <algorithm>
#include <tuple>

namespace hada::store::reads {
namespace {

constexpr std::string_view kSelectRead =
    "SELECT r.read_id, r.case_id, r.case_seq, r.user_id, u.display_name, r.purpose, r.late, r.revision, "
    "r.created_us, r.returned FROM reads r LEFT JOIN users u ON u.user_id = r.user_id ";

ReadRow read_from(const Row& r) {
  ReadRow read;
  read.read_id = r.text(0);
  read.case_id = r.text(1);
  read.case_seq = r.integer(2);
  read.user_id = r.text(3);
  read.user_display_name = r.text(4);
  read.purpose = static_cast<ReadPurpose>(r.integer(5));
  read.late = r.integer(6) != 0;
  read.revision = r.integer(7);
  read.created_us = r.integer(8);
  read.returned = r.integer(9) != 0;
  return read;
}

Status insert_revision(Tx& tx, const std::string& read_id, const ReadRevisionRow& row) {
  RETURN_IF_ERROR(tx.exec(
      "INSERT INTO read_revisions (read_id, revision, content, annotations, reason, after_reveal, telemetry, "
      "created_us) VALUES (:read_id, :revision, :content, :annotations, :reason, :after_reveal, :telemetry, "
      ":created_us)",
      {{"read_id", read_id},
       {"revision", row.revision},
       {"content", row.content.json},
       {"annotations", Blob{row.content.annotations}},
       {"reason", row.reason},
       {"after_reveal", row.after_reveal},
       {"telemetry", row.telemetry},
       {"created_us", row.created_us}}));
  return {};
}

// What the case's readers who are still blind are shown of its state; save() keeps the others'.
Status show_state(Tx& tx, const std::string& case_id, CaseState state, const std::string& which) {
  RETURN_IF_ERROR(
      tx.exec("UPDATE reads SET shown_state = :state WHERE case_id = :case_id AND " + which +
                  " AND user_id NOT IN (SELECT user_id FROM case_readers WHERE case_id = :case_id "
                  "AND revealed_us > 0)",
              {{"state", static_cast<int32_t>(state)}, {"case_id", case_id}}));
  return {};
}

}  // namespace

Result<std::vector<SlotRow>> slots(Tx& tx, const std::string& case_id) {
  ASSIGN_OR_RETURN(const Rows rows, tx.query("SELECT slot, purpose, holder, lease_until_us, read_id "
                                             "FROM read_slots WHERE case_id = :case_id ORDER BY round, slot",
                                             {{"case_id", case_id}}));
  std::vector<SlotRow> slots;
  for (const Row& r : rows)
    slots.push_back({static_cast<int32_t>(r.integer(0)), static_cast<ReadPurpose>(r.integer(1)), r.text(2),
                     r.integer(3), r.text(4)});
  return slots;
}

Status lease_slot(Tx& tx, const std::string& case_id, int32_t slot, const std::string& user_id,
                  int64_t now_us, int64_t until_us) {
  RETURN_IF_ERROR(
      tx.exec("UPDATE read_slots SET holder = :user, lease_until_us = :until "
              "WHERE case_id = :case_id AND slot = :slot AND read_id = ''",
              {{"user", user_id}, {"until", until_us}, {"case_id", case_id}, {"slot", slot}}));
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO case_readers (case_id, user_id, claimed_us) VALUES (:case_id, :user, :now) "
              "ON CONFLICT (case_id, user_id) DO UPDATE SET claimed_us = excluded.claimed_us "
              "WHERE case_readers.claimed_us = 0",
              {{"case_id", case_id}, {"user", user_id}, {"now", now_us}}));
  return {};
}

Status free_slot(Tx& tx, const std::string& case_id, int32_t slot) {
  RETURN_IF_ERROR(
      tx.exec("UPDATE read_slots SET holder = '', lease_until_us = 0 "
              "WHERE case_id = :case_id AND slot = :slot AND read_id = ''",
              {{"case_id", case_id}, {"slot", slot}}));
  return {};
}

Status fill_slot(Tx& tx, const std::string& case_id, int32_t slot, const std::string& user_id,
                 const std::string& read_id) {
  RETURN_IF_ERROR(
      tx.exec("UPDATE read_slots SET holder = :user, read_id = :read_id "
              "WHERE case_id = :case_id AND slot = :slot AND read_id = ''",
              {{"user", user_id}, {"read_id", read_id}, {"case_id", case_id}, {"slot", slot}}));
  return {};
}

Result<int64_t> leases_held(Tx& tx, const std::string& user_id, int64_t now_us) {
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query("SELECT COUNT(*) FROM read_slots WHERE holder = :user AND lease_until_us > :now "
                            "AND read_id = '' AND holder <> ''",
                            {{"user", user_id}, {"now", now_us}}));
  return rows[0].integer(0);
}

Result<std::vector<std::string>> held(Tx& tx, const std::string& user_id, int64_t now_us) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT c.case_id, c.tier, c.seq FROM read_slots s JOIN cases c ON c.case_id = s.case_id "
               "WHERE s.holder = :user AND s.lease_until_us > :now AND s.read_id = '' AND s.holder <> ''",
               {{"user", user_id}, {"now", now_us}}));
  std::vector<std::tuple<int64_t, int64_t, std::string>> keys;
  for (const Row& r : rows) keys.emplace_back(-r.integer(1), r.integer(2), r.text(0));
  std::sort(keys.begin(), keys.end());
  std::vector<std::string> cases;
  for (auto& key : keys) cases.push_back(std::move(std::get<2>(key)));
  return cases;
}

Result<Involvement> involvement(Tx& tx, const std::string& case_id, const std::string& user_id,
                                int64_t now_us) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query(
          "SELECT (SELECT claimed_us FROM case_readers WHERE case_id = :case_id AND user_id = :user), "
          "(SELECT revealed_us FROM case_readers WHERE case_id = :case_id AND user_id = :user), "
          "(SELECT COUNT(*) FROM reads WHERE case_id = :case_id AND user_id = :user), "
          "(SELECT COUNT(*) FROM read_slots WHERE case_id = :case_id AND holder = :user AND holder <> '' "
          "AND read_id = '' AND lease_until_us > :now), "
          "(SELECT COUNT(*) FROM reads WHERE case_id = :case_id AND user_id = :user AND returned = 1)",
          {{"case_id", case_id}, {"user", user_id}, {"now", now_us}}));
  if (rows.empty()) return Involvement{};
  const Row& r = rows[0];
  return Involvement{r.integer(0) != 0, r.integer(1) != 0, r.integer(2) != 0, r.integer(3) != 0,
                     r.integer(4) != 0};
}

Result<std::map<std::string, Involvement>> involvements(Tx& tx, const std::string& case_id) {
  ASSIGN_OR_RETURN(
      const Rows people,
      tx.query("SELECT user_id, claimed_us, revealed_us FROM case_readers WHERE case_id = :case_id",
               {{"case_id", case_id}}));
  ASSIGN_OR_RETURN(const Rows reads, tx.query("SELECT user_id, returned FROM reads WHERE case_id = :case_id",
                                              {{"case_id", case_id}}));
  std::map<std::string, Involvement> all;
  for (const Row& r : people) {
    Involvement& person = all[r.text(0)];
    person.claimed = r.integer(1) != 0;
    person.revealed = r.integer(2) != 0;
  }
  for (const Row& r : reads) {
    Involvement& person = all[r.text(0)];
    person.has_read = true;
    person.returned = person.returned || r.integer(1) != 0;
  }
  return all;
}

Status mark_revealed(Tx& tx, const std::string& case_id, const std::string& user_id, CaseState state,
                     int64_t now_us) {
  ASSIGN_OR_RETURN(
      const int64_t changed,
      tx.exec("INSERT INTO case_readers (case_id, user_id, revealed_us) VALUES (:case_id, :user, :now) "
              "ON CONFLICT (case_id, user_id) DO UPDATE SET revealed_us = excluded.revealed_us "
              "WHERE case_readers.revealed_us = 0",
              {{"case_id", case_id}, {"user", user_id}, {"now", now_us}}));
  if (changed == 0) return {};
  RETURN_IF_ERROR(
      tx.exec("UPDATE reads SET shown_state = :state WHERE case_id = :case_id AND user_id = :user",
              {{"state", static_cast<int32_t>(state)}, {"case_id", case_id}, {"user", user_id}}));
  return {};
}

Result<std::optional<ReadRow>> find(Tx& tx, const std::string& read_id) {
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query(std::string(kSelectRead) + "WHERE r.read_id = :read_id", {{"read_id", read_id}}));
  if (rows.empty()) return std::optional<ReadRow>();
  return std::optional<ReadRow>(read_from(rows[0]));
}

Result<std::vector<ReadRow>> of_case(Tx& tx, const std::string& case_id, const std::string& user_id,
                                     const std::string& after_read_id, int32_t limit) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query(std::string(kSelectRead) + "WHERE r.case_id = :case_id AND (:user = '' OR r.user_id = :user) "
                                          "AND r.read_id > :after ORDER BY r.read_id LIMIT :limit",
               {{"case_id", case_id}, {"user", user_id}, {"after", after_read_id}, {"limit", limit}}));
  std::vector<ReadRow> reads;
  for (const Row& r : rows) reads.push_back(read_from(r));
  return reads;
}

Result<std::vector<ReadRevisionRow>> revisions(Tx& tx, const std::string& read_id) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT revision, content, annotations, reason, after_reveal, telemetry, created_us "
               "FROM read_revisions WHERE read_id = :read_id ORDER BY revision",
               {{"read_id", read_id}}));
  std::vector<ReadRevisionRow> revisions;
  for (const Row& r : rows)
    revisions.push_back(
        {r.integer(0), {r.text(1), r.blob(2)}, r.text(3), r.integer(4) != 0, r.text(5), r.integer(6)});
  return revisions;
}

Status insert(Tx& tx, const ReadRow& read, const ReadRevisionRow& first, CaseState shown_state) {
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO reads (read_id, case_id, case_seq, user_id, purpose, late, shown_state, "
              "revision, created_us) VALUES (:read_id, :case_id, :case_seq, :user, :purpose, :late, "
              ":shown_state, :revision, :created_us)",
              {{"read_id", read.read_id},
               {"case_id", read.case_id},
               {"case_seq", read.case_seq},
               {"user", read.user_id},
               {"purpose", static_cast<int32_t>(read.purpose)},
               {"late", read.late},
               {"shown_state", static_cast<int32_t>(shown_state)},
               {"revision", first.revision},
               {"created_us", read.created_us}}));
  return insert_revision(tx, read.read_id, first);
}

Status add_revision(Tx& tx, const std::string& read_id, const ReadRevisionRow& revision) {
  ASSIGN_OR_RETURN(
      const int64_t changed,
      tx.exec("UPDATE reads SET revision = :revision WHERE read_id = :read_id AND revision = :before",
              {{"revision", revision.revision}, {"read_id", read_id}, {"before", revision.revision - 1}}));
  if (changed != 1)
    return Unexpected(ErrorCode::Aborted, "ETAG_MISMATCH", "the read has changed since it was read");
  return insert_revision(tx, read_id, revision);
}

Result<std::vector<VoteRow>> votes(Tx& tx, const std::string& case_id) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT r.read_id, v.revision, v.content FROM reads r JOIN read_revisions v "
               "ON v.read_id = r.read_id AND v.revision = (SELECT MAX(w.revision) FROM read_revisions w "
               "WHERE w.read_id = r.read_id AND w.after_reveal = 0) "
               "WHERE r.case_id = :case_id AND r.purpose = 1 AND r.late = 0 ORDER BY r.read_id",
               {{"case_id", case_id}}));
  std::vector<VoteRow> votes;
  for (const Row& r : rows) votes.push_back({r.text(0), r.integer(1), r.text(2)});
  return votes;
}

Result<bool> ask_again(Tx& tx, const std::string& case_id, const std::string& user_id) {
  ASSIGN_OR_RETURN(const int64_t changed,
                   tx.exec("UPDATE reads SET returned = 1 WHERE case_id = :case_id AND user_id = :user "
                           "AND purpose = 1 AND late = 0",
                           {{"case_id", case_id}, {"user", user_id}}));
  RETURN_IF_ERROR(show_state(tx, case_id, CaseState::Returned, "returned = 1"));
  return changed > 0;
}

Status ask_all_again(Tx& tx, const std::string& case_id) {
  RETURN_IF_ERROR(
      tx.exec("UPDATE reads SET returned = 1, late = 1 WHERE case_id = :case_id AND purpose = 1 AND late = 0",
              {{"case_id", case_id}}));
  RETURN_IF_ERROR(
      tx.exec("UPDATE read_slots SET read_id = '', holder = '', lease_until_us = 0 "
              "WHERE case_id = :case_id AND purpose = 1",
              {{"case_id", case_id}}));
  return show_state(tx, case_id, CaseState::Returned, "returned = 1");
}

Status answered(Tx& tx, const std::string& read_id, bool late) {
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query("SELECT case_id FROM reads WHERE read_id = :read_id", {{"read_id", read_id}}));
  if (rows.empty()) return {};
  RETURN_IF_ERROR(tx.exec("UPDATE reads SET returned = 0, late = :late WHERE read_id = :read_id",
                          {{"late", late}, {"read_id", read_id}}));
  return show_state(tx, rows[0].text(0), CaseState::Reading, "returned = 0");
}

Status stop_asking(Tx& tx, const std::string& case_id) {
  RETURN_IF_ERROR(tx.exec("UPDATE reads SET returned = 0 WHERE case_id = :case_id AND returned = 1",
                          {{"case_id", case_id}}));
  return show_state(tx, case_id, CaseState::Reading, "returned = 0");
}

Result<int64_t> asked(Tx& tx, const std::string& case_id) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT COUNT(*) FROM reads WHERE case_id = :case_id AND returned = 1 AND late = 0",
               {{"case_id", case_id}}));
  return rows.at(0).integer(0);
}

Status save_draft(Tx& tx, const std::string& case_id, const std::string& user_id,
                  const StoredContent& content, int64_t now_us) {
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO drafts (case_id, user_id, content, annotations, updated_us) "
              "VALUES (:case_id, :user, :content, :annotations, :now) "
              "ON CONFLICT (case_id, user_id) DO UPDATE SET content = excluded.content, "
              "annotations = excluded.annotations, updated_us = excluded.updated_us",
              {{"case_id", case_id},
               {"user", user_id},
               {"content", content.json},
               {"annotations", Blob{content.annotations}},
               {"now", now_us}}));
  return {};
}

Result<std::optional<StoredContent>> draft(Tx& tx, const std::string& case_id, const std::string& user_id) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT content, annotations FROM drafts WHERE case_id = :case_id AND user_id = :user",
               {{"case_id", case_id}, {"user", user_id}}));
  if (rows.empty()) return std::optional<StoredContent>();
  return std::optional<StoredContent>({rows[0].text(0), rows[0].blob(1)});
}

Status delete_draft(Tx& tx, const std::string& case_id, const std::string& user_id) {
  RETURN_IF_ERROR(tx.exec("DELETE FROM drafts WHERE case_id = :case_id AND user_id = :user",
                          {{"case_id", case_id}, {"user", user_id}}));
  return {};
}

}  // namespace hada::store::reads
