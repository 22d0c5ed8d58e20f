#include "client/app/settings.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "client/app/frame_stats.h"

namespace hada::app {
namespace {

using nlohmann::json;

template <class T>
void read(const json& object, const char* name, T& value) {
  const auto it = object.find(name);
  if (it == object.end()) return;
  if constexpr (std::is_same_v<T, std::string>) {
    if (it->is_string()) value = it->get<std::string>();
  } else if constexpr (std::is_arithmetic_v<T>) {
    if (it->is_number()) value = it->get<T>();
  } else {
    if (!it->is_array()) return;
    value.clear();
    for (const json& element : *it)
      if (element.is_string()) value.push_back(element.get<std::string>());
  }
}

}  // namespace

std::string default_settings_path() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  if (config && *config) return std::string(config) + "/hada/settings.json";
  const char* home = std::getenv("HOME");
  return std::string(home && *home ? home : ".") + "/.config/hada/settings.json";
}

Settings settings_from_json(const std::string& text) {
  Settings settings;
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return settings;
  read(object, "server", settings.server);
  read(object, "tls_ca", settings.tls_ca);
  read(object, "display_profile", settings.display_profile);
  read(object, "window_width", settings.width);
  read(object, "window_height", settings.height);
  settings.width = std::clamp(settings.width, 800, 16384);
  settings.height = std::clamp(settings.height, 500, 16384);
  read(object, "pictures_folder", settings.pictures_folder);
  std::string language, theme;
  read(object, "language", language);
  read(object, "theme", theme);
  settings.model.language = language == "ja" ? Language::Japanese : Language::English;
  settings.model.theme = theme == "light" ? model::Theme::Light : model::Theme::Dark;
  read(object, "ui_scale", settings.model.ui_scale);
  settings.model.ui_scale = std::clamp(settings.model.ui_scale, model::kMinUiScale, model::kMaxUiScale);
  if (const auto motion = object.find("reduced_motion"); motion != object.end() && motion->is_boolean())
    settings.model.reduced_motion = motion->get<bool>();
  read(object, "last_user", settings.model.last_user);
  read(object, "recent_terms", settings.model.recent_terms);
  if (settings.model.recent_terms.size() > 20) settings.model.recent_terms.resize(20);
  if (const auto keys = object.find("keys"); keys != object.end() && keys->is_object())
    for (const auto& [command, chord] : keys->items())
      if (chord.is_string()) settings.model.keys[command] = chord.get<std::string>();
  return settings;
}

std::string to_json(const Settings& settings) {
  return json{{"server", settings.server},
              {"tls_ca", settings.tls_ca},
              {"display_profile", settings.display_profile},
              {"window_width", settings.width},
              {"window_height", settings.height},
              {"pictures_folder", settings.pictures_folder},
              {"language", settings.model.language == Language::Japanese ? "ja" : "en"},
              {"theme", settings.model.theme == model::Theme::Light ? "light" : "dark"},
              {"ui_scale", settings.model.ui_scale},
              {"reduced_motion", settings.model.reduced_motion},
              {"last_user", settings.model.last_user},
              {"recent_terms", settings.model.recent_terms},
              {"keys", settings.model.keys}}
             .dump(2, ' ', false, json::error_handler_t::replace) +
         "\n";
}

Settings load_settings(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return settings_from_json(text.str());
}

Status save_settings(const std::string& path, const Settings& settings) {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  return replace_file(path, to_json(settings));
}

}  // namespace hada::app
