#pragma once

// The lines of the help in columns; each that is not fixed is a button that gives its command another key,
// for the mouse and for the arrows with Enter.

#include "client/ui/frame.h"

namespace hada::ui {

// Fills this part of the current window; scrolls where it is too small.
void list_of_keys(Ui& ui, ImVec2 min, ImVec2 max);
// HelpState::selected when the arrows have left the list's end, for "reset all".
int reset_index();

}  // namespace hada::ui
