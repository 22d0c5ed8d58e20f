#include "client/ui/panel_form.h"

#include <algorithm>

#include "client/ui/decision_parts.h"
#include "client/ui/fields.h"
#include "client/ui/format.h"
#include "client/ui/widgets.h"
#include "contract/panel_rules.h"

namespace hada::ui {
namespace {

bool blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

void members(Ui& ui, const std::vector<model::PanelMember>& candidates) {
  std::vector<std::string>& chosen = ui.state.approval.panel_members;
  label(ui, ui.t(Text::PanelWith), {ui.small(), ui.palette.text_soft});
  Flow flow(ui.px(6));
  for (size_t i = 0; i < candidates.size(); ++i) {
    const model::PanelMember& each = candidates[i];
    const std::string name = each.display_name.empty() ? model::id_of(each.user) : each.display_name;
    flow.next(chip_size(ui, ui.shown(name)).x);
    const bool on = std::find(chosen.begin(), chosen.end(), each.user) != chosen.end();
    const bool full = static_cast<int>(chosen.size()) + 1 >= contract::kMaxPanel;
    if (!chip(ui, "panel.member." + std::to_string(i), name, on, on || !full)) continue;
    if (on)
      std::erase(chosen, each.user);
    else
      chosen.push_back(each.user);
  }
}

void convene(Ui& ui, const model::OpenCase& open) {
  ApprovalState& state = ui.state.approval;
  if (open.panel.state.candidates.empty())
    return paragraph(ui, ui.t(open.panel.known ? Text::PanelNoCandidates : Text::Loading),
                     {ui.small(), ui.palette.text_soft});
  paragraph(ui, ui.t(Text::PanelConveneHint), {ui.small(), ui.palette.text_soft});
  members(ui, open.panel.state.candidates);
  const bool votes = state.panel_mode == PanelMode::Vote;
  const int mode = segmented(ui, "panel.mode", {ui.t(Text::PanelVote), ui.t(Text::PanelConsensus)},
                             votes ? 0 : 1, {.width = -1, .small = true});
  if (mode >= 0) state.panel_mode = mode == 0 ? PanelMode::Vote : PanelMode::Consensus;
  paragraph(ui, ui.t(votes ? Text::PanelVoteHint : Text::PanelConsensusHint),
            {ui.small(), ui.palette.text_soft});
  rationale_field(ui, Text::PanelQuestionHint);
  const bool ready = !state.panel_members.empty();
  if (action_row(ui, "panel.convene", ui.t(Text::PanelConvene),
                 ready ? std::string_view() : ui.t(Text::ProblemNoMembers))) {
    ui.wish(model::intent::ConvenePanel{state.panel_mode, state.panel_members, state.rationale});
    state.rationale.clear();  // the question is not the answer's reason
    state.panel_members.clear();
  }
}

void answer(Ui& ui, const model::OpenCase& open, const model::Panel& panel) {
  ApprovalState& state = ui.state.approval;
  term_field(ui, open);
  rationale_field(ui, Text::PanelReasonHint);
  std::string_view problem;
  if (state.term.empty())
    problem = ui.t(Text::ProblemNoTerm);
  else if (blank(state.rationale))
    problem = ui.t(Text::ProblemNoRationale);
  const Text send = panel.mode == PanelMode::Vote ? Text::PanelSendVote : Text::PanelSendAnswer;
  if (!action_row(ui, "panel.answer", ui.t(send), problem)) return;
  ui.wish(model::intent::AnswerPanel{state.term, state.rationale});
  state.answering = false;
}

void answered(Ui& ui, const model::PanelMember& own) {
  ApprovalState& state = ui.state.approval;
  const float half = (ImGui::GetContentRegionAvail().x - ui.px(8)) / 2;
  if (button(ui, "panel.withdraw", ui.t(Text::PanelWithdraw), {.icon = Icon::Undo, .width = half}))
    ui.wish(model::intent::WithdrawPanelAnswer{});
  ImGui::SameLine(0, ui.px(8));
  if (button(ui, "panel.change", ui.t(Text::PanelChange), {.icon = Icon::Pencil, .width = -1})) {
    state.answering = true;
    state.term = own.term;
    state.rationale = own.rationale;
  }
}

// Of a consensus the reason is there already: the one all gave, or the convener's.
void decide(Ui& ui, const model::Panel& panel) {
  ApprovalState& state = ui.state.approval;
  if (panel.mode == PanelMode::Consensus && state.reason_of != panel.name) {
    state.reason_of = panel.name;
    state.rationale = panel.members.front().rationale;
  }
  paragraph(ui, ui.f(Text::PanelOutcome, {names_of(ui, panel.term).first}), {ui.strong(), 0});
  rationale_field(ui, Text::ReviewRationaleHint);
  send_row(ui, "panel.decide", Text::PanelDecide,
           {DecisionKind::Adjudicate, panel.term, RejectCode::Unspecified, state.rationale},
           ButtonKind::Primary, false);
}

void dissolve(Ui& ui) {
  ApprovalState& state = ui.state.approval;
  if (!state.dissolving) {
    if (button(ui, "panel.dissolve", ui.t(Text::PanelDissolve), {.kind = ButtonKind::Quiet, .small = true}))
      state.dissolving = true;
    return;
  }
  paragraph(ui, ui.t(Text::PanelDissolveHint), {ui.small(), ui.palette.text_soft});
  const float half = (ImGui::GetContentRegionAvail().x - ui.px(8)) / 2;
  if (button(ui, "panel.dissolve.cancel", ui.t(Text::Cancel), {.width = half})) state.dissolving = false;
  ImGui::SameLine(0, ui.px(8));
  if (!button(ui, "panel.dissolve.confirm", ui.t(Text::PanelDissolveConfirm),
              {.kind = ButtonKind::Danger, .width = -1}))
    return;
  ui.wish(model::intent::DissolvePanel{});
  state.dissolving = false;
}

}  // namespace

void panel_form(Ui& ui, const model::OpenCase& open) {
  if (!open.panel.state.panel) return convene(ui, open);
  const model::Panel& panel = *open.panel.state.panel;
  const model::PanelMember* own =
      ui.model.session.user ? panel.find_member(ui.model.session.user->name) : nullptr;
  ApprovalState& state = ui.state.approval;
  state.answering = state.answering && model::may_answer_panel(ui.model.session, open);
  // What has arrived is no longer being written.
  if (own && own->answered && !state.answering && state.term == own->term &&
      state.rationale == own->rationale) {
    state.term.clear();
    state.rationale.clear();
  }
  if (!own) {
    paragraph(ui, ui.t(Text::PanelNotMember), {ui.small(), ui.palette.text_soft});
  } else if (!own->answered || state.answering) {
    answer(ui, open, panel);
  } else if (!panel.complete) {
    paragraph(ui, ui.t(Text::PanelWaitsForOthers), {ui.small(), ui.palette.text_soft});
    answered(ui, *own);
  } else if (!panel.term.empty()) {
    decide(ui, panel);
  } else {
    paragraph(ui, ui.t(Text::PanelSplitHint), {ui.small(), ui.palette.text_soft});
    if (model::may_answer_panel(ui.model.session, open)) answered(ui, *own);
  }
  dissolve(ui);
}

}  // namespace hada::ui
