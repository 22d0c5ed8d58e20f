#include "client/net/answer_store.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "folder.h"

namespace hada::net {
namespace {

constexpr int64_t kMany = 1 << 20;

std::unique_ptr<AnswerStore> store_with(int64_t most_bytes, const std::string& folder = {}) {
  auto store = AnswerStore::open(folder, most_bytes);
  REQUIRE(store);
  return std::move(*store);
}

TEST_CASE("an answer is found by its request until its case is dropped") {
  const auto store = store_with(kMany);
  REQUIRE(store->put("cases/1", "/GetTile", "a", "answer"));
  REQUIRE(store->put("cases/2", "/GetTile", "b", std::string("\0\xFF", 2)));
  CHECK(store->has("/GetTile", "a"));
  CHECK_FALSE(store->has("/GetImage", "a"));
  CHECK(store->find("/GetTile", "a") == "answer");
  CHECK(store->find("/GetTile", "b") == std::string("\0\xFF", 2));
  CHECK(store->keeps("cases/1"));

  REQUIRE(store->put("cases/1", "/GetTile", "a", "newer"));
  CHECK(store->find("/GetTile", "a") == "newer");
  store->drop("cases/1");
  CHECK_FALSE(store->find("/GetTile", "a"));
  CHECK_FALSE(store->keeps("cases/1"));
  CHECK(store->has("/GetTile", "b"));
  store->clear();
  CHECK(store->bytes() == 0);
}

TEST_CASE("beyond its budget nothing more is kept, and what was kept stays") {
  const auto store = store_with(1'000);
  REQUIRE(store->put("cases/1", "/GetTile", "a", std::string(600, 'x')));
  const Status full = store->put("cases/1", "/GetTile", "b", std::string(600, 'y'));
  REQUIRE_FALSE(full);
  CHECK(full.error().reason == "CACHE_FULL");
  CHECK(store->find("/GetTile", "a") == std::string(600, 'x'));
  // A newer answer to the same request needs no more room than the old one gives back.
  CHECK(store->put("cases/1", "/GetTile", "a", std::string(700, 'z')));
  store->drop("cases/1");
  CHECK(store->put("cases/2", "/GetTile", "b", std::string(600, 'y')));
}

TEST_CASE("nothing is left in the folder, not even a name, and the open file cannot be read by others") {
  const Folder dir;
  const std::string secret(200'000, 'P');
  const auto store = store_with(kMany, dir.path);
  REQUIRE(store->put("cases/patient", "/GetTile", "request-of-patient", secret));
  CHECK(std::filesystem::is_empty(dir.path));

  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const std::string target = std::filesystem::read_symlink(entry.path(), gone);
    if (target.find(dir.path) == std::string::npos) continue;
    ++files;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    CHECK(bytes.size() > secret.size());
    CHECK(bytes.find("PPPPPPPP") == std::string::npos);
    CHECK(bytes.find("patient") == std::string::npos);
  }
  CHECK(files == 1);
}

}  // namespace
}  // namespace hada::net
