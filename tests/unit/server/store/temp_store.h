#pragma once

// A database in a folder of its own, gone at the end of the test.

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "server/store/migrate.h"
#include "server/store/sqlite_store.h"

namespace hada::test {

class TempStore {
 public:
  explicit TempStore(bool migrated = false) {
    std::string pattern = (std::filesystem::temp_directory_path() / "hada-store-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    dir_ = pattern;
    open();
    if (migrated) REQUIRE(store::migrate(*store_, store::built_in_migrations(), 1).has_value());
  }
  ~TempStore() {
    store_.reset();
    std::filesystem::remove_all(dir_);
  }
  TempStore(const TempStore&) = delete;
  TempStore& operator=(const TempStore&) = delete;

  // Closes and opens again, as a restart does.
  void reopen() {
    store_.reset();
    open();
  }
  std::string path() const { return (dir_ / "hada.db").string(); }
  store::Store& operator*() { return *store_; }
  store::Store* operator->() { return store_.get(); }

 private:
  void open() {
    auto opened = store::SqliteStore::open(path());
    REQUIRE(opened.has_value());
    store_ = std::move(*opened);
  }

  std::filesystem::path dir_;
  std::unique_ptr<store::Store> store_;
};

}  // namespace hada::test
