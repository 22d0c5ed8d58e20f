#include "server/core/flags.h"

#include <algorithm>
#include <charconv>

namespace hada::core {
namespace {

Unexpected bad_flag(std::string_view name, std::string_view what) {
  return Unexpected(ErrorCode::InvalidArgument, "BAD_FLAG", std::string(name) + " " + std::string(what));
}

}  // namespace

Result<Flags> Flags::parse(const std::vector<std::string>& arguments,
                           const std::vector<std::string_view>& known) {
  Flags flags;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const size_t equals = arguments[i].find('=');
    const std::string name = arguments[i].substr(0, equals);
    if (std::find(known.begin(), known.end(), name) == known.end())
      return bad_flag(name, "is not an option here");
    std::string value;
    if (equals != std::string::npos) {
      value = arguments[i].substr(equals + 1);
    } else {
      if (i + 1 == arguments.size()) return bad_flag(name, "needs a value");
      value = arguments[++i];
    }
    if (!flags.values_.emplace(name, std::move(value)).second) return bad_flag(name, "is given twice");
  }
  return flags;
}

std::string Flags::get(std::string_view name, std::string_view fallback) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string(fallback) : found->second;
}

Result<std::string> Flags::required(std::string_view name) const {
  std::string value = get(name);
  if (value.empty()) return bad_flag(name, "is required");
  return value;
}

Result<int> Flags::integer(std::string_view name, int fallback, int low, int high) const {
  const std::string text = get(name);
  if (text.empty()) return fallback;
  int value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || value < low || value > high)
    return bad_flag(name, "needs a number from " + std::to_string(low) + " to " + std::to_string(high));
  return value;
}

}  // namespace hada::core
