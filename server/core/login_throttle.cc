#include "server/core/login_throttle.h"

#include <algorithm>
#include <vector>

#include "server/core/errors.h"

namespace hada::core {

Status LoginThrottle::check(const std::string& user_id) {
  MutexLock lock(mutex_);
  const auto found = attempts_.find(user_id);
  if (found == attempts_.end()) return {};
  const int64_t wait_us = found->second.locked_until_us - clock_.now_us();
  if (wait_us > 0) return too_many_attempts(wait_us);
  return {};
}

void LoginThrottle::failed(const std::string& user_id) {
  const int64_t now_us = clock_.now_us();
  MutexLock lock(mutex_);
  if (!attempts_.count(user_id) && attempts_.size() >= kMaxUsers) make_room();
  Attempts& attempts = attempts_[user_id];
  ++attempts.failures;
  attempts.last_us = now_us;
  if (attempts.failures >= kFreeAttempts) {
    const int doublings = std::min(attempts.failures - kFreeAttempts, 20);
    attempts.locked_until_us = now_us + std::min(kFirstLockUs << doublings, kLongestLockUs);
  }
}

void LoginThrottle::succeeded(const std::string& user_id) {
  MutexLock lock(mutex_);
  attempts_.erase(user_id);
}

// Forgets the half that failed longest ago: rarely run, and a list of made-up names cannot grow the table for
// ever.
void LoginThrottle::make_room() {
  std::vector<int64_t> times;
  times.reserve(attempts_.size());
  for (const auto& [id, attempts] : attempts_) times.push_back(attempts.last_us);
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  const int64_t median = *middle;
  std::erase_if(attempts_, [&](const auto& entry) { return entry.second.last_us <= median; });
}

}  // namespace hada::core
