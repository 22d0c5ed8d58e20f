#pragma once

// Who calls, and which server: from options, the environment (HADA_SERVER, HADA_CA) or the last `hadactl
// login`.

#include <filesystem>
#include <memory>
#include <string>

#include "client/ctl/args.h"
#include "client/net/ctl_client.h"
#include "contract/result.h"

namespace hada::ctl {

inline constexpr const char* kVersion = "hadactl " HADA_VERSION;

// Options every command takes: server, ca, user, password-file.
ArgSpec with_connection(ArgSpec spec);

// $HADA_CONFIG_DIR, $XDG_CONFIG_HOME/hada or ~/.config/hada.
std::filesystem::path config_dir();

// One line of a file without its line end ("-": standard input). NOT_FOUND / UNREADABLE.
Result<std::string> read_secret_file(const std::string& path);

// Asks on the terminal, without echo. USAGE where there is no terminal to ask on.
Result<std::string> ask_secret(const std::string& prompt);

// A client that is logged in: with --user (password from --password-file or the terminal), else with the
// stored token.
Result<std::unique_ptr<net::CtlClient>> connect(const Args& args);

// Logs in and stores the token, readable by its owner only. Returns the user's display name.
Result<std::string> login_and_store(const Args& args);

// A fresh request_id.
std::string new_request_id();

}  // namespace hada::ctl
