#pragma once

// SQL over reader_standings: how readers stand by the hidden gold cases. Functions run inside the caller's
// transaction.

#include <cstdint>
#include <string>

#include "contract/enums.h"
#include "contract/result.h"
#include "server/store/store.h"

namespace hada::store {

struct StandingRow {
  std::string user_id;
  ReadingStanding standing = ReadingStanding::NotJudged;
  int32_t hits = 0, total = 0;  // of the gold cases that were counted
  int64_t until_us = 0;         // those read before this midnight were; 0: never judged
  std::string policy_version;   // judged by it
  int64_t resumed_us = 0;       // gold read before this counts no more
  int64_t revision = 0;         // 0: not stored yet
};

namespace standings {

// A reader who was never judged has a row with the defaults.
Result<StandingRow> of(Tx& tx, const std::string& user_id);
// Raises `revision`, also the stored one.
Status save(Tx& tx, StandingRow& row);

}  // namespace standings
}  // namespace hada::store
