#include <algorithm>
#include <array>

#include "client/ui/conflict_card.h"
#include "client/ui/fields.h"
#include "client/ui/format.h"
#include "client/ui/keys.h"
#include "client/ui/panels.h"
#include "client/ui/read_cursor.h"
#include "client/ui/read_parts.h"
#include "client/ui/side_panel.h"
#include "client/ui/tools/tools.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

using model::ReadPhase;
using model::ReadTask;

struct FlagName {
  ImageFlag flag;
  const char* name;
};
constexpr std::array<FlagName, 8> kFlags = {{{ImageFlag::Blur, "blur"},
                                             {ImageFlag::Exposure, "exposure"},
                                             {ImageFlag::Identifiable, "identifiable"},
                                             {ImageFlag::WrongKind, "wrong_kind"},
                                             {ImageFlag::Duplicate, "duplicate"},
                                             {ImageFlag::MarkerInk, "marker_ink"},
                                             {ImageFlag::Ruler, "ruler"},
                                             {ImageFlag::Hair, "hair"}}};

Text text_of(model::ReadProblem problem) {
  switch (problem) {
    case model::ReadProblem::NoDiagnosis:
      return Text::ProblemNoDiagnosis;
    case model::ReadProblem::NoUngradableReason:
      return Text::ProblemNoReason;
    case model::ReadProblem::NoteTooLong:
      return Text::ProblemNoteTooLong;
    case model::ReadProblem::NoAmendReason:
      return Text::ProblemNoAmendReason;
    case model::ReadProblem::NothingChanged:
      return Text::ProblemNothingChanged;
    case model::ReadProblem::AmendedElsewhere:
      return Text::ProblemAmendedElsewhere;
  }
  return Text::ProblemNoDiagnosis;
}

std::string status_line(const Ui& ui, const ReadTask& reading) {
  std::string line;
  if (reading.phase != ReadPhase::Editing) return line;
  if (reading.lease && !reading.lease_lost)
    line = ui.f(Text::ReadLeaseUntil, {clock_time(reading.lease->expire_time_us)});
  std::string draft;
  if (reading.unsaved)
    draft = ui.t(Text::ReadDraftUnsaved);
  else if (reading.save_ticket != 0)
    draft = ui.t(Text::ReadDraftSaving);
  else if (reading.saved_us != 0)
    draft = ui.f(Text::ReadDraftSaved, {clock_time(reading.saved_us)});
  if (!line.empty() && !draft.empty()) line += "  ·  ";
  return line + draft;
}

// A submitted read goes back and forward by new revisions.
void undo_submit_buttons(Ui& ui, ImVec2 at) {
  const model::Read* own = ui.model.open_case->own_read(ui.model.session);
  if (!own || own->revisions.empty()) return;
  const model::VersionLine line = model::line_of(own->revisions);
  const std::string reason(ui.t(Text::AmendRestores));
  ImGui::SetCursorScreenPos(at);
  if (icon_button(ui, "read.undo_submit", Icon::Undo,
                  with_key(ui, ui.t(Text::ReadUndoSubmit), Command::ReadUndo), {.small = true})) {
    ui.wish(model::intent::UndoSubmit{reason});
    ui.state.read.select_first = true;
  }
  ImGui::SameLine(0, ui.px(2));
  if (icon_button(ui, "read.redo_submit", Icon::Redo,
                  with_key(ui, ui.t(Text::ReadRedoSubmit), Command::ReadRedo),
                  {.enabled = line.at + 1 < line.versions.size(), .small = true}))
    ui.wish(model::intent::RedoSubmit{reason});
}

