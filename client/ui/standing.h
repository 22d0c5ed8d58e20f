#pragma once

// What a reader is told, and QA of them, of how they stand by the hidden test cases.

#include <string>

#include "client/ui/frame.h"

namespace hada::ui {

// One sentence or two; `own`: to the reader themselves.
std::string standing_text(const Ui& ui, const model::ReaderStanding& standing, bool own);

// The same as a notice named `name` for a reader who is warned or paused; else nothing is drawn and it is
// false. `width` 0: the rest of the line.
bool standing_notice(Ui& ui, std::string_view name, const model::ReaderStanding& standing, bool own,
                     float width = 0);

}  // namespace hada::ui
