#include "client/app/settings.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

using namespace hada;
using app::Settings;

TEST_CASE("settings survive being written and read") {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("hada-settings-" + std::to_string(getpid()));
  Settings settings;
  settings.server = "hada.example:443";
  settings.tls_ca = "/etc/ca.pem";
  settings.display_profile = "/usr/share/color/icc/mine.icc";
  settings.width = 1234;
  settings.height = 876;
  settings.model.language = Language::Japanese;
  settings.model.theme = model::Theme::Light;
  settings.model.ui_scale = 1.25;
  settings.model.reduced_motion = true;
  settings.pictures_folder = "/views";
  settings.model.last_user = "tanaka";
  settings.model.recent_terms = {"terms/psoriasis", "terms/eczema"};
  settings.model.keys = {{"viewer.fit", "Ctrl+Shift+K"}, {"viewer.grid", "^"}};
  const std::string path = (folder / "deep" / "settings.json").string();
  REQUIRE(app::save_settings(path, settings));
  CHECK(app::load_settings(path) == settings);
  std::filesystem::remove_all(folder);
}

TEST_CASE("a missing or broken file gives the defaults") {
  CHECK(app::load_settings("/nonexistent/settings.json") == Settings{});
  for (const char* text :
       {"", "{", "[]", "null", "{\"server\": 5, \"ui_scale\": \"big\", \"recent_terms\": {}}"}) {
    CAPTURE(text);
    CHECK(app::settings_from_json(text) == Settings{});
  }
}

TEST_CASE("keys that this version cannot follow are kept, what is no text is dropped") {
  const Settings settings = app::settings_from_json(
      R"({"keys": {"viewer.fit": "K", "viewer.wobble": "Ctrl+W", "viewer.grid": "Hyper+G", "viewer.lens": 7},
          "last_user": "tanaka"})");
  const std::map<std::string, std::string> expected{
      {"viewer.fit", "K"}, {"viewer.wobble", "Ctrl+W"}, {"viewer.grid", "Hyper+G"}};
  CHECK(settings.model.keys == expected);
  CHECK(settings.model.last_user == "tanaka");
  CHECK(app::settings_from_json(app::to_json(settings)) == settings);
  CHECK(app::settings_from_json(R"({"keys": ["F"], "last_user": "sato"})").model.last_user == "sato");
}

TEST_CASE("values out of range are brought into it") {
  const Settings settings =
      app::settings_from_json(R"({"ui_scale": 9, "window_width": 3, "window_height": 1000000})");
  CHECK(settings.model.ui_scale == model::kMaxUiScale);
  CHECK(settings.width == 800);
  CHECK(settings.height == 16384);
}
