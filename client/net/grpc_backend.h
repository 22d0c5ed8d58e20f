#pragma once

// The real backend: effects become calls, answers become replies in the mailbox. `submit` returns at once.
//
// Threads: `submit` is called by the main thread. Answers come on gRPC's threads. One thread of its own sends
// the mutations in order through the outbox; one reads answers that are kept on the disk; one watches the
// connection. None polls faster than once a second.
//
// What is kept of a case that is held ahead (Prefetch) answers instead of the server: images always, since
// they never change; the rest while the server cannot be reached. A draft that waits to be sent is what
// GetDraft answers.

#include <memory>

#include "client/net/backend.h"
#include "client/net/channel.h"

namespace hada::net {

struct BackendOptions {
  std::string server;  // "host:port"
  std::string tls_ca;  // PEM file; empty: no TLS, allowed for loopback only
  std::string client_version;
  std::string outbox_path;        // file for unsent changes; empty keeps them in memory only
  std::string ahead_folder = {};  // for images of cases that are held ahead; empty keeps them in memory
  int64_t ahead_bytes = int64_t{1} << 30;
};

class GrpcBackend : public Backend {
 public:
  // INVALID_ARGUMENT / TLS_REQUIRED, UNAVAILABLE / OUTBOX_FAILED, CACHE_FAILED. The mailbox must outlive the
  // backend.
  static Result<std::unique_ptr<GrpcBackend>> create(const BackendOptions& options, Mailbox& mailbox);
  ~GrpcBackend() override;

  void submit(model::Effect effect) override;

 private:
  class Impl;
  explicit GrpcBackend(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace hada::net
