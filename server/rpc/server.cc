#include "server/rpc/server.h"

#include <absl/synchronization/mutex.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "server/handlers/event_feed.h"
#include "server/rpc/dispatch.h"
#include "server/rpc/lanes.h"
#include "server/rpc/methods.h"
#include "server/rpc/services.h"
#include "server/rpc/tls.h"

namespace hada::rpc {
namespace {

// The largest valid request is a read with every annotation it may have: 200,000 points of at most 10 bytes,
// 2,000 notes of 500 characters. (A chunk of an upload is 2 MiB.)
constexpr int kMaxReceiveBytes = 8 << 20;
constexpr int kMaxSendBytes = 16 << 20;
constexpr int kMaxStreams = 256;  // calls in flight on one connection
constexpr int kKeepaliveMs = 15'000;
constexpr int kKeepaliveTimeoutMs = 5'000;

Result<std::shared_ptr<grpc::ServerCredentials>> make_credentials(const ServerOptions& options) {
  const bool cert = !options.tls_cert_path.empty(), key = !options.tls_key_path.empty();
  if (cert != key)
    return Unexpected(ErrorCode::InvalidArgument, "BAD_TLS", "--tls-cert and --tls-key belong together");
  if (!cert) {
    if (!is_loopback(options.listen))
      return Unexpected(
          ErrorCode::FailedPrecondition, "TLS_REQUIRED",
          options.listen +
              " can be reached from other machines: give --tls-cert and --tls-key, or listen on "
              "127.0.0.1");
    return grpc::InsecureServerCredentials();
  }
  return tls_credentials(options.tls_cert_path, options.tls_key_path);
}

int tile_threads() { return static_cast<int>(std::max(2u, std::thread::hardware_concurrency())); }

std::vector<std::string> method_names() {
  std::vector<std::string> names;
  for (const Method& method : methods()) names.push_back(method.name);
  return names;
}

}  // namespace

bool is_loopback(const std::string& listen) {
  if (listen.starts_with("unix:")) return true;
  const std::string host = listen.substr(0, listen.rfind(':'));
  if (host == "localhost" || host == "[::1]") return true;
  // 127.0.0.0/8, and nothing that only begins like it ("127.example.org").
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos;
}

struct Server::Parts {
  explicit Parts(core::Services& services)
      : metrics(method_names()), lanes(tile_threads()), dispatch(services, metrics, lanes), feed(services) {}

  core::Metrics metrics;
  Lanes lanes;
  Dispatch dispatch;
  handlers::EventFeed feed;
  std::vector<std::unique_ptr<grpc::Service>> services;
  std::unique_ptr<grpc::Server> server;
  int port = 0;
};

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() { shutdown(std::chrono::milliseconds(0)); }

Result<std::unique_ptr<Server>> Server::start(core::Services& services, const ServerOptions& options) {
  RETURN_IF_ERROR(check_methods());
  ASSIGN_OR_RETURN(const auto credentials, make_credentials(options));
  auto parts = std::make_unique<Parts>(services);
  for (const auto make :
       {make_session_service, make_admin_service, make_case_service, make_tile_service, make_read_service,
        make_decision_service, make_ingest_service, make_term_service, make_statistics_service})
    parts->services.push_back(make(parts->dispatch));
  parts->services.push_back(make_event_service(parts->dispatch, parts->feed));
  parts->metrics.add_gauge("hada_event_streams", "Workstations that are told of changes.",
                           [&feed = parts->feed] { return static_cast<int64_t>(feed.streams()); });
  for (const auto& [name, lane] :
       {std::pair("hada_queue_depth_db", Lane::Db), std::pair("hada_queue_depth_tiles", Lane::Tiles),
        std::pair("hada_queue_depth_upload", Lane::Upload),
        std::pair("hada_queue_depth_password", Lane::Password),
        std::pair("hada_queue_depth_statistics", Lane::Statistics)})
    parts->metrics.add_gauge(name, "Calls waiting for a thread.", [&executor = parts->lanes[lane]] {
      return static_cast<int64_t>(executor.depth());
    });

  // Debian builds Abseil with its search for lock cycles on; in gRPC's locks it costs 5 % of a tile.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(kMaxReceiveBytes);
  builder.SetMaxSendMessageSize(kMaxSendBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreams);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // Clients ping every 15 s as well, to notice a hung server; that is not abuse.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  // Statistics that nobody asks for (no channelz service, /metrics has our own) and every call pays for.
  builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);
  // A second server on the same port would silently share it.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddListeningPort(options.listen, credentials, &parts->port);
  for (const auto& service : parts->services) builder.RegisterService(service.get());
  parts->server = builder.BuildAndStart();
  if (!parts->server || (parts->port <= 0 && !options.listen.starts_with("unix:")))
    return Unexpected(ErrorCode::Unavailable, "CANNOT_LISTEN", "cannot listen on " + options.listen);
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

int Server::port() const { return parts_->port; }

core::Metrics& Server::metrics() { return parts_->metrics; }

void Server::shutdown(std::chrono::milliseconds patience) {
  if (!parts_->server) return;
  if (auto* health = parts_->server->GetHealthCheckService()) health->SetServingStatus(false);
  parts_->feed.stop();
  parts_->server->Shutdown(std::chrono::system_clock::now() + patience);
  parts_->lanes.stop();
  parts_->server.reset();
}

}  // namespace hada::rpc
