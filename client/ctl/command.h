#pragma once

// One file per command; main.cc has the table.

#include <string>
#include <vector>

#include "contract/result.h"

namespace hada::ctl {

// Exit codes.
inline constexpr int kOk = 0;         // everything went in, or the command did what it was asked to
inline constexpr int kRefused = 1;    // some rows were refused, or the server said no
inline constexpr int kUsage = 2;      // the command line, the login or the connection
inline constexpr int kStopped = 130;  // Ctrl-C

// The words after the command's own. An error is printed by main and becomes kUsage or kRefused.
using Words = std::vector<std::string>;

Result<int> login_command(const Words& words);
Result<int> site_command(const Words& words);
Result<int> user_command(const Words& words);
Result<int> ingest_command(const Words& words);
Result<int> case_command(const Words& words);
Result<int> batch_command(const Words& words);
Result<int> policy_command(const Words& words);

}  // namespace hada::ctl
