#include "client/ui/read_cursor.h"

#include <algorithm>
#include <string>
#include <utility>

#include "client/model/read_draft.h"
#include "client/ui/keys.h"
#include "client/ui/read_parts.h"
#include "client/ui/theme.h"

namespace hada::ui {
namespace {

// The image whose flags are shown; empty: none.
std::string flagged_image(const model::OpenCase& open) {
  const auto& panes = open.panes.panes;
  return panes.empty() ? std::string() : panes[std::min(open.panes.active, panes.size() - 1)].image;
}

void answer_feature(Ui& ui, DermoscopyFeature feature, Finding finding) {
  const auto& recorded = ui.model.open_case->reading.content.dermoscopy;
  const auto at = recorded.find(feature);
  const bool again = at != recorded.end() && at->second == finding;
  ui.wish(model::intent::SetFinding{feature, again ? Finding::Unspecified : finding});
}

void answer(Ui& ui, const FindingRow& row) {
  const model::OpenCase& open = *ui.model.open_case;
  const int digit = confidence_pressed();
  const bool toggle = enter_pressed() || key_pressed(ImGuiKey_Space);
  switch (row.kind) {
    case FindingKind::Reason:
      // The digit names a reason wherever the cursor stands among them.
      if (digit >= 1 && digit <= 4) ui.state.read.finding = digit - 1;  // the first rows
      if ((digit >= 1 && digit <= 4) || toggle)
        ui.wish(
            model::intent::SetUngradableReason{static_cast<UngradableReason>(toggle ? row.value : digit)});
      return;
    case FindingKind::Feature:
      if (digit >= 1 && digit <= 3)
        answer_feature(ui, static_cast<DermoscopyFeature>(row.value), static_cast<Finding>(digit));
      return;
    case FindingKind::Flag: {
      const std::string image = flagged_image(open);
      const auto flag = static_cast<ImageFlag>(row.value);
      if ((toggle || digit == 1) && !image.empty())
        ui.wish(
            model::intent::SetImageFlag{image, flag, !model::has_flag(open.reading.content, image, flag)});
      return;
    }
  }
}

}  // namespace

std::vector<FindingRow> finding_rows(const model::OpenCase& open) {
  std::vector<FindingRow> rows;
  if (!open.reading.content.gradable)
    for (int reason = 1; reason <= static_cast<int>(UngradableReason::ImageQuality); ++reason)
      rows.push_back({FindingKind::Reason, reason});
  if (open.value && has_dermoscopy(*open.value))
    for (const DermoscopyFeature feature : kDermoscopyFeatures)
      rows.push_back({FindingKind::Feature, static_cast<int>(feature)});
  if (!flagged_image(open).empty())
    for (int flag = 1; flag <= static_cast<int>(ImageFlag::Hair); ++flag)
      rows.push_back({FindingKind::Flag, flag});
  return rows;
}

bool at_finding(Ui& ui, FindingRow row) {
  const int cursor = ui.state.read.finding;
  if (cursor < 0) return false;
  const std::vector<FindingRow> rows = finding_rows(*ui.model.open_case);
  if (static_cast<size_t>(cursor) >= rows.size() || rows[static_cast<size_t>(cursor)] != row) return false;
  if (std::exchange(ui.state.read.scroll_to_finding, false)) ImGui::SetScrollHereY(0.5f);
  return true;
}

void mark_finding(Ui& ui, FindingRow row, ImVec2 min, ImVec2 max) {
  if (!at_finding(ui, row)) return;
  const float out = ui.px(3);
  const ImVec2 from{min.x - out, min.y - out}, to{max.x + out, max.y + out};
  ImGui::GetWindowDrawList()->AddRectFilled(from, to, ui.palette.accent_soft, ui.px(8));
  ImGui::GetWindowDrawList()->AddRect(from, to, ui.palette.accent, ui.px(8));
  ui.log("read.cursor", min, max, true, {});
}

void finding_keys(Ui& ui) {
  ReadState& state = ui.state.read;
  const std::vector<FindingRow> rows = finding_rows(*ui.model.open_case);
  const auto count = static_cast<int>(rows.size());
  if (pressed(ui, Command::ReadFindings)) {
    const bool leaves = state.finding >= 0;
    state.leave_keys();
    if (!leaves && count > 0) {
      state.finding = 0;
      state.scroll_to_finding = true;
    }
    return;
  }
  if (state.finding < 0) return;
  state.finding = std::min(state.finding, count - 1);
  if (state.finding < 0) return;
  if (key_pressed(ImGuiKey_Escape)) return state.leave_keys();
  const int step =
      (key_pressed(ImGuiKey_DownArrow, true) ? 1 : 0) - (key_pressed(ImGuiKey_UpArrow, true) ? 1 : 0);
  const int target = std::clamp(state.finding + (without_modifiers() ? step : 0), 0, count - 1);
  if (target != state.finding) {
    state.finding = target;
    state.scroll_to_finding = true;
    ui.state.animating = true;  // the scroll follows in the next frame
    return;
  }
  answer(ui, rows[static_cast<size_t>(target)]);
}

}  // namespace hada::ui
