#include "server/core/presence.h"

#include <algorithm>
#include <utility>

namespace hada::core {

Presence::Noted Presence::note(const std::string& case_id, const std::string& user_id,
                               const std::string& display_name) {
  const int64_t now_us = clock_.now_us();
  Noted noted;
  MutexLock lock(mutex_);
  std::vector<Person>& people = by_case_[case_id];
  const auto me =
      std::find_if(people.begin(), people.end(), [&](const Person& p) { return p.user_id == user_id; });
  noted.changed = me == people.end();
  if (noted.changed) {
    people.push_back({user_id, display_name, now_us + kLifetimeUs});
    changed_.insert(case_id);
  } else {
    me->until_us = now_us + kLifetimeUs;
  }
  for (const Person& p : people)
    if (p.user_id != user_id && p.until_us > now_us) noted.others.push_back(p.display_name);
  return noted;
}

bool Presence::leave(const std::string& case_id, const std::string& user_id) {
  MutexLock lock(mutex_);
  const auto found = by_case_.find(case_id);
  if (found == by_case_.end()) return false;
  if (std::erase_if(found->second, [&](const Person& p) { return p.user_id == user_id; }) == 0) return false;
  changed_.insert(case_id);
  if (found->second.empty()) by_case_.erase(found);
  return true;
}

std::map<std::string, std::set<std::string>> Presence::take_changes() {
  const int64_t now_us = clock_.now_us();
  std::map<std::string, std::set<std::string>> changes;
  MutexLock lock(mutex_);
  for (auto it = by_case_.begin(); it != by_case_.end();) {
    if (std::erase_if(it->second, [&](const Person& p) { return p.until_us <= now_us; }) > 0)
      changed_.insert(it->first);
    it = it->second.empty() ? by_case_.erase(it) : std::next(it);
  }
  for (const std::string& case_id : std::exchange(changed_, {})) {
    std::set<std::string>& there = changes[case_id];
    if (const auto found = by_case_.find(case_id); found != by_case_.end())
      for (const Person& p : found->second) there.insert(p.user_id);
  }
  return changes;
}

}  // namespace hada::core
