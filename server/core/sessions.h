#pragma once

// Who is logged in. A token is 32 random bytes in base64url; the database holds only its SHA-256, so a copy
// of the database opens no session. Sessions last 12 hours and survive a restart. Looking a session up again
// costs no SQL. Thread-safe.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "contract/mutex.h"
#include "contract/result.h"
#include "server/core/clock.h"
#include "server/core/context.h"
#include "server/core/login_throttle.h"
#include "server/store/store.h"

namespace hada::core {

struct NewSession {
  std::string token;  // known to the client only
  Caller caller;
};

class Sessions {
 public:
  static constexpr int64_t kLifetimeUs = 12 * kHourUs;
  static constexpr size_t kMaxCached = 4096;

  Sessions(store::Store& store, const Clock& clock);

  // Opens a session. BAD_CREDENTIALS alike for an unknown user, a wrong password and a disabled user;
  // TOO_MANY_ATTEMPTS while the user id is locked. Takes about 0.1 s.
  Result<NewSession> login(const std::string& user_id, const std::string& password);

  // The caller behind a token, from memory only; null when it has to be looked up.
  std::shared_ptr<const Caller> cached(std::string_view token);

  // The caller behind a token, by the database if need be. NO_SESSION when unknown, expired or disabled.
  Result<std::shared_ptr<const Caller>> authenticate(std::string_view token);

  // Ends one session; repeating it is not an error.
  Status logout(const std::string& token_hash);

  // Call after a transaction that changed or disabled a user or their grants.
  void forget_user(const std::string& user_id);

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view token) const { return std::hash<std::string_view>{}(token); }
  };

  store::Store& store_;
  const Clock& clock_;
  LoginThrottle throttle_;

  Mutex mutex_;
  // By the token itself, so that a tile costs no hash. It never leaves the memory of the process.
  std::unordered_map<std::string, std::shared_ptr<const Caller>, Hash, std::equal_to<>> cache_
      HADA_GUARDED_BY(mutex_);
  // Counts forgettings: what was read from the database before one is not put into the cache after it.
  uint64_t generation_ HADA_GUARDED_BY(mutex_) = 0;
};

}  // namespace hada::core
