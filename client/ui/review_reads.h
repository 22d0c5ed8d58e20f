#pragma once

// The reads of a case side by side, as QA compares them.

#include "client/ui/frame.h"

namespace hada::ui {

// One line of what the readers have in common.
void agreement_summary(Ui& ui, const model::OpenCase& open);
// Columns, one per reader, aligned by rank; terms that several readers name carry the same colour.
void reads_side_by_side(Ui& ui, const model::OpenCase& open);

}  // namespace hada::ui
