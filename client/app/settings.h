#pragma once

// What the workstation remembers between runs: ~/.config/hada/settings.json. A file that is missing or broken
// gives the defaults; unknown members are ignored.

#include <string>

#include "client/model/model.h"
#include "contract/result.h"

namespace hada::app {

struct Settings {
  model::Settings model;
  std::string server = "127.0.0.1:50051";  // host:port
  std::string tls_ca;                      // PEM file; empty: no TLS (loopback only)
  std::string display_profile;             // ICC file; empty: as the desktop announces
  int width = 1600, height = 1000;         // window units
  std::string pictures_folder;             // where views are saved; empty: see pictures_folder()

  bool operator==(const Settings&) const = default;
};

// $XDG_CONFIG_HOME/hada/settings.json or ~/.config/hada/settings.json.
std::string default_settings_path();

Settings settings_from_json(const std::string& json);
std::string to_json(const Settings& settings);

Settings load_settings(const std::string& path);
// Makes the folder. Blocks on the disk: not on the main thread.
Status save_settings(const std::string& path, const Settings& settings);

}  // namespace hada::app
