#pragma once

// Open sessions. Only the hash of a token is ever here.

#include <cstdint>
#include <optional>
#include <string>

#include "server/store/store.h"

namespace hada::store {

struct SessionRecord {
  std::string token_hash;
  std::string user_id;
  int64_t created_us = 0;
  int64_t expires_us = 0;
};

Status insert_session(Tx& tx, const SessionRecord& session);
// Also an expired one, until it is swept.
Result<std::optional<SessionRecord>> find_session(Tx& tx, const std::string& token_hash);
Status delete_session(Tx& tx, const std::string& token_hash);
Status delete_sessions_of(Tx& tx, const std::string& user_id);
// At most `limit`; returns how many.
Result<int64_t> delete_expired_sessions(Tx& tx, int64_t now_us, int64_t limit);

}  // namespace hada::store
