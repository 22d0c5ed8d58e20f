#pragma once

// Who has which case open to decide it, now. Kept in memory only; a person who is not heard of for a while
// has left. Any thread.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "contract/mutex.h"
#include "server/core/clock.h"

namespace hada::core {

class Presence {
 public:
  static constexpr int64_t kLifetimeUs = 45'000'000;

  explicit Presence(const Clock& clock) : clock_(clock) {}

  struct Noted {
    std::vector<std::string> others;  // display names, in the order they came
    bool changed = false;             // the person was not there before
  };
  Noted note(const std::string& case_id, const std::string& user_id, const std::string& display_name);
  // False when the person was not there.
  bool leave(const std::string& case_id, const std::string& user_id);

  // The cases where people came or left since the last call, with the user ids of who is there.
  std::map<std::string, std::set<std::string>> take_changes();

 private:
  struct Person {
    std::string user_id, display_name;
    int64_t until_us = 0;
  };

  const Clock& clock_;
  Mutex mutex_;
  std::map<std::string, std::vector<Person>> by_case_ HADA_GUARDED_BY(mutex_);
  std::set<std::string> changed_ HADA_GUARDED_BY(mutex_);
};

}  // namespace hada::core
