#include "client/net/outbox.h"

#include <sqlite3.h>

namespace hada::net {
namespace {

Unexpected failed(sqlite3* db) {
  return Unexpected(ErrorCode::Unavailable, "OUTBOX_FAILED",
                    std::string("cannot keep unsent work on disk: ") + sqlite3_errmsg(db));
}

class Statement {
 public:
  Statement(sqlite3* db, const char* sql) {
    if (sqlite3_prepare_v2(db, sql, -1, &statement_, nullptr) != SQLITE_OK) statement_ = nullptr;
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  bool ok() const { return statement_ != nullptr; }
  void bind(int index, const std::string& value) {
    sqlite3_bind_blob64(statement_, index, value.data(), value.size(), SQLITE_TRANSIENT);
  }
  void bind(int index, int64_t value) { sqlite3_bind_int64(statement_, index, value); }
  int step() { return sqlite3_step(statement_); }
  int64_t integer(int column) { return sqlite3_column_int64(statement_, column); }
  std::string bytes(int column) {
    const void* data = sqlite3_column_blob(statement_, column);
    return {static_cast<const char*>(data == nullptr ? "" : data),
            static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace

Result<std::unique_ptr<Outbox>> Outbox::open(const std::string& path) {
  sqlite3* db = nullptr;
  const int rc = sqlite3_open(path.empty() ? ":memory:" : path.c_str(), &db);
  std::unique_ptr<Outbox> outbox(new Outbox(db));
  if (rc != SQLITE_OK) return failed(db);
  constexpr const char* kSchema =
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=2000;"
      "CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, user BLOB NOT NULL,"
      " method BLOB NOT NULL, subject BLOB NOT NULL, request BLOB NOT NULL);";
  if (sqlite3_exec(db, kSchema, nullptr, nullptr, nullptr) != SQLITE_OK) return failed(db);
  return outbox;
}

Outbox::~Outbox() { sqlite3_close(db_); }

Result<int64_t> Outbox::add(const OutboxEntry& entry) {
  Statement insert(db_, "INSERT INTO outbox (user, method, subject, request) VALUES (?, ?, ?, ?)");
  if (!insert.ok()) return failed(db_);
  insert.bind(1, entry.user);
  insert.bind(2, entry.method);
  insert.bind(3, entry.subject);
  insert.bind(4, entry.request);
  if (insert.step() != SQLITE_DONE) return failed(db_);
  return sqlite3_last_insert_rowid(db_);
}

Status Outbox::remove(int64_t id) {
  Statement erase(db_, "DELETE FROM outbox WHERE id = ?");
  if (!erase.ok()) return failed(db_);
  erase.bind(1, id);
  if (erase.step() != SQLITE_DONE) return failed(db_);
  return {};
}

Result<std::vector<OutboxEntry>> Outbox::entries(const std::string& user) {
  Statement select(db_, "SELECT id, user, method, subject, request FROM outbox WHERE user = ? ORDER BY id");
  if (!select.ok()) return failed(db_);
  select.bind(1, user);
  std::vector<OutboxEntry> entries;
  int rc = SQLITE_ROW;
  while ((rc = select.step()) == SQLITE_ROW)
    entries.push_back(
        {select.integer(0), select.bytes(1), select.bytes(2), select.bytes(3), select.bytes(4)});
  if (rc != SQLITE_DONE) return failed(db_);
  return entries;
}

}  // namespace hada::net
