#include "client/app/widget_report.h"

#include <nlohmann/json.hpp>

#include "client/app/frame_stats.h"

namespace hada::app {

using nlohmann::json;

void WidgetReport::write(int64_t frame, bool idle, const model::Model& model, const ui::WidgetLog& widgets,
                         float pixels_per_unit) {
  json list = json::array();
  for (const auto& [name, info] : widgets.widgets()) {
    if (!info.visible) continue;
    list.push_back({{"name", name},
                    {"x", info.x0 / pixels_per_unit},
                    {"y", info.y0 / pixels_per_unit},
                    {"w", (info.x1 - info.x0) / pixels_per_unit},
                    {"h", (info.y1 - info.y0) / pixels_per_unit},
                    {"enabled", info.enabled},
                    {"text", info.text}});
  }
  json report = {{"idle", idle},
                 {"language", model.settings.language == Language::Japanese ? "ja" : "en"},
                 {"screen", model.session.phase != model::SessionPhase::LoggedIn ? "login"
                            : model.open_case                                    ? "case"
                                                                                 : "worklist"},
                 {"widgets", std::move(list)}};
  const auto text = [&] { return report.dump(-1, ' ', false, json::error_handler_t::replace); };
  std::string now = text();
  if (now == last_) return;
  last_ = std::move(now);
  report["frame"] = frame;
  // A test waits in vain if this fails, and says so itself.
  (void)replace_file(path_, text());
}

}  // namespace hada::app
