#pragma once

// What the panels remember between frames: half-typed texts, scroll positions, drags. Nothing here is worth
// undoing or sending; what matters lives in the model.

#include <array>
#include <map>
#include <string>
#include <vector>

#include "client/model/types.h"
#include "client/ui/widget_log.h"

namespace hada::ui {

// Framebuffer pixels, origin top left of the window.
struct PixelRect {
  float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  float width() const { return x1 - x0; }
  float height() const { return y1 - y0; }
};

// Where the app draws an image in this frame.
struct PaneLayout {
  size_t pane = 0;  // index into model::Panes::panes
  std::string image;
  PixelRect rect;
  PixelRect minimap;  // empty where none is shown; the panel draws it itself, from the thumbnail
};

struct LoginState {
  std::string user_id, password;
  bool filled = false;  // user_id was taken from the settings
  bool wants_focus = true;
};

struct WorklistState {
  float last_scroll = -1;
  bool scroll_to_selected = false;
};

struct ReadState {
  std::string case_name;  // the texts below belong to this case
  std::string search;
  int candidate = 0;  // highlighted row of the search's results
  int current = -1;   // diagnosis that the number keys rate
  std::string note;
  std::string amend_reason;
  bool focus_search = false;
  bool focus_note = false;
};

struct ApprovalState {
  std::string case_name;
  std::string search;
  int candidate = 0;
  std::string term;
  std::string rationale;
  std::string comment;
  RejectCode code = RejectCode::Unspecified;
  int tab = 0;
};

struct ViewerState {
  int dragging_pane = -1;
  int dragging_minimap = -1;
  // Zoom that is still to be spent, per pane: the logarithm of the factor, and where.
  struct Glide {
    double log_factor = 0;
    double x = 0, y = 0;
  };
  std::map<size_t, Glide> glides;
};

struct UiState {
  LoginState login;
  WorklistState worklist;
  ReadState read;
  ApprovalState approval;
  ViewerState viewer;
  bool help_open = false;
  float side_width = 0;  // of the panel beside the viewer, in ImGui units; 0: by itself

  // Results of the frame.
  std::vector<PaneLayout> panes;  // empty when no case is shown
  bool animating = false;         // draw another frame soon even without input
  WidgetLog widgets;
};

}  // namespace hada::ui
