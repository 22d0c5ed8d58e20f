#pragma once

// The gRPC server: all services of hada.v1, health and reflection.

#include <chrono>
#include <memory>
#include <string>

#include "contract/result.h"
#include "server/core/context.h"
#include "server/core/metrics.h"

namespace hada::rpc {

struct ServerOptions {
  std::string listen = "127.0.0.1:0";  // HOST:PORT; port 0 takes a free one
  std::string tls_cert_path;           // PEM chain; both or neither
  std::string tls_key_path;            // PEM
};

// True for addresses that only this machine reaches.
bool is_loopback(const std::string& listen);

class Server {
 public:
  // Listens. FAILED_PRECONDITION / TLS_REQUIRED for an address other machines reach without a certificate,
  // INVALID_ARGUMENT / BAD_TLS, UNAVAILABLE / CANNOT_LISTEN. `services` outlives the server.
  static Result<std::unique_ptr<Server>> start(core::Services& services, const ServerOptions& options);
  ~Server();  // shutdown()

  int port() const;
  core::Metrics& metrics();
  // Health says NOT_SERVING, no new calls, those under way may end within `patience`; then they are
  // cancelled.
  void shutdown(std::chrono::milliseconds patience);

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace hada::rpc
