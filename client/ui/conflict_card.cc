#include "client/ui/conflict_card.h"

#include <algorithm>
#include <vector>

#include "client/ui/format.h"
#include "client/ui/read_parts.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

// What somebody decided or is about to: a term, a code, why.
void ruling(Ui& ui, DecisionKind kind, const std::string& term, RejectCode code,
            const std::string& rationale) {
  if (kind != DecisionKind::Unspecified) paragraph(ui, ui.t(i18n::text_of(kind)), {ui.strong(), 0});
  if (!term.empty()) paragraph(ui, names_of(ui, term).first);
  if (code != RejectCode::Unspecified) paragraph(ui, ui.t(i18n::text_of(code)));
  if (!rationale.empty()) paragraph(ui, ui.shown(rationale), {ui.small(), ui.palette.text});
}

void theirs(Ui& ui, const std::vector<const model::Decision*>& decisions) {
  const Card card(ui, {.fill = ui.palette.panel, .edge = ui.palette.accent, .padding = 10});
  label(ui, ui.t(Text::ConflictTheirs), {ui.small(), ui.palette.text_soft});
  for (const model::Decision* decision : decisions) {
    const std::string who = decision->decider_display_name.empty() ? model::id_of(decision->decider)
                                                                   : decision->decider_display_name;
    paragraph(ui, std::string(ui.shown(who)) + "  ·  " + date_time(decision->create_time_us),
              {ui.small(), ui.palette.text_soft});
    ruling(ui, decision->kind, decision->term, decision->code, decision->rationale);
  }
}

// Two buttons that share the line.
void choice(Ui& ui, Text keep, Text send, bool may_send) {
  gap(ui, 8);
  const float half = (ImGui::GetContentRegionAvail().x - ui.px(8)) / 2;
  if (button(ui, "conflict.keep_theirs", ui.t(keep), {.width = half}))
    ui.wish(model::intent::SettleConflict{false});
  ImGui::SameLine(0, ui.px(8));
  if (button(ui, "conflict.keep_mine", ui.t(send),
             {.kind = ButtonKind::Primary, .enabled = may_send, .width = -1}))
    ui.wish(model::intent::SettleConflict{true});
}

// Once, when the card appears at the top of its panel: whoever writes at the end of a long form would not see
// it.
void come_into_view(const char* card, bool there) {
  bool& shown = *ImGui::GetStateStorage()->GetBoolRef(ImGui::GetID(card));
  if (there && !shown) ImGui::SetScrollY(0);
  shown = there;
}

}  // namespace

void decision_conflict(Ui& ui, const model::OpenCase& open) {
  come_into_view("conflict.decision", open.conflict.has_value());
  if (!open.conflict) return;
  const auto& mine = open.conflict->mine;
  const ApprovalState& typed = ui.state.approval;
  const bool wrote = !typed.term.empty() || !typed.rationale.empty() || !typed.comment.empty();
  gap(ui, 12);
  const Card card(ui, {.edge = ui.palette.warn});
  const auto decisions = model::decided_by_others(ui.model.session, open);
  const bool decided = !decisions.empty();
  paragraph(ui, ui.t(decided ? Text::ConflictDecided : Text::ConflictChanged), {ui.strong(), 0});
  if (decided)
    theirs(ui, decisions);
  else
    paragraph(ui, ui.t(Text::ConflictReadsChanged), {ui.small(), ui.palette.text});
  if (mine || wrote) {
    const Card own(ui, {.fill = ui.palette.panel, .edge = ui.palette.line_strong, .padding = 10});
    label(ui, ui.t(mine ? Text::ConflictMineRefused : Text::ConflictMine),
          {ui.small(), ui.palette.text_soft});
    if (mine)
      ruling(ui, mine->kind, mine->term, mine->code, mine->rationale);
    else
      ruling(ui, DecisionKind::Unspecified, typed.term, typed.code,
             typed.rationale.empty() ? typed.comment : typed.rationale);
  }
  const bool may_send = mine && model::may_decide(ui.model.session, open, mine->kind);
  if (mine && !may_send) paragraph(ui, ui.t(Text::ConflictNotPossible), {ui.small(), ui.palette.text_soft});
  if (mine)
    return choice(ui, decided ? Text::ConflictKeepTheirs : Text::ConflictLookAgain, Text::ConflictKeepMine,
                  may_send);
  gap(ui, 8);
  if (button(ui, "conflict.understood", ui.t(Text::ConflictUnderstood), {.width = -1}))
    ui.wish(model::intent::SettleConflict{false});
}

void amendment_conflict(Ui& ui, const model::OpenCase& open) {
  const model::ReadRevision* sent = model::amended_elsewhere(ui.model.session, open);
  come_into_view("conflict.amendment", sent != nullptr);
  if (!sent) return;
  const Card card(ui, {.edge = ui.palette.warn});
  paragraph(ui, ui.t(Text::ConflictAmended), {ui.strong(), 0});
  paragraph(ui, ui.t(Text::ConflictAmendedHint), {ui.small(), ui.palette.text_soft});
  const auto version = [&](Text title, const std::string& detail, const model::ReadContent& content) {
    gap(ui, 6);
    const Card each(ui, {.fill = ui.palette.panel, .padding = 10});
    label(ui, std::string(ui.t(title)) + detail, {ui.small(), ui.palette.text_soft});
    show_content(ui, content);
  };
  version(Text::ConflictSent, "  ·  " + date_time(sent->create_time_us), sent->content);
  version(Text::ConflictTyped, {}, open.reading.content);
  choice(ui, Text::ConflictKeepSent, Text::ConflictKeepTyped, true);
}

}  // namespace hada::ui
