#include "server/rpc/dispatch.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <string_view>
#include <thread>

#include "server/core/errors.h"
#include "server/core/log.h"
#include "server/core/sessions.h"
#include "server/rpc/methods.h"
#include "server/rpc/status.h"

namespace hada::rpc {
namespace {

std::string_view bearer_token(const grpc::CallbackServerContext& context) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find("authorization");
  if (found == metadata.end()) return {};
  const std::string_view value(found->second.data(), found->second.length());
  return value.starts_with(kScheme) ? value.substr(kScheme.size()) : std::string_view();
}

// gRPC 1.51 has half as many threads as cores for callbacks, from 2 to 16; one stays free.
int grpc_threads_to_use() {
  return static_cast<int>(std::clamp(std::thread::hardware_concurrency() / 2, 2u, 16u)) - 1;
}

// Our code does not throw; a library may.
template <class Fn>
Status guarded(Fn fn) {
  try {
    return fn();
  } catch (const std::exception& e) {
    return core::internal(e.what());
  } catch (...) {
    return core::internal("an unknown exception");
  }
}

}  // namespace

Dispatch::Dispatch(core::Services& services, core::Metrics& metrics, Lanes& lanes)
    : services_(services), metrics_(metrics), lanes_(lanes), max_here_(grpc_threads_to_use()) {}

struct Dispatch::Call {
  size_t method;
  grpc::CallbackServerContext* context;
  grpc::ServerUnaryReactor* reactor;
  Handler handler;
  std::chrono::steady_clock::time_point arrived;
  std::string_view token;  // in the context's metadata
  std::shared_ptr<const core::Caller> caller;
};

grpc::ServerUnaryReactor* Dispatch::run(size_t method, grpc::CallbackServerContext* context,
                                        Handler handler) {
  auto call = std::make_shared<Call>(Call{method, context, context->DefaultReactor(), std::move(handler),
                                          std::chrono::steady_clock::now(), bearer_token(*context), nullptr});
  if (!call->token.empty()) call->caller = services_.sessions.cached(call->token);
  // A session that is not in memory takes SQL to find, which has no place among the tiles.
  Lane lane = methods()[method].lane;
  if (lane == Lane::Tiles && !call->caller) lane = Lane::Db;
  if (lane == Lane::Tiles && run_here(*call)) return call->reactor;
  if (!lanes_[lane].try_post([this, call] { execute(*call); })) finish(*call, core::queue_full());
  return call->reactor;
}

// A tile is one look-up and one read from the page cache: handing it to another thread costs more than
// serving it. But gRPC has few threads of its own, so one of them is always left to take calls in, and the
// rest queue up.
bool Dispatch::run_here(Call& call) {
  const bool free = running_here_.fetch_add(1, std::memory_order_relaxed) < max_here_;
  if (free) execute(call);
  running_here_.fetch_sub(1, std::memory_order_relaxed);
  return free;
}

void Dispatch::execute(Call& call) {
  finish(call, guarded([&] { return answer(call); }));
}

Status Dispatch::answer(Call& call) {
  if (call.context->IsCancelled()) return core::cancelled();
  const auto deadline = call.context->deadline();
  if (deadline <= std::chrono::system_clock::now()) return core::deadline_exceeded();
  RETURN_IF_ERROR(authorise(call));
  grpc::CallbackServerContext* const context = call.context;
  core::Context ctx{services_, call.caller ? *call.caller : core::Caller(), methods()[call.method].name,
                    deadline, [context] { return context->IsCancelled(); }};
  return call.handler(ctx);
}

Status Dispatch::authorise(Call& call) {
  const Method& method = methods()[call.method];
  if (!call.caller && !call.token.empty()) {
    auto caller = services_.sessions.authenticate(call.token);
    if (caller)
      call.caller = std::move(*caller);
    else if (method.needs_login)
      return Unexpected(std::move(caller).error());
  }
  if (!method.needs_login) return {};
  if (!call.caller) return core::no_session();
  const bool allowed =
      method.any_of.empty() || std::any_of(method.any_of.begin(), method.any_of.end(),
                                           [&](Role role) { return call.caller->has(role); });
  if (!allowed) return core::role_required();
  return {};
}

// Counts the call, and says to its caller what came of it.
grpc::Status Dispatch::answered(const Call& call, const Status& outcome) {
  grpc::Status status;
  if (!outcome) {
    const Error& error = outcome.error();
    if (error.code == ErrorCode::Internal) {
      // What went wrong inside is for the operator's log; the caller is told only that it did.
      core::log(
          core::LogLevel::Error, "internal_error",
          {{"method", methods()[call.method].name}, {"reason", error.reason}, {"message", error.message}});
      status = to_grpc_status(
          Error{ErrorCode::Internal, error.reason, "an internal error; see the server's log", {}});
    } else {
      status = to_grpc_status(error);
    }
  }
  const auto took = std::chrono::steady_clock::now() - call.arrived;
  metrics_.count_call(call.method, status.error_code(),
                      std::chrono::duration_cast<std::chrono::microseconds>(took).count());
  return status;
}

void Dispatch::finish(Call& call, const Status& outcome) { call.reactor->Finish(answered(call, outcome)); }

void Dispatch::admit(size_t method, grpc::CallbackServerContext* context,
                     std::function<Status(const std::string& session_token)> then,
                     std::function<void(grpc::Status)> done) {
  auto call = std::make_shared<Call>(Call{method, context, nullptr, nullptr, std::chrono::steady_clock::now(),
                                          bearer_token(*context), nullptr});
  const auto enter = [this, call, then = std::move(then), done] {
    const Status outcome = guarded([&]() -> Status {
      RETURN_IF_ERROR(authorise(*call));
      return then(std::string(call->token));
    });
    done(answered(*call, outcome));
  };
  if (!lanes_[methods()[method].lane].try_post(enter)) done(answered(*call, core::queue_full()));
}

}  // namespace hada::rpc
