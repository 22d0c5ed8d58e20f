#pragma once

// Patience with a server that is away for a while.

#include <algorithm>
#include <chrono>
#include <functional>
#include <random>

#include "client/ingest/stop.h"
#include "contract/result.h"

namespace hada::ingest {

struct RetryPolicy {
  std::chrono::milliseconds first{200};
  std::chrono::milliseconds longest{10'000};
  std::chrono::milliseconds give_up{300'000};  // after this much waiting
  // Sleeps, in small steps so that a stop is noticed; replaced by tests.
  std::function<void(std::chrono::milliseconds)> sleep;
};

// Sleeps `time` or until `stop`.
void sleep_unless(std::chrono::milliseconds time, const Stop& stop);

// Calls `fn` until it gives something else than UNAVAILABLE or DEADLINE_EXCEEDED (every verb of Transport may
// be repeated, so an answer that came too late is as good as none), the patience ends, or `stop` is set.
template <class T>
Result<T> with_retries(const RetryPolicy& policy, const Stop& stop, const std::function<Result<T>()>& fn) {
  thread_local std::minstd_rand random{std::random_device{}()};
  std::chrono::milliseconds waited{0}, delay = policy.first;
  for (;;) {
    if (stop) return Unexpected(ErrorCode::Cancelled, "STOPPED", "not reached");
    Result<T> result = fn();
    if (result) return result;
    const ErrorCode code = result.error().code;
    if ((code != ErrorCode::Unavailable && code != ErrorCode::DeadlineExceeded) || waited >= policy.give_up)
      return result;
    // Full delay to half of it, so that several workers do not come back in step.
    const std::chrono::milliseconds jittered{
        std::uniform_int_distribution<long>(delay.count() / 2, delay.count())(random)};
    if (policy.sleep) {
      policy.sleep(jittered);
    } else {
      sleep_unless(jittered, stop);
    }
    waited += jittered;
    delay = std::min(delay * 2, policy.longest);
  }
}

}  // namespace hada::ingest
