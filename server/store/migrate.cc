#include "server/store/migrate.h"

#include <map>

#include "contract/sha256.h"
#include "embedded/hada_migrations.h"

namespace hada::store {
namespace {

Result<std::map<int64_t, std::string>> applied_migrations(Tx& tx) {
  RETURN_IF_ERROR(
      tx.exec("CREATE TABLE IF NOT EXISTS schema_migrations ("
              "version BIGINT PRIMARY KEY, applied_us BIGINT NOT NULL, sha256 TEXT NOT NULL)"));
  ASSIGN_OR_RETURN(const Rows rows, tx.query("SELECT version, sha256 FROM schema_migrations"));
  std::map<int64_t, std::string> applied;
  for (const Row& row : rows) applied[row.integer(0)] = row.text(1);
  return applied;
}

Status check_history(const std::map<int64_t, std::string>& applied,
                     const std::vector<Migration>& migrations) {
  const int64_t newest = migrations.empty() ? 0 : migrations.back().version;
  if (!applied.empty() && applied.rbegin()->first > newest)
    return Unexpected(ErrorCode::FailedPrecondition, "STORE_NEWER",
                      "the database has schema " + std::to_string(applied.rbegin()->first) +
                          ", this program knows up to " + std::to_string(newest));
  for (const Migration& migration : migrations) {
    const auto found = applied.find(migration.version);
    if (found != applied.end() && found->second != contract::sha256_hex(migration.sql))
      return Unexpected(
          ErrorCode::FailedPrecondition, "MIGRATION_CHANGED",
          "migration " + std::to_string(migration.version) + " was edited after it had been applied");
  }
  return {};
}

}  // namespace

std::vector<Migration> built_in_migrations() {
  return {{1, embedded::f_0001_initial_sql()},    {2, embedded::f_0002_annotations_sql()},
          {3, embedded::f_0003_policy_sql()},     {4, embedded::f_0004_returns_and_images_sql()},
          {5, embedded::f_0005_statistics_sql()}, {6, embedded::f_0006_plants_sql()},
          {7, embedded::f_0007_samples_sql()},    {10, embedded::f_0010_panels_sql()},
          {11, embedded::f_0011_comments_sql()},  {12, embedded::f_0012_reader_standing_sql()},
          {13, embedded::f_0013_doubt_sql()}};
}

std::vector<std::string> split_statements(std::string_view script) {
  std::vector<std::string> statements;
  std::string current;
  char quote = 0;
  for (size_t i = 0; i < script.size(); ++i) {
    const char c = script[i];
    if (quote) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '-' && i + 1 < script.size() && script[i + 1] == '-') {
      while (i < script.size() && script[i] != '\n') ++i;
      current += '\n';
      continue;
    } else if (c == ';') {
      statements.push_back(std::move(current));
      current.clear();
      continue;
    }
    current += c;
  }
  statements.push_back(std::move(current));
  std::erase_if(statements,
                [](const std::string& s) { return s.find_first_not_of(" \t\r\n") == std::string::npos; });
  return statements;
}

Result<int64_t> migrate(Store& store, const std::vector<Migration>& migrations, int64_t now_us) {
  std::map<int64_t, std::string> applied;
  RETURN_IF_ERROR(store.write([&](Tx& tx) -> Status {
    ASSIGN_OR_RETURN(applied, applied_migrations(tx));
    return {};
  }));
  RETURN_IF_ERROR(check_history(applied, migrations));
  int64_t count = 0;
  for (const Migration& migration : migrations) {
    if (applied.count(migration.version)) continue;
    RETURN_IF_ERROR(store.write([&](Tx& tx) -> Status {
      for (const std::string& statement : split_statements(migration.sql))
        RETURN_IF_ERROR(tx.exec(statement));
      RETURN_IF_ERROR(
          tx.exec("INSERT INTO schema_migrations (version, applied_us, sha256) "
                  "VALUES (:version, :applied_us, :sha256)",
                  {{"version", migration.version},
                   {"applied_us", now_us},
                   {"sha256", contract::sha256_hex(migration.sql)}}));
      return {};
    }));
    ++count;
  }
  return count;
}

}  // namespace hada::store
