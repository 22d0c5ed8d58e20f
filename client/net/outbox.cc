#include "client/net/outbox.h"

#include "client/net/sqlite_statement.h"

namespace hada::net {
namespace {

Unexpected failed(sqlite3* db) {
  return Unexpected(ErrorCode::Unavailable, "OUTBOX_FAILED",
                    std::string("cannot keep unsent work on disk: ") + sqlite3_errmsg(db));
}

}  // namespace

Result<std::unique_ptr<Outbox>> Outbox::open(const std::string& path) {
  sqlite3* db = nullptr;
  const int rc = sqlite3_open(path.empty() ? ":memory:" : path.c_str(), &db);
  std::unique_ptr<Outbox> outbox(new Outbox(db));
  if (rc != SQLITE_OK) return failed(db);
  constexpr const char* kSchema =
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=2000;"
      "CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, user BLOB NOT NULL,"
      " method BLOB NOT NULL, subject BLOB NOT NULL, request BLOB NOT NULL);"
      "CREATE TABLE IF NOT EXISTS refused (id INTEGER PRIMARY KEY, user BLOB NOT NULL, method BLOB NOT NULL,"
      " subject BLOB NOT NULL, request BLOB NOT NULL, code INTEGER NOT NULL, reason BLOB NOT NULL);"
      "CREATE TABLE IF NOT EXISTS kept (user BLOB NOT NULL, subject BLOB NOT NULL, work BLOB NOT NULL,"
      " PRIMARY KEY (user, subject));";
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

Status Outbox::remove_from(const char* sql, int64_t id) {
  Statement erase(db_, sql);
  if (!erase.ok()) return failed(db_);
  erase.bind(1, id);
  if (erase.step() != SQLITE_DONE) return failed(db_);
  return {};
}

Status Outbox::remove(int64_t id) { return remove_from("DELETE FROM outbox WHERE id = ?", id); }

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

// The copy comes first: a crash between the two leaves the entry in both, and its next answer replaces the
// copy.
Status Outbox::refuse(int64_t id, int64_t code, const std::string& reason) {
  Statement copy(db_,
                 "INSERT OR REPLACE INTO refused (id, user, method, subject, request, code, reason)"
                 " SELECT id, user, method, subject, request, ?, ? FROM outbox WHERE id = ?");
  if (!copy.ok()) return failed(db_);
  copy.bind(1, code);
  copy.bind(2, reason);
  copy.bind(3, id);
  if (copy.step() != SQLITE_DONE) return failed(db_);
  return remove(id);
}

Result<std::vector<RefusedEntry>> Outbox::refused(const std::string& user) {
  Statement select(db_,
                   "SELECT id, user, method, subject, request, code, reason FROM refused"
                   " WHERE user = ? ORDER BY id");
  if (!select.ok()) return failed(db_);
  select.bind(1, user);
  std::vector<RefusedEntry> refused;
  int rc = SQLITE_ROW;
  while ((rc = select.step()) == SQLITE_ROW)
    refused.push_back(
        {{select.integer(0), select.bytes(1), select.bytes(2), select.bytes(3), select.bytes(4)},
         select.integer(5),
         select.bytes(6)});
  if (rc != SQLITE_DONE) return failed(db_);
  return refused;
}

Status Outbox::settle(int64_t id) { return remove_from("DELETE FROM refused WHERE id = ?", id); }

Status Outbox::keep(const KeptWork& kept) {
  Statement change(db_, kept.work.empty()
                            ? "DELETE FROM kept WHERE user = ? AND subject = ?"
                            : "INSERT OR REPLACE INTO kept (user, subject, work) VALUES (?, ?, ?)");
  if (!change.ok()) return failed(db_);
  change.bind(1, kept.user);
  change.bind(2, kept.subject);
  if (!kept.work.empty()) change.bind(3, kept.work);
  if (change.step() != SQLITE_DONE) return failed(db_);
  return {};
}

Result<std::vector<KeptWork>> Outbox::kept(const std::string& user) {
  Statement select(db_, "SELECT user, subject, work FROM kept WHERE user = ? ORDER BY subject");
  if (!select.ok()) return failed(db_);
  select.bind(1, user);
  std::vector<KeptWork> kept;
  int rc = SQLITE_ROW;
  while ((rc = select.step()) == SQLITE_ROW)
    kept.push_back({select.bytes(0), select.bytes(1), select.bytes(2)});
  if (rc != SQLITE_DONE) return failed(db_);
  return kept;
}

}  // namespace hada::net
