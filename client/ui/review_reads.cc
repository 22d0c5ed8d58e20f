#include "client/ui/review_reads.h"

#include <algorithm>

#include "client/model/agreement.h"
#include "client/model/alignment.h"
#include "client/ui/format.h"
#include "client/ui/read_parts.h"
#include "client/ui/term_search.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

using model::Read;
using Reads = std::vector<const Read*>;
using model::ReadRevision;

constexpr float kLeastColumn = 168;

// Columns drawn cell by cell at computed places, since the cells of a row share the height of the highest.
class Grid {
 public:
  Grid(Ui& ui, size_t columns, float width)
      : ui_(ui), left_(ImGui::GetCursorScreenPos().x), y_(ImGui::GetCursorScreenPos().y), gap_(ui.px(8)) {
    column_ = (width - gap_ * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  }
  float column_width() const { return column_; }
  float room() const { return column_ - 2 * ui_.px(kPadding); }
  ImVec2 cell(size_t column) const {
    return {left_ + static_cast<float>(column) * (column_ + gap_) + ui_.px(kPadding), y_};
  }
  void take(float height) { highest_ = std::max(highest_, height); }
  void next_row(float gap) {
    if (highest_ > 0) y_ += highest_ + gap;
    highest_ = 0;
  }
  float y() const { return y_; }
  float left(size_t column) const { return left_ + static_cast<float>(column) * (column_ + gap_); }
  static constexpr float kPadding = 10;

 private:
  Ui& ui_;
  float left_, y_, gap_, column_ = 0, highest_ = 0;
};

void heads(Ui& ui, Grid& grid, const Reads& reads) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (size_t i = 0; i < reads.size(); ++i) {
    const Read& read = *reads[i];
    const ImVec2 at = grid.cell(i);
    const std::string_view name = reader_name(ui, read);
    const bool adjusted = !read.revisions.back().content.adjustments.empty();
    const float side = button_height(ui, true), room = grid.room() - (adjusted ? side : 0);
    if (adjusted) {
      ImGui::SetCursorScreenPos({at.x + room + ui.px(4), at.y - ui.px(4)});
      if (icon_button(ui, "review.look." + std::to_string(i), Icon::Contrast, ui.t(Text::AdjustShowOf),
                      {.small = true}))
        ui.wish(model::intent::ShowAdjustmentsOf{read.name});
    }
    draw_wrapped(list, ui.strong(), at, ui.palette.text, name, room);
    float height = wrapped_size(ui.strong(), name, room).y;
    const std::string when = date_time(read.revisions.back().create_time_us);
    draw_text(list, ui.small(), {at.x, at.y + height}, ui.palette.text_soft, when);
    height += ui.small()->FontSize + ui.px(2);
    const auto mark = [&](Text text) {
      for (const std::string_view line : wrap_text(ui.small(), ui.t(text), grid.room())) {
        draw_text(list, ui.small(), {at.x, at.y + height}, ui.palette.warn, line);
        height += ui.small()->FontSize;
      }
    };
    if (read.returned) mark(Text::ReadAsked);
    if (read.late) mark(Text::ReadLate);
    if (read.revisions.back().after_reveal) mark(Text::ReadAfterReveal);
    grid.take(height);
  }
  grid.next_row(ui.px(10));
}

// Who cannot grade the case says so where the others rank it.
void ungradable_row(Ui& ui, Grid& grid, const Reads& reads) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (size_t i = 0; i < reads.size(); ++i) {
    const model::ReadContent& content = reads[i]->revisions.back().content;
    if (content.gradable) continue;
    const ImVec2 at = grid.cell(i);
    draw_badge(ui, list, at, ui.t(Text::ReadGradableNo), ui.palette.warn);
    const std::string_view why = ui.t(i18n::text_of(content.ungradable_reason));
    const float top = badge_size(ui, ui.t(Text::ReadGradableNo)).y + ui.px(4);
    draw_wrapped(list, ui.small(), {at.x, at.y + top}, ui.palette.text, why, grid.room());
    grid.take(top + wrapped_size(ui.small(), why, grid.room()).y);
  }
  grid.next_row(ui.px(12));
}

