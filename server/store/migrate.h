#pragma once

// Brings the database to this program's schema. Forward only.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/store.h"

namespace hada::store {

struct Migration {
  int64_t version = 0;
  std::string_view sql;
};

// Those built into the program (server/store/migrations), by version.
std::vector<Migration> built_in_migrations();

// Applies what is missing, each in one transaction with its row in `schema_migrations`. Returns how many were
// applied. FAILED_PRECONDITION / STORE_NEWER: the database was made by a newer program. FAILED_PRECONDITION /
// MIGRATION_CHANGED: an applied migration's text has been edited since.
Result<int64_t> migrate(Store& store, const std::vector<Migration>& migrations, int64_t now_us);

// Splits a script at its semicolons, minding comments and quotes; knows no trigger bodies.
std::vector<std::string> split_statements(std::string_view script);

}  // namespace hada::store
