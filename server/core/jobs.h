#pragma once

// Long work that must survive the process: rows of the table `jobs`, taken by worker threads under a lease
// that is renewed while the handler runs. After a kill -9 the lease runs out and another start takes the job
// again.

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
#include "server/store/store.h"

namespace hada::core {

// Does the work; runs outside any transaction, on a worker thread, possibly more than once for one subject,
// so it must be safe to repeat. An Error counts as one attempt.
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
  Status enqueue(store::Tx& tx, std::string_view kind, std::string_view subject);
  // Wakes a worker. Harmless at any time; without it a job waits for the next poll (one second).
  void notify();

  // Takes back what a dead process left running, then starts the workers.
  Status start(int threads);
  // Lets running handlers finish, then joins. Queued jobs stay in the table.
  void stop();

 private:
  struct Kind {
    JobHandler handler;
    JobGaveUp gave_up;
  };
  struct Job {
    std::string id, kind, subject;
    int64_t attempts = 0;
  };

  void work();
  void keep_leases();
  bool run_one();
  Result<bool> take(Job& job);
  void finish(const Job& job, const Status& outcome);

  store::Store& store_;
  const Clock& clock_;
  std::map<std::string, Kind> kinds_;  // fixed once started

  Mutex mutex_;
  CondVar wake_;
  bool stopping_ HADA_GUARDED_BY(mutex_) = false;
  int64_t notified_ HADA_GUARDED_BY(mutex_) = 0;
  std::set<std::string> running_ HADA_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

}  // namespace hada::core
