#pragma once

// The panels, one file each. A panel draws itself into the rectangle it is given (ImGui units) and appends
// wishes.

#include <imgui.h>

#include "client/ui/frame.h"

namespace hada::ui {

struct Rect {
  ImVec2 min, max;
  float width() const { return max.x - min.x; }
  float height() const { return max.y - min.y; }
};

void login_panel(Ui& ui, const Rect& rect);
void top_bar(Ui& ui, const Rect& rect);
// A popup of the top bar.
void unsettled_menu(Ui& ui);
// The height the banner needs; 0 when there is nothing to say.
float connection_banner_height(Ui& ui, float width);
void connection_banner(Ui& ui, const Rect& rect);
void worklist_panel(Ui& ui, const Rect& rect);
// In the worklist's place while it is open.
void statistics_panel(Ui& ui, const Rect& rect);
bool may_see_statistics(const model::Model& model);
void toggle_statistics(Ui& ui);
// Instead of the worklist, while a sample is looked at.
void sample_panel(Ui& ui, const Rect& rect);
float case_header_height(Ui& ui, float width);
void case_header(Ui& ui, const Rect& rect);
// The tools and the images below them.
void viewer_panel(Ui& ui, const Rect& rect);
float viewer_bar_height(Ui& ui, float width);
void viewer_bar(Ui& ui, const Rect& rect);
// Over the panes, for the active one, while it is open (key C).
void adjust_panel(Ui& ui, const Rect& panes);
// Likewise (key Q); the two take turns.
void annotation_panel(Ui& ui, const Rect& panes);
void filmstrip(Ui& ui, const Rect& rect);
void read_panel(Ui& ui, const Rect& rect);
void approval_panel(Ui& ui, const Rect& rect);
// `rect` is the area the toasts may cover; they gather at its lower edge.
void toasts_panel(Ui& ui, const Rect& rect);
void help_overlay(Ui& ui);
// Keys that work wherever the mouse is.
void shortcuts(Ui& ui);

// Which of the two panels stands beside the viewer: reading, or reviewing.
bool shows_approval(const model::Model& model);

}  // namespace hada::ui
