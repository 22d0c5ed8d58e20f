#include "client/ui/decision_form.h"

#include <algorithm>

#include "client/model/agreement.h"
#include "client/ui/fields.h"
#include "client/ui/format.h"
#include "client/ui/term_search.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

using model::intent::Decide;

Text text_of(model::DecisionProblem problem) {
  switch (problem) {
    case model::DecisionProblem::NoTerm:
      return Text::ProblemNoTerm;
    case model::DecisionProblem::NoRationale:
      return Text::ProblemNoRationale;
    case model::DecisionProblem::NoCode:
      return Text::ProblemNoCode;
    case model::DecisionProblem::NoComment:
      return Text::ProblemNoComment;
  }
  return Text::ProblemNoRationale;
}

// What is missing, cancel, send.
void send_row(Ui& ui, std::string_view name, Text label, const Decide& decision, ButtonKind kind,
              bool may_cancel) {
  const auto problem = model::problem_of(decision);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, height = button_height(ui, false);
  const float send = std::max(width * 0.4f, button_width(ui, ui.t(label), {.kind = kind}) + ui.px(16));
  float right = at.x + width - send;
  ImGui::SetCursorScreenPos({right, at.y});
  if (button(ui, name, ui.t(label), {.kind = kind, .enabled = !problem, .width = send})) ui.wish(decision);
  if (may_cancel) {
    const float cancel = button_width(ui, ui.t(Text::Cancel), {});
    right -= cancel + ui.px(8);
    ImGui::SetCursorScreenPos({right, at.y});
    if (button(ui, "approve.cancel", ui.t(Text::Cancel), {.width = cancel}))
      ui.state.approval.form = DecisionForm::None;
  }
  float used = height;
  if (problem) {
    const std::string_view text = ui.t(text_of(*problem));
    const float room = right - at.x - ui.px(12);
    const ImVec2 size = wrapped_size(ui.small(), text, room);
    used = std::max(used, size.y);
    draw_wrapped(ImGui::GetWindowDrawList(), ui.small(), {at.x, at.y + std::max(0.0f, (height - size.y) / 2)},
                 ui.palette.text_soft, text, room);
  }
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, used});
}

void rationale_field(Ui& ui, Text hint) {
  (void)text_area(ui, "approve.rationale", ui.state.approval.rationale,
                  {.hint = ui.t(hint), .min_lines = 1, .max_lines = 5});
}

void adjudicate(Ui& ui, const model::OpenCase& open) {
  ApprovalState& state = ui.state.approval;
  if (state.term.empty()) {
    // The readers' own terms first: one click each.
    std::vector<std::string> named;
    for (const model::Read& read : open.reads)
      if (!read.revisions.empty())
        for (const model::Diagnosis& d : read.revisions.back().content.differential)
          if (std::find(named.begin(), named.end(), d.term) == named.end()) named.push_back(d.term);
    if (!named.empty()) {
      Flow flow(ui.px(6));
      const ImVec2 size{text_size(ui.small(), ui.t(Text::ReviewFromReads)).x + ui.px(4), chip_size(ui, "").y};
      flow.next(size.x);
      const ImVec2 at = ImGui::GetCursorScreenPos();
      draw_text(ImGui::GetWindowDrawList(), ui.small(), {at.x, at.y + (size.y - ui.small()->FontSize) / 2},
                ui.palette.text_soft, ui.t(Text::ReviewFromReads));
      ImGui::Dummy(size);
      for (size_t i = 0; i < named.size(); ++i) {
        const std::string_view name = ui.shown(names_of(ui, named[i]).first);
        flow.next(chip_size(ui, name).x);
        if (chip(ui, "approve.from_reads." + std::to_string(i), name, false)) state.term = named[i];
      }
    }
    const std::string picked = term_search(ui, "approve.diagnosis", state.search, Text::ReviewTermHint, {});
    if (!picked.empty()) state.term = picked;
  } else {
    const Card card(ui, {.fill = ui.palette.accent_soft, .border = ui.palette.accent, .padding = 10});
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, low = button_height(ui, true);
    const float height = draw_term(ui, ImGui::GetWindowDrawList(), at, state.term, width - low - ui.px(8));
    ImGui::SetCursorScreenPos({at.x + width - low, at.y});
    if (icon_button(ui, "approve.diagnosis.clear", Icon::Cross, ui.t(Text::ReadRemove), {.small = true}))
      state.term.clear();
    ImGui::SetCursorScreenPos(at);
    ImGui::Dummy({width, std::max(height, low)});
  }
  rationale_field(ui, Text::ReviewRationaleHint);
  send_row(ui, "approve.adjudicate", Text::ReviewAdjudicate,
           {DecisionKind::Adjudicate, state.term, RejectCode::Unspecified, state.rationale},
           ButtonKind::Primary, false);
}

