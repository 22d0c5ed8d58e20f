#pragma once

// The rest of a read without the mouse: a cursor over the reasons of an ungradable case, the features of
// dermoscopy and the image's flags (Shift+D).

#include <cstdint>
#include <vector>

#include "client/ui/frame.h"

namespace hada::ui {

enum class FindingKind : int32_t { Reason, Feature, Flag };

struct FindingRow {
  FindingKind kind;
  int value;  // UngradableReason, DermoscopyFeature or ImageFlag
  bool operator==(const FindingRow&) const = default;
};

// From the top, as they are drawn.
std::vector<FindingRow> finding_rows(const model::OpenCase& open);

// Whether the cursor stands on this row; scrolls to it where the keys have just led here.
bool at_finding(Ui& ui, FindingRow row);
// Its background, where it stands there.
void mark_finding(Ui& ui, FindingRow row, ImVec2 min, ImVec2 max);

// Moves the cursor and answers: up and down, 1 to 3 for a feature (again takes it back), 1 to 4 for a reason,
// Enter or Space for a flag, Escape leaves.
void finding_keys(Ui& ui);

}  // namespace hada::ui