// A term's name over the width of all columns, and under it each reader's rank and confidence.
void term_row(Ui& ui, Grid& grid, const model::AlignedTerm& term, float width, int group) {
  const Palette& p = ui.palette;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float left = grid.left(0), top = grid.y(), pad = ui.px(Grid::kPadding), room = width - 2 * pad;
  const TermNames names = names_of(ui, term.term);
  std::string under(names.second);
  if (!term.within.empty()) {
    if (!under.empty()) under += "  ·  ";
    under += ui.f(Text::ReviewWithin, {names_of(ui, term.within).first});
  }
  const bool risky = names.risk >= 2;
  const ImVec2 badge = badge_size(ui, ui.t(Text::ReadHighRisk));
  const float name_room = room - (risky ? badge.x + ui.px(8) : 0);
  const float height = wrapped_size(ui.strong(), names.first, name_room).y +
                       (under.empty() ? 0 : wrapped_size(ui.small(), under, room).y) + ui.px(28);
  if (group >= 0) {
    const ImU32 colour = group_colour(p, group);
    list->AddRectFilled({left, top - ui.px(6)}, {left + width, top + height},
                        with_alpha(colour, p.dark ? 0.16f : 0.10f), ui.px(6));
    list->AddRectFilled({left, top - ui.px(6)}, {left + ui.px(3), top + height}, colour, ui.px(2));
  }
  draw_wrapped(list, ui.strong(), {left + pad, top}, p.text, names.first, name_room);
  if (risky)
    draw_badge(ui, list, {left + width - pad - badge.x, top - ui.px(2)}, ui.t(Text::ReadHighRisk), p.warn);
  float y = top + wrapped_size(ui.strong(), names.first, name_room).y;
  if (!under.empty()) {
    draw_wrapped(list, ui.small(), {left + pad, y}, p.text_soft, under, room);
    y += wrapped_size(ui.small(), under, room).y;
  }
  y += ui.px(6);
  for (size_t i = 0; i < term.places.size(); ++i) {
    const model::AlignedTerm::Place& place = term.places[i];
    const float x = grid.cell(i).x, radius = ui.px(9);
    if (place.rank == 0) {
      draw_text(list, ui.small(), {x + radius - ui.px(3), y + radius - ui.small()->FontSize / 2},
                p.text_faint, "–");
      continue;
    }
    const std::string rank = std::to_string(place.rank);
    const ImVec2 size = text_size(ui.small(), rank), centre{x + radius, y + radius};
    list->AddCircleFilled(centre, radius, place.rank == 1 ? p.accent : p.line_strong, 24);
    draw_text(list, ui.small(), {centre.x - size.x / 2, centre.y - size.y / 2},
              place.rank == 1 ? p.on_accent : p.text, rank);
    draw_confidence(ui, list, {x + 2 * radius + ui.px(6), y + radius - ui.px(2)}, place.confidence);
  }
  grid.take(height);
  grid.next_row(ui.px(12));
}

void term_rows(Ui& ui, Grid& grid, const Reads& reads, float width) {
  int groups = 0;
  for (const model::AlignedTerm& term : model::align(reads, ui.model.vocabulary.get()).terms)
    term_row(ui, grid, term, width, term.readers > 1 ? groups++ : -1);
}

// Lines of small text under the diagnoses: flags, note, what changed.
template <typename Lines>
void text_row(Ui& ui, Grid& grid, const Reads& reads, Text title, ImU32 colour, Lines lines_of) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (size_t i = 0; i < reads.size(); ++i) {
    const std::vector<std::string> lines = lines_of(*reads[i]);
    if (lines.empty()) continue;
    const ImVec2 at = grid.cell(i);
    float used = 0;
    const auto put = [&](std::string_view text, ImU32 ink) {
      draw_wrapped(list, ui.small(), {at.x, at.y + used}, ink, ui.shown(text), grid.room());
      used += wrapped_size(ui.small(), text, grid.room()).y;
    };
    put(ui.t(title), colour);
    for (const std::string& line : lines) put(line, ui.palette.text);
    grid.take(used);
  }
  grid.next_row(ui.px(8));
}

Reads with_revisions(const model::OpenCase& open) {
  Reads reads;
  for (const Read& read : open.reads)
    if (!read.revisions.empty()) reads.push_back(&read);
  return reads;
}

// "The first diagnoses meet at Eczema, in one release class".
std::string meeting_line(Ui& ui, const model::OpenCase& open) {
  const contract::Vocabulary* vocabulary = ui.model.vocabulary.get();
  const model::Alignment a = model::align(with_revisions(open), vocabulary);
  if (a.meet.empty() || !vocabulary) return {};
  const std::string_view where = names_of(ui, a.meet).first;
  const contract::ReleaseClass* found = vocabulary->find_class(a.release_class);
  if (!found) return ui.f(Text::ReviewMeetAt, {where});
  return ui.f(Text::ReviewMeetInClass, {where, ui.language == Language::Japanese ? found->ja : found->en});
}

}  // namespace

