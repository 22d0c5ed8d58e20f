#pragma once

// Parts of what stands above the worklist's rows.

#include <imgui.h>

#include "client/ui/frame.h"

namespace hada::ui {

// QA may begin with what the votes leave most in doubt.
void order_button(Ui& ui);

// Tells a reader who is warned or paused, with the way to their statistics; the height it took.
float standing_band(Ui& ui, ImVec2 at, float width);

}  // namespace hada::ui
