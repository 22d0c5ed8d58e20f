#pragma once

// Diagnoses are put in order and tied by dragging them: between two to move, onto another to tie.

#include "client/ui/frame.h"

namespace hada::ui {

// The part of a row that can be taken hold of, over what is drawn there; "read.drag.1" in the widget log.
void drag_handle(Ui& ui, size_t index, ImVec2 min, ImVec2 max);

// Where a row lies in this frame, for where it may be dropped.
void note_row(Ui& ui, ImVec2 min, ImVec2 max);

// Once all rows are drawn: shows where the dragged one would go, and drops it.
void finish_drag(Ui& ui, const model::ReadContent& content);

}  // namespace hada::ui
