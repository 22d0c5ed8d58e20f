#include "server/store/policies.h"

#include <limits>

namespace hada::store::policies {
namespace {

constexpr std::string_view kSelect = "SELECT content, seq, created_by, created_us FROM policies ";

Result<PolicyRow> row_of(const Row& r) {
  auto policy = contract::stored_policy_from_json(r.text(0));
  if (!policy) return Unexpected(ErrorCode::Internal, "STORE_FAILED", "the stored policy cannot be read");
  return PolicyRow{std::move(policy).value(), r.integer(1), r.text(2), r.integer(3)};
}

}  // namespace

Result<PolicyRow> newest(Tx& tx) {
  ASSIGN_OR_RETURN(const Rows rows, tx.query(std::string(kSelect) + "ORDER BY seq DESC LIMIT 1"));
  if (rows.empty()) return PolicyRow{};
  return row_of(rows[0]);
}

Result<contract::Policy> current(Tx& tx) {
  ASSIGN_OR_RETURN(PolicyRow row, newest(tx));
  return std::move(row.policy);
}

Result<std::optional<PolicyRow>> find(Tx& tx, const std::string& version) {
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query(std::string(kSelect) + "WHERE version = :version", {{"version", version}}));
  if (rows.empty()) return std::optional<PolicyRow>();
  ASSIGN_OR_RETURN(PolicyRow row, row_of(rows[0]));
  return std::optional<PolicyRow>(std::move(row));
}

Result<std::vector<PolicyRow>> list(Tx& tx, int64_t before_seq, int64_t limit) {
  const int64_t before = before_seq > 0 ? before_seq : std::numeric_limits<int64_t>::max();
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query(std::string(kSelect) + "WHERE seq < :before ORDER BY seq DESC LIMIT :limit",
                            {{"before", before}, {"limit", limit}}));
  std::vector<PolicyRow> policies;
  for (const Row& r : rows) {
    ASSIGN_OR_RETURN(PolicyRow row, row_of(r));
    policies.push_back(std::move(row));
  }
  return policies;
}

Status keep(Tx& tx, const contract::Policy& policy, const std::string& actor, int64_t now_us) {
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO policies (version, content, created_us, created_by, seq) "
              "SELECT :version, :content, :now, :actor, COALESCE(MAX(seq), 0) + 1 FROM policies WHERE true "
              "ON CONFLICT (version) DO NOTHING",
              {{"version", policy.version},
               {"content", contract::to_json(policy)},
               {"now", now_us},
               {"actor", actor}}));
  return {};
}

}  // namespace hada::store::policies
