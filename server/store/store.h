#pragma once

// The one door to the database. Drivers (sqlite_store.h) are named only by server/main.cc; SQL lives only in
// server/store/*.cc, one file per subject (cases.h, reads.h ...), as functions over a Tx.
//
// One SQL text serves SQLite 3.40 and PostgreSQL 15: named values are written `:name`, bound, never pasted;
// `ON CONFLICT` and `RETURNING` are fine. Times are BIGINT microseconds since the epoch, structured values
// JSON text.

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "contract/result.h"
#include "server/store/commit_signal.h"

namespace hada::store {

// Bytes that are not text (a stored response).
struct Blob {
  std::string bytes;
};

using Value = std::variant<std::monostate, int64_t, double, std::string, Blob>;

struct Param {
  std::string_view name;  // without the colon
  Value value;

  Param(std::string_view n, std::string_view v) : name(n), value(std::string(v)) {}
  Param(std::string_view n, const std::string& v) : name(n), value(v) {}
  Param(std::string_view n, const char* v) : name(n), value(std::string(v)) {}
  Param(std::string_view n, int64_t v) : name(n), value(v) {}
  Param(std::string_view n, int32_t v) : name(n), value(static_cast<int64_t>(v)) {}
  Param(std::string_view n, bool v) : name(n), value(static_cast<int64_t>(v)) {}
  Param(std::string_view n, double v) : name(n), value(v) {}
  Param(std::string_view n, Blob v) : name(n), value(std::move(v)) {}
  Param(std::string_view n, std::monostate) : name(n) {}
};
using Params = std::vector<Param>;

// One result row; columns by position. Asking for another type than the column holds converts as SQLite
// would; NULL reads as 0 or "".
class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
  int64_t integer(size_t column) const;
  double real(size_t column) const;
  std::string text(size_t column) const;
  std::string blob(size_t column) const;
  bool null(size_t column) const;
  size_t size() const { return values_.size(); }

 private:
  std::vector<Value> values_;
};
using Rows = std::vector<Row>;

// An open transaction. Used by one thread at a time, only inside the function it was handed to.
class Tx {
 public:
  virtual ~Tx() = default;
  // Runs one statement. A violated constraint is ALREADY_EXISTS / CONSTRAINT; anything else the database
  // refuses is INTERNAL / STORE_FAILED.
  virtual Result<Rows> query(std::string_view sql, const Params& params = {}) = 0;
  // The same, for statements without rows; returns the number of rows changed.
  virtual Result<int64_t> exec(std::string_view sql, const Params& params = {}) = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  // Runs `fn` in one transaction that is on disk when this returns success; any Error rolls all of it back
  // and is returned. Blocks the caller; several callers share one fsync (group commit). `fn` runs on the
  // writer's thread, must not call the store again, and may be run again when the database asks for a retry.
  virtual Status write(const std::function<Status(Tx&)>& fn) = 0;

  // Runs `fn` on a snapshot, on the caller's thread. Any number at once.
  virtual Status read(const std::function<Status(Tx&)>& fn) = 0;

  // Notified after each commit, once what was written can be read.
  CommitSignal& commits() { return commits_; }

 private:
  CommitSignal commits_;
};

}  // namespace hada::store
