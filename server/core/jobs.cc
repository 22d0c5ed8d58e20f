#include "server/core/jobs.h"

#include <exception>
#include <optional>
#include <utility>

#include "server/core/errors.h"
#include "server/core/ids.h"
#include "server/core/log.h"

namespace hada::core {
namespace {

constexpr int64_t kLeaseUs = 30 * kSecondUs;
constexpr auto kHeartbeat = std::chrono::seconds(10);
constexpr auto kPoll = std::chrono::seconds(1);
// Grows with each attempt, so that what failed for want of memory or disk is not tried again in the same
// second.
constexpr int64_t kRetryDelayUs = 2 * kSecondUs;

Status run_guarded(const JobHandler& handler, const std::string& subject) {
  try {
    return handler(subject);
  } catch (const std::exception&) {
    return internal("an exception in a job");
  }
}

}  // namespace

JobQueue::JobQueue(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

JobQueue::~JobQueue() { stop(); }

void JobQueue::add_handler(std::string kind, JobHandler handler, JobGaveUp gave_up) {
  kinds_[std::move(kind)] = {std::move(handler), std::move(gave_up)};
}

Status JobQueue::enqueue(store::Tx& tx, std::string_view kind, std::string_view subject,
                         int64_t not_before_us) {
  return store::insert_job(tx, {new_id(), std::string(kind), std::string(subject), 0}, clock_.now_us(),
                           not_before_us);
}

void JobQueue::notify() {
  {
    MutexLock lock(mutex_);
    ++notified_;
  }
  wake_.notify_one();
}

Status JobQueue::start(int threads) {
  // This process has just begun and is alone on this database, so nothing that is marked as running is.
  RETURN_IF_ERROR(store_.write([&](store::Tx& tx) { return store::release_running_jobs(tx); }));
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
  threads_.emplace_back([this] { keep_leases(); });
  return {};
}

bool JobQueue::stop(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  changed_.notify_all();
  {
    MutexLock lock(mutex_);
    while (!running_.empty()) {
      const auto left = until - std::chrono::steady_clock::now();
      if (left <= left.zero()) return false;
      changed_.wait_for(mutex_, left);
    }
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  return true;
}

void JobQueue::work() {
  for (;;) {
    int64_t seen = 0;
    {
      MutexLock lock(mutex_);
      if (stopping_) return;
      seen = notified_;
    }
    if (run_one()) continue;
    MutexLock lock(mutex_);
    if (!stopping_ && notified_ == seen) wake_.wait_for(mutex_, kPoll);
  }
}

// False when there was nothing to do.
bool JobQueue::run_one() {
  std::optional<store::JobRecord> job;
  const int64_t now_us = clock_.now_us();
  const Status taken = store_.write([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(job, store::take_job(tx, now_us, now_us + kLeaseUs));
    return {};
  });
  if (!taken) {
    log(LogLevel::Error, "job_queue", {{"reason", taken.error().reason}, {"message", taken.error().message}});
    return false;
  }
  if (!job) return false;
  {
    MutexLock lock(mutex_);
    running_.insert(job->job_id);
  }
  const auto kind = kinds_.find(job->kind);
  const Status outcome = kind == kinds_.end() ? Status(internal("no handler for this kind of job"))
                                              : run_guarded(kind->second.handler, job->subject);
  finish(*job, outcome);
  {
    MutexLock lock(mutex_);
    running_.erase(job->job_id);
  }
  changed_.notify_all();
  return true;
}

void JobQueue::finish(const store::JobRecord& job, const Status& outcome) {
  const bool last = job.attempts >= kMaxAttempts;
  if (!outcome)
    log(last ? LogLevel::Error : LogLevel::Warning, "job_failed",
        {{"kind", job.kind},
         {"subject", job.subject},
         {"attempt", job.attempts},
         {"reason", outcome.error().reason}});
  if (!outcome && last) {
    const auto kind = kinds_.find(job.kind);
    if (kind != kinds_.end() && kind->second.gave_up) kind->second.gave_up(job.subject, outcome.error());
  }
  const Status stored = store_.write([&](store::Tx& tx) -> Status {
    if (outcome) return store::finish_job(tx, job.job_id);
    if (last) return store::fail_job(tx, job.job_id, outcome.error().reason);
    return store::retry_job(tx, job.job_id, clock_.now_us() + kRetryDelayUs * job.attempts,
                            outcome.error().reason);
  });
  // The lease runs out and the job is done again: handlers are safe to repeat.
  if (!stored)
    log(LogLevel::Error, "job_not_stored", {{"kind", job.kind}, {"reason", stored.error().reason}});
}

void JobQueue::keep_leases() {
  for (;;) {
    std::set<std::string> running;
    {
      MutexLock lock(mutex_);
      if (!stopping_) changed_.wait_for(mutex_, kHeartbeat);
      if (stopping_) return;
      running = running_;
    }
    if (running.empty()) continue;
    const Status kept = store_.write([&](store::Tx& tx) -> Status {
      for (const std::string& id : running)
        RETURN_IF_ERROR(store::extend_job(tx, id, clock_.now_us() + kLeaseUs));
      return {};
    });
    if (!kept) log(LogLevel::Warning, "job_lease_not_kept", {{"reason", kept.error().reason}});
  }
}

}  // namespace hada::core
