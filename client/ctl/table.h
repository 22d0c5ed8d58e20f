#pragma once

// Columns of text on a terminal.

#include <string>
#include <vector>

namespace hada::ctl {

using Table = std::vector<std::vector<std::string>>;

// Left-aligned, two spaces between columns, one row a line. Wide (East Asian) characters count as two.
std::string format_table(const Table& table);

// "1 image", "2 images".
std::string counted(int64_t count, const std::string& one, const std::string& many = {});

}  // namespace hada::ctl
