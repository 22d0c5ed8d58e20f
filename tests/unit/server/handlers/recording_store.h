#pragma once

// A store that notes every statement it passes on, so that tests can ask the database for the plans of what
// was really run.

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "server/store/store.h"

namespace hada::review_test {

struct Statement {
  std::string sql;
  std::vector<std::pair<std::string, store::Value>> params;
};

// What a line of SQLite's plan must not say of a table that grows: that all its rows are read, or put in
// order.
inline bool walks_all(const std::string& line) {
  return line.find("SCAN") != std::string::npos && line.find("CONSTANT ROW") == std::string::npos;
}
inline bool sorts(const std::string& line) { return line.find("TEMP B-TREE") != std::string::npos; }

class RecordingStore : public store::Store {
 public:
  explicit RecordingStore(store::Store& inner) : inner_(inner) {}

  Status write(const std::function<Status(store::Tx&)>& fn) override {
    {
      const std::lock_guard lock(mutex_);
      ++writes_;
    }
    return inner_.write([&](store::Tx& tx) -> Status {
      RecordingTx recording(*this, tx);
      return fn(recording);
    });
  }
  Status read(const std::function<Status(store::Tx&)>& fn) override {
    return inner_.read([&](store::Tx& tx) -> Status {
      RecordingTx recording(*this, tx);
      return fn(recording);
    });
  }

  std::vector<Statement> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(statements_, {});
  }

  // How often the one writer was asked for.
  int writes() {
    const std::lock_guard lock(mutex_);
    return writes_;
  }

  // The lines of SQLite's plan for a statement.
  Result<std::vector<std::string>> plan_of(const Statement& statement) {
    std::vector<std::string> lines;
    RETURN_IF_ERROR(inner_.read([&](store::Tx& tx) -> Status {
      store::Params params;
      for (const auto& [name, value] : statement.params) {
        params.emplace_back(name, std::monostate{});
        params.back().value = value;
      }
      ASSIGN_OR_RETURN(const store::Rows rows, tx.query("EXPLAIN QUERY PLAN " + statement.sql, params));
      for (const store::Row& row : rows) lines.push_back(row.text(3));
      return {};
    }));
    return lines;
  }

 private:
  class RecordingTx : public store::Tx {
   public:
    RecordingTx(RecordingStore& owner, store::Tx& inner) : owner_(owner), inner_(inner) {}
    Result<store::Rows> query(std::string_view sql, const store::Params& params) override {
      owner_.note(sql, params);
      return inner_.query(sql, params);
    }
    Result<int64_t> exec(std::string_view sql, const store::Params& params) override {
      owner_.note(sql, params);
      return inner_.exec(sql, params);
    }

   private:
    RecordingStore& owner_;
    store::Tx& inner_;
  };

  void note(std::string_view sql, const store::Params& params) {
    Statement statement{std::string(sql), {}};
    for (const store::Param& p : params) statement.params.emplace_back(std::string(p.name), p.value);
    const std::lock_guard lock(mutex_);
    statements_.push_back(std::move(statement));
  }

  store::Store& inner_;
  std::mutex mutex_;
  std::vector<Statement> statements_;
  int writes_ = 0;
};

}  // namespace hada::review_test
