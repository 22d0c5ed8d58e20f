#pragma once

// A connection whose answers the test gives, for units that send.

#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

#include "client/net/channel.h"

namespace hada::support {

class FakeChannel : public net::Channel {
 public:
  struct Asked {
    std::string method, request, token;
    std::function<void(net::Outcome)> done;
  };

  std::shared_ptr<net::CallHandle> start(const std::string& method, const std::string& request,
                                         const std::string& token, std::chrono::milliseconds,
                                         std::function<void(net::Outcome)> done) override {
    const auto handle = std::make_shared<Handle>();
    handle->done = std::move(done);
    std::lock_guard lock(mutex_);
    asked_.push_back(
        {method, request, token, [handle](net::Outcome outcome) { handle->answer(std::move(outcome)); }});
    came_.notify_all();
    return handle;
  }
  struct Watched {
    std::string request, token;
    std::function<void(std::string)> message;
    std::function<void(net::Outcome)> done;
  };
  std::shared_ptr<net::CallHandle> watch(const std::string&, const std::string& request,
                                         const std::string& token, std::function<void(std::string)> message,
                                         std::function<void(net::Outcome)> done) override {
    const auto handle = std::make_shared<Handle>();
    handle->done = std::move(done);
    std::lock_guard lock(mutex_);
    watched_.push_back({request, token, std::move(message),
                        [handle](net::Outcome outcome) { handle->answer(std::move(outcome)); }});
    came_.notify_all();
    return handle;
  }
  bool probe(std::chrono::milliseconds) override { return true; }
  bool wait_for_loss(std::chrono::milliseconds) override { return false; }

  // The oldest call that has not been taken; waits for it.
  Asked next() {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [this] { return !asked_.empty(); });
    Asked first = std::move(asked_.front());
    asked_.pop_front();
    return first;
  }
  size_t waiting() {
    std::lock_guard lock(mutex_);
    return asked_.size();
  }
  // The same of streams.
  Watched next_watch() {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [this] { return !watched_.empty(); });
    Watched first = std::move(watched_.front());
    watched_.pop_front();
    return first;
  }

 private:
  // Answered once: by the test, or by its cancellation.
  struct Handle : net::CallHandle {
    std::function<void(net::Outcome)> done;
    std::mutex mutex;
    void answer(net::Outcome outcome) {
      std::unique_lock lock(mutex);
      const auto first = std::exchange(done, nullptr);
      lock.unlock();
      if (first) first(std::move(outcome));
    }
    void cancel() override { answer({model::ApiError{1, "", "", {}}, {}}); }
  };

  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Asked> asked_;
  std::deque<Watched> watched_;
};

}  // namespace hada::support
