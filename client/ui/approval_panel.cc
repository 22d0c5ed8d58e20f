#include <algorithm>

#include "client/ui/comments.h"
#include "client/ui/conflict_card.h"
#include "client/ui/decision_form.h"
#include "client/ui/format.h"
#include "client/ui/image_review.h"
#include "client/ui/panel_form.h"
#include "client/ui/panels.h"
#include "client/ui/read_parts.h"
#include "client/ui/review_reads.h"
#include "client/ui/side_panel.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

void head(Ui& ui, const model::OpenCase& open) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw_text(list, ui.heading(), at, ui.palette.text, ui.t(Text::ReviewTitle));
  if (open.value && open.value->votes_wanted > 0) {
    const std::string votes = ui.f(
        Text::ReviewVotes, {std::to_string(open.value->votes_in), std::to_string(open.value->votes_wanted)});
    draw_text(list, ui.small(), {at.x + width - text_size(ui.small(), votes).x, at.y + ui.px(4)},
              ui.palette.text_soft, votes);
  }
  ImGui::Dummy({width, ui.heading()->FontSize});
}

void settled_as(Ui& ui, const model::OpenCase& open) {
  if (!open.value || open.value->decided_term.empty()) return;
  const Card card(ui, {.edge = colour_of(ui.palette, open.value->state)});
  label(ui, ui.t(Text::ReviewDecidedAs), {ui.small(), ui.palette.text_soft});
  const TermNames names = names_of(ui, open.value->decided_term);
  paragraph(ui, names.first, {ui.strong(), 0});
  if (!names.second.empty()) paragraph(ui, names.second, {ui.small(), ui.palette.text_soft});
  if (names.risk >= 2) badge(ui, ui.t(Text::ReadHighRisk), ui.palette.warn);
}

// A returned case: whom it waits for, and why.
void waits_for(Ui& ui, const model::OpenCase& open) {
  if (!open.value || !open.value->returned) return;
  const model::CaseReturn& returned = *open.value->returned;
  const Card card(ui, {.edge = ui.palette.warn});
  paragraph(ui, ui.t(returned.to == ReturnTo::Site ? Text::ReviewWaitsForSite : Text::ReviewWaitsForReader),
            {ui.strong(), 0});
  if (returned.code != RejectCode::Unspecified) paragraph(ui, ui.t(i18n::text_of(returned.code)));
  if (!returned.comment.empty()) paragraph(ui, ui.shown(returned.comment), {ui.small(), ui.palette.text});
}

// "Dr. Aoki, Dr. Baba", or the site.
std::string returned_to(const Ui& ui, const model::OpenCase& open, const model::Decision& decision) {
  if (decision.returned_to == ReturnTo::Site) return ui.t(Text::ReviewReturnToSite);
  std::string names;
  for (const std::string& user : decision.returned_readers) {
    std::string name = model::id_of(user);
    for (const model::Read& read : open.reads)
      if (read.reader == user && !read.reader_display_name.empty()) name = read.reader_display_name;
    if (!names.empty()) names += ui.language == Language::Japanese ? "、" : ", ";
    names += name;
  }
  return ui.f(Text::ReviewReturnedTo, {names});
}

void decisions(Ui& ui, const model::OpenCase& open) {
  if (open.decisions.empty()) return;
  gap(ui, 20);
  section(ui, ui.t(Text::ReviewDecisions));
  for (auto it = open.decisions.rbegin(); it != open.decisions.rend(); ++it) {
    const model::Decision& decision = *it;
    const Card card(ui, {.padding = 10});
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    ImDrawList* list = ImGui::GetWindowDrawList();
    draw_text(list, ui.strong(), at, ui.palette.text, ui.t(i18n::text_of(decision.kind)));
    const std::string when = date_time(decision.create_time_us);
    draw_text(list, ui.small(), {at.x + width - text_size(ui.small(), when).x, at.y + ui.px(2)},
              ui.palette.text_soft, when);
    ImGui::Dummy({width, ui.strong()->FontSize});
    paragraph(ui,
              decision.decider_display_name.empty() ? model::id_of(decision.decider)
                                                    : decision.decider_display_name,
              {ui.small(), ui.palette.text_soft});
    if (decision.kind == DecisionKind::Return) paragraph(ui, returned_to(ui, open, decision));
    if (!decision.images.empty() && open.value && decision.images.size() < open.value->images.size())
      paragraph(ui,
                ui.f(Text::ReviewImagesIncluded,
                     {std::to_string(decision.images.size()), std::to_string(open.value->images.size())}),
                {ui.small(), ui.palette.text});
    if (!decision.term.empty()) paragraph(ui, names_of(ui, decision.term).first);
    if (decision.code != RejectCode::Unspecified) paragraph(ui, ui.t(i18n::text_of(decision.code)));
    if (!decision.rationale.empty()) paragraph(ui, decision.rationale, {ui.small(), ui.palette.text});
    if (decision.panel) panel_answers(ui, *decision.panel);
  }
}

}  // namespace

bool shows_approval(const model::Model& model) {
  if (!model.open_case || !model.session.has(Role::QaReviewer)) return false;
  const WorklistView from = model.open_case->opened_from;
  if (from == WorklistView::ToRead || from == WorklistView::MyReads) return false;
  const model::ReadPhase phase = model.open_case->reading.phase;
  return phase == model::ReadPhase::None || phase == model::ReadPhase::Submitted ||
         phase == model::ReadPhase::ClaimFailed;
}

void approval_panel(Ui& ui, const Rect& rect) {
  const model::OpenCase& open = *ui.model.open_case;
  ApprovalState& state = ui.state.approval;
  // What one person began to write is not the next one's.
  const std::string user = ui.model.session.user ? ui.model.session.user->name : std::string();
  if (state.case_name != open.name || state.user != user) {
    state = {};
    state.case_name = open.name;
    state.user = user;
  }
  side_panel(
      ui, "approval_panel", rect, state.footer_height,
      [&] {
        head(ui, open);
        comment_jump(ui, open);
        if (open.changed_elsewhere && !open.conflict)
          notice(ui, Icon::Info, ui.palette.warn, ui.t(Text::CaseChangedElsewhere));
        decision_conflict(ui, open);
        gap(ui, 12);
        settled_as(ui, open);
        agreement_summary(ui, open);
        waits_for(ui, open);
        panel_card(ui, open);
        image_review(ui, open);
        gap(ui, 16);
        section(ui, ui.t(Text::ReviewReads));
        reads_side_by_side(ui, open);
        comment_section(ui, open);
        decisions(ui, open);
        if (open.value && open.value->site_opinion) {
          gap(ui, 20);
          show_site_opinion(ui, *open.value->site_opinion);
        }
        gap(ui, 12);
      },
      [&] { decision_form(ui, open); });
}

}  // namespace hada::ui
