#pragma once

// Keeps one GET after another going on a few keep-alive connections, from one thread (epoll): as little work
// as a client can have, so that the server is what is measured.

#include <chrono>
#include <string>
#include <vector>

#include "tests/bench/tile_load.h"

namespace hada::bench {

class HttpLoad {
 public:
  // The connections are spread over `ports` of 127.0.0.1; the targets ("/a/b?c") are asked for in turn, from
  // where the last round ended. Throws std::runtime_error for anything but 200 with a Content-Length.
  HttpLoad(std::vector<int> ports, std::vector<std::string> targets);

  Round run(const std::vector<pid_t>& servers, std::chrono::milliseconds time, int connections);

 private:
  const std::vector<int> ports_;
  std::vector<std::string> requests_;
  size_t position_ = 0;
};

// One GET; its body. Throws std::runtime_error.
std::string http_get(int port, const std::string& target);

}  // namespace hada::bench
