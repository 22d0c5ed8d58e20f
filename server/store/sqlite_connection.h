#pragma once

// One SQLite connection with its prepared statements. Used by one thread at a time. Only sqlite_store
// includes this.

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "server/store/store.h"

struct sqlite3;
struct sqlite3_stmt;

namespace hada::store {

class SqliteConnection final : public Tx {
 public:
  enum class Mode { Write, Read };

  // Creates the file in Write mode. UNAVAILABLE / STORE_BUSY, INTERNAL / STORE_FAILED.
  static Result<std::unique_ptr<SqliteConnection>> open(const std::string& path, Mode mode);
  ~SqliteConnection() override;

  Result<Rows> query(std::string_view sql, const Params& params = {}) override;
  Result<int64_t> exec(std::string_view sql, const Params& params = {}) override;

  // False once SQLite has ended the transaction by itself, as it does when the disk is full or fails.
  bool in_transaction() const;
  // The extended result code of the last failure, 0 before one.
  int last_failure() const { return last_failure_; }

 private:
  // The most statements kept prepared; the least recently used goes first.
  static constexpr size_t kMaxStatements = 256;

  struct Finalize {
    void operator()(sqlite3_stmt* s) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;
  struct Cached {
    std::string sql;
    Statement statement;
  };

  explicit SqliteConnection(sqlite3* db) : db_(db) {}
  Result<sqlite3_stmt*> prepare(std::string_view sql);
  Status bind(sqlite3_stmt* statement, const Params& params);
  Unexpected failure(int code);

  sqlite3* db_;
  int last_failure_ = 0;
  std::list<Cached> statements_;  // most recently used first
  std::unordered_map<std::string_view, std::list<Cached>::iterator> by_sql_;
};

}  // namespace hada::store
