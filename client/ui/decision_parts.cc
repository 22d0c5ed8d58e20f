#include "client/ui/decision_parts.h"

#include <algorithm>

#include "client/ui/fields.h"
#include "client/ui/format.h"
#include "client/ui/term_search.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

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

}  // namespace

bool action_row(Ui& ui, std::string_view name, std::string_view label, std::string_view problem,
                const ActionLook& look) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, height = button_height(ui, false);
  const float send = std::max(width * 0.4f, button_width(ui, label, {.kind = look.kind}) + ui.px(16));
  float right = at.x + width - send;
  ImGui::SetCursorScreenPos({right, at.y});
  const bool pressed =
      button(ui, name, label, {.kind = look.kind, .enabled = problem.empty() && look.ready, .width = send});
  if (look.may_cancel) {
    const float cancel = button_width(ui, ui.t(Text::Cancel), {});
    right -= cancel + ui.px(8);
    ImGui::SetCursorScreenPos({right, at.y});
    if (button(ui, "approve.cancel", ui.t(Text::Cancel), {.width = cancel}))
      ui.state.approval.form = DecisionForm::None;
  }
  float used = height;
  if (!problem.empty()) {
    const float room = right - at.x - ui.px(12);
    const ImVec2 size = wrapped_size(ui.small(), problem, room);
    used = std::max(used, size.y);
    draw_wrapped(ImGui::GetWindowDrawList(), ui.small(), {at.x, at.y + std::max(0.0f, (height - size.y) / 2)},
                 ui.palette.text_soft, problem, room);
  }
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, used});
  return pressed;
}

void send_row(Ui& ui, std::string_view name, Text label, const model::intent::Decide& decision,
              ButtonKind kind, bool may_cancel) {
  const auto problem = model::problem_of(decision);
  const bool ready = ui.model.open_case && model::decision_ready(*ui.model.open_case);
  if (action_row(ui, name, ui.t(label), problem ? ui.t(text_of(*problem)) : std::string_view(),
                 {.kind = kind, .ready = ready, .may_cancel = may_cancel}))
    ui.wish(decision);
}

void term_field(Ui& ui, const model::OpenCase& open) {
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
}

void rationale_field(Ui& ui, Text hint) {
  (void)text_area(ui, "approve.rationale", ui.state.approval.rationale,
                  {.hint = ui.t(hint), .min_lines = 1, .max_lines = 5});
}

void comment_field(Ui& ui, Text hint) {
  (void)text_area(ui, "approve.comment", ui.state.approval.comment,
                  {.hint = ui.t(hint), .min_lines = 1, .max_lines = 5});
}

void code_chips(Ui& ui, const std::string& name, Text title, contract::CodeUse use) {
  RejectCode& chosen = ui.state.approval.code;
  label(ui, ui.t(title), {ui.small(), ui.palette.text_soft});
  Flow flow(ui.px(6));
  for (const RejectCode code : contract::codes_for(use)) {
    const std::string_view text = ui.t(i18n::text_of(code));
    flow.next(chip_size(ui, text).x);
    if (chip(ui, name + std::to_string(static_cast<int>(code)), text, chosen == code)) chosen = code;
  }
}

}  // namespace hada::ui
