#pragma once

// What every panel is handed: the model, where its wishes go, and the measures and words of this frame.

#include <imgui.h>

#include <cmath>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/i18n/texts.h"
#include "client/i18n/words.h"
#include "client/model/intent.h"
#include "client/model/model.h"
#include "client/ui/fonts.h"
#include "client/ui/theme.h"
#include "client/ui/ui.h"
#include "client/ui/ui_state.h"

namespace hada::ui {

using i18n::Text;

struct Ui {
  const model::Model& model;
  UiState& state;
  const UiResources& resources;
  std::vector<model::Intent>& intents;
  const Palette& palette;
  Language language;
  float scale;

  // A length of the design, in whole ImGui units.
  float px(float length) const { return std::round(length * scale); }
  const char* t(Text text) const { return i18n::tr(text, language); }
  std::string f(Text text, std::initializer_list<std::string_view> arguments) const {
    return i18n::format(text, language, arguments);
  }
  void wish(model::Intent intent) { intents.push_back(std::move(intent)); }

  ImFont* body() const { return resources.fonts->body; }
  ImFont* small() const { return resources.fonts->small; }
  ImFont* strong() const { return resources.fonts->strong; }
  ImFont* heading() const { return resources.fonts->heading; }
  ImFont* title() const { return resources.fonts->title; }

  // A text from the server or a person is about to be shown.
  std::string_view shown(std::string_view text) const {
    resources.fonts->note(text);
    return text;
  }

  // Notes an interactive thing at this place (ImGui units) for the UI driver.
  void log(std::string_view name, ImVec2 min, ImVec2 max, bool enabled, std::string_view text);
};

}  // namespace hada::ui
