#include "client/app/options.h"

#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <string_view>

namespace hada::app {
namespace {

Unexpected bad(const std::string& message) {
  return Unexpected(ErrorCode::InvalidArgument, "BAD_OPTION", message);
}

template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool set_size(Options& options, const std::string& text) {
  const size_t x = text.find('x');
  if (x == std::string::npos) return false;
  options.width = number<int>(std::string_view(text).substr(0, x));
  options.height = number<int>(std::string_view(text).substr(x + 1));
  return options.width && options.height && *options.width >= 800 && *options.height >= 500;
}

}  // namespace

const char* usage() {
  return R"(hada: the workstation. Opens a window on a Hada server.

  --server HOST:PORT    the server (default: the last one, at first 127.0.0.1:50051)
  --tls-ca FILE         PEM file with the authority of the server's certificate; needed unless the server is on loopback
  --user NAME           user id for the login panel
  --password-file FILE  logs in at once with the first line of FILE
  --lang en|ja          language of the interface
  --theme dark|light
  --scale X             size of the interface, 0.75 to 2.5, on top of the screen's own scale
  --size WxH            size of the window, at least 800x500
  --display-profile FILE  ICC profile of the display, instead of the one the desktop announces
  --settings FILE       instead of ~/.config/hada/settings.json
  --pictures FOLDER     where saved views go (default: Pictures in the home folder)
  --widget-log FILE     keeps a list of the visible widgets in FILE, for UI tests
  --frame-stats FILE    writes frame times to FILE at exit
  --help, --version
)";
}

Result<Options> parse_options(int argc, const char* const* argv) {
  Options options;
  using Take = std::function<bool(const std::string&)>;
  const auto text = [](auto& into) -> Take {
    return [&into](const std::string& value) {
      into = value;
      return !value.empty();
    };
  };
  const std::map<std::string, Take> takes = {
      {"--server", text(options.server)},
      {"--tls-ca", text(options.tls_ca)},
      {"--user", text(options.user)},
      {"--password-file", text(options.password_file)},
      {"--display-profile", text(options.display_profile)},
      {"--settings", text(options.settings_path)},
      {"--pictures", text(options.pictures)},
      {"--widget-log", text(options.widget_log)},
      {"--frame-stats", text(options.frame_stats)},
      {"--lang",
       [&](const std::string& value) {
         options.language = value == "ja" ? Language::Japanese : Language::English;
         return value == "ja" || value == "en";
       }},
      {"--theme",
       [&](const std::string& value) {
         options.theme = value == "light" ? model::Theme::Light : model::Theme::Dark;
         return value == "light" || value == "dark";
       }},
      {"--scale",
       [&](const std::string& value) {
         options.scale = number<double>(value);
         return options.scale && *options.scale >= model::kMinUiScale && *options.scale <= model::kMaxUiScale;
       }},
      {"--size", [&](const std::string& value) { return set_size(options, value); }},
  };
  for (int i = 1; i < argc; ++i) {
    std::string name = argv[i];
    if (name == "--help" || name == "-h") {
      options.help = true;
      continue;
    }
    if (name == "--version") {
      options.version = true;
      continue;
    }
    std::optional<std::string> value;
    if (const size_t equals = name.find('='); equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.resize(equals);
    }
    const auto take = takes.find(name);
    if (take == takes.end()) return bad("There is no option " + name + ".");
    if (!value && i + 1 < argc) value = argv[++i];
    if (!value) return bad(name + " needs a value.");
    if (!take->second(*value)) return bad(name + " does not take this value.");
  }
  return options;
}

}  // namespace hada::app
