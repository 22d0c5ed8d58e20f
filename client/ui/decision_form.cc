#include "client/ui/decision_form.h"

#include <algorithm>

#include "client/ui/decision_parts.h"
#include "client/ui/format.h"
#include "client/ui/panel_form.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

using model::intent::Decide;

void adjudicate(Ui& ui, const model::OpenCase& open) {
  const ApprovalState& state = ui.state.approval;
  term_field(ui, open);
  rationale_field(ui, Text::ReviewRationaleHint);
  send_row(ui, "approve.adjudicate", Text::ReviewAdjudicate,
           {DecisionKind::Adjudicate, state.term, RejectCode::Unspecified, state.rationale},
           ButtonKind::Primary, false);
}

void reject(Ui& ui, bool may_cancel) {
  const ApprovalState& state = ui.state.approval;
  code_chips(ui, "approve.reject.code.", Text::ReviewRejectCode, contract::CodeUse::Reject);
  comment_field(ui, Text::ReviewCommentHint);
  send_row(ui, "approve.reject.confirm", Text::ReviewReject,
           {DecisionKind::Reject, {}, state.code, state.comment}, ButtonKind::Danger, may_cancel);
}

void with_rationale(Ui& ui, std::string_view name, Text hint, Text label, DecisionKind kind) {
  paragraph(ui, ui.t(hint), {ui.small(), ui.palette.text_soft});
  rationale_field(ui, Text::ReviewReasonHint);
  send_row(ui, name, label, {kind, {}, RejectCode::Unspecified, ui.state.approval.rationale},
           ButtonKind::Primary, false);
}

// While a panel is open, its members decide with it; the others may only end it.
bool offers(const Ui& ui, const model::OpenCase& open, DecisionForm form) {
  if (!open.panel.state.panel || form == DecisionForm::Panel) return true;
  return form != DecisionForm::Adjudicate && model::on_panel(ui.model.session, open);
}

