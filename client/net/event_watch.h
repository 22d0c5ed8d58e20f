#pragma once

// Keeps the stream of changes open while somebody is logged in: connects again after a loss, with backoff and
// jitter, and goes on where it was.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "client/model/reply.h"
#include "client/net/channel.h"

namespace hada::net {

class EventWatch {
 public:
  // `changed` runs on gRPC's threads. The channel outlives this.
  EventWatch(Channel& channel, std::function<void(model::reply::Changed)> changed);
  ~EventWatch();

  // Any thread. Begins anew with this session; an empty token watches nothing.
  void set_token(std::string token);

 private:
  void run();
  // Streams until the session changes or the stream ends; how it ended.
  Outcome stream(const std::string& token);
  void take(const std::string& token, const std::string& bytes);

  Channel& channel_;
  const std::function<void(model::reply::Changed)> changed_;

  std::mutex mutex_;  // guards all below
  std::condition_variable wake_;
  bool stopping_ = false;
  bool alive_ = false;  // the stream has said something
  std::string token_, resume_;
  std::thread thread_;
};

}  // namespace hada::net
