#pragma once

// Long work that must survive the process: rows of the table `jobs`, taken by worker threads under a lease
// that is renewed while the handler runs. After a kill -9 the lease runs out and another start takes the job
// again.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "contract/mutex.h"
#include "contract/result.h"
#include "server/core/clock.h"
#include "server/store/jobs.h"
#include "server/store/store.h"

namespace hada::core {

// Does the work; runs outside any transaction, on a worker thread, possibly more than once for one subject,
// so it must be safe to repeat. An Error counts as one attempt; being killed does not.
using JobHandler = std::function<Status(const std::string& subject)>;
// Told once when the last attempt failed, so that whatever waits for the job can be given its final state.
using JobGaveUp = std::function<void(const std::string& subject, const Error& error)>;

class JobQueue {
 public:
  static constexpr int kMaxAttempts = 3;

  JobQueue(store::Store& store, const Clock& clock);
  ~JobQueue();  // stop()
  JobQueue(const JobQueue&) = delete;
  JobQueue& operator=(const JobQueue&) = delete;

  // Before start().
  void add_handler(std::string kind, JobHandler handler, JobGaveUp gave_up = {});

  // Adds a job in the caller's transaction: it exists exactly when that commits. Call notify() afterwards.
  // It is not taken before `not_before_us`.
  Status enqueue(store::Tx& tx, std::string_view kind, std::string_view subject, int64_t not_before_us = 0);
  // Wakes a worker. Harmless at any time; without it a job waits for the next poll (one second).
  void notify();

  // Takes back what a dead process left running, then starts the workers.
  Status start(int threads);
  // Takes no further jobs and waits for the running ones, then joins. False when they took longer than
  // `patience`; the threads are then still running. Queued jobs stay in the table.
  bool stop(std::chrono::milliseconds patience = std::chrono::hours(24));

 private:
  struct Kind {
    JobHandler handler;
    JobGaveUp gave_up;
  };
  void work();
  void keep_leases();
  bool run_one();
  void finish(const store::JobRecord& job, const Status& outcome);

  store::Store& store_;
  const Clock& clock_;
  std::map<std::string, Kind> kinds_;  // fixed once started

  Mutex mutex_;
  CondVar wake_;     // workers: notified, or stopping
  CondVar changed_;  // the keeper of leases and stop(): stopping, or a job has ended
  bool stopping_ HADA_GUARDED_BY(mutex_) = false;
  int64_t notified_ HADA_GUARDED_BY(mutex_) = 0;
  std::set<std::string> running_ HADA_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

}  // namespace hada::core
