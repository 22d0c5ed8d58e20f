#include "server/core/sweeper.h"

#include <chrono>

#include "server/core/log.h"
#include "server/store/requests.h"
#include "server/store/sessions.h"

namespace hada::core {
namespace {

constexpr auto kPause = std::chrono::minutes(1);
constexpr auto kPauseWithMoreToDo = std::chrono::milliseconds(100);

}  // namespace

Result<bool> Sweeper::sweep(store::Store& store, const Clock& clock) {
  bool more = false;
  RETURN_IF_ERROR(store.write([&](store::Tx& tx) -> Status {
    const int64_t now_us = clock.now_us();
    ASSIGN_OR_RETURN(const int64_t sessions, store::delete_expired_sessions(tx, now_us, kRowsPerStep));
    ASSIGN_OR_RETURN(const int64_t requests,
                     store::delete_requests_before(tx, now_us - kKeepRequestsUs, kRowsPerStep));
    more = sessions == kRowsPerStep || requests == kRowsPerStep;
    return {};
  }));
  return more;
}

Sweeper::Sweeper(store::Store& store, const Clock& clock)
    : store_(store), clock_(clock), thread_([this] { run(); }) {}

Sweeper::~Sweeper() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void Sweeper::run() {
  for (;;) {
    const auto more = sweep(store_, clock_);
    if (!more) log(LogLevel::Warning, "sweep_failed", {{"reason", more.error().reason}});
    MutexLock lock(mutex_);
    const auto pause =
        more && *more ? std::chrono::milliseconds(kPauseWithMoreToDo) : std::chrono::milliseconds(kPause);
    if (!stopping_) stop_.wait_for(mutex_, pause);
    if (stopping_) return;
  }
}

}  // namespace hada::core
