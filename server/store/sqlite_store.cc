#include "server/store/sqlite_store.h"

#include <sqlite3.h>

#include <exception>
#include <utility>

namespace hada::store {
namespace {

Unexpected store_broken() {
  return Unexpected(ErrorCode::Unavailable, "STORE_BROKEN",
                    "the database failed to write to its disk; restart to recover");
}

// A handler's exception must not end the writer thread. Ours do not throw; a library or the allocator may.
Status run_guarded(const std::function<Status(Tx&)>& fn, Tx& tx) {
  try {
    return fn(tx);
  } catch (const std::exception&) {
    return Unexpected(ErrorCode::Internal, "INTERNAL", "an exception in a transaction");
  }
}

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& path) {
  ASSIGN_OR_RETURN(auto writer, SqliteConnection::open(path, SqliteConnection::Mode::Write));
  return std::unique_ptr<SqliteStore>(new SqliteStore(path, std::move(writer)));
}

SqliteStore::SqliteStore(std::string path, std::unique_ptr<SqliteConnection> writer)
    : path_(std::move(path)), writer_(std::move(writer)), thread_([this] { write_loop(); }) {}

SqliteStore::~SqliteStore() {
  {
    MutexLock lock(queue_mutex_);
    stopping_ = true;
  }
  queue_filled_.notify_all();
  thread_.join();
}

Status SqliteStore::write(const std::function<Status(Tx&)>& fn) {
  if (std::this_thread::get_id() == thread_.get_id())
    return Unexpected(ErrorCode::Internal, "STORE_FAILED", "a write inside a write would wait for itself");
  Submission submission{fn, {}};
  {
    MutexLock lock(queue_mutex_);
    queue_.push_back(&submission);
  }
  queue_filled_.notify_one();
  submission.done.acquire();
  return std::move(submission.outcome);
}

void SqliteStore::write_loop() {
  Group group;
  for (;;) {
    group.clear();
    {
      MutexLock lock(queue_mutex_);
      while (queue_.empty() && !stopping_) queue_filled_.wait(queue_mutex_);
      if (queue_.empty()) return;
      while (!queue_.empty() && group.size() < kMaxGroup) {
        group.push_back(queue_.front());
        queue_.pop_front();
      }
    }
    const bool committed = commit_group(group);
    // The submission lives on its caller's stack: not to be touched after this.
    for (Submission* submission : group) submission->done.release();
    if (committed) commits().notify();
  }
}

// False: nothing of the group is on disk.
bool SqliteStore::commit_group(const Group& group) {
  const Status outcome = broken_ ? Status(store_broken()) : run_group(group);
  if (outcome) return true;
  // Whoever had failed alone keeps the reason of their own.
  for (Submission* submission : group)
    if (submission->outcome) submission->outcome = Unexpected(outcome.error());
  return false;
}

Status SqliteStore::run_group(const Group& group) {
  RETURN_IF_ERROR(writer_->exec("BEGIN IMMEDIATE"));
  for (Submission* submission : group) {
    const Status kept = run_in_savepoint(*submission);
    if (!kept) {
      if (writer_->in_transaction()) (void)writer_->exec("ROLLBACK");
      if ((writer_->last_failure() & 0xff) == SQLITE_IOERR) broken_ = true;
      return kept;
    }
  }
  const auto committed = writer_->exec("COMMIT");
  if (committed) return {};
  // Never tried again: after a failed fsync the kernel may have dropped the pages and call the next one a
  // success.
  const int code = writer_->last_failure() & 0xff;
  if (code != SQLITE_BUSY && code != SQLITE_FULL) broken_ = true;
  if (writer_->in_transaction()) (void)writer_->exec("ROLLBACK");
  return Unexpected(committed.error());
}

// The submission's own failure is its outcome; a failure returned is the whole group's.
Status SqliteStore::run_in_savepoint(Submission& submission) {
  RETURN_IF_ERROR(writer_->exec("SAVEPOINT submission"));
  submission.outcome = run_guarded(submission.fn, *writer_);
  if (!writer_->in_transaction())
    return Unexpected(ErrorCode::Internal, "STORE_FAILED", "the database ended the transaction");
  if (!submission.outcome) RETURN_IF_ERROR(writer_->exec("ROLLBACK TO submission"));
  RETURN_IF_ERROR(writer_->exec("RELEASE submission"));
  return {};
}

Status SqliteStore::read(const std::function<Status(Tx&)>& fn) {
  ASSIGN_OR_RETURN(auto reader, borrow_reader());
  Status outcome;
  if (const auto begun = reader->exec("BEGIN"); !begun) {
    outcome = Unexpected(begun.error());
  } else {
    outcome = run_guarded(fn, *reader);
    if (const auto ended = reader->exec("ROLLBACK"); !ended) reader = nullptr;
  }
  return_reader(std::move(reader));
  return outcome;
}

Result<std::unique_ptr<SqliteConnection>> SqliteStore::borrow_reader() {
  {
    MutexLock lock(readers_mutex_);
    while (idle_readers_.empty() && readers_ >= kMaxReaders) reader_returned_.wait(readers_mutex_);
    if (!idle_readers_.empty()) {
      auto reader = std::move(idle_readers_.back());
      idle_readers_.pop_back();
      return reader;
    }
    ++readers_;
  }
  auto reader = SqliteConnection::open(path_, SqliteConnection::Mode::Read);
  if (!reader) return_reader(nullptr);
  return reader;
}

// Null gives back the place of a connection that is no longer good.
void SqliteStore::return_reader(std::unique_ptr<SqliteConnection> reader) {
  {
    MutexLock lock(readers_mutex_);
    if (reader)
      idle_readers_.push_back(std::move(reader));
    else
      --readers_;
  }
  reader_returned_.notify_one();
}

}  // namespace hada::store
