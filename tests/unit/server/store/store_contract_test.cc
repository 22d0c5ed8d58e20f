// What every driver of store.h promises. It runs on SQLite; a second driver adds itself to `drivers`.

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/server/store/temp_store.h"

using namespace hada;
using store::Params;
using store::Rows;
using store::Tx;

namespace {

Status make_table(store::Store& store) {
  return store.write([](Tx& tx) -> Status {
    RETURN_IF_ERROR(tx.exec("CREATE TABLE t (k TEXT PRIMARY KEY, n BIGINT, r DOUBLE PRECISION, b BYTEA)"));
    return {};
  });
}

Status insert(store::Store& store, const std::string& key, int64_t n = 0) {
  return store.write([&](Tx& tx) -> Status {
    RETURN_IF_ERROR(tx.exec("INSERT INTO t (k, n) VALUES (:k, :n)", {{"k", key}, {"n", n}}));
    return {};
  });
}

int64_t count(Tx& tx) {
  const auto rows = tx.query("SELECT COUNT(*) FROM t");
  return rows ? (*rows)[0].integer(0) : -1;
}

int64_t count(store::Store& store) {
  int64_t found = -1;
  const Status status = store.read([&](Tx& tx) -> Status {
    found = count(tx);
    return {};
  });
  return status ? found : -1;
}

}  // namespace

TEST_CASE("a store keeps what a transaction wrote") {
  test::TempStore store;
  REQUIRE(make_table(*store));

  SUBCASE("across a restart") {
    REQUIRE(insert(*store, "a", 7));
    store.reopen();
    CHECK(count(*store) == 1);
  }

  SUBCASE("with every type of value") {
    const std::string bytes("\0\xff\n'", 4);
    REQUIRE(store->write([&](Tx& tx) -> Status {
      RETURN_IF_ERROR(tx.exec(
          "INSERT INTO t (k, n, r, b) VALUES (:k, :n, :r, :b)",
          {{"k", "'); DROP TABLE t; --"}, {"n", int64_t{1} << 60}, {"r", 0.1}, {"b", store::Blob{bytes}}}));
      return {};
    }));
    REQUIRE(store->read([&](Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const Rows rows, tx.query("SELECT k, n, r, b, NULL FROM t"));
      REQUIRE(rows.size() == 1);
      CHECK(rows[0].text(0) == "'); DROP TABLE t; --");
      CHECK(rows[0].integer(1) == int64_t{1} << 60);
      CHECK(rows[0].real(2) == 0.1);
      CHECK(rows[0].blob(3) == bytes);
      CHECK(rows[0].null(4));
      CHECK(rows[0].integer(4) == 0);
      CHECK(rows[0].text(4).empty());
      return {};
    }));
  }

  SUBCASE("and tells how many rows a statement changed") {
    REQUIRE(insert(*store, "a"));
    REQUIRE(insert(*store, "b"));
    REQUIRE(store->write([&](Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const int64_t changed, tx.exec("UPDATE t SET n = 5"));
      CHECK(changed == 2);
      return {};
    }));
  }

  SUBCASE("and a value may be used twice in one statement") {
    REQUIRE(store->write([&](Tx& tx) -> Status {
      RETURN_IF_ERROR(tx.exec("INSERT INTO t (k, n) VALUES (:n, :n)", {{"n", 3}}));
      return {};
    }));
    CHECK(count(*store) == 1);
  }
}

TEST_CASE("a failed transaction leaves nothing behind") {
  test::TempStore store;
  REQUIRE(make_table(*store));

  SUBCASE("when the function returns an error, which is handed back") {
    const Status status = store->write([](Tx& tx) -> Status {
      RETURN_IF_ERROR(tx.exec("INSERT INTO t (k) VALUES ('a')"));
      return Unexpected(ErrorCode::Aborted, "ETAG_MISMATCH", "changed");
    });
    REQUIRE(!status);
    CHECK(status.error().reason == "ETAG_MISMATCH");
    CHECK(count(*store) == 0);
  }

  SUBCASE("when a library throws") {
    const Status status = store->write([](Tx& tx) -> Status {
      RETURN_IF_ERROR(tx.exec("INSERT INTO t (k) VALUES ('a')"));
      throw std::bad_alloc();
    });
    REQUIRE(!status);
    CHECK(status.error().code == ErrorCode::Internal);
    CHECK(count(*store) == 0);
    CHECK(insert(*store, "b"));
  }

  SUBCASE("when a constraint is violated, which has its own reason") {
    REQUIRE(insert(*store, "a"));
    const Status status = insert(*store, "a");
    REQUIRE(!status);
    CHECK(status.error().code == ErrorCode::AlreadyExists);
    CHECK(status.error().reason == "CONSTRAINT");
    CHECK(count(*store) == 1);
  }

  SUBCASE("and an error's words hold no value") {
    const Status status = store->write([](Tx& tx) -> Status {
      RETURN_IF_ERROR(tx.exec("INSERT INTO t (k) VALUES (:k)", {{"k", "Yamada Hanako"}}));
      RETURN_IF_ERROR(tx.exec("INSERT INTO t (k) VALUES (:k)", {{"k", "Yamada Hanako"}}));
      return {};
    });
    REQUIRE(!status);
    CHECK(status.error().message.find("Yamada") == std::string::npos);
  }
}

