#include "server/store/requests.h"

namespace hada::store {

Result<std::optional<RequestRecord>> find_request(Tx& tx, const std::string& user_id,
                                                  const std::string& request_id) {
  ASSIGN_OR_RETURN(const Rows rows, tx.query("SELECT method, request_hash, response, at_us FROM requests "
                                             "WHERE user_id = :user_id AND request_id = :request_id",
                                             {{"user_id", user_id}, {"request_id", request_id}}));
  if (rows.empty()) return std::optional<RequestRecord>();
  const Row& row = rows[0];
  return std::optional<RequestRecord>(
      {user_id, request_id, row.text(0), row.text(1), row.blob(2), row.integer(3)});
}

Status insert_request(Tx& tx, const RequestRecord& request) {
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO requests (user_id, request_id, method, request_hash, response, at_us) "
              "VALUES (:user_id, :request_id, :method, :request_hash, :response, :at_us)",
              {{"user_id", request.user_id},
               {"request_id", request.request_id},
               {"method", request.method},
               {"request_hash", request.request_hash},
               {"response", Blob{request.response}},
               {"at_us", request.at_us}}));
  return {};
}

Result<int64_t> delete_requests_before(Tx& tx, int64_t before_us, int64_t limit) {
  return tx.exec(
      "DELETE FROM requests WHERE (user_id, request_id) IN "
      "(SELECT user_id, request_id FROM requests WHERE at_us < :before_us ORDER BY at_us LIMIT :count)",
      {{"before_us", before_us}, {"count", limit}});
}

}  // namespace hada::store
