#include "client/ui/decision_parts.h"

#include <algorithm>

#include "client/ui/fields.h"
#include "client/ui/format.h"
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

void send_row(Ui& ui, std::string_view name, Text label, const model::intent::Decide& decision,
              ButtonKind kind, bool may_cancel) {
  const auto problem = model::problem_of(decision);
  // What is on its way changes what is decided about.
  const bool ready = ui.model.open_case && ui.model.open_case->decision.images.empty();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, height = button_height(ui, false);
  const float send = std::max(width * 0.4f, button_width(ui, ui.t(label), {.kind = kind}) + ui.px(16));
  float right = at.x + width - send;
  ImGui::SetCursorScreenPos({right, at.y});
  if (button(ui, name, ui.t(label), {.kind = kind, .enabled = !problem && ready, .width = send}))
    ui.wish(decision);
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
