#pragma once

// What lies over an image: its label, scale bar, magnification, minimap, and marks for loading and trouble.

#include <imgui.h>

#include <optional>

#include "client/ui/panels.h"

namespace hada::ui {

struct PaneView {
  const model::OpenCase& open;
  const model::Image& image;
  const model::Viewport& viewport;  // framebuffer pixels
  size_t pane;
  ImVec2 min, max;  // ImGui units
  float ratio;      // framebuffer pixels per unit
};

// Where the minimap is, when it is shown: only while part of the image is out of view. Handles its mouse.
std::optional<Rect> minimap(Ui& ui, const PaneView& view);
void pane_overlays(Ui& ui, const PaneView& view);

}  // namespace hada::ui
