#include "client/net/channel.h"

#include <absl/synchronization/mutex.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/support/channel_arguments.h>

#include <array>
#include <atomic>
#include <fstream>
#include <future>
#include <iterator>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace hada::net {
namespace {

model::ApiError to_error(const grpc::Status& status) {
  model::ApiError error;
  error.code = status.error_code();
  error.message = status.error_message();
  google::rpc::Status details;
  if (details.ParseFromString(status.error_details())) {
    for (const google::protobuf::Any& any : details.details()) {
      google::rpc::ErrorInfo info;
      if (!any.UnpackTo(&info)) continue;
      error.reason = info.reason();
      error.metadata = {info.metadata().begin(), info.metadata().end()};
    }
  }
  return error;
}

grpc::ByteBuffer to_buffer(const std::string& bytes) {
  grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string to_bytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices)
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

bool is_loopback(const std::string& server) {
  return server.starts_with("127.") || server.starts_with("localhost:") || server.starts_with("[::1]:");
}

class Call : public CallHandle {
 public:
  void cancel() override { context.TryCancel(); }
  grpc::ClientContext context;
  grpc::ByteBuffer request, response;
};

// One request, then messages until either side ends it. gRPC calls the reactor by its own threads, OnDone
// last.
class Stream : public CallHandle,
               public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
               public std::enable_shared_from_this<Stream> {
 public:
  Stream(std::function<void(std::string)> message, std::function<void(Outcome)> done)
      : message_(std::move(message)), done_(std::move(done)) {}

  void cancel() override { context.TryCancel(); }

  void begin() {
    self_ = shared_from_this();
    StartWriteLast(&request, grpc::WriteOptions());
    StartRead(&response_);
    StartCall();
  }
  void OnReadDone(bool ok) override {
    if (!ok) return;
    message_(to_bytes(response_));
    response_.Clear();
    StartRead(&response_);
  }
  void OnDone(const grpc::Status& status) override {
    const auto last = std::move(self_);
    Outcome outcome;
    if (!status.ok()) outcome.error = to_error(status);
    done_(std::move(outcome));
  }

  grpc::ClientContext context;
  grpc::ByteBuffer request;

 private:
  std::function<void(std::string)> message_;
  std::function<void(Outcome)> done_;
  grpc::ByteBuffer response_;
  std::shared_ptr<Stream> self_;
};

// Once a process, before its first channel.
//
// gRPC 1.51 ends its callback threads with the last channel of the process, on whichever thread lets go of
// it. That may be one of those very threads, still inside the last call's callback, and then the process
// aborts. One channel that has made a call and is never let go keeps the threads.
//
// Debian builds Abseil with its search for lock cycles on, which costs 5 % of a tile.
void start_grpc() {
  static const bool started = [] {
    absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
    auto* stub = new grpc::GenericStub(
        grpc::CreateChannel("unix:/nonexistent/hada", grpc::InsecureChannelCredentials()));
    auto* call = new Call;
    call->request = to_buffer("");
    call->context.set_deadline(std::chrono::system_clock::now());
    stub->UnaryCall(&call->context, "/none", grpc::StubOptions{}, &call->request, &call->response,
                    [](const grpc::Status&) {});
    return true;
  }();
  (void)started;
}

// Two connections: on one, all calls are ordered by one lock on either side, and a lost packet holds up every
// tile behind it. Tiles go by turns; everything else goes on the first, whose state is the server's.
class GrpcChannel : public Channel {
 public:
  GrpcChannel(std::shared_ptr<grpc::Channel> first, std::shared_ptr<grpc::Channel> second)
      : channel_(std::move(first)),
        second_(std::move(second)),
        stubs_{grpc::GenericStub(channel_), grpc::GenericStub(second_)} {}

  std::shared_ptr<CallHandle> start(const std::string& method, const std::string& request,
                                    const std::string& token, std::chrono::milliseconds deadline,
                                    std::function<void(Outcome)> done) override {
    auto call = std::make_shared<Call>();
    call->context.set_deadline(std::chrono::system_clock::now() + deadline);
    if (!token.empty()) call->context.AddMetadata("authorization", "Bearer " + token);
    call->request = to_buffer(request);
    const size_t turn = method == kGetTile && use_second() ? 1 : 0;
    stubs_[turn].UnaryCall(&call->context, method, grpc::StubOptions{}, &call->request, &call->response,
                           [call, done = std::move(done)](grpc::Status status) {
                             Outcome outcome;
                             if (status.ok())
                               outcome.bytes = to_bytes(call->response);
                             else
                               outcome.error = to_error(status);
                             done(std::move(outcome));
                           });
    return call;
  }

