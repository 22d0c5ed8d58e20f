#pragma once

// People with accounts, and their roles.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contract/enums.h"
#include "server/store/store.h"

namespace hada::store {

struct GrantRecord {
  Role role = Role::Unspecified;
  std::string site_id;  // empty: all sites
  bool operator==(const GrantRecord&) const = default;
};

struct UserRecord {
  std::string user_id;
  std::string display_name;
  std::string home_site;  // site id or empty
  std::string password_hash;
  bool disabled = false;
  int64_t revision = 1;
  int64_t created_us = 0;
  std::vector<GrantRecord> grants;  // by role, then site
};

// ALREADY_EXISTS / CONSTRAINT when the id is taken. Also inserts the grants.
Status insert_user(Tx& tx, const UserRecord& user);
Result<std::optional<UserRecord>> find_user(Tx& tx, const std::string& user_id);
// Up to `limit` users with an id after `after`, by id.
Result<std::vector<UserRecord>> list_users(Tx& tx, const std::string& after, int64_t limit);

// Each of these also moves the revision on.
Status replace_grants(Tx& tx, const std::string& user_id, const std::vector<GrantRecord>& grants);
Status set_password_hash(Tx& tx, const std::string& user_id, const std::string& password_hash);
Status disable_user(Tx& tx, const std::string& user_id);

// Users who may still log in and are admin for all sites.
Result<int64_t> count_admins(Tx& tx);

}  // namespace hada::store
