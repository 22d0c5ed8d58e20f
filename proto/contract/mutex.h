#pragma once

// A mutex that clang's -Wthread-safety understands; libstdc++'s own carries no annotations. Put it beside the
// data it guards and write HADA_GUARDED_BY(mutex_) on each member.

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define HADA_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define HADA_THREAD_ATTRIBUTE(x)
#endif

#define HADA_GUARDED_BY(mutex) HADA_THREAD_ATTRIBUTE(guarded_by(mutex))
#define HADA_REQUIRES(mutex) HADA_THREAD_ATTRIBUTE(requires_capability(mutex))
#define HADA_EXCLUDES(mutex) HADA_THREAD_ATTRIBUTE(locks_excluded(mutex))

namespace hada {

class HADA_THREAD_ATTRIBUTE(capability("mutex")) Mutex {
 public:
  void lock() HADA_THREAD_ATTRIBUTE(acquire_capability()) { mutex_.lock(); }
  void unlock() HADA_THREAD_ATTRIBUTE(release_capability()) { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

class HADA_THREAD_ATTRIBUTE(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) HADA_THREAD_ATTRIBUTE(acquire_capability(mutex)) : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() HADA_THREAD_ATTRIBUTE(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Waits are written as loops over the guarded condition, so that the analysis sees what is read under the
// lock.
class CondVar {
 public:
  void wait(Mutex& mutex) HADA_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    cv_.wait(lock);
    lock.release();
  }
  // False when the time ran out.
  template <class Rep, class Period>
  bool wait_for(Mutex& mutex, std::chrono::duration<Rep, Period> time) HADA_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    const bool woken = cv_.wait_for(lock, time) == std::cv_status::no_timeout;
    lock.release();
    return woken;
  }
  void notify_one() { cv_.notify_one(); }
  void notify_all() { cv_.notify_all(); }

 private:
  std::condition_variable cv_;
};

}  // namespace hada
