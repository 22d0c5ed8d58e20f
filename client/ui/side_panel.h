#pragma once

// The shape both side panels share: content that scrolls, and a footer that stays, as high as what is in it.

#include <functional>

#include "client/ui/panels.h"

namespace hada::ui {

// `footer_height` is kept by the caller between frames; the footer is measured as it is drawn.
void side_panel(Ui& ui, const char* id, const Rect& rect, float& footer_height,
                const std::function<void()>& content, const std::function<void()>& footer);

}  // namespace hada::ui
