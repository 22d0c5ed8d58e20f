#pragma once

#include "client/ui/commands.h"
#include "client/ui/frame.h"

namespace hada::ui {

// By the magnifications of model::kMagnifications, and by the number of images side by side, from 1.
inline constexpr Command kPresets[] = {Command::ViewerPreset1,  Command::ViewerPreset2,
                                       Command::ViewerPreset5,  Command::ViewerPreset10,
                                       Command::ViewerPreset20, Command::ViewerPreset40};
inline constexpr Command kLayouts[] = {Command::ImagesLayout1, Command::ImagesLayout2,
                                       Command::ImagesLayout3, Command::ImagesLayout4,
                                       Command::ImagesLayout5, Command::ImagesLayout6};

// The keys of the active pane, whatever the mouse is over.
void viewer_keys(Ui& ui, const model::OpenCase& open, size_t pane);
// Zoom that glides, or is there at once where motion is unwelcome; `at` in display pixels.
void add_zoom(Ui& ui, size_t pane, double factor, model::PointD at);
// Hides or shows every panel but the viewer.
void set_images_only(Ui& ui, bool on);
bool all_linked(const model::Panes& panes);

}  // namespace hada::ui