TEST_CASE("a statement that is wrong is refused, not guessed at") {
  test::TempStore store;
  REQUIRE(make_table(*store));
  const auto refused = [&](std::string_view sql, const Params& params) {
    const Status status = store->write([&](Tx& tx) -> Status {
      RETURN_IF_ERROR(tx.exec(sql, params));
      return {};
    });
    return !status && status.error().reason == "STORE_FAILED";
  };
  CHECK(refused("SELECT nonsense FROM t", {}));
  CHECK(refused("INSERT INTO t (k) VALUES (:k)", {}));
  CHECK(refused("INSERT INTO t (k) VALUES (:k)", {{"k", "a"}, {"n", 1}}));
  CHECK(refused("INSERT INTO t (k) VALUES ('a'); INSERT INTO t (k) VALUES ('b')", {}));
  CHECK(count(*store) == 0);
}

TEST_CASE("transactions that share a commit fail or succeed each alone") {
  test::TempStore store;
  REQUIRE(make_table(*store));
  // The first keeps the writer busy until the others have queued, so that they are one group.
  std::binary_semaphore entered{0}, leave{0};
  std::thread first([&] {
    CHECK(store->write([&](Tx&) -> Status {
      entered.release();
      leave.acquire();
      return {};
    }));
  });
  entered.acquire();
  std::vector<std::thread> others;
  std::atomic<int> succeeded = 0, failed = 0;
  for (int i = 0; i < 10; ++i)
    others.emplace_back([&, i] {
      const Status status = store->write([&](Tx& tx) -> Status {
        RETURN_IF_ERROR(tx.exec("INSERT INTO t (k) VALUES (:k)", {{"k", std::to_string(i)}}));
        if (i % 2) return Unexpected(ErrorCode::FailedPrecondition, "ODD", "odd");
        return {};
      });
      (status ? succeeded : failed)++;
    });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  leave.release();
  first.join();
  for (std::thread& other : others) other.join();
  CHECK(succeeded == 5);
  CHECK(failed == 5);
  CHECK(count(*store) == 5);
}

TEST_CASE("sixteen writers at once lose no update") {
  test::TempStore store;
  REQUIRE(make_table(*store));
  REQUIRE(insert(*store, "counter", 0));
  constexpr int kWriters = 16, kEach = 50;
  std::atomic<int> failures = 0;
  std::vector<std::thread> writers;
  const auto begun = std::chrono::steady_clock::now();
  for (int w = 0; w < kWriters; ++w)
    writers.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        const Status status = store->write([](Tx& tx) -> Status {
          ASSIGN_OR_RETURN(const Rows rows, tx.query("SELECT n FROM t WHERE k = 'counter'"));
          RETURN_IF_ERROR(
              tx.exec("UPDATE t SET n = :n WHERE k = 'counter'", {{"n", rows[0].integer(0) + 1}}));
          return {};
        });
        if (!status) ++failures;
      }
    });
  for (std::thread& writer : writers) writer.join();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  MESSAGE("acknowledged writes per second with 16 writers: " << kWriters * kEach / took.count());
  CHECK(failures == 0);
  REQUIRE(store->read([&](Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const Rows rows, tx.query("SELECT n FROM t WHERE k = 'counter'"));
    CHECK(rows[0].integer(0) == kWriters * kEach);
    return {};
  }));
}

TEST_CASE("a read sees a snapshot") {
  test::TempStore store;
  REQUIRE(make_table(*store));
  REQUIRE(insert(*store, "a"));

  SUBCASE("that a later write does not change") {
    REQUIRE(store->read([&](Tx& tx) -> Status {
      CHECK(count(tx) == 1);
      CHECK(insert(*store, "b"));
      CHECK(count(tx) == 1);
      return {};
    }));
    CHECK(count(*store) == 2);
  }

  SUBCASE("that holds every write acknowledged before it") {
    for (int i = 0; i < 20; ++i) {
      REQUIRE(insert(*store, "w" + std::to_string(i)));
      CHECK(count(*store) == i + 2);
    }
  }

  SUBCASE("and cannot write") {
    CHECK(!store->read([&](Tx& tx) -> Status {
      RETURN_IF_ERROR(tx.exec("INSERT INTO t (k) VALUES ('x')"));
      return {};
    }));
    CHECK(count(*store) == 1);
  }

  SUBCASE("with more readers at once than the store has connections") {
    constexpr int kReaders = 40;
    std::atomic<int> right = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < kReaders; ++i)
      readers.emplace_back([&] {
        for (int n = 0; n < 10; ++n)
          if (count(*store) == 1) ++right;
      });
    for (std::thread& reader : readers) reader.join();
    CHECK(right == kReaders * 10);
  }
}

TEST_CASE("a write inside a write is refused instead of waiting for itself") {
  test::TempStore store;
  const Status outer = store->write([&](Tx&) { return store->write([](Tx&) { return Status(); }); });
  REQUIRE(!outer);
  CHECK(outer.error().reason == "STORE_FAILED");
}
