#pragma once

// The colours and measures of the interface, dark and light. Calm greys, one accent, and a colour for each
// kind of state.

#include <imgui.h>

#include "client/model/intent.h"
#include "client/model/toasts.h"
#include "contract/enums.h"

namespace hada::ui {

struct Palette {
  ImU32 ground;       // behind everything
  ImU32 panel;        // a panel's ground
  ImU32 raised;       // cards, fields
  ImU32 hover;        // a raised thing under the mouse
  ImU32 line;         // hairlines and borders
  ImU32 line_strong;  // borders of things that can be changed
  ImU32 text;
  ImU32 text_soft;   // secondary text; 4.5:1 or better on panel and raised
  ImU32 text_faint;  // disabled, placeholders
  ImU32 accent;
  ImU32 accent_soft;  // tint behind what is selected
  ImU32 on_accent;    // text on the accent
  ImU32 good, warn, bad, info;
  ImU32 shade;  // over the picture, behind light text
  ImU32 on_shade, on_shade_soft;
  bool dark;
};

const Palette& palette_of(model::Theme theme);

// `alpha` from 0 to 1.
ImU32 with_alpha(ImU32 colour, float alpha);
ImU32 blend(ImU32 a, ImU32 b, float part_of_b);

ImU32 colour_of(const Palette& palette, CaseState state);
ImU32 colour_of(const Palette& palette, model::ToastLevel level);
// Tints that tell shared diagnoses apart in the columns of the review; repeats after six.
ImU32 group_colour(const Palette& palette, int group);

// ImGui's own style, for what is not drawn by widgets.h: fields, scroll bars, popups.
void apply_style(const Palette& palette, float scale);

}  // namespace hada::ui
