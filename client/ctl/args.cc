#include "client/ctl/args.h"

#include <charconv>

namespace hada::ctl {

Unexpected usage(std::string message) {
  return Unexpected(ErrorCode::InvalidArgument, "USAGE", std::move(message));
}

Result<Args> Args::parse(const std::vector<std::string>& words, const ArgSpec& spec) {
  Args args;
  bool options_over = false;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (options_over || !word.starts_with("--")) {
      args.positional_.push_back(word);
      continue;
    }
    if (word == "--") {
      options_over = true;
      continue;
    }
    const size_t equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    if (spec.switches.contains(name) && equals == std::string::npos) {
      args.options_.emplace(name, "");
    } else if (spec.values.contains(name)) {
      if (equals != std::string::npos) {
        args.options_.emplace(name, word.substr(equals + 1));
      } else if (++i < words.size()) {
        args.options_.emplace(name, words[i]);
      } else {
        return usage("--" + name + " needs a value");
      }
    } else {
      return usage("unknown option --" + name);
    }
  }
  return args;
}

std::string Args::get(const std::string& name, const std::string& fallback) const {
  const auto [begin, end] = options_.equal_range(name);
  return begin == end ? fallback : std::prev(end)->second;
}

std::vector<std::string> Args::all(const std::string& name) const {
  std::vector<std::string> values;
  const auto [begin, end] = options_.equal_range(name);
  for (auto at = begin; at != end; ++at) values.push_back(at->second);
  return values;
}

Result<int> Args::get_int(const std::string& name, int fallback, int low, int high) const {
  if (!has(name)) return fallback;
  const std::string text = get(name);
  int value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || value < low || value > high)
    return usage("--" + name + " takes a whole number from " + std::to_string(low) + " to " +
                 std::to_string(high));
  return value;
}

}  // namespace hada::ctl
