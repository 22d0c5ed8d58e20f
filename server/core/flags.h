#pragma once

// The command line of hada-server: `--name value` and `--name=value`.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "contract/result.h"

namespace hada::core {

class Flags {
 public:
  // INVALID_ARGUMENT / BAD_FLAG for a flag that is not among `known`, given twice, or without a value. Values
  // are not repeated in the message.
  static Result<Flags> parse(const std::vector<std::string>& arguments,
                             const std::vector<std::string_view>& known);

  std::string get(std::string_view name, std::string_view fallback = "") const;
  // INVALID_ARGUMENT / BAD_FLAG when it is missing or empty.
  Result<std::string> required(std::string_view name) const;
  // INVALID_ARGUMENT / BAD_FLAG when it is not a whole number from `low` to `high`.
  Result<int> integer(std::string_view name, int fallback, int low, int high) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace hada::core
