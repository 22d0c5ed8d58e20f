#pragma once

// Command-line arguments: positional words and --name value or --name=value.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "contract/result.h"

namespace hada::ctl {

struct ArgSpec {
  std::set<std::string> values;    // options that take a value: "server"
  std::set<std::string> switches;  // options that do not: "dry-run"
};

class Args {
 public:
  // INVALID_ARGUMENT / USAGE for an unknown option or a missing value.
  static Result<Args> parse(const std::vector<std::string>& words, const ArgSpec& spec);

  const std::vector<std::string>& positional() const { return positional_; }
  bool has(const std::string& name) const { return options_.contains(name); }
  // The last one given, or `fallback`.
  std::string get(const std::string& name, const std::string& fallback = {}) const;
  std::vector<std::string> all(const std::string& name) const;
  // USAGE where it is no whole number from low to high.
  Result<int> get_int(const std::string& name, int fallback, int low, int high) const;

 private:
  std::vector<std::string> positional_;
  std::multimap<std::string, std::string> options_;
};

// INVALID_ARGUMENT / USAGE: the exit code is 2 and the command's help is named.
Unexpected usage(std::string message);

}  // namespace hada::ctl
