#pragma once

// Two edits met: mine and theirs side by side, and which to keep.

#include "client/ui/frame.h"

namespace hada::ui {

// Others decided while this reviewer looked at the case; draws nothing where they did not.
void decision_conflict(Ui& ui, const model::OpenCase& open);
// The caller's read was amended at another workstation while an amendment was written here; likewise.
void amendment_conflict(Ui& ui, const model::OpenCase& open);

}  // namespace hada::ui
