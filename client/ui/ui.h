#pragma once

// Everything ImGui draws, once a frame, between ImGui::NewFrame and ImGui::Render. Reads the model, appends
// intents.
//
// The slides themselves are not drawn here: draw_ui leaves the panes' area transparent and reports where they
// are (UiState::panes). The app draws them with GL into those rectangles before it renders ImGui's draw data,
// so that overlays (scale bar, minimap, borders) lie on top. Main thread only.

#include <imgui.h>

#include <functional>
#include <string>
#include <vector>

#include "client/model/intent.h"
#include "client/model/model.h"
#include "client/ui/fonts.h"
#include "client/ui/ui_state.h"
#include "client/ui/widget_log.h"

namespace hada::ui {

// How far a pane's tiles are; decides its loading and error marks.
struct PaneStatus {
  int pending_tiles = 0;  // wanted in view, not yet drawable
  int failed_tiles = 0;   // in view, given up
  bool anything_drawn = false;
};

// What the app lends to the panels for one frame.
struct UiResources {
  Fonts* fonts = nullptr;
  // 0 where there is none yet. `aspect` is width / height of the picture.
  struct Picture {
    ImTextureID texture = nullptr;
    float aspect = 1.0f;
  };
  std::function<Picture(const std::string& image)> thumbnail;
  std::function<PaneStatus(size_t pane)> pane_status;
  // Display pixels per ImGui unit is io.DisplayFramebufferScale; `scale` is the screen's scale times
  // Settings::ui_scale.
  float scale = 1.0f;
  std::string version;  // of this program, for the help overlay
};

void draw_ui(const model::Model& model, UiState& state, const UiResources& resources,
             std::vector<model::Intent>& intents);

}  // namespace hada::ui
