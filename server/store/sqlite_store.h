#pragma once

// The embedded driver: SQLite in WAL mode with synchronous=FULL. One thread writes; what many callers submit
// while it is busy becomes one commit and one fsync, each caller's part in its own savepoint. Reads run on
// their callers' threads, each on a connection of its own with a snapshot.

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "contract/mutex.h"
#include "server/store/sqlite_connection.h"
#include "server/store/store.h"

namespace hada::store {

class SqliteStore final : public Store {
 public:
  // Opens or creates the database file. Its folder must exist.
  static Result<std::unique_ptr<SqliteStore>> open(const std::string& path);
  // Finishes what has been submitted.
  ~SqliteStore() override;

  // Also: UNAVAILABLE / STORE_BUSY when another process holds the database; UNAVAILABLE / STORE_BROKEN for
  // good once a commit failed on the disk, because a failed fsync says nothing about what is on it. Restart
  // to recover.
  Status write(const std::function<Status(Tx&)>& fn) override;
  Status read(const std::function<Status(Tx&)>& fn) override;

  // True for good once writes answer STORE_BROKEN. Any thread.
  bool broken() const { return broken_; }

 private:
  static constexpr size_t kMaxGroup = 256;
  static constexpr size_t kMaxReaders = 16;

  struct Submission {
    const std::function<Status(Tx&)>& fn;
    Status outcome;
    std::binary_semaphore done{0};
  };
  using Group = std::vector<Submission*>;

  SqliteStore(std::string path, std::unique_ptr<SqliteConnection> writer);
  void write_loop();
  bool commit_group(const Group& group);
  Status run_group(const Group& group);
  Status run_in_savepoint(Submission& submission);
  Result<std::unique_ptr<SqliteConnection>> borrow_reader();
  void return_reader(std::unique_ptr<SqliteConnection> reader);

  const std::string path_;
  const std::unique_ptr<SqliteConnection> writer_;  // the writer thread's
  std::atomic<bool> broken_{false};                 // set by the writer thread

  Mutex queue_mutex_;
  CondVar queue_filled_;
  std::deque<Submission*> queue_ HADA_GUARDED_BY(queue_mutex_);
  bool stopping_ HADA_GUARDED_BY(queue_mutex_) = false;

  Mutex readers_mutex_;
  CondVar reader_returned_;
  std::vector<std::unique_ptr<SqliteConnection>> idle_readers_ HADA_GUARDED_BY(readers_mutex_);
  size_t readers_ HADA_GUARDED_BY(readers_mutex_) = 0;  // idle and borrowed

  std::thread thread_;
};

}  // namespace hada::store