void head(Ui& ui, const ReadTask& reading) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, low = button_height(ui, true);
  const bool amending = reading.phase == ReadPhase::Amending || reading.phase == ReadPhase::SendingAmend;
  draw_text(ImGui::GetWindowDrawList(), ui.heading(), at, ui.palette.text,
            ui.t(amending                                    ? Text::ReadAmendTitle
                 : ui.model.session.has(Role::Dermatologist) ? Text::ReadTitle
                                                             : Text::ColumnCase));
  if (reading.can_edit()) {
    ImGui::SetCursorScreenPos({at.x + width - 2 * low - ui.px(2), at.y - ui.px(1)});
    if (icon_button(ui, "read.undo", Icon::Undo, with_key(ui, ui.t(Text::ReadUndo), Command::ReadUndo),
                    {.enabled = reading.history.can_undo(), .small = true}))
      ui.wish(model::intent::Undo{});
    ImGui::SameLine(0, ui.px(2));
    if (icon_button(ui, "read.redo", Icon::Redo, with_key(ui, ui.t(Text::ReadRedo), Command::ReadRedo),
                    {.enabled = reading.history.can_redo(), .small = true}))
      ui.wish(model::intent::Redo{});
  }
  if (reading.phase == ReadPhase::Submitted)
    undo_submit_buttons(ui, {at.x + width - 2 * low - ui.px(2), at.y - ui.px(1)});
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, ui.heading()->FontSize});
  const std::string status = status_line(ui, reading);
  if (!status.empty()) paragraph(ui, status, {ui.small(), ui.palette.text_soft});
}

void gradability(Ui& ui, const model::ReadContent& content) {
  section(ui, ui.t(Text::ReadGradable));
  const int picked =
      segmented(ui, "read.gradable", {ui.t(Text::ReadGradableYes), ui.t(Text::ReadGradableNo)},
                content.gradable ? 0 : 1, {.width = -1, .colour = content.gradable ? 0 : ui.palette.warn});
  if (picked >= 0) ui.wish(model::intent::SetGradable{picked == 0});
  if (content.gradable) return;
  gap(ui, 8);
  label(ui, ui.t(Text::ReadUngradableWhy), {ui.small(), ui.palette.text_soft});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ui.px(8), ui.px(1)});
  for (const UngradableReason reason :
       {UngradableReason::NoPathology, UngradableReason::InsufficientInformation,
        UngradableReason::MultipleConditions, UngradableReason::ImageQuality}) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    mark_finding(ui, {FindingKind::Reason, static_cast<int>(reason)}, at,
                 {at.x + ImGui::GetContentRegionAvail().x, at.y + button_height(ui, true)});
    if (check_row(ui, "read.reason." + std::to_string(static_cast<int>(reason)), ui.t(i18n::text_of(reason)),
                  content.ungradable_reason == reason, true))
      ui.wish(model::intent::SetUngradableReason{reason});
  }
  ImGui::PopStyleVar();
}

// Flags of the image in the active pane.
void flags(Ui& ui, const model::OpenCase& open) {
  if (open.panes.panes.empty() || !open.value) return;
  const std::string& image = open.panes.panes[std::min(open.panes.active, open.panes.panes.size() - 1)].image;
  const auto& images = open.value->images;
  std::string which;
  for (size_t i = 0; i < images.size(); ++i)
    if (images[i].name == image && images.size() > 1)
      which = ui.f(Text::ReadFlagsFor, {std::to_string(i + 1), ui.t(i18n::text_of(images[i].kind))});
  section(ui, ui.t(Text::ReadFlags), which);
  Flow flow(ui.px(6));
  for (const FlagName& each : kFlags) {
    const std::string_view text = ui.t(i18n::text_of(each.flag));
    const ImVec2 size = chip_size(ui, text);
    flow.next(size.x);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    mark_finding(ui, {FindingKind::Flag, static_cast<int>(each.flag)}, at, {at.x + size.x, at.y + size.y});
    const bool on = model::has_flag(open.reading.content, image, each.flag);
    if (chip(ui, std::string("read.flag.") + each.name, text, on))
      ui.wish(model::intent::SetImageFlag{image, each.flag, !on});
  }
}

