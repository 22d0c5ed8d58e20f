#pragma once

// Removes what is over: expired sessions and stored responses older than any client retries. A few rows at a
// time, so that nobody waits for it.

#include <thread>

#include "contract/mutex.h"
#include "contract/result.h"
#include "server/core/clock.h"
#include "server/store/store.h"

namespace hada::core {

class Sweeper {
 public:
  // An outbox may come back after a holiday and resend.
  static constexpr int64_t kKeepRequestsUs = 30 * 24 * kHourUs;
  static constexpr int64_t kRowsPerStep = 500;

  // Starts sweeping in the background, once a minute.
  Sweeper(store::Store& store, const Clock& clock);
  ~Sweeper();

  // One step; true when there may be more to do.
  static Result<bool> sweep(store::Store& store, const Clock& clock);

 private:
  void run();

  store::Store& store_;
  const Clock& clock_;
  Mutex mutex_;
  CondVar stop_;
  bool stopping_ HADA_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace hada::core
