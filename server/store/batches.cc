#include "server/store/batches.h"

namespace hada::store {

Status insert_batch(Tx& tx, const BatchRow& row) {
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO batches (batch_id, site_id, created_by, tool_version, received, ready, refused,"
              " created_us) VALUES (:batch_id, :site_id, :created_by, :tool_version, 0, 0, 0, :created_us)",
              {{"batch_id", row.batch_id},
               {"site_id", row.site_id},
               {"created_by", row.created_by},
               {"tool_version", row.tool_version},
               {"created_us", row.created_us}}));
  return {};
}

Result<std::optional<BatchRow>> find_batch(Tx& tx, const std::string& batch_id) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT batch_id, site_id, created_by, tool_version, received, ready, refused, created_us"
               " FROM batches WHERE batch_id = :batch_id",
               {{"batch_id", batch_id}}));
  if (rows.empty()) return std::optional<BatchRow>();
  const Row& row = rows.front();
  return std::optional<BatchRow>({row.text(0), row.text(1), row.text(2), row.text(3), row.integer(4),
                                  row.integer(5), row.integer(6), row.integer(7)});
}

Status batch_image_received(Tx& tx, const std::string& batch_id) {
  RETURN_IF_ERROR(tx.exec("UPDATE batches SET received = received + 1 WHERE batch_id = :batch_id",
                          {{"batch_id", batch_id}}));
  return {};
}

Status batch_image_finished(Tx& tx, const std::string& batch_id, bool ready) {
  RETURN_IF_ERROR(
      tx.exec("UPDATE batches SET received = received - 1, ready = ready + :ready,"
              " refused = refused + :refused WHERE batch_id = :batch_id",
              {{"batch_id", batch_id}, {"ready", ready}, {"refused", !ready}}));
  return {};
}

}  // namespace hada::store
