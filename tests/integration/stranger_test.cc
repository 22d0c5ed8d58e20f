// The contract is the .proto files: a client that was made from nothing else gets the same bytes as ours.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "contract/sha256.h"
#include "hada/v1/tile.pb.h"
#include "tests/support/paths.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/world.h"

namespace {

using namespace hada;
using namespace hada::support;

void make_stubs(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  std::vector<std::string> arguments = {"sh", "-c",
                                        "cd " + source_dir() + "/proto && protoc -I. --python_out=" +
                                            folder.string() + " --grpc_out=" + folder.string() +
                                            " --plugin=protoc-gen-grpc=$(command -v grpc_python_plugin)"
                                            " hada/v1/*.proto google/rpc/*.proto"};
  const Finished made = run(arguments);
  REQUIRE_MESSAGE(made.status == 0, made.output);
  // Python's own google package holds protobuf; ours adds google.rpc beside it.
  write_file(folder / "google" / "__init__.py",
             "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n");
}

TEST_CASE("a stranger's client, made from the .proto files alone, gets the same tile as ours") {
  ServerProcess server;
  make_people(server);
  const TempDir dir;
  REQUIRE(write_demo_set((dir / "images").string(), 7, nullptr, 8) > 0);
  const Finished in = ingest(server, dir / "images" / "manifest.csv", dir.path());
  REQUIRE_MESSAGE(in.status == 0, in.output);

  make_stubs(dir / "stubs");
  const Finished python = run({"/usr/bin/python3", source_dir() + "/tests/integration/stranger.py",
                               server.address(), (dir / "stubs").string(), "derm-b"},
                              std::string(kPassword) + "\n");
  REQUIRE_MESSAGE(python.status == 0, python.output);
  const auto seen = nlohmann::json::parse(python.output);

  CHECK(seen["without_login"] == nlohmann::json::array({"UNAUTHENTICATED", "hada/NO_SESSION"}));
  CHECK(seen["cases"].size() >= 10);
  CHECK(seen["serving"] == true);
  CHECK(seen["reflects"] == true);

  ApiClient ours(server.address());
  ours.as("derm-b");
  v1::GetTileRequest request;
  request.set_image(seen["image"].get<std::string>());
  request.set_level(seen["level"].get<int>());
  const auto tile = ours.call<v1::GetTileResponse>("TileService/GetTile", request);
  REQUIRE(tile);
  contract::Sha256 hash;
  hash.update(tile->jpeg());
  CHECK(hash.hex() == seen["tile_sha256"].get<std::string>());
}

}  // namespace
