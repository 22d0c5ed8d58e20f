#pragma once

// Columns of text on a terminal.

#include <string>
#include <vector>

namespace hada::ctl {

using Table = std::vector<std::vector<std::string>>;

// Left-aligned, two spaces between columns, one row a line. Wide (East Asian) characters count as two.
std::string format_table(const Table& table);

// "2026-11-26 07:30" in UTC.
std::string utc_text(int64_t seconds_since_epoch);

// "1 image", "2 images".
std::string counted(int64_t count, const std::string& one, const std::string& many = {});

}  // namespace hada::ctl