void note(Ui& ui, const model::ReadContent& content) {
  section(ui, ui.t(Text::ReadNote));
  std::string text = content.note;
  const FieldEvent event = text_area(ui, "read.note", text,
                                     {.hint = ui.t(Text::ReadNoteHint),
                                      .focus = std::exchange(ui.state.read.focus_note, false),
                                      .bad = model::character_count(text) > model::kMaxNoteCharacters});
  ui.state.read.note_active = event.active;
  if (event.changed) ui.wish(model::intent::SetNote{std::move(text)});
}

void amend_reason(Ui& ui, const ReadTask& reading) {
  section(ui, ui.t(Text::ReadAmendReason));
  std::string text = reading.amend_reason;
  const FieldEvent event = text_area(ui, "read.amend.reason", text,
                                     {.hint = ui.t(Text::ReadAmendReasonHint),
                                      .focus = std::exchange(ui.state.read.focus_reason, false),
                                      .min_lines = 2});
  if (event.changed) ui.wish(model::intent::SetAmendReason{std::move(text)});
}

void editor(Ui& ui, const model::OpenCase& open) {
  const ReadTask& reading = open.reading;
  if (reading.lease_lost) {
    notice(ui, Icon::Warning, ui.palette.warn, ui.t(Text::ReadLeaseLost));
    gap(ui, 12);
  }
  if (reading.phase == ReadPhase::Amending && open.value && open.value->site_opinion) {
    notice(ui, Icon::Info, ui.palette.info, ui.t(Text::ReadAmendNoVote));
    gap(ui, 12);
  }
  // Who stands by the read has only this to fill in.
  const model::Read* own = open.own_read(ui.model.session);
  const bool asked = reading.phase == ReadPhase::Amending && own && own->returned;
  if (asked) {
    amend_reason(ui, reading);
    gap(ui, 20);
  }
  gradability(ui, reading.content);
  if (reading.content.gradable) {
    gap(ui, 20);
    edit_differential(ui, reading);
  }
  if (open.value && has_dermoscopy(*open.value)) {
    gap(ui, 20);
    edit_dermoscopy(ui, reading.content);
  }
  gap(ui, 20);
  flags(ui, open);
  gap(ui, 20);
  note(ui, reading.content);
  if (reading.phase == ReadPhase::Amending && !asked) {
    gap(ui, 20);
    amend_reason(ui, reading);
  }
  if (reading.phase == ReadPhase::Editing && open.value) {
    gap(ui, 20);
    show_recorded(ui, reading.telemetry);
  }
  gap(ui, 12);
}

void other_reads(Ui& ui, const model::OpenCase& open, const model::Read* own) {
  bool first = true;
  for (const model::Read& read : open.reads) {
    if (own && read.name == own->name) continue;
    if (read.revisions.empty()) continue;
    if (std::exchange(first, false)) {
      gap(ui, 20);
      section(ui, ui.t(Text::OtherReads));
    }
    const Card card(ui);
    label(ui, read.reader_display_name.empty() ? model::id_of(read.reader) : read.reader_display_name,
          {ui.strong(), 0});
    show_content(ui, read.revisions.back().content);
  }
}

// QA asks for another look, or the site for patience with what it has to send.
void returned_notice(Ui& ui, const model::OpenCase& open) {
  if (!open.value || !open.value->returned) return;
  const model::CaseReturn& returned = *open.value->returned;
  const bool to_site = returned.to == ReturnTo::Site;
  {
    const Card card(ui, {.edge = ui.palette.warn});
    const std::string_view code = ui.t(i18n::text_of(returned.code));
    if (returned.code == RejectCode::Unspecified)
      paragraph(ui, ui.t(Text::ReturnedNewData), {ui.strong(), 0});
    else
      paragraph(ui, ui.f(to_site ? Text::ReturnedToSite : Text::ReturnedToYou, {code}), {ui.strong(), 0});
    if (!returned.comment.empty()) paragraph(ui, ui.shown(returned.comment));
    if (!to_site || ui.model.session.has(Role::SiteCoordinator))
      paragraph(ui, ui.t(to_site ? Text::ReturnedSend : Text::ReturnedAnswer),
                {ui.small(), ui.palette.text_soft});
  }
  gap(ui, 16);
}

