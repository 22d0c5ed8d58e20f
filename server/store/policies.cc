#include "server/store/policies.h"

namespace hada::store::policies {

Result<contract::Policy> current(Tx& tx) {
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query("SELECT content FROM policies ORDER BY created_us DESC, version DESC LIMIT 1"));
  if (rows.empty()) return contract::Policy{};
  auto policy = contract::policy_from_json(rows[0].text(0));
  if (!policy) return Unexpected(ErrorCode::Internal, "STORE_FAILED", "the stored policy cannot be read");
  return policy;
}

Status keep(Tx& tx, const contract::Policy& policy, const std::string& actor, int64_t now_us) {
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO policies (version, content, created_us, created_by) "
              "VALUES (:version, :content, :now, :actor) ON CONFLICT (version) DO NOTHING",
              {{"version", policy.version},
               {"content", contract::to_json(policy)},
               {"now", now_us},
               {"actor", actor}}));
  return {};
}

}  // namespace hada::store::policies
