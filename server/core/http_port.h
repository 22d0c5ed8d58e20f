#pragma once

// The small HTTP port for balancers and Prometheus: GET /readyz and GET /metrics, one request a connection,
// one thread. Says nothing that names a person; still, listen where only operators reach it.

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "contract/result.h"

namespace hada::core {

class HttpPort {
 public:
  struct Pages {
    std::function<bool()> ready;           // 200 or 503
    std::function<std::string()> metrics;  // Prometheus text
  };

  // Listens on HOST:PORT, IPv4 numbers; port 0 takes a free one. INVALID_ARGUMENT / BAD_FIELD, UNAVAILABLE /
  // CANNOT_LISTEN.
  static Result<std::unique_ptr<HttpPort>> start(const std::string& listen, Pages pages);
  ~HttpPort();

  int port() const { return port_; }

 private:
  HttpPort(int fd, int port, Pages pages);
  void run();
  void serve(int connection) const;

  const int fd_;
  const int port_;
  const Pages pages_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace hada::core
