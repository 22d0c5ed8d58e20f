#pragma once

// The workstation's command line.

#include <optional>
#include <string>

#include "client/model/model.h"
#include "contract/result.h"

namespace hada::app {

inline constexpr const char* kVersion = "0.1.0";

// What is absent comes from the settings file.
struct Options {
  std::optional<std::string> server, tls_ca, user, pictures;
  std::string password_file;  // logs in at the start
  std::optional<Language> language;
  std::optional<model::Theme> theme;
  std::optional<double> scale;
  std::optional<int> width, height;
  std::string display_profile;  // ICC file; empty: as the settings or the desktop say
  std::string settings_path;    // empty: the default place
  std::string widget_log, frame_stats;
  bool help = false, version = false;
};

// INVALID_ARGUMENT / BAD_OPTION with a sentence for the terminal.
Result<Options> parse_options(int argc, const char* const* argv);

const char* usage();

}  // namespace hada::app