void submitted(Ui& ui, const model::OpenCase& open) {
  const model::Read* own = open.own_read(ui.model.session);
  {
    const Card card(ui, {.edge = ui.palette.good});
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_icon(ImGui::GetWindowDrawList(), Icon::Check, {at.x + ui.px(8), at.y + ui.strong()->FontSize / 2},
              ui.px(14), ui.palette.good);
    ImGui::SetCursorScreenPos({at.x + ui.px(24), at.y});
    label(ui, ui.t(Text::ReadSubmitted), {ui.strong(), 0});
    if (own && own->late) badge(ui, ui.t(Text::ReadLate), ui.palette.warn);
    gap(ui, 6);
    show_content(ui, open.reading.content);
  }
  if (own && !own->revisions.empty() && own->revisions.front().telemetry && open.value) {
    gap(ui, 20);
    show_recorded(ui, *own->revisions.front().telemetry);
  }
  if (own && own->revisions.size() > 1) {
    gap(ui, 20);
    section(ui, ui.t(Text::ReadRevisions));
    show_revisions(ui, *own, true);
  }
  other_reads(ui, open, own);
  if (open.value && open.value->site_opinion) {
    gap(ui, 20);
    show_site_opinion(ui, *open.value->site_opinion);
  }
  gap(ui, 12);
}

void waiting(Ui& ui, Text text) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  spinner(ui, ImGui::GetWindowDrawList(), {at.x + ui.px(10), at.y + ui.px(11)}, ui.px(8), ui.palette.accent);
  ImGui::SetCursorScreenPos({at.x + ui.px(28), at.y});
  paragraph(ui, ui.t(text), {nullptr, ui.palette.text_soft});
}

void content(Ui& ui, const model::OpenCase& open) {
  const ReadTask& reading = open.reading;
  switch (reading.phase) {
    case ReadPhase::Editing:
    case ReadPhase::Amending:
      return editor(ui, open);
    case ReadPhase::Submitting:
    case ReadPhase::SendingAmend: {
      const Card card(ui);
      return show_content(ui, reading.content);
    }
    case ReadPhase::Submitted:
      return submitted(ui, open);
    case ReadPhase::Claiming:
      return waiting(ui, Text::ReadClaiming);
    case ReadPhase::ClaimFailed: {
      label(ui, ui.t(Text::ReadClaimFailed), {ui.strong(), 0});
      if (reading.error)
        notice(ui, Icon::Warning, ui.palette.warn,
               ui.t(i18n::text_of_error(reading.error->code, reading.error->reason)));
      return;
    }
    case ReadPhase::None:
      break;
  }
  if (!open.value) return;
  const bool may = model::may_read(ui.model.session, *open.value);
  paragraph(ui, ui.t(may ? Text::ReadBlindHint : Text::ReadNotYours), {nullptr, ui.palette.text_soft});
  other_reads(ui, open, nullptr);
}

void next_button(Ui& ui, ButtonKind kind) {
  if (!ui.model.session.has(Role::Dermatologist)) return;
  if (ui.model.queue_empty) {
    paragraph(ui, ui.t(Text::EmptyToRead), {ui.small(), ui.palette.text_soft});
    return;
  }
  const bool lost = ui.model.connection.link == model::Link::Lost;
  if (button(ui, "read.next", ui.t(Text::NextCase),
             {.kind = kind,
              .icon = Icon::ArrowRight,
              .enabled = !ui.model.claiming_next && (!lost || ui.model.ahead.ready() > 0),
              .width = -1,
              .shortcut = chord_text(ui, Command::ReadSubmit)}))
    ui.wish(model::intent::ClaimNext{});
}

