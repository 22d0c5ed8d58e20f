#pragma once

// From a gRPC call to a handler and back: finds the session, asks the method table who may call, runs the
// handler on its lane, and turns its Result into a status. Deadline and cancellation are looked at before a
// handler runs.

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <functional>
#include <utility>

#include "contract/result.h"
#include "server/core/context.h"
#include "server/core/metrics.h"
#include "server/rpc/lanes.h"

namespace hada::rpc {

class Dispatch {
 public:
  Dispatch(core::Services& services, core::Metrics& metrics, Lanes& lanes);

  // `request` and `response` live until the returned reactor is finished, as gRPC's callback API has it.
  template <class Request, class Response>
  grpc::ServerUnaryReactor* serve(size_t method, grpc::CallbackServerContext* context, const Request* request,
                                  Response* response,
                                  Result<Response> (*handler)(core::Context&, const Request&)) {
    return run(method, context,
               [request, response, handler, &metrics = metrics_](core::Context& ctx) -> Status {
                 Result<Response> result = handler(ctx, *request);
                 if (!result) return Unexpected(std::move(result).error());
                 *response = std::move(*result);
                 if constexpr (requires { response->jpeg(); })
                   metrics.count_tile_bytes(static_cast<int64_t>(response->jpeg().size()));
                 return {};
               });
  }

  // The same for a handler that has its request and fills its response by itself.
  using Handler = std::function<Status(core::Context&)>;
  grpc::ServerUnaryReactor* run(size_t method, grpc::CallbackServerContext* context, Handler handler);

  // For a stream: runs `then` with the session's token where the caller may call this, on the method's lane;
  // and then `done`, once, with how that went. The context must live until `done`. Only the beginning is
  // counted and checked: whoever sends looks at the session again.
  void admit(size_t method, grpc::CallbackServerContext* context,
             std::function<Status(const std::string& session_token)> then,
             std::function<void(grpc::Status)> done);

  core::Metrics& metrics() { return metrics_; }

 private:
  struct Call;

  bool run_here(Call& call);
  void execute(Call& call);
  Status answer(Call& call);
  Status authorise(Call& call);
  grpc::Status answered(const Call& call, const Status& outcome);
  void finish(Call& call, const Status& outcome);

  core::Services& services_;
  core::Metrics& metrics_;
  Lanes& lanes_;
  const int max_here_;
  std::atomic<int> running_here_{0};
};

}  // namespace hada::rpc
