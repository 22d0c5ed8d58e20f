// What is particular to the SQLite driver: what happens when its file or its disk fails.

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <atomic>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/server/store/fault_vfs.h"
#include "tests/unit/server/store/temp_store.h"

using namespace hada;
using store::Rows;
using store::Tx;

TEST_CASE("the database runs with the settings that survive a power cut") {
  test::TempStore store;
  REQUIRE(store->write([](Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const Rows journal, tx.query("PRAGMA journal_mode"));
    CHECK(journal[0].text(0) == "wal");
    ASSIGN_OR_RETURN(const Rows synchronous, tx.query("PRAGMA synchronous"));
    CHECK(synchronous[0].integer(0) == 2);
    ASSIGN_OR_RETURN(const Rows foreign_keys, tx.query("PRAGMA foreign_keys"));
    CHECK(foreign_keys[0].integer(0) == 1);
    return {};
  }));
}

TEST_CASE("a foreign key that names nothing is refused") {
  test::TempStore store(true);
  const Status status = store->write([](Tx& tx) -> Status {
    RETURN_IF_ERROR(tx.exec("INSERT INTO role_grants (user_id, role) VALUES ('nobody', 1)"));
    return {};
  });
  REQUIRE(!status);
  CHECK(status.error().reason == "CONSTRAINT");
}

TEST_CASE("when SQLite itself ends the transaction, nobody in the group is told it succeeded") {
  test::TempStore store;
  REQUIRE(store->write([](Tx& tx) -> Status {
    RETURN_IF_ERROR(tx.exec("CREATE TABLE t (b BYTEA)"));
    RETURN_IF_ERROR(tx.query("PRAGMA max_page_count = 40"));
    return {};
  }));
  // Larger than what the pages allow: SQLITE_FULL, as on a full disk.
  const Status full = store->write([](Tx& tx) -> Status {
    RETURN_IF_ERROR(
        tx.exec("INSERT INTO t (b) VALUES (:b)", {{"b", store::Blob{std::string(1 << 20, 'x')}}}));
    return {};
  });
  REQUIRE(!full);
  CHECK(full.error().code == ErrorCode::Internal);
  // Room comes back: the store goes on.
  const Status after = store->write([](Tx& tx) -> Status {
    RETURN_IF_ERROR(tx.exec("INSERT INTO t (b) VALUES (:b)", {{"b", store::Blob{"small"}}}));
    return {};
  });
  CHECK(after);
  REQUIRE(store->read([](Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const Rows rows, tx.query("SELECT COUNT(*) FROM t"));
    CHECK(rows[0].integer(0) == 1);
    return {};
  }));
}

TEST_CASE("a database that another process keeps locked is answered as busy") {
  test::TempStore store;
  REQUIRE(store->write([](Tx& tx) -> Status {
    RETURN_IF_ERROR(tx.exec("CREATE TABLE t (k TEXT)"));
    return {};
  }));
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(store.path().c_str(), &other) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
  const auto write = [&] {
    return store->write([](Tx& tx) -> Status {
      RETURN_IF_ERROR(tx.exec("INSERT INTO t (k) VALUES ('a')"));
      return {};
    });
  };
  const Status busy = write();
  REQUIRE(!busy);
  CHECK(busy.error().code == ErrorCode::Unavailable);
  CHECK(busy.error().reason == "STORE_BUSY");
  REQUIRE(sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(other);
  CHECK(write());
}

TEST_CASE("a file that is no database is refused") {
  test::TempStore store;
  const std::string path = store.path() + ".txt";
  {
    FILE* file = fopen(path.c_str(), "w");
    REQUIRE(file);
    for (int i = 0; i < 1000; ++i) fputs("this is a text\n", file);
    fclose(file);
  }
  CHECK(!store::SqliteStore::open(path));
  CHECK(!store::SqliteStore::open(store.path() + "/no/such/folder/hada.db"));
}

TEST_CASE("one sync of the disk serves many writers, and every write waits for one") {
  test::FaultVfs disk;
  test::TempStore store;
  REQUIRE(store->write([](Tx& tx) -> Status {
    RETURN_IF_ERROR(tx.exec("CREATE TABLE t (k INTEGER PRIMARY KEY)"));
    return {};
  }));
  const auto insert = [&] {
    return store->write([](Tx& tx) -> Status {
      RETURN_IF_ERROR(tx.exec("INSERT INTO t DEFAULT VALUES"));
      return {};
    });
  };
  const int before_alone = disk.syncs();
  for (int i = 0; i < 10; ++i) REQUIRE(insert());
  CHECK(disk.syncs() - before_alone >= 10);

  constexpr int kWriters = 16, kEach = 25;
  const int before = disk.syncs();
  std::atomic<int> failures = 0;
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w)
    writers.emplace_back([&] {
      for (int i = 0; i < kEach; ++i)
        if (!insert()) ++failures;
    });
  for (std::thread& writer : writers) writer.join();
  CHECK(failures == 0);
  CHECK(disk.syncs() - before < kWriters * kEach / 2);
}

TEST_CASE("a sync that fails is never called a success, and is not tried again") {
  test::FaultVfs disk;
  test::TempStore store;
  REQUIRE(store->write([](Tx& tx) -> Status {
    RETURN_IF_ERROR(tx.exec("CREATE TABLE t (k INTEGER PRIMARY KEY)"));
    return {};
  }));
  const auto insert = [&] {
    return store->write([](Tx& tx) -> Status {
      RETURN_IF_ERROR(tx.exec("INSERT INTO t DEFAULT VALUES"));
      return {};
    });
  };
  const auto count = [&] {
    int64_t rows = -1;
    CHECK(store->read([&](Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const Rows found, tx.query("SELECT COUNT(*) FROM t"));
      rows = found[0].integer(0);
      return {};
    }));
    return rows;
  };
  REQUIRE(insert());
  disk.fail_syncs(true);
  CHECK(!insert());
  const int syncs = disk.syncs();
  // The disk seems to be well again, but nobody knows what is on it.
  disk.fail_syncs(false);
  const Status refused = insert();
  REQUIRE(!refused);
  CHECK(refused.error().reason == "STORE_BROKEN");
  CHECK(disk.syncs() == syncs);
  CHECK(count() == 1);
  store.reopen();
  CHECK(count() == 1);
  CHECK(insert());
}
