#pragma once

// Wakes whoever follows the log of changes.

#include <chrono>
#include <cstdint>

#include "contract/mutex.h"

namespace hada::store {

// Counts commits; any thread.
class CommitSignal {
 public:
  void notify() {
    {
      MutexLock lock(mutex_);
      ++count_;
    }
    changed_.notify_all();
  }

  // Waits until the count is no longer `seen`, at most this long; returns the count.
  uint64_t wait_beyond(uint64_t seen, std::chrono::milliseconds timeout) {
    const auto until = std::chrono::steady_clock::now() + timeout;
    MutexLock lock(mutex_);
    while (count_ == seen) {
      const auto now = std::chrono::steady_clock::now();
      if (now >= until) break;
      changed_.wait_for(mutex_, until - now);
    }
    return count_;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  uint64_t count_ HADA_GUARDED_BY(mutex_) = 0;
};

}  // namespace hada::store