void footer(Ui& ui, const model::OpenCase& open) {
  const ReadTask& reading = open.reading;
  const auto problem = model::submit_problem(ui.model);
  const bool lost = ui.model.connection.link == model::Link::Lost;
  switch (reading.phase) {
    case ReadPhase::Editing:
      if (problem) paragraph(ui, ui.t(text_of(*problem)), {ui.small(), ui.palette.text_soft});
      if (button(ui, "read.submit", ui.t(Text::ReadSubmit),
                 {.kind = ButtonKind::Primary,
                  .enabled = !problem,
                  .width = -1,
                  .shortcut = chord_text(ui, Command::ReadSubmit)})) {
        finish_begun(ui);
        ui.wish(model::intent::SubmitRead{});
      }
      return;
    case ReadPhase::Amending: {
      if (problem) paragraph(ui, ui.t(text_of(*problem)), {ui.small(), ui.palette.text_soft});
      const float half = (ImGui::GetContentRegionAvail().x - ui.px(8)) * 0.34f;
      if (button(ui, "read.amend.cancel", ui.t(Text::Cancel), {.width = half}))
        ui.wish(model::intent::CancelAmend{});
      ImGui::SameLine(0, ui.px(8));
      if (button(ui, "read.amend.submit", ui.t(Text::ReadAmendSubmit),
                 {.kind = ButtonKind::Primary,
                  .enabled = !problem,
                  .width = -1,
                  .shortcut = chord_text(ui, Command::ReadSubmit)})) {
        finish_begun(ui);
        ui.wish(model::intent::SubmitAmend{});
      }
      return;
    }
    case ReadPhase::Submitting:
    case ReadPhase::SendingAmend:
      if (!lost) return waiting(ui, Text::ReadSubmitting);
      notice(ui, Icon::Clock, ui.palette.warn, ui.t(Text::ReadSubmitOffline));
      next_button(ui, ButtonKind::Primary);
      return;
    case ReadPhase::Submitted: {
      const model::Read* own = open.own_read(ui.model.session);
      const bool asked = own && own->returned;
      next_button(ui, asked ? ButtonKind::Secondary : ButtonKind::Primary);
      if (button(ui, "read.amend", ui.t(asked ? Text::ReadLookAgain : Text::ReadAmend),
                 {.kind = asked ? ButtonKind::Primary : ButtonKind::Secondary,
                  .icon = Icon::Pencil,
                  .width = -1}))
        ui.wish(model::intent::StartAmend{});
      return;
    }
    case ReadPhase::ClaimFailed:
      next_button(ui, ButtonKind::Primary);
      if (open.value && model::may_read(ui.model.session, *open.value) &&
          button(ui, "read.start", ui.t(Text::Retry), {.icon = Icon::Refresh, .width = -1}))
        ui.wish(model::intent::StartReading{});
      return;
    case ReadPhase::None:
      if (open.value && model::may_read(ui.model.session, *open.value) &&
          button(ui, "read.start", ui.t(Text::ReadStart),
                 {.kind = ButtonKind::Primary, .icon = Icon::Pencil, .width = -1}))
        ui.wish(model::intent::StartReading{});
      return;
    case ReadPhase::Claiming:
      return;
  }
}

}  // namespace

void read_panel(Ui& ui, const Rect& rect) {
  const model::OpenCase& open = *ui.model.open_case;
  ReadState& state = ui.state.read;
  const std::string user = ui.model.session.user ? ui.model.session.user->name : std::string();
  if (state.case_name != open.name || state.user != user) {
    state = {};
    state.case_name = open.name;
    state.user = user;
  }
  state.note_active = false;
  if (!open.reading.can_edit())
    state.leave_keys();
  else if (std::exchange(state.select_first, false) && !open.reading.content.differential.empty())
    state.current = 0;
  side_panel(
      ui, "read_panel", rect, state.footer_height,
      [&] {
        head(ui, open.reading);
        const bool twice = model::amended_elsewhere(ui.model.session, open) != nullptr;
        if (open.changed_elsewhere && !twice)
          notice(ui, Icon::Info, ui.palette.warn, ui.t(Text::CaseChangedElsewhere));
        gap(ui, 14);
        returned_notice(ui, open);
        amendment_conflict(ui, open);
        if (twice) gap(ui, 14);
        content(ui, open);
      },
      [&] { footer(ui, open); });
}

}  // namespace hada::ui