// A disagreement: one of several forms, chosen by a segmented control.
void disagreement_forms(Ui& ui, const model::OpenCase& open) {
  ApprovalState& state = ui.state.approval;
  struct Tab {
    DecisionForm form;
    DecisionKind kind;
    Text text;
  };
  std::vector<Tab> tabs;
  for (const Tab& tab :
       {Tab{DecisionForm::Adjudicate, DecisionKind::Adjudicate, Text::ReviewAdjudicateTab},
        Tab{DecisionForm::Panel, DecisionKind::Adjudicate, Text::PanelTab},
        Tab{DecisionForm::MoreReads, DecisionKind::MoreReads, Text::ReviewMoreReadsTab},
        Tab{DecisionForm::NoConsensus, DecisionKind::NoConsensus, Text::ReviewNoConsensusTab},
        Tab{DecisionForm::Return, DecisionKind::Return, Text::ReviewReturn},
        Tab{DecisionForm::Reject, DecisionKind::Reject, Text::ReviewReject}})
    if (model::may_decide(ui.model.session, open, tab.kind) && offers(ui, open, tab.form))
      tabs.push_back(tab);
  if (tabs.empty()) return;
  int current = 0;
  std::vector<std::string_view> names;
  for (size_t i = 0; i < tabs.size(); ++i) {
    names.push_back(ui.t(tabs[i].text));
    if (tabs[i].form == state.form) current = static_cast<int>(i);
  }
  if (names.size() > 1)
    if (const int picked = segmented(ui, "approve.form", names, current, {.width = -1}); picked >= 0)
      current = picked;
  state.form = tabs[static_cast<size_t>(current)].form;
  switch (state.form) {
    case DecisionForm::Adjudicate:
      return adjudicate(ui, open);
    case DecisionForm::Panel:
      return panel_form(ui, open);
    case DecisionForm::MoreReads:
      return with_rationale(ui, "approve.more_reads", Text::ReviewMoreReadsHint, Text::ReviewMoreReads,
                            DecisionKind::MoreReads);
    case DecisionForm::NoConsensus:
      return with_rationale(ui, "approve.no_consensus", Text::ReviewNoConsensusHint, Text::ReviewNoConsensus,
                            DecisionKind::NoConsensus);
    case DecisionForm::Reject:
      return reject(ui, false);
    case DecisionForm::Return:
      return return_form(ui, open, false);
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

// How many of the case's images are left out.
size_t images_out(const model::OpenCase& open) {
  return static_cast<size_t>(
      std::count_if(open.value->images.begin(), open.value->images.end(),
                    [](const model::Image& image) { return image.exclusion != RejectCode::Unspecified; }));
}

void approve_or_reject(Ui& ui, const model::OpenCase& open) {
  ApprovalState& state = ui.state.approval;
  if (state.form == DecisionForm::Reject) return reject(ui, true);
  if (state.form == DecisionForm::Return) return return_form(ui, open, true);
  state.form = DecisionForm::None;
  const size_t out = images_out(open), all = open.value->images.size();
  std::string hint = open.value->decided_term.empty()
                         ? ui.t(Text::ReviewApproveHintNoTerm)
                         : ui.f(Text::ReviewApproveHint, {names_of(ui, open.value->decided_term).first});
  if (out > 0) hint += " " + ui.f(Text::ReviewImagesOut, {std::to_string(out), std::to_string(all)});
  if (out == all) hint = ui.t(Text::ReviewNoImageLeft);
  paragraph(ui, hint, {ui.small(), out == all ? ui.palette.warn : ui.palette.text_soft});
  const float share = (ImGui::GetContentRegionAvail().x - ui.px(16)) * 0.25f;
  const auto other = [&](DecisionKind kind, DecisionForm form, std::string_view name, Text text,
                         ButtonKind look) {
    if (!model::may_decide(ui.model.session, open, kind)) return;
    if (button(ui, name, ui.t(text), {.kind = look, .width = share})) state.form = form;
    ImGui::SameLine(0, ui.px(8));
  };
  other(DecisionKind::Reject, DecisionForm::Reject, "approve.reject", Text::ReviewReject, ButtonKind::Danger);
  other(DecisionKind::Return, DecisionForm::Return, "approve.return", Text::ReviewReturn,
        ButtonKind::Secondary);
  if (button(ui, "approve.approve", ui.t(Text::ReviewApprove),
             {.kind = ButtonKind::Primary,
              .icon = Icon::Check,
              .enabled = out < all && model::decision_ready(open),
              .width = -1}))
    ui.wish(Decide{DecisionKind::Approve, {}, RejectCode::Unspecified, {}});
}

void reopen(Ui& ui, const model::OpenCase& open) {
  ApprovalState& state = ui.state.approval;
  const bool returned = open.value->state == CaseState::Returned;
  const Text act = returned ? Text::ReviewReturnBack : Text::ReviewReopen;
  if (state.form != DecisionForm::Reopen) {
    next_in_list(ui);
    if (button(ui, "approve.reopen", ui.t(act), {.icon = Icon::Undo, .width = -1}))
      state.form = DecisionForm::Reopen;
    return;
  }
  paragraph(ui, ui.t(returned ? Text::ReviewReturnBackHint : Text::ReviewReopenHint),
            {ui.small(), ui.palette.text_soft});
  rationale_field(ui, Text::ReviewReopenReason);
  send_row(ui, "approve.reopen.confirm", act,
           {DecisionKind::Reopen, {}, RejectCode::Unspecified, state.rationale}, ButtonKind::Primary, true);
}

}  // namespace

void decision_form(Ui& ui, const model::OpenCase& open) {
  if (!open.value) return;
  if (open.decision.sending || open.panel.sending) {
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
  if (may(DecisionKind::Adjudicate) || may(DecisionKind::MoreReads)) return disagreement_forms(ui, open);
  if (may(DecisionKind::Reopen)) return reopen(ui, open);
  if (may(DecisionKind::Reject)) return disagreement_forms(ui, open);
  paragraph(ui, ui.t(Text::ReviewNothingToDo), {ui.small(), ui.palette.text_soft});
  next_in_list(ui);
}

}  // namespace hada::ui
