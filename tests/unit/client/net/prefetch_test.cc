#include "client/net/prefetch.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>

#include "client/net/convert.h"
#include "hada/v1/tile.pb.h"

namespace hada::net {
namespace {

// Calls wait here until the test answers them.
struct Server {
  std::unique_ptr<AnswerStore> store = std::move(*AnswerStore::open({}, int64_t{1} << 24));
  std::deque<std::pair<Call, std::function<void(Outcome)>>> calls;
  size_t most = 0;
  std::vector<std::string> methods;
  std::optional<model::reply::Prefetched> reply;

  std::shared_ptr<Prefetch> start() {
    return Prefetch::start(
        {1, "cases/1"},
        [this](const Call& call, std::function<void(Outcome)> done) {
          methods.push_back(call.method.substr(call.method.rfind('/') + 1));
          calls.emplace_back(call, std::move(done));
          most = std::max(most, calls.size());
        },
        *store, [this](model::reply::Prefetched answer) { reply = std::move(answer); });
  }
  void answer(Outcome outcome) {
    auto [call, done] = std::move(calls.front());
    calls.pop_front();
    done(std::move(outcome));
  }
  static Outcome the_case() {
    v1::Case value;
    value.set_name("cases/1");
    for (const char* name : {"images/slide", "images/photograph"}) {
      v1::Image* image = value.add_images();
      image->set_name(name);
      const bool slide = std::string(name) == "images/slide";
      for (const int size : slide ? std::vector<int>{1024, 256} : std::vector<int>{512}) {
        v1::PyramidLevel* level = image->add_levels();
        level->set_width(size);
        level->set_height(size);
        level->set_tile_width(256);
        level->set_tile_height(256);
        level->set_downsample(1024.0 / size);
      }
    }
    return {{}, value.SerializeAsString()};
  }
  static Outcome error(int code) { return {model::ApiError{code, "", "", {}}, {}}; }
};

TEST_CASE("everything that reading a case takes is fetched, two calls at a time, coarse tiles first") {
  Server server;
  server.start();
  server.answer(Server::the_case());
  std::vector<int> levels;  // of the tiles, in the order asked for
  while (!server.reply) {
    REQUIRE_FALSE(server.calls.empty());
    v1::GetTileRequest tile;
    const Call& call = server.calls.front().first;
    if (call.method.ends_with("/GetTile") && tile.ParseFromString(call.request))
      levels.push_back(tile.image() == "images/slide" ? tile.level() : 10);
    server.answer({{}, "bytes"});
  }
  CHECK_FALSE(server.reply->error);
  CHECK(server.most == static_cast<size_t>(Prefetch::kAtOnce));
  CHECK(server.methods[1] == "GetDraft");
  CHECK(std::count(server.methods.begin(), server.methods.end(), "GetThumbnail") == 2);
  // The slide's coarse tile, the photograph's four, the slide's sixteen.
  REQUIRE(levels.size() == 21);
  CHECK(levels.front() == 1);
  CHECK(levels[4] == 10);
  CHECK(levels.back() == 0);
  CHECK(server.store->keeps("cases/1"));

  // Once more: only what the case is may have changed.
  server.reply.reset();
  server.methods.clear();
  server.start();
  server.answer(Server::the_case());
  REQUIRE(server.reply);
  CHECK(server.methods == std::vector<std::string>{"GetCase"});
}

TEST_CASE("a prefetch that was stopped keeps nothing that still comes") {
  Server server;
  const auto prefetch = server.start();
  server.answer(Server::the_case());
  prefetch->stop();
  server.store->clear();
  while (!server.calls.empty()) server.answer({{}, "bytes"});
  CHECK_FALSE(server.store->keeps("cases/1"));
  CHECK_FALSE(server.reply);
}

TEST_CASE("without a connection or a session it ends at once and says so; a broken tile is passed over") {
  Server server;
  server.start();
  server.answer(Server::the_case());
  SUBCASE("no connection") {
    server.answer(Server::error(14));
    while (!server.calls.empty()) server.answer({{}, "bytes"});
    REQUIRE(server.reply);
    CHECK(server.reply->error);
    CHECK(server.methods.size() <= 4);
  }
  SUBCASE("no session") {
    server.answer(Server::error(16));
    while (!server.calls.empty()) server.answer({{}, "bytes"});
    REQUIRE(server.reply);
    CHECK(server.reply->error);
    CHECK(server.methods.size() <= 4);
  }
  SUBCASE("a tile that cannot be read") {
    while (!server.reply) {
      const bool tile = server.calls.front().first.method.ends_with("/GetTile");
      server.answer(tile ? Server::error(13) : Outcome{{}, "bytes"});
    }
    CHECK_FALSE(server.reply->error);
  }
}

}  // namespace
}  // namespace hada::net
