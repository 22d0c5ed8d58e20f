#pragma once

// Keeps unary gRPC calls going through the workstation's own channel (client/net/channel), so that what is
// measured reaches a workstation: its callbacks, copies and two connections are included.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "client/net/channel.h"
#include "tests/bench/tile_load.h"

namespace hada::bench {

class ChannelLoad {
 public:
  // Requests are serialised messages for `method` ("/package.Service/Verb"), asked for in turn, with a bearer
  // token and a deadline of 10 s. Throws std::runtime_error where the channel cannot be made.
  ChannelLoad(const std::string& address, std::string method, std::string token,
              std::vector<std::string> requests);

  // Throws std::runtime_error when a call fails.
  Round run(const std::vector<pid_t>& servers, std::chrono::milliseconds time, int in_flight);

 private:
  struct State;
  void next(const std::shared_ptr<State>& state);

  std::unique_ptr<net::Channel> channel_;
  const std::string method_, token_;
  const std::vector<std::string> requests_;
};

}  // namespace hada::bench
