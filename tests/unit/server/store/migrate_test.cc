#include "server/store/migrate.h"

#include <doctest/doctest.h>

#include "server/store/reads.h"
#include "tests/unit/server/store/temp_store.h"

using namespace hada;
using store::Migration;
using store::Rows;
using store::Tx;

namespace {

bool has_table(store::Store& store, const std::string& name) {
  return store
      .read([&](Tx& tx) -> Status {
        RETURN_IF_ERROR(tx.query("SELECT * FROM " + name + " LIMIT 1"));
        return {};
      })
      .has_value();
}

}  // namespace

TEST_CASE("migrations are applied in order, once") {
  test::TempStore store;
  const std::vector<Migration> first = {{1, "CREATE TABLE a (x TEXT);"}};
  const std::vector<Migration> both = {{1, "CREATE TABLE a (x TEXT);"},
                                       {2, "ALTER TABLE a ADD COLUMN y TEXT;"}};
  CHECK(store::migrate(*store, first, 1).value() == 1);
  CHECK(store::migrate(*store, first, 2).value() == 0);
  CHECK(store::migrate(*store, both, 3).value() == 1);
  store.reopen();
  CHECK(store::migrate(*store, both, 4).value() == 0);
  REQUIRE(store->read([](Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const Rows rows,
                     tx.query("SELECT version, applied_us FROM schema_migrations ORDER BY version"));
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].integer(1) == 1);
    CHECK(rows[1].integer(1) == 3);
    return {};
  }));
}

TEST_CASE("a migration that fails leaves the schema as it was") {
  test::TempStore store;
  const auto outcome =
      store::migrate(*store, {{1, "CREATE TABLE a (x TEXT); INSERT INTO nothing VALUES (1);"}}, 1);
  CHECK(!outcome);
  CHECK(!has_table(*store, "a"));
  CHECK(store::migrate(*store, {{1, "CREATE TABLE a (x TEXT);"}}, 1).value() == 1);
}

TEST_CASE("a database of a newer program is refused") {
  test::TempStore store;
  REQUIRE(store::migrate(*store, {{1, "CREATE TABLE a (x TEXT)"}, {2, "CREATE TABLE b (x TEXT)"}}, 1));
  const auto outcome = store::migrate(*store, {{1, "CREATE TABLE a (x TEXT)"}}, 1);
  REQUIRE(!outcome);
  CHECK(outcome.error().reason == "STORE_NEWER");
}

TEST_CASE("a migration that was edited after it was applied is refused") {
  test::TempStore store;
  REQUIRE(store::migrate(*store, {{1, "CREATE TABLE a (x TEXT)"}}, 1));
  const auto outcome = store::migrate(*store, {{1, "CREATE TABLE a (x TEXT, y TEXT)"}}, 1);
  REQUIRE(!outcome);
  CHECK(outcome.error().reason == "MIGRATION_CHANGED");
}

TEST_CASE("the built-in migrations make the tables of the server") {
  test::TempStore store(true);
  for (const char* table : {"users", "sessions", "cases", "images", "reads", "decisions", "jobs", "requests"})
    CHECK(has_table(*store, table));
}

TEST_CASE("a draft from before annotations were stored has none") {
  test::TempStore store;
  REQUIRE(store::migrate(*store, {store::built_in_migrations()[0]}, 1));
  REQUIRE(store->write([](Tx& tx) -> Status {
    RETURN_IF_ERROR(
        tx.exec("INSERT INTO drafts (case_id, user_id, content, updated_us) VALUES ('c', 'u', '{}', 1)"));
    return {};
  }));
  REQUIRE(store::migrate(*store, store::built_in_migrations(), 2));
  REQUIRE(store->read([](Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const auto draft, store::reads::draft(tx, "c", "u"));
    REQUIRE(draft);
    CHECK(draft->json == "{}");
    CHECK(draft->annotations.empty());
    return {};
  }));
}

TEST_CASE("a script is split at semicolons that end a statement") {
  const auto parts = store::split_statements(
      "-- a; comment\nCREATE TABLE a (x TEXT DEFAULT ';'); -- it's here\n\n"
      "INSERT INTO a VALUES ('it''s; fine')\n;\n  \n");
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].find("DEFAULT ';'") != std::string::npos);
  CHECK(parts[1].find("it''s; fine") != std::string::npos);
}
