#include "server/store/sessions.h"

namespace hada::store {

Status insert_session(Tx& tx, const SessionRecord& session) {
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO sessions (token_hash, user_id, created_us, expires_us) "
              "VALUES (:token_hash, :user_id, :created_us, :expires_us)",
              {{"token_hash", session.token_hash},
               {"user_id", session.user_id},
               {"created_us", session.created_us},
               {"expires_us", session.expires_us}}));
  return {};
}

Result<std::optional<SessionRecord>> find_session(Tx& tx, const std::string& token_hash) {
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query("SELECT token_hash, user_id, created_us, expires_us FROM sessions "
                            "WHERE token_hash = :token_hash",
                            {{"token_hash", token_hash}}));
  if (rows.empty()) return std::optional<SessionRecord>();
  const Row& row = rows[0];
  return std::optional<SessionRecord>({row.text(0), row.text(1), row.integer(2), row.integer(3)});
}

Status delete_session(Tx& tx, const std::string& token_hash) {
  RETURN_IF_ERROR(
      tx.exec("DELETE FROM sessions WHERE token_hash = :token_hash", {{"token_hash", token_hash}}));
  return {};
}

Status delete_sessions_of(Tx& tx, const std::string& user_id) {
  RETURN_IF_ERROR(tx.exec("DELETE FROM sessions WHERE user_id = :user_id", {{"user_id", user_id}}));
  return {};
}

Result<int64_t> delete_expired_sessions(Tx& tx, int64_t now_us, int64_t limit) {
  return tx.exec(
      "DELETE FROM sessions WHERE token_hash IN "
      "(SELECT token_hash FROM sessions WHERE expires_us <= :now_us LIMIT :count)",
      {{"now_us", now_us}, {"count", limit}});
}

}  // namespace hada::store
