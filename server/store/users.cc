#include "server/store/users.h"

#include <map>

namespace hada::store {
namespace {

constexpr std::string_view kColumns =
    "user_id, display_name, home_site, password_hash, disabled, revision, created_us";

UserRecord user_of(const Row& row) {
  return {row.text(0),         row.text(1),    row.text(2),    row.text(3),
          row.integer(4) != 0, row.integer(5), row.integer(6), {}};
}

Status insert_grants(Tx& tx, const std::string& user_id, const std::vector<GrantRecord>& grants) {
  for (const GrantRecord& grant : grants)
    RETURN_IF_ERROR(tx.exec(
        "INSERT INTO role_grants (user_id, role, site_id) VALUES (:user_id, :role, :site_id) "
        "ON CONFLICT (user_id, role, site_id) DO NOTHING",
        {{"user_id", user_id}, {"role", static_cast<int32_t>(grant.role)}, {"site_id", grant.site_id}}));
  return {};
}

Status touch(Tx& tx, const std::string& user_id) {
  RETURN_IF_ERROR(
      tx.exec("UPDATE users SET revision = revision + 1 WHERE user_id = :user_id", {{"user_id", user_id}}));
  return {};
}

}  // namespace

Status insert_user(Tx& tx, const UserRecord& user) {
  RETURN_IF_ERROR(tx.exec(
      "INSERT INTO users (user_id, display_name, home_site, password_hash, disabled, revision, created_us) "
      "VALUES (:user_id, :display_name, :home_site, :password_hash, :disabled, :revision, :created_us)",
      {{"user_id", user.user_id},
       {"display_name", user.display_name},
       {"home_site", user.home_site},
       {"password_hash", user.password_hash},
       {"disabled", user.disabled},
       {"revision", user.revision},
       {"created_us", user.created_us}}));
  return insert_grants(tx, user.user_id, user.grants);
}

Result<std::optional<UserRecord>> find_user(Tx& tx, const std::string& user_id) {
  static const std::string sql = "SELECT " + std::string(kColumns) + " FROM users WHERE user_id = :user_id";
  ASSIGN_OR_RETURN(const Rows rows, tx.query(sql, {{"user_id", user_id}}));
  if (rows.empty()) return std::optional<UserRecord>();
  UserRecord user = user_of(rows[0]);
  ASSIGN_OR_RETURN(
      const Rows grants,
      tx.query("SELECT role, site_id FROM role_grants WHERE user_id = :user_id ORDER BY role, site_id",
               {{"user_id", user_id}}));
  for (const Row& grant : grants) user.grants.push_back({static_cast<Role>(grant.integer(0)), grant.text(1)});
  return std::optional<UserRecord>(std::move(user));
}

Result<std::vector<UserRecord>> list_users(Tx& tx, const std::string& after, int64_t limit) {
  static const std::string sql =
      "SELECT " + std::string(kColumns) + " FROM users WHERE user_id > :after ORDER BY user_id LIMIT :count";
  ASSIGN_OR_RETURN(const Rows rows, tx.query(sql, {{"after", after}, {"count", limit}}));
  std::vector<UserRecord> users;
  if (rows.empty()) return users;
  std::map<std::string, size_t> position;
  for (const Row& row : rows) {
    position[row.text(0)] = users.size();
    users.push_back(user_of(row));
  }
  ASSIGN_OR_RETURN(const Rows grants,
                   tx.query("SELECT user_id, role, site_id FROM role_grants "
                            "WHERE user_id > :after AND user_id <= :last ORDER BY user_id, role, site_id",
                            {{"after", after}, {"last", users.back().user_id}}));
  for (const Row& grant : grants)
    if (const auto found = position.find(grant.text(0)); found != position.end())
      users[found->second].grants.push_back({static_cast<Role>(grant.integer(1)), grant.text(2)});
  return users;
}

Status replace_grants(Tx& tx, const std::string& user_id, const std::vector<GrantRecord>& grants) {
  RETURN_IF_ERROR(tx.exec("DELETE FROM role_grants WHERE user_id = :user_id", {{"user_id", user_id}}));
  RETURN_IF_ERROR(insert_grants(tx, user_id, grants));
  return touch(tx, user_id);
}

Status set_password_hash(Tx& tx, const std::string& user_id, const std::string& password_hash) {
  RETURN_IF_ERROR(tx.exec("UPDATE users SET password_hash = :password_hash WHERE user_id = :user_id",
                          {{"password_hash", password_hash}, {"user_id", user_id}}));
  return touch(tx, user_id);
}

Status disable_user(Tx& tx, const std::string& user_id) {
  RETURN_IF_ERROR(tx.exec("UPDATE users SET disabled = 1 WHERE user_id = :user_id", {{"user_id", user_id}}));
  return touch(tx, user_id);
}

Result<int64_t> count_admins(Tx& tx) {
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query("SELECT COUNT(*) FROM role_grants g JOIN users u ON u.user_id = g.user_id "
                            "WHERE g.role = :role AND g.site_id = '' AND u.disabled = 0",
                            {{"role", static_cast<int32_t>(Role::Admin)}}));
  return rows[0].integer(0);
}

}  // namespace hada::store
