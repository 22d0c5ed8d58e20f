#pragma once

#include "client/ui/frame.h"

namespace hada::ui {

// The keys of the active pane, whatever the mouse is over.
void viewer_keys(Ui& ui, const model::OpenCase& open, size_t pane);
// Zoom that glides, or is there at once where motion is unwelcome; `at` in display pixels.
void add_zoom(Ui& ui, size_t pane, double factor, model::PointD at);
// Hides or shows every panel but the viewer.
void set_images_only(Ui& ui, bool on);
bool all_linked(const model::Panes& panes);

}  // namespace hada::ui
