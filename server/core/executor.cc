#include "server/core/executor.h"

#include <utility>

namespace hada::core {

Executor::Executor(int threads, size_t capacity, Order order) : capacity_(capacity), order_(order) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Executor::~Executor() { stop(); }

bool Executor::try_post(Task task) {
  {
    MutexLock lock(mutex_);
    if (stopping_ || tasks_.size() >= capacity_) return false;
    tasks_.push_back(std::move(task));
  }
  filled_.notify_one();
  return true;
}

void Executor::stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  filled_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

size_t Executor::depth() const {
  MutexLock lock(mutex_);
  return tasks_.size();
}

void Executor::work() {
  for (;;) {
    Task task;
    {
      MutexLock lock(mutex_);
      while (tasks_.empty() && !stopping_) filled_.wait(mutex_);
      if (tasks_.empty()) return;
      if (order_ == Order::NewestFirst) {
        task = std::move(tasks_.back());
        tasks_.pop_back();
      } else {
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
    }
    task();
  }
}

}  // namespace hada::core