void reject(Ui& ui, bool may_cancel) {
  ApprovalState& state = ui.state.approval;
  label(ui, ui.t(Text::ReviewRejectCode), {ui.small(), ui.palette.text_soft});
  Flow flow(ui.px(6));
  for (const RejectCode code :
       {RejectCode::ImageQuality, RejectCode::NotSkin, RejectCode::Identifiable, RejectCode::Duplicate,
        RejectCode::WrongPatientOrLesion, RejectCode::InsufficientInformation, RejectCode::Consent,
        RejectCode::Other}) {
    const std::string_view text = ui.t(i18n::text_of(code));
    flow.next(chip_size(ui, text).x);
    if (chip(ui, "approve.reject.code." + std::to_string(static_cast<int>(code)), text, state.code == code))
      state.code = code;
  }
  (void)text_area(ui, "approve.comment", state.comment,
                  {.hint = ui.t(Text::ReviewCommentHint), .min_lines = 1, .max_lines = 5});
  send_row(ui, "approve.reject.confirm", Text::ReviewReject,
           {DecisionKind::Reject, {}, state.code, state.comment}, ButtonKind::Danger, may_cancel);
}

void with_rationale(Ui& ui, std::string_view name, Text hint, Text label, DecisionKind kind) {
  paragraph(ui, ui.t(hint), {ui.small(), ui.palette.text_soft});
  rationale_field(ui, Text::ReviewReasonHint);
  send_row(ui, name, label, {kind, {}, RejectCode::Unspecified, ui.state.approval.rationale},
           ButtonKind::Primary, false);
}

// A disagreement: one of four forms, chosen by a segmented control.
void panel_forms(Ui& ui, const model::OpenCase& open) {
  ApprovalState& state = ui.state.approval;
  struct Tab {
    DecisionForm form;
    DecisionKind kind;
    Text text;
  };
  std::vector<Tab> tabs;
  for (const Tab& tab :
       {Tab{DecisionForm::Adjudicate, DecisionKind::Adjudicate, Text::ReviewAdjudicateTab},
        Tab{DecisionForm::MoreReads, DecisionKind::MoreReads, Text::ReviewMoreReadsTab},
        Tab{DecisionForm::NoConsensus, DecisionKind::NoConsensus, Text::ReviewNoConsensusTab},
        Tab{DecisionForm::Reject, DecisionKind::Reject, Text::ReviewReject}})
    if (model::may_decide(ui.model.session, open, tab.kind)) tabs.push_back(tab);
  if (tabs.empty()) return;
  int current = 0;
  std::vector<std::string_view> names;
  for (size_t i = 0; i < tabs.size(); ++i) {
    names.push_back(ui.t(tabs[i].text));
    if (tabs[i].form == state.form) current = static_cast<int>(i);
  }
  const int picked = segmented(ui, "approve.form", names, current, {.width = -1});
  if (picked >= 0) current = picked;
  state.form = tabs[static_cast<size_t>(current)].form;
  switch (state.form) {
    case DecisionForm::Adjudicate:
      return adjudicate(ui, open);
    case DecisionForm::MoreReads:
      return with_rationale(ui, "approve.more_reads", Text::ReviewMoreReadsHint, Text::ReviewMoreReads,
                            DecisionKind::MoreReads);
    case DecisionForm::NoConsensus:
      return with_rationale(ui, "approve.no_consensus", Text::ReviewNoConsensusHint, Text::ReviewNoConsensus,
                            DecisionKind::NoConsensus);
    case DecisionForm::Reject:
      return reject(ui, false);
    case DecisionForm::None:
    case DecisionForm::Reopen:
      return;
  }
}

