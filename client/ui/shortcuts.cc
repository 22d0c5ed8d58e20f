// Keys that work wherever the mouse is. The viewer's own are in viewer_panel.cc, the worklist's in
// worklist_panel.cc.

#include <algorithm>

#include "client/ui/keys.h"
#include "client/ui/panels.h"

namespace hada::ui {
namespace {

using model::ReadPhase;

void undo_keys(Ui& ui) {
  const ImGuiIO& io = ImGui::GetIO();
  // A single-line field has an undo of its own.
  if (!io.KeyCtrl || (io.WantTextInput && !ui.state.read.note_active)) return;
  if (key_pressed(ImGuiKey_Y, true) || (io.KeyShift && key_pressed(ImGuiKey_Z, true)))
    ui.wish(model::intent::Redo{});
  else if (key_pressed(ImGuiKey_Z, true))
    ui.wish(model::intent::Undo{});
}

void submit_keys(Ui& ui, ReadPhase phase) {
  if (!ImGui::GetIO().KeyCtrl || !(key_pressed(ImGuiKey_Enter) || key_pressed(ImGuiKey_KeyPadEnter))) return;
  if (phase == ReadPhase::Editing) ui.wish(model::intent::SubmitRead{});
  if (phase == ReadPhase::Amending) ui.wish(model::intent::SubmitAmend{});
  if (phase == ReadPhase::Submitted || phase == ReadPhase::ClaimFailed) ui.wish(model::intent::ClaimNext{});
}

// The selected diagnosis: digits rate it, arrows choose another, Alt+arrows move it.
void diagnosis_keys(Ui& ui, const model::ReadContent& content) {
  const auto count = static_cast<int>(content.differential.size());
  int& current = ui.state.read.current;
  if (current < 0 || current >= count) return;
  const auto index = static_cast<size_t>(current);
  if (const int digit = digit_pressed(); digit >= 1 && digit <= 5)
    ui.wish(model::intent::SetConfidence{index, digit});
  const int step = key_pressed(ImGuiKey_DownArrow, true) ? 1 : key_pressed(ImGuiKey_UpArrow, true) ? -1 : 0;
  const int target = current + step;
  if (step != 0 && target >= 0 && target < count) {
    if (ImGui::GetIO().KeyAlt) ui.wish(model::intent::MoveDiagnosis{index, static_cast<size_t>(target)});
    current = target;
  }
  if (letter_pressed('T') && index > 0)
    ui.wish(model::intent::SetTied{index, !model::is_tied(content, index)});
  if (key_pressed(ImGuiKey_Delete)) {
    ui.wish(model::intent::RemoveDiagnosis{index});
    current = std::min(current, count - 2);
  }
}

void reading_keys(Ui& ui, const model::ReadTask& reading) {
  if (letter_pressed('D') && reading.content.gradable) {
    ui.state.read.search.focus = true;
    ui.state.read.search.open = true;
    ui.state.read.scroll_to_search = true;
  }
  if (letter_pressed('G')) ui.wish(model::intent::SetGradable{!reading.content.gradable});
  if (letter_pressed('N')) ui.state.read.focus_note = true;
  diagnosis_keys(ui, reading.content);
  if (key_pressed(ImGuiKey_Escape)) ui.state.read.current = -1;
}

// While the panels are hidden nothing is entered unseen: what would be brings them back.
void panels_back(Ui& ui) {
  if (!keys_are_free()) return;
  const bool enter = key_pressed(ImGuiKey_Enter) || key_pressed(ImGuiKey_KeyPadEnter);
  const bool undo = key_pressed(ImGuiKey_Z) || key_pressed(ImGuiKey_Y);
  if (letter_pressed('D') || letter_pressed('N') || letter_pressed('G') ||
      (ImGui::GetIO().KeyCtrl && (enter || undo)))
    ui.state.viewer.images_only = false;
}

}  // namespace

void shortcuts(Ui& ui) {
  const ImGuiIO& io = ImGui::GetIO();
  if (ui.model.session.phase != model::SessionPhase::LoggedIn) return;
  if (keys_are_free() && character_typed('?')) ui.state.help_open = !ui.state.help_open;
  if (!ui.model.open_case || ui.state.help_open) return;
  const model::ReadTask& reading = ui.model.open_case->reading;
  if (ui.state.viewer.images_only) return panels_back(ui);
  const bool review = shows_approval(ui.model);
  if (!review) submit_keys(ui, reading.phase);
  if (reading.can_edit()) undo_keys(ui);
  if (!keys_are_free()) return;
  if (io.KeyAlt && key_pressed(ImGuiKey_LeftArrow)) ui.wish(model::intent::CloseCase{});
  if (reading.can_edit()) reading_keys(ui, reading);
}

}  // namespace hada::ui
