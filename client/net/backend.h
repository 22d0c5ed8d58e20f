#pragma once

// The server as the client sees it. GrpcBackend is the real one; tests/support/fake_backend.h the unit
// tests'.

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "client/model/effect.h"
#include "client/model/reply.h"

namespace hada::net {

// Replies on their way to the main thread. Bounded by the work in flight, which the senders limit.
class Mailbox {
 public:
  // `wake` is called after each post, on the posting thread; it must not block (glfwPostEmptyEvent).
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  // Any thread.
  void post(model::Reply reply) {
    {
      std::lock_guard lock(mutex_);
      replies_.push_back(std::move(reply));
    }
    wake_();
  }

  // Main thread: one lock a frame, for a swap.
  std::vector<model::Reply> take() {
    std::vector<model::Reply> taken;
    std::lock_guard lock(mutex_);
    taken.swap(replies_);
    return taken;
  }

 private:
  std::function<void()> wake_;
  std::mutex mutex_;
  std::vector<model::Reply> replies_;
};

class Backend {
 public:
  virtual ~Backend() = default;
  // Main thread; returns at once. SaveSettings and CopyText are not the backend's.
  virtual void submit(model::Effect effect) = 0;
};

}  // namespace hada::net
