#pragma once

// The log of changes. Every transaction that changes something a person sees appends at least one row.

#include <cstdint>
#include <string>
#include <vector>

#include "server/store/store.h"

namespace hada::store {

struct Event {
  std::string actor;        // user id, or "system"
  std::string verb;         // snake_case: "submit_read"
  std::string subject;      // resource name: "cases/x/reads/y"
  std::string case_id;      // empty where no case is concerned
  std::string detail_json;  // codes and resource names only, never what a person typed; empty means {}
  int64_t at_us = 0;
};

// Appends inside the caller's transaction; returns the sequence number. Numbers are in commit order, without
// gaps.
Result<int64_t> record_event(Tx& tx, const Event& event);

// What one row of the log says to those who follow it.
struct EventRow {
  int64_t seq = 0;
  std::string actor, verb, case_id;
};
// In order, those after `seq`, at most `limit`.
Result<std::vector<EventRow>> events_after(Tx& tx, int64_t seq, int32_t limit);
// The number of the last one; 0 when there is none.
Result<int64_t> last_event(Tx& tx);

}  // namespace hada::store
