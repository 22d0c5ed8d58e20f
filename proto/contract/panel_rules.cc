#include "contract/panel_rules.h"

#include <algorithm>

namespace hada::contract {

std::string panel_term(PanelMode mode, const std::vector<std::string>& answers) {
  if (std::find(answers.begin(), answers.end(), std::string()) != answers.end()) return {};
  for (const std::string& answer : answers) {
    const auto same = static_cast<size_t>(std::count(answers.begin(), answers.end(), answer));
    if (mode == PanelMode::Consensus ? same == answers.size() : 2 * same > answers.size()) return answer;
  }
  return {};
}

}  // namespace hada::contract
