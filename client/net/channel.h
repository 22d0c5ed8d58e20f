#pragma once

// The connection to the server (two sockets), as bytes in and bytes out by method name. The generic stub
// keeps the generated service stubs, and their compile time, out of the client.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "client/model/types.h"
#include "contract/result.h"

namespace hada::net {

struct ChannelOptions {
  std::string server;  // "host:port"
  std::string tls_ca;  // PEM file; empty: no TLS, allowed for loopback only
  std::string client_version;
};

// What came back: response bytes, or an error.
struct Outcome {
  std::optional<model::ApiError> error;
  std::string bytes;
};

// A running call; `cancel` may be called from any thread at any time.
class CallHandle {
 public:
  virtual ~CallHandle() = default;
  virtual void cancel() = 0;
};

class Channel {
 public:
  // INVALID_ARGUMENT / TLS_REQUIRED for a server that is not on loopback without a CA file, or an unreadable
  // one.
  static Result<std::unique_ptr<Channel>> open(const ChannelOptions& options);
  virtual ~Channel() = default;

  // Starts a call; `done` runs once, on a gRPC thread. An empty token sends none.
  virtual std::shared_ptr<CallHandle> start(const std::string& method, const std::string& request,
                                            const std::string& token, std::chrono::milliseconds deadline,
                                            std::function<void(Outcome)> done) = 0;
  // The same, waiting. Never on the main thread.
  Outcome call(const std::string& method, const std::string& request, const std::string& token,
               std::chrono::milliseconds deadline);

  // Starts a stream of messages without a deadline. `message` runs for each, in order, then `done` once; both
  // on gRPC's threads.
  virtual std::shared_ptr<CallHandle> watch(const std::string& method, const std::string& request,
                                            const std::string& token,
                                            std::function<void(std::string bytes)> message,
                                            std::function<void(Outcome)> done) = 0;

  // True when the server answers its health check within the deadline. Blocks.
  virtual bool probe(std::chrono::milliseconds deadline) = 0;
  // Waits until the connection is no longer ready, at most this long; true when it was lost.
  virtual bool wait_for_loss(std::chrono::milliseconds timeout) = 0;
};

}  // namespace hada::net
