#pragma once

// Slows down guessing. After five wrong passwords for one user id the next try has to wait 2 s, then 4 s, 8 s
// ... up to 15 minutes; a right password clears it. Unknown user ids are treated alike, so the lock tells
// nothing.

#include <cstdint>
#include <string>
#include <unordered_map>

#include "contract/mutex.h"
#include "contract/result.h"
#include "server/core/clock.h"

namespace hada::core {

class LoginThrottle {
 public:
  static constexpr int kFreeAttempts = 5;
  static constexpr int64_t kFirstLockUs = 2 * kSecondUs;
  static constexpr int64_t kLongestLockUs = 15 * kMinuteUs;
  static constexpr size_t kMaxUsers = 10'000;

  explicit LoginThrottle(const Clock& clock) : clock_(clock) {}

  // RESOURCE_EXHAUSTED / TOO_MANY_ATTEMPTS while locked.
  Status check(const std::string& user_id);
  void failed(const std::string& user_id);
  void succeeded(const std::string& user_id);

 private:
  struct Attempts {
    int failures = 0;
    int64_t last_us = 0;
    int64_t locked_until_us = 0;
  };
  void make_room() HADA_REQUIRES(mutex_);

  const Clock& clock_;
  Mutex mutex_;
  std::unordered_map<std::string, Attempts> attempts_ HADA_GUARDED_BY(mutex_);
};

}  // namespace hada::core
