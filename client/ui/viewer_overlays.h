#pragma once

// What lies over an image: its label, scale bar, magnification, minimap, marks for loading and trouble
// (viewer_overlays.cc); grid, points, the magnifier's and the comparison's frames (viewer_guides.cc).

#include <imgui.h>

#include <optional>
#include <string>

#include "client/ui/panels.h"

namespace hada::ui {

struct PaneView {
  const model::OpenCase& open;
  const model::Image& image;
  const model::Viewport& viewport;  // framebuffer pixels
  size_t pane;
  ImVec2 min, max;  // ImGui units
  float ratio;      // framebuffer pixels per unit
  bool hovered;     // the mouse is over the image and nothing else

  model::PointD in_pane(ImVec2 at) const { return {(at.x - min.x) * ratio, (at.y - min.y) * ratio}; }
  ImVec2 on_screen(model::PointD pixel) const {
    return {min.x + static_cast<float>(pixel.x) / ratio, min.y + static_cast<float>(pixel.y) / ratio};
  }
};

// Where the minimap is, when it is shown: only while part of the image is out of view. Handles its mouse.
std::optional<Rect> minimap(Ui& ui, const PaneView& view);
// `map` is the minimap, which the texts leave free.
void pane_overlays(Ui& ui, const PaneView& view, const std::optional<Rect>& map);
// The scale bar alone, for a picture that leaves the program; its right edge.
float draw_scale_bar(Ui& ui, ImDrawList* list, const PaneView& view, ImVec2 lower_left);
// A text on a dark pill; returns its right edge.
float pill(Ui& ui, ImDrawList* list, ImVec2 at, std::string_view text, ImU32 colour);
float pill(Ui& ui, ImVec2 at, std::string_view text, ImU32 colour);
// What must be known of an image to trust what one sees: "SYNTHETIC" or "ALTERED", and "ADJUSTED". From `at`
// to the right, or ending there. Belongs on a picture that leaves the program, too.
void caveats(Ui& ui, ImDrawList* list, ImVec2 at, bool ends_there, const model::OpenCase& open,
             const model::Image& image);
float pill_height(const Ui& ui);
// "2  Dermoscopy · contact", with its number where there are several images.
std::string label_of(const Ui& ui, const model::OpenCase& open, const model::Image& image);
std::string length_text(double micrometres);

void grid_lines(Ui& ui, const PaneView& view);
void registration_points(Ui& ui, const PaneView& view);
// The pane's switch for going with the others.
void link_switch(Ui& ui, const PaneView& view);
// The other image's label and the line, with its mouse; where the line is, in ImGui units.
float comparison_line(Ui& ui, const PaneView& view);
// Whether the mouse is on the compared image's side of the line.
bool mouse_on_compared(const PaneView& view);
// The magnifier's view and place while it is wanted in this pane; `seen` is the view of the image under it.
struct LensView {
  model::Viewport view;
  ImVec2 min, max;
};
std::optional<LensView> lens(Ui& ui, const PaneView& view, const model::Viewport& seen);
// Leads through the points; the height it takes of the viewer's top, 0 when nothing is registered.
float registration_guide(Ui& ui, const Rect& rect);

}  // namespace hada::ui
