#pragma once

// Many readers at one queue: each claims the next case, submits a read of it, now and then gives one back,
// sends a submit twice, or walks away from a lease. Every answer is checked against every other, and the
// database at the end, so that a vote too many, a vote lost or a slot given to two people is found.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/server_process.h"

namespace hada::support {

struct ReaderLoad {
  int readers = 64;
  int seconds = 10;
  int64_t cases = 20'000;
  uint64_t seed = 1;
};

struct ReaderLoadReport {
  int64_t claims = 0, submits = 0, late = 0, releases = 0, resent = 0, empty = 0, hidden = 0;
  double claim_p50_ms = 0, claim_p99_ms = 0, submit_p50_ms = 0, submit_p99_ms = 0;
  std::vector<std::string> violations;  // what must not be; empty when all is well
};

// Stops the server, writes users, sessions and cases into its database, starts it again and lets the readers
// at it. Throws std::runtime_error where it cannot begin.
ReaderLoadReport run_readers(ServerProcess& server, const ReaderLoad& load);

// One line for a person.
std::string report_text(const ReaderLoad& load, const ReaderLoadReport& report);

}  // namespace hada::support
