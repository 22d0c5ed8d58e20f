#pragma once

// Fields to type into. Both note what is typed with the fonts, so that a rare character appears.

#include <string>
#include <string_view>

#include "client/ui/frame.h"

namespace hada::ui {

struct FieldLook {
  std::string_view hint = {};
  bool password = false;
  bool enabled = true;
  bool focus = false;                // take the keyboard in this frame
  float width = 0;                   // 0: the rest of the line
  bool search = false;               // a magnifying glass at the left
  bool bad = false;                  // drawn as wrong
  int min_lines = 3, max_lines = 8;  // multi-line only
};

struct FieldEvent {
  bool changed = false;
  bool entered = false;           // Enter was pressed (single line)
  bool active = false;            // has the keyboard
  bool up = false, down = false;  // arrows were pressed in it (single line)
};

FieldEvent text_field(Ui& ui, std::string_view name, std::string& text, const FieldLook& look = {});

// Wraps softly at its width and grows with its text. `text` may be changed by others too (undo), even while
// the field has the keyboard. It has no undo of its own: Ctrl+Z is the panel's.
FieldEvent text_area(Ui& ui, std::string_view name, std::string& text, const FieldLook& look = {});

}  // namespace hada::ui
