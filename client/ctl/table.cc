#include "client/ctl/table.h"

#include <algorithm>
#include <cstdint>
#include <ctime>

#include "contract/text.h"

namespace hada::ctl {
namespace {

// Columns on a terminal: code points from U+1100 on that begin with a byte of 0xE1 or more are mostly wide.
size_t display_width(const std::string& text) {
  size_t width = contract::utf8_length(text);
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte >= 0xE3 && byte <= 0xF4) ++width;
  }
  return width;
}

}  // namespace

std::string format_table(const Table& table) {
  std::vector<size_t> widths;
  for (const auto& row : table) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::string out;
  for (const auto& row : table) {
    for (size_t i = 0; i < row.size(); ++i) {
      out += row[i];
      if (i + 1 < row.size()) out.append(widths[i] - display_width(row[i]) + 2, ' ');
    }
    out += '\n';
  }
  return out;
}

std::string utc_text(int64_t seconds_since_epoch) {
  const std::time_t time = seconds_since_epoch;
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  const size_t length = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &parts);
  return std::string(text, length);
}

std::string counted(int64_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many.empty() ? one + 's' : many);
}

}  // namespace hada::ctl