void next_in_list(Ui& ui) {
  const size_t count = ui.model.worklist.row_count();
  const bool gone =
      count > 0 && ui.model.worklist.row(ui.model.worklist.selected).name != ui.model.open_case->name;
  const bool more = count > 0 && (gone || ui.model.worklist.selected + 1 < count);
  if (more && button(ui, "approve.next", ui.t(Text::ReviewNextCase),
                     {.kind = ButtonKind::Primary, .icon = Icon::ArrowRight, .width = -1}))
    ui.wish(model::intent::OpenNeighbour{1});
}

void approve_or_reject(Ui& ui, const model::OpenCase& open) {
  ApprovalState& state = ui.state.approval;
  if (state.form == DecisionForm::Reject) return reject(ui, true);
  state.form = DecisionForm::None;
  if (open.value->decided_term.empty())
    paragraph(ui, ui.t(Text::ReviewApproveHintNoTerm), {ui.small(), ui.palette.text_soft});
  else
    paragraph(ui, ui.f(Text::ReviewApproveHint, {names_of(ui, open.value->decided_term).first}),
              {ui.small(), ui.palette.text_soft});
  if (model::may_decide(ui.model.session, open, DecisionKind::Reject)) {
    if (button(ui, "approve.reject", ui.t(Text::ReviewReject),
               {.kind = ButtonKind::Danger, .width = (ImGui::GetContentRegionAvail().x - ui.px(8)) * 0.3f}))
      state.form = DecisionForm::Reject;
    ImGui::SameLine(0, ui.px(8));
  }
  if (button(ui, "approve.approve", ui.t(Text::ReviewApprove),
             {.kind = ButtonKind::Primary, .icon = Icon::Check, .width = -1}))
    ui.wish(Decide{DecisionKind::Approve, {}, RejectCode::Unspecified, {}});
}

void reopen(Ui& ui) {
  ApprovalState& state = ui.state.approval;
  if (state.form != DecisionForm::Reopen) {
    next_in_list(ui);
    if (button(ui, "approve.reopen", ui.t(Text::ReviewReopen), {.icon = Icon::Undo, .width = -1}))
      state.form = DecisionForm::Reopen;
    return;
  }
  paragraph(ui, ui.t(Text::ReviewReopenHint), {ui.small(), ui.palette.text_soft});
  rationale_field(ui, Text::ReviewReopenReason);
  send_row(ui, "approve.reopen.confirm", Text::ReviewReopen,
           {DecisionKind::Reopen, {}, RejectCode::Unspecified, state.rationale}, ButtonKind::Primary, true);
}

}  // namespace

void decision_form(Ui& ui, const model::OpenCase& open) {
  if (!open.value) return;
  if (open.decision.sending) {
    const bool lost = ui.model.connection.link == model::Link::Lost;
    notice(ui, Icon::Clock, ui.palette.info, ui.t(lost ? Text::ReadSubmitOffline : Text::ReviewSending));
    return;
  }
  switch (model::decision_barrier(ui.model.session, open)) {
    case model::DecisionBarrier::OwnRead:
      return notice(ui, Icon::Info, ui.palette.info, ui.t(Text::ReviewBarrierOwnRead));
    case model::DecisionBarrier::OwnSite:
      return notice(ui, Icon::Info, ui.palette.info, ui.t(Text::ReviewBarrierOwnSite));
    case model::DecisionBarrier::NotQa:
      return;
    case model::DecisionBarrier::None:
      break;
  }
  const auto may = [&](DecisionKind kind) { return model::may_decide(ui.model.session, open, kind); };
  if (may(DecisionKind::Approve)) return approve_or_reject(ui, open);
  if (may(DecisionKind::Adjudicate) || may(DecisionKind::MoreReads)) return panel_forms(ui, open);
  if (may(DecisionKind::Reopen)) return reopen(ui);
  if (may(DecisionKind::Reject)) return panel_forms(ui, open);
  paragraph(ui, ui.t(Text::ReviewNothingToDo), {ui.small(), ui.palette.text_soft});
  next_in_list(ui);
}

}  // namespace hada::ui
