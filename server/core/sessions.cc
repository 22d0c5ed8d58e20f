#include "server/core/sessions.h"

#include <sodium.h>

#include <utility>

#include "contract/sha256.h"
#include "server/core/base64url.h"
#include "server/core/errors.h"
#include "server/core/password.h"
#include "server/store/events.h"
#include "server/store/sessions.h"
#include "server/store/users.h"

namespace hada::core {
namespace {

constexpr size_t kTokenBytes = 32;
constexpr size_t kTokenLength = 43;  // in base64url

std::string new_token() {
  std::string bytes(kTokenBytes, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return base64url(bytes);
}

Caller caller_of(const store::UserRecord& user, const store::SessionRecord& session) {
  Caller caller{user.user_id, user.display_name, user.home_site, {}, session.expires_us, session.token_hash};
  for (const store::GrantRecord& grant : user.grants) caller.grants.push_back({grant.role, grant.site_id});
  return caller;
}

}  // namespace

Sessions::Sessions(store::Store& store, const Clock& clock)
    : store_(store), clock_(clock), throttle_(clock) {}

Result<NewSession> Sessions::login(const std::string& user_id, const std::string& password) {
  RETURN_IF_ERROR(throttle_.check(user_id));
  std::optional<store::UserRecord> user;
  RETURN_IF_ERROR(store_.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(user, store::find_user(tx, user_id));
    return {};
  }));
  const bool usable = user && !user->disabled;
  if (!verify_password(usable ? user->password_hash : std::string(), password)) {
    throttle_.failed(user_id);
    return bad_credentials();
  }
  throttle_.succeeded(user_id);

  NewSession session{new_token(), {}};
  const int64_t now_us = clock_.now_us();
  const store::SessionRecord record{contract::sha256_hex(session.token), user_id, now_us,
                                    now_us + kLifetimeUs};
  RETURN_IF_ERROR(store_.write([&](store::Tx& tx) -> Status {
    // The password took a while: the account may have been switched off or given another password meanwhile.
    ASSIGN_OR_RETURN(const auto now, store::find_user(tx, user_id));
    if (!now || now->disabled || now->password_hash != user->password_hash) return bad_credentials();
    RETURN_IF_ERROR(store::insert_session(tx, record));
    session.caller = caller_of(*now, record);
    RETURN_IF_ERROR(store::record_event(tx, {user_id, "login", "users/" + user_id, "", "", now_us}));
    return {};
  }));
  return session;
}

std::shared_ptr<const Caller> Sessions::cached(std::string_view token) {
  const int64_t now_us = clock_.now_us();
  MutexLock lock(mutex_);
  const auto found = cache_.find(token);
  if (found == cache_.end()) return nullptr;
  if (found->second->session_expires_us <= now_us) {
    cache_.erase(found);
    return nullptr;
  }
  return found->second;
}

Result<std::shared_ptr<const Caller>> Sessions::authenticate(std::string_view token) {
  if (token.size() != kTokenLength) return no_session();
  if (auto known = cached(token)) return known;
  const std::string token_hash = contract::sha256_hex(token);
  uint64_t generation = 0;
  {
    MutexLock lock(mutex_);
    generation = generation_;
  }
  std::shared_ptr<const Caller> caller;
  RETURN_IF_ERROR(store_.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const auto session, store::find_session(tx, token_hash));
    if (!session || session->expires_us <= clock_.now_us()) return no_session();
    ASSIGN_OR_RETURN(const auto user, store::find_user(tx, session->user_id));
    if (!user || user->disabled) return no_session();
    caller = std::make_shared<const Caller>(caller_of(*user, *session));
    return {};
  }));
  MutexLock lock(mutex_);
  if (generation == generation_) {
    if (cache_.size() >= kMaxCached) cache_.erase(cache_.begin());
    cache_[std::string(token)] = caller;
  }
  return caller;
}

Status Sessions::logout(const std::string& token_hash) {
  RETURN_IF_ERROR(store_.write([&](store::Tx& tx) { return store::delete_session(tx, token_hash); }));
  MutexLock lock(mutex_);
  ++generation_;
  std::erase_if(cache_, [&](const auto& entry) { return entry.second->session_token_hash == token_hash; });
  return {};
}

void Sessions::forget_user(const std::string& user_id) {
  MutexLock lock(mutex_);
  ++generation_;
  std::erase_if(cache_, [&](const auto& entry) { return entry.second->user_id == user_id; });
}

}  // namespace hada::core
