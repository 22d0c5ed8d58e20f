// What becomes of calls that wait for their turn, over a real gRPC server.

#include "server/rpc/dispatch.h"

#include <doctest/doctest.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "hada/v1/tile.grpc.pb.h"
#include "server/core/password.h"
#include "server/rpc/methods.h"
#include "tests/unit/server/handlers/review_world.h"

namespace hada::rpc {
namespace {

using namespace std::chrono_literals;
using review_test::World;

// The handler of this test: counts itself and stays until it is let go.
std::atomic<int> g_begun;
std::atomic<bool> g_let_go;
Result<v1::GetTileResponse> held_tile(core::Context&, const v1::GetTileRequest&) {
  ++g_begun;
  g_let_go.wait(false);
  return v1::GetTileResponse();
}

class HeldTiles final : public v1::TileService::CallbackService {
 public:
  explicit HeldTiles(Dispatch& dispatch) : dispatch_(dispatch) {}
  grpc::ServerUnaryReactor* GetTile(grpc::CallbackServerContext* context, const v1::GetTileRequest* request,
                                    v1::GetTileResponse* response) override {
    return dispatch_.serve(method_index("TileService", "GetTile"), context, request, response, &held_tile);
  }

 private:
  Dispatch& dispatch_;
};

// One GetTile on a thread of its own.
struct TileCall {
  TileCall(v1::TileService::Stub& stub, const std::string& token, std::chrono::milliseconds patience) {
    context.AddMetadata("authorization", "Bearer " + token);
    context.set_deadline(std::chrono::system_clock::now() + patience);
    thread = std::thread([this, &stub] {
      v1::GetTileResponse response;
      code = stub.GetTile(&context, v1::GetTileRequest(), &response).error_code();
    });
  }
  ~TileCall() {
    if (thread.joinable()) thread.join();
  }
  grpc::StatusCode wait() {
    thread.join();
    return code;
  }
  grpc::ClientContext context;
  grpc::StatusCode code = grpc::StatusCode::UNKNOWN;
  std::thread thread;
};

template <typename Condition>
bool soon(Condition condition) {
  for (const auto end = std::chrono::steady_clock::now() + 20s; std::chrono::steady_clock::now() < end;
       std::this_thread::sleep_for(5ms))
    if (condition()) return true;
  return false;
}

TEST_CASE("a tile whose caller has gone or whose deadline has passed is not looked for") {
  World world;
  core::Services& services = world.context(review_test::derm("ann")).services;
  const std::string password = "correct horse battery";
  world.write([&](store::Tx& tx) {
    return store::insert_user(
        tx,
        {"ann", "Ann", "b", core::hash_password(password).value(), false, 1, 1, {{Role::Dermatologist, ""}}});
  });
  const std::string token = services.sessions.login("ann", password).value().token;
  REQUIRE(services.sessions.authenticate(token));

  std::vector<std::string> names;
  for (const Method& method : methods()) names.push_back(method.name);
  core::Metrics metrics(names);
  Lanes lanes(1);
  Dispatch dispatch(services, metrics, lanes);
  HeldTiles tiles(dispatch);
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&tiles);
  const auto server = builder.BuildAndStart();
  REQUIRE(server);
  const auto stub = v1::TileService::NewStub(
      grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials()));
  g_begun = 0;
  g_let_go = false;

  // More than there are threads to run them: the rest waits, newest first.
  constexpr int kHeld = 24;
  const auto arrived = [&] { return g_begun + static_cast<int>(lanes[Lane::Tiles].depth()); };
  std::vector<std::unique_ptr<TileCall>> held;
  for (int i = 0; i < kHeld; ++i) held.push_back(std::make_unique<TileCall>(*stub, token, 60s));
  CHECK(soon([&] { return arrived() == kHeld; }));
  TileCall late(*stub, token, 3s), given_up(*stub, token, 60s);
  CHECK(soon([&] { return arrived() == kHeld + 2; }));
  given_up.context.TryCancel();
  CHECK(given_up.wait() == grpc::StatusCode::CANCELLED);
  CHECK(late.wait() == grpc::StatusCode::DEADLINE_EXCEEDED);
  // Calls of one connection arrive in order, so behind this one the server has heard of the cancellation.
  TileCall behind(*stub, token, 60s);
  CHECK(soon([&] { return arrived() == kHeld + 3; }));
  std::this_thread::sleep_for(300ms);  // and has noted it

  g_let_go = true;
  g_let_go.notify_all();
  for (const auto& call : held) CHECK(call->wait() == grpc::StatusCode::OK);
  CHECK(behind.wait() == grpc::StatusCode::OK);
  CHECK(soon([&] { return lanes[Lane::Tiles].depth() == 0; }));
  server->Shutdown();
  lanes.stop();
  CHECK(g_begun.load() == kHeld + 1);
}

}  // namespace
}  // namespace hada::rpc