  std::shared_ptr<CallHandle> watch(const std::string& method, const std::string& request,
                                    const std::string& token, std::function<void(std::string bytes)> message,
                                    std::function<void(Outcome)> done) override {
    auto stream = std::make_shared<Stream>(std::move(message), std::move(done));
    if (!token.empty()) stream->context.AddMetadata("authorization", "Bearer " + token);
    stream->request = to_buffer(request);
    stubs_[0].PrepareBidiStreamingCall(&stream->context, method, grpc::StubOptions{}, stream.get());
    stream->begin();
    return stream;
  }

  bool probe(std::chrono::milliseconds deadline) override {
    // Channel state first: a call on a broken channel would fail at once instead of waiting for the
    // reconnect.
    channel_->GetState(true);
    if (!channel_->WaitForConnected(std::chrono::system_clock::now() + deadline)) return false;
    // An empty HealthCheckRequest asks for the whole server; the answer is field 1 = SERVING (1).
    const Outcome outcome = call("/grpc.health.v1.Health/Check", "", "", deadline);
    return !outcome.error && outcome.bytes == std::string("\x08\x01");
  }

  bool wait_for_loss(std::chrono::milliseconds timeout) override {
    if (channel_->GetState(false) != GRPC_CHANNEL_READY) return true;
    return channel_->WaitForStateChange(GRPC_CHANNEL_READY, std::chrono::system_clock::now() + timeout);
  }

 private:
  // Every other tile, and only while the second is there: it connects, and again after a loss, on its own.
  bool use_second() {
    return turns_.fetch_add(1, std::memory_order_relaxed) % 2 == 1 &&
           second_->GetState(true) == GRPC_CHANNEL_READY;
  }

  static constexpr const char* kGetTile = "/hada.v1.TileService/GetTile";

  const std::shared_ptr<grpc::Channel> channel_, second_;
  std::array<grpc::GenericStub, 2> stubs_;
  std::atomic<size_t> turns_{0};
};

}  // namespace

Outcome Channel::call(const std::string& method, const std::string& request, const std::string& token,
                      std::chrono::milliseconds deadline) {
  std::promise<Outcome> promise;
  std::future<Outcome> future = promise.get_future();
  start(method, request, token, deadline,
        [&promise](Outcome outcome) { promise.set_value(std::move(outcome)); });
  return future.get();
}

Result<std::unique_ptr<Channel>> Channel::open(const ChannelOptions& options) {
  start_grpc();
  std::shared_ptr<grpc::ChannelCredentials> credentials;
  if (options.tls_ca.empty()) {
    if (!is_loopback(options.server))
      return Unexpected(ErrorCode::InvalidArgument, "TLS_REQUIRED",
                        "a server on another machine needs TLS: give the CA's certificate with --tls-ca");
    credentials = grpc::InsecureChannelCredentials();
  } else {
    std::ifstream in(options.tls_ca, std::ios::binary);
    if (!in) return Unexpected(ErrorCode::InvalidArgument, "TLS_REQUIRED", "cannot read " + options.tls_ca);
    grpc::SslCredentialsOptions ssl;
    ssl.pem_root_certs.assign(std::istreambuf_iterator<char>(in), {});
    credentials = grpc::SslCredentials(ssl);
  }
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 300);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5000);
  // The connect timeout as well: a small value breaks every connection on a slow link.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 15000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 3000);
  arguments.SetMaxReceiveMessageSize(64 << 20);
  arguments.SetUserAgentPrefix("hada/" + options.client_version);
  // What is not used and costs something with every call: the layer for gRPC's own retries (no policy asks
  // for any; the outbox and the tile set repeat by themselves) a tenth of a tile, the statistics of channelz
  // a little.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_CHANNELZ, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // or the two would share one connection
  return std::unique_ptr<Channel>(
      std::make_unique<GrpcChannel>(grpc::CreateCustomChannel(options.server, credentials, arguments),
                                    grpc::CreateCustomChannel(options.server, credentials, arguments)));
}

}  // namespace hada::net
