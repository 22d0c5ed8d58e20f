#include "client/ui/format.h"
#include "client/ui/panel_form.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

std::string name_of(const model::PanelMember& member) {
  return member.display_name.empty() ? model::id_of(member.user) : member.display_name;
}

// A line with a mark, the member's name, and at the right whether there is an answer.
void member_line(Ui& ui, const model::PanelMember& member, bool with_status) {
  const Palette& p = ui.palette;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, high = ui.strong()->FontSize, side = ui.px(14);
  draw_icon(list, member.answered ? Icon::Check : Icon::Clock, {at.x + side / 2, at.y + high / 2}, side,
            member.answered ? p.good : p.text_faint);
  draw_ellipsized(list, ui.strong(), {at.x + side + ui.px(8), at.y}, p.text, ui.shown(name_of(member)),
                  width * 0.6f);
  if (with_status) {
    const std::string_view status = ui.t(member.answered ? Text::PanelAnswered : Text::PanelWaiting);
    draw_text(list, ui.small(), {at.x + width - text_size(ui.small(), status).x, at.y + ui.px(2)},
              p.text_soft, status);
  }
  ImGui::Dummy({width, high});
}

void answer_lines(Ui& ui, const model::PanelMember& member) {
  ImGui::Indent(ui.px(22));
  const TermNames names = names_of(ui, member.term);
  paragraph(ui, names.first);
  if (!member.rationale.empty())
    paragraph(ui, ui.shown(member.rationale), {ui.small(), ui.palette.text_soft});
  ImGui::Unindent(ui.px(22));
}

void outcome(Ui& ui, const model::Panel& panel) {
  const bool votes = panel.mode == PanelMode::Vote;
  if (!panel.complete) {
    if (votes) paragraph(ui, ui.t(Text::PanelBlind), {ui.small(), ui.palette.text_soft});
    return;
  }
  if (panel.term.empty())
    return notice(ui, Icon::Warning, ui.palette.warn,
                  ui.t(votes ? Text::PanelNoMajority : Text::PanelNotOne));
  notice(ui, Icon::Check, ui.palette.good, ui.f(Text::PanelOutcome, {names_of(ui, panel.term).first}));
}

}  // namespace

void panel_card(Ui& ui, const model::OpenCase& open) {
  if (!open.panel.state.panel) return;
  const model::Panel& panel = *open.panel.state.panel;
  const bool may_answer = model::may_answer_panel(ui.model.session, open) && !open.panel.sending;
  const model::PanelMember* own =
      ui.model.session.user ? panel.find_member(ui.model.session.user->name) : nullptr;
  const Card card(ui, {.edge = ui.palette.accent});
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const std::string_view mode = ui.t(panel.mode == PanelMode::Vote ? Text::PanelVote : Text::PanelConsensus);
  draw_badge(ui, ImGui::GetWindowDrawList(),
             {at.x + ImGui::GetContentRegionAvail().x - badge_size(ui, mode).x, at.y}, mode,
             ui.palette.accent);
  label(ui, ui.t(Text::PanelTab), {ui.strong(), 0});
  const model::PanelMember* convener = panel.find_member(panel.convener);
  paragraph(ui,
            ui.f(Text::PanelConvenedBy, {convener ? name_of(*convener) : model::id_of(panel.convener),
                                         date_time(panel.create_time_us)}),
            {ui.small(), ui.palette.text_soft});
  if (!panel.rationale.empty()) paragraph(ui, ui.shown(panel.rationale));
  gap(ui, 4);
  for (size_t i = 0; i < panel.members.size(); ++i) {
    const model::PanelMember& member = panel.members[i];
    member_line(ui, member, true);
    if (member.term.empty()) continue;
    answer_lines(ui, member);
    // Of a consensus one click joins what another proposes.
    const bool joins = panel.mode == PanelMode::Consensus && may_answer && own && own->user != member.user &&
                       own->term != member.term;
    if (!joins) continue;
    ImGui::Indent(ui.px(22));
    if (button(ui, "panel.agree." + std::to_string(i), ui.t(Text::PanelAgree),
               {.icon = Icon::Check, .small = true}))
      ui.wish(model::intent::AnswerPanel{member.term, member.rationale});
    ImGui::Unindent(ui.px(22));
  }
  gap(ui, 4);
  outcome(ui, panel);
}

void panel_answers(Ui& ui, const model::Panel& panel) {
  gap(ui, 4);
  label(ui, ui.t(Text::PanelTab), {ui.small(), ui.palette.text_soft});
  for (const model::PanelMember& member : panel.members) {
    member_line(ui, member, false);
    if (!member.term.empty()) answer_lines(ui, member);
  }
}

}  // namespace hada::ui
