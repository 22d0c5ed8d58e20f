#include "server/store/sqlite_connection.h"

#include <sqlite3.h>

namespace hada::store {
namespace {

constexpr int kBusyTimeoutMs = 5'000;

// Ends the statement's use however the function is left, so that it holds no lock and no bound secret.
class StatementUse {
 public:
  explicit StatementUse(sqlite3_stmt* s) : statement_(s) {}
  ~StatementUse() {
    // The code repeats the failure of the last step, which has been reported.
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;

 private:
  sqlite3_stmt* statement_;
};

int bind_value(sqlite3_stmt* s, int index, const Value& value) {
  // The caller's Params outlive the step, so SQLite need not copy.
  if (const auto* i = std::get_if<int64_t>(&value)) return sqlite3_bind_int64(s, index, *i);
  if (const auto* d = std::get_if<double>(&value)) return sqlite3_bind_double(s, index, *d);
  if (const auto* t = std::get_if<std::string>(&value))
    return sqlite3_bind_text64(s, index, t->data(), t->size(), SQLITE_STATIC, SQLITE_UTF8);
  if (const auto* b = std::get_if<Blob>(&value))
    return sqlite3_bind_blob64(s, index, b->bytes.data(), b->bytes.size(), SQLITE_STATIC);
  return sqlite3_bind_null(s, index);
}

Value column_value(sqlite3_stmt* s, int column) {
  switch (sqlite3_column_type(s, column)) {
    case SQLITE_INTEGER:
      return static_cast<int64_t>(sqlite3_column_int64(s, column));
    case SQLITE_FLOAT:
      return sqlite3_column_double(s, column);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(s, column));
      return std::string(text, static_cast<size_t>(sqlite3_column_bytes(s, column)));
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(s, column));
      return Blob{std::string(bytes ? bytes : "", static_cast<size_t>(sqlite3_column_bytes(s, column)))};
    }
    default:
      return std::monostate{};
  }
}

}  // namespace

void SqliteConnection::Finalize::operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path, Mode mode) {
  sqlite3* db = nullptr;
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (mode == Mode::Write ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(path.c_str(), &db, flags, nullptr);
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(db));
  if (code != SQLITE_OK) return connection->failure(code);
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, kBusyTimeoutMs);
  RETURN_IF_ERROR(connection->query("PRAGMA foreign_keys = ON"));
  RETURN_IF_ERROR(connection->query("PRAGMA cache_size = -16384"));
  if (mode == Mode::Read) {
    RETURN_IF_ERROR(connection->query("PRAGMA query_only = ON"));
    return connection;
  }
  ASSIGN_OR_RETURN(const Rows journal, connection->query("PRAGMA journal_mode = WAL"));
  if (journal.empty() || journal[0].text(0) != "wal")
    return Unexpected(ErrorCode::Internal, "STORE_FAILED",
                      "the database cannot use write-ahead logging here");
  // NORMAL loses acknowledged rows in a power cut; see docs/operations.
  RETURN_IF_ERROR(connection->query("PRAGMA synchronous = FULL"));
  return connection;
}

SqliteConnection::~SqliteConnection() {
  by_sql_.clear();
  statements_.clear();
  sqlite3_close(db_);
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }

Unexpected SqliteConnection::failure(int code) {
  last_failure_ = code;
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      return Unexpected(ErrorCode::AlreadyExists, "CONSTRAINT", "a constraint of the database refused this");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Unexpected(ErrorCode::Unavailable, "STORE_BUSY", "the database is busy");
    default:
      // SQLite's own sentence names tables and columns, never values: those are bound.
      return Unexpected(ErrorCode::Internal, "STORE_FAILED",
                        std::string("database: ") + (db_ ? sqlite3_errmsg(db_) : sqlite3_errstr(code)));
  }
}

Result<sqlite3_stmt*> SqliteConnection::prepare(std::string_view sql) {
  if (const auto found = by_sql_.find(sql); found != by_sql_.end()) {
    statements_.splice(statements_.begin(), statements_, found->second);
    return found->second->statement.get();
  }
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, &tail);
  Statement statement(raw);
  if (code != SQLITE_OK) return failure(code);
  if (!raw) return Unexpected(ErrorCode::Internal, "STORE_FAILED", "database: an empty statement");
  const std::string_view rest(tail, static_cast<size_t>(sql.data() + sql.size() - tail));
  if (rest.find_first_not_of(" \t\r\n;") != std::string_view::npos)
    return Unexpected(ErrorCode::Internal, "STORE_FAILED", "database: more than one statement");
  if (statements_.size() >= kMaxStatements) {
    by_sql_.erase(statements_.back().sql);
    statements_.pop_back();
  }
  statements_.push_front({std::string(sql), std::move(statement)});
  by_sql_.emplace(statements_.front().sql, statements_.begin());
  return raw;
}

Status SqliteConnection::bind(sqlite3_stmt* statement, const Params& params) {
  std::string name;
  for (const Param& param : params) {
    name.assign(":").append(param.name);
    const int index = sqlite3_bind_parameter_index(statement, name.c_str());
    if (index == 0)
      return Unexpected(ErrorCode::Internal, "STORE_FAILED",
                        "database: no parameter " + name + " in the statement");
    if (const int code = bind_value(statement, index, param.value); code != SQLITE_OK) return failure(code);
  }
  // A name left out would silently be NULL.
  if (static_cast<size_t>(sqlite3_bind_parameter_count(statement)) != params.size())
    return Unexpected(ErrorCode::Internal, "STORE_FAILED", "database: not every parameter has one value");
  return {};
}

Result<Rows> SqliteConnection::query(std::string_view sql, const Params& params) {
  ASSIGN_OR_RETURN(sqlite3_stmt* const statement, prepare(sql));
  const StatementUse use(statement);
  RETURN_IF_ERROR(bind(statement, params));
  Rows rows;
  for (;;) {
    const int code = sqlite3_step(statement);
    if (code == SQLITE_DONE) return rows;
    if (code != SQLITE_ROW) return failure(code);
    const int columns = sqlite3_column_count(statement);
    std::vector<Value> values;
    values.reserve(static_cast<size_t>(columns));
    for (int c = 0; c < columns; ++c) values.push_back(column_value(statement, c));
    rows.emplace_back(std::move(values));
  }
}

Result<int64_t> SqliteConnection::exec(std::string_view sql, const Params& params) {
  RETURN_IF_ERROR(query(sql, params));
  return static_cast<int64_t>(sqlite3_changes64(db_));
}

}  // namespace hada::store
