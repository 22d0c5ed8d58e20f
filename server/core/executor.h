#pragma once

// Threads with a bounded queue. When the queue is full the caller is told at once, so that overload turns
// into quick refusals and not into waiting.

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "contract/mutex.h"

namespace hada::core {

class Executor {
 public:
  enum class Order {
    OldestFirst,
    NewestFirst,  // for tiles: what was asked for last is what is on the screen now
  };
  using Task = std::function<void()>;

  Executor(int threads, size_t capacity, Order order);
  ~Executor();  // stop()
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // False when the queue is full or the executor is stopping: the task will not run. Any thread.
  [[nodiscard]] bool try_post(Task task);
  // Runs what is queued, then joins.
  void stop();
  // Tasks waiting, not those running.
  size_t depth() const;

 private:
  void work();

  const size_t capacity_;
  const Order order_;
  mutable Mutex mutex_;
  CondVar filled_;
  std::deque<Task> tasks_ HADA_GUARDED_BY(mutex_);
  bool stopping_ HADA_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace hada::core
