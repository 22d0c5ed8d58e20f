// Keys that work wherever the mouse is. The viewer's own are in viewer_panel.cc, the worklist's in
// worklist_panel.cc.

#include <algorithm>

#include "client/ui/comments.h"
#include "client/ui/image_review.h"
#include "client/ui/keys.h"
#include "client/ui/panels.h"
#include "client/ui/read_cursor.h"
#include "client/ui/tools/tools.h"

namespace hada::ui {
namespace {

using model::ReadPhase;

void undo_keys(Ui& ui) {
  const ImGuiIO& io = ImGui::GetIO();
  // A single-line field has an undo of its own.
  if (io.WantTextInput && !ui.state.read.note_active) return;
  if (pressed(ui, Command::ReadUndo) && !take_back_point(ui)) ui.wish(model::intent::Undo{});
  if (pressed(ui, Command::ReadRedo)) ui.wish(model::intent::Redo{});
}

// After the submit: a new revision that goes back or forward.
void undo_submit_keys(Ui& ui) {
  if (!keys_are_free()) return;
  if (pressed(ui, Command::ReadUndo)) {
    ui.wish(model::intent::UndoSubmit{std::string(ui.t(Text::AmendRestores))});
    ui.state.read.select_first = true;
  }
  if (pressed(ui, Command::ReadRedo))
    ui.wish(model::intent::RedoSubmit{std::string(ui.t(Text::AmendRestores))});
}

void submit_key(Ui& ui, ReadPhase phase) {
  if (!pressed(ui, Command::ReadSubmit)) return;
  finish_begun(ui);
  if (phase == ReadPhase::Editing) ui.wish(model::intent::SubmitRead{});
  if (phase == ReadPhase::Amending) {
    if (model::submit_problem(ui.model) == model::ReadProblem::NoAmendReason)
      ui.state.read.focus_reason = true;
    ui.wish(model::intent::SubmitAmend{});
  }
  const bool waits = phase == ReadPhase::Submitting && ui.model.connection.link == model::Link::Lost;
  if (phase == ReadPhase::Submitted || phase == ReadPhase::ClaimFailed || waits)
    ui.wish(model::intent::ClaimNext{});
}

// -1 up, 1 down.
int step_pressed(bool up, bool down) { return down ? 1 : up ? -1 : 0; }

// The selected diagnosis: digits rate it, arrows choose another.
void diagnosis_keys(Ui& ui, const model::ReadContent& content) {
  const auto count = static_cast<int>(content.differential.size());
  int& current = ui.state.read.current;
  if (current < 0 || current >= count) return;
  const auto index = static_cast<size_t>(current);
  if (const int digit = confidence_pressed()) ui.wish(model::intent::SetConfidence{index, digit});
  const int move = step_pressed(pressed(ui, Command::ReadMoveUp), pressed(ui, Command::ReadMoveDown));
  const int choose = without_modifiers() ? step_pressed(key_pressed(ImGuiKey_UpArrow, true),
                                                        key_pressed(ImGuiKey_DownArrow, true))
                                         : 0;
  const int target = current + (move != 0 ? move : choose);
  if (target != current && target >= 0 && target < count) {
    if (move != 0) ui.wish(model::intent::MoveDiagnosis{index, static_cast<size_t>(target)});
    current = target;
  }
  if (pressed(ui, Command::ReadTie) && index > 0)
    ui.wish(model::intent::SetTied{index, !model::is_tied(content, index)});
  if (pressed(ui, Command::ReadRemove)) {
    ui.wish(model::intent::RemoveDiagnosis{index});
    current = std::min(current, count - 2);
  }
}

void reading_keys(Ui& ui, const model::ReadTask& reading) {
  if (pressed(ui, Command::ReadDiagnosis) && reading.content.gradable) {
    ui.state.read.search.focus = true;
    ui.state.read.search.open = true;
    ui.state.read.scroll_to_search = true;
  }
  if (pressed(ui, Command::ReadGradable)) {
    ui.wish(model::intent::SetGradable{!reading.content.gradable});
    // Why it is not gradable is asked next.
    ui.state.read.leave_keys();
    if (reading.content.gradable) ui.state.read.finding = 0;
    return;
  }
  finding_keys(ui);
  if (pressed(ui, Command::ReadNote)) ui.state.read.focus_note = true;
  diagnosis_keys(ui, reading.content);
  if (key_pressed(ImGuiKey_Escape)) ui.state.read.current = -1;
}

// While the panels are hidden nothing is entered unseen: what would be brings them back.
void panels_back(Ui& ui) {
  if (!keys_are_free()) return;
  if (pressed(ui, Command::ReadDiagnosis) || pressed(ui, Command::ReadNote) ||
      pressed(ui, Command::ReadGradable) || pressed(ui, Command::ReadSubmit) ||
      pressed(ui, Command::ReadUndo) || pressed(ui, Command::ReadRedo))
    ui.state.viewer.images_only = false;
}

void statistics_keys(Ui& ui) {
  if (ui.state.help_open || !keys_are_free() || !may_see_statistics(ui.model)) return;
  if (pressed(ui, Command::Statistics))
    toggle_statistics(ui);
  else if (ui.model.statistics && key_pressed(ImGuiKey_Escape))
    ui.wish(model::intent::CloseStatistics{});
}

}  // namespace

void shortcuts(Ui& ui) {
  if (ui.model.session.phase != model::SessionPhase::LoggedIn) return;
  if (keys_are_free() && pressed(ui, Command::Help)) ui.state.help_open = !ui.state.help_open;
  if (!ui.model.open_case) {
    statistics_keys(ui);
    if (!ui.state.help_open && !ui.model.statistics && !ui.model.sample) undo_submit_keys(ui);
  }
  if (!ui.model.open_case || ui.state.help_open) return;
  const model::ReadTask& reading = ui.model.open_case->reading;
  if (ui.state.viewer.images_only) return panels_back(ui);
  const bool review = shows_approval(ui.model);
  if (!review) submit_key(ui, reading.phase);
  if (reading.can_edit()) undo_keys(ui);
  if (reading.phase == ReadPhase::Submitted && !review) undo_submit_keys(ui);
  if (!keys_are_free()) return;
  if (pressed(ui, Command::CaseClose)) ui.wish(model::intent::CloseCase{});
  if (reading.can_edit()) reading_keys(ui, reading);
  if (review) image_review_key(ui);
  if (review) comment_key(ui);
}

}  // namespace hada::ui
