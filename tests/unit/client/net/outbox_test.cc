#include "client/net/outbox.h"

#include <doctest/doctest.h>

#include <string>

#include "folder.h"

namespace hada::net {
namespace {

std::unique_ptr<Outbox> open_in(const Folder& folder) {
  auto outbox = Outbox::open(folder.path + "/outbox.db");
  REQUIRE(outbox);
  return std::move(*outbox);
}

TEST_CASE("what was added is on disk at once, in order, and for its own user") {
  const Folder folder;
  const auto outbox = open_in(folder);
  const std::string bytes("\0\xFF request", 10);
  REQUIRE(outbox->add({0, "users/ann", "/m/Save", "cases/1", bytes}));
  REQUIRE(outbox->add({0, "users/bob", "/m/Save", "cases/1", "bob's"}));
  const auto third = outbox->add({0, "users/ann", "/m/Submit", "cases/1", "third"});
  REQUIRE(third);

  // Another process sees it while this one still runs: nothing is left to be written at the end.
  const auto other = open_in(folder);
  const auto entries = other->entries("users/ann");
  REQUIRE(entries);
  REQUIRE(entries->size() == 2);
  CHECK((*entries)[0].method == "/m/Save");
  CHECK((*entries)[0].subject == "cases/1");
  CHECK((*entries)[0].request == bytes);
  CHECK((*entries)[1].request == "third");
  CHECK((*entries)[1].id == *third);

  REQUIRE(other->remove(*third));
  CHECK(outbox->entries("users/ann")->size() == 1);
  CHECK(outbox->entries("users/bob")->size() == 1);
}

TEST_CASE("a file that cannot be used is refused") {
  const auto outbox = Outbox::open("/nonexistent/outbox.db");
  REQUIRE_FALSE(outbox);
  CHECK(outbox.error().reason == "OUTBOX_FAILED");
}

}  // namespace
}  // namespace hada::net
