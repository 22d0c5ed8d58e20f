#include "server/store/standings.h"

namespace hada::store::standings {

Result<StandingRow> of(Tx& tx, const std::string& user_id) {
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query("SELECT standing, hits, total, until_us, policy_version, resumed_us, revision "
                            "FROM reader_standings WHERE user_id = :user",
                            {{"user", user_id}}));
  StandingRow row;
  row.user_id = user_id;
  if (rows.empty()) return row;
  const Row& r = rows[0];
  row.standing = static_cast<ReadingStanding>(r.integer(0));
  row.hits = static_cast<int32_t>(r.integer(1));
  row.total = static_cast<int32_t>(r.integer(2));
  row.until_us = r.integer(3);
  row.policy_version = r.text(4);
  row.resumed_us = r.integer(5);
  row.revision = r.integer(6);
  return row;
}

Status save(Tx& tx, StandingRow& row) {
  ++row.revision;
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO reader_standings (user_id, standing, hits, total, until_us, policy_version, "
              "resumed_us, revision) VALUES (:user, :standing, :hits, :total, :until, :policy, :resumed, "
              ":revision) ON CONFLICT (user_id) DO UPDATE SET standing = excluded.standing, "
              "hits = excluded.hits, total = excluded.total, until_us = excluded.until_us, "
              "policy_version = excluded.policy_version, resumed_us = excluded.resumed_us, "
              "revision = excluded.revision",
              {{"user", row.user_id},
               {"standing", static_cast<int32_t>(row.standing)},
               {"hits", row.hits},
               {"total", row.total},
               {"until", row.until_us},
               {"policy", row.policy_version},
               {"resumed", row.resumed_us},
               {"revision", row.revision}}));
  return {};
}

}  // namespace hada::store::standings