void agreement_summary(Ui& ui, const model::OpenCase& open) {
  const model::Agreement a = model::agreement_of(open.reads, ui.model.vocabulary.get());
  if (a.readers == 0) return;
  const Palette& p = ui.palette;
  std::string text;
  ImU32 colour = p.warn;
  Icon icon = Icon::Warning;
  if (a.ungradable > 0) {
    text = ui.f(Text::ReviewUngradable, {std::to_string(a.ungradable), std::to_string(a.readers)});
  } else if (a.readers == 1) {
    text = ui.t(Text::ReviewOneReader);
    colour = p.info;
    icon = Icon::Info;
  } else if (a.sharing == a.readers) {
    text = ui.f(Text::ReviewAllAgree, {std::to_string(a.readers)});
    colour = p.good;
    icon = Icon::Check;
  } else if (a.sharing > 1) {
    text = ui.f(Text::ReviewSomeAgree, {std::to_string(a.sharing), std::to_string(a.readers)});
  } else {
    text = ui.f(Text::ReviewNoneAgree, {std::to_string(a.readers)});
  }
  if (a.readers > 1 && a.sharing < a.readers) {
    const std::string meeting = meeting_line(ui, open);
    if (!meeting.empty()) text += "\n" + meeting;
  }
  if (a.risk_split) text += std::string("\n") + ui.t(Text::ReviewRiskSplit);
  notice(ui, icon, colour, text);
}

void reads_side_by_side(Ui& ui, const model::OpenCase& open) {
  const Reads reads = with_revisions(open);
  if (reads.empty()) {
    paragraph(ui, ui.t(open.reads_known ? Text::ReviewNoReads : Text::Loading),
              {nullptr, ui.palette.text_soft});
    return;
  }
  const float available = ImGui::GetContentRegionAvail().x;
  const float least = ui.px(kLeastColumn) * static_cast<float>(reads.size());
  const float width = std::max(available, least);
  // More readers than fit: the columns scroll sideways together.
  const bool scrolls = width > available + 1;
  if (scrolls)
    ImGui::BeginChild("columns",
                      {available, ui.state.approval.columns_height + ImGui::GetStyle().ScrollbarSize}, false,
                      ImGuiWindowFlags_HorizontalScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->ChannelsSplit(2);
  list->ChannelsSetCurrent(1);
  const ImVec2 start = ImGui::GetCursorScreenPos();
  ImGui::SetCursorScreenPos({start.x, start.y + ui.px(10)});
  Grid grid(ui, reads.size(), width);
  heads(ui, grid, reads);
  ungradable_row(ui, grid, reads);
  term_rows(ui, grid, reads, width);
  text_row(ui, grid, reads, Text::ReadDermoscopy, ui.palette.text_soft,
           [&](const Read& read) { return finding_lines(ui, read.revisions.back().content); });
  text_row(ui, grid, reads, Text::ReadFlags, ui.palette.text_soft,
           [&](const Read& read) { return flag_lines(ui, read.revisions.back().content); });
  text_row(ui, grid, reads, Text::ReadNote, ui.palette.text_soft, [](const Read& read) {
    const std::string& note = read.revisions.back().content.note;
    return note.empty() ? std::vector<std::string>{} : std::vector<std::string>{note};
  });
  text_row(ui, grid, reads, Text::ReadRevisions, ui.palette.info, [&](const Read& read) {
    std::vector<std::string> lines;
    for (size_t i = 1; i < read.revisions.size(); ++i) {
      const ReadRevision& now = read.revisions[i];
      lines.push_back(ui.f(Text::ReviewChanged, {std::to_string(read.revisions[i - 1].revision)}));
      for (std::string& line : change_lines(ui, read.revisions[i - 1].content, now.content))
        lines.push_back(std::move(line));
      if (!now.reason.empty()) lines.push_back(ui.f(Text::ReviewReasonGiven, {now.reason}));
    }
    return lines;
  });
  text_row(ui, grid, reads, Text::RecordedShort, ui.palette.text_soft, [&](const Read& read) {
    const auto& telemetry = read.revisions.front().telemetry;
    return telemetry ? recorded_lines(ui, *telemetry) : std::vector<std::string>{};
  });
  const float bottom = grid.y() + ui.px(2);
  list->ChannelsSetCurrent(0);
  for (size_t i = 0; i < reads.size(); ++i)
    list->AddRectFilled({grid.left(i), start.y}, {grid.left(i) + grid.column_width(), bottom},
                        ui.palette.raised, ui.px(8));
  list->ChannelsMerge();
  ImGui::SetCursorScreenPos(start);
  ImGui::Dummy({width, bottom - start.y});
  if (scrolls) {
    ImGui::EndChild();
    const float height = bottom - start.y;
    if (height != ui.state.approval.columns_height) {
      ui.state.approval.columns_height = height;
      ui.state.animating = true;
    }
  }
}

}  // namespace hada::ui
