#pragma once

// CSV as RFC 4180 has it: commas, double quotes, CRLF or LF, line breaks inside quotes. A leading UTF-8 BOM
// is skipped. Pure. Reading never fails as a whole: a record that is broken says so, and the next one is read
// as usual.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hada::contract {

struct CsvRecord {
  int64_t line = 0;  // where it starts; the first line is 1
  std::vector<std::string> cells;
  std::string problem;  // what is wrong with its quotes; empty for a good record
  bool operator==(const CsvRecord&) const = default;
};

// Empty lines are left out.
std::vector<CsvRecord> parse_csv(std::string_view text);

}  // namespace hada::contract
