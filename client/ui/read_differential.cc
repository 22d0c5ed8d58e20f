#include <algorithm>

#include "client/model/read_draft.h"
#include "client/ui/differential_drag.h"
#include "client/ui/format.h"
#include "client/ui/keys.h"
#include "client/ui/read_parts.h"
#include "client/ui/term_search.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

// One diagnosis: rank, names, what can be done with it, confidence.
void diagnosis_row(Ui& ui, const model::ReadContent& content, size_t index) {
  const model::Diagnosis& diagnosis = content.differential[index];
  const Palette& p = ui.palette;
  const std::string number = std::to_string(index + 1);
  const bool current =
      ui.state.read.current == static_cast<int>(index) || ui.state.read.dragged == static_cast<int>(index);
  const bool tied = model::is_tied(content, index);
  const size_t count = content.differential.size();

  const ImVec2 card_top = ImGui::GetCursorScreenPos();
  const float card_width = ImGui::GetContentRegionAvail().x;
  {
    const Card card(
        ui, {.fill = current ? p.accent_soft : p.raised, .border = current ? p.accent : 0, .padding = 10});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ui.px(4), ui.px(6)});
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, low = button_height(ui, true);

    const float radius = ui.px(12);
    const ImVec2 centre{at.x + radius, at.y + radius};
    const std::string rank = std::to_string(diagnosis.rank);
    list->AddCircleFilled(centre, radius, diagnosis.rank == 1 ? p.accent : p.line_strong, 24);
    const ImVec2 size = text_size(ui.small(), rank);
    draw_text(list, ui.small(), {centre.x - size.x / 2, centre.y - size.y / 2},
              diagnosis.rank == 1 ? p.on_accent : p.text, rank);

    // Tools from the right; the tie only where there is one above.
    const int tools = 3 + (index > 0 ? 1 : 0);
    const float tools_width = static_cast<float>(tools) * low;
    const float names_left = at.x + 2 * radius + ui.px(10);
    const float names_width = at.x + width - tools_width - ui.px(6) - names_left;
    const TermNames names = names_of(ui, diagnosis.term);
    ui.shown(names.first);
    float y = at.y + ui.px(1);
    draw_wrapped(list, ui.strong(), {names_left, y}, p.text, names.first, names_width);
    y += wrapped_size(ui.strong(), names.first, names_width).y;
    if (!names.second.empty()) {
      draw_wrapped(list, ui.small(), {names_left, y}, p.text_soft, ui.shown(names.second), names_width);
      y += wrapped_size(ui.small(), names.second, names_width).y;
    }
    if (names.risk >= 2) {
      draw_badge(ui, list, {names_left, y + ui.px(2)}, ui.t(Text::ReadHighRisk), p.warn);
      y += badge_size(ui, ui.t(Text::ReadHighRisk)).y + ui.px(4);
    }

    drag_handle(ui, index, at, {names_left + names_width, std::max(y, at.y + low)});
    float x = at.x + width - tools_width;
    const auto tool = [&](std::string_view name, Icon icon, Text tip, bool enabled, bool pressed = false) {
      ImGui::SetCursorScreenPos({x, at.y - ui.px(2)});
      x += low;
      return icon_button(ui, std::string("read.") + std::string(name) + "." + number, icon, ui.t(tip),
                         {.enabled = enabled, .small = true, .pressed = pressed});
    };
    if (index > 0 && tool("tie", Icon::Tie, Text::ReadTie, true, tied))
      ui.wish(model::intent::SetTied{index, !tied});
    if (tool("up", Icon::ArrowUp, Text::ReadMoveUp, index > 0))
      ui.wish(model::intent::MoveDiagnosis{index, index - 1});
    if (tool("down", Icon::ArrowDown, Text::ReadMoveDown, index + 1 < count))
      ui.wish(model::intent::MoveDiagnosis{index, index + 1});
    if (tool("remove", Icon::Cross, Text::ReadRemove, true)) {
      ui.wish(model::intent::RemoveDiagnosis{index});
      ui.state.read.current = -1;
    }

    ImGui::SetCursorScreenPos({at.x, std::max(y, at.y + low) + ui.px(6)});
    const std::string_view word = ui.t(confidence_text(diagnosis.confidence));
    // The longest word decides, so that the control does not jump.
    float word_width = 0;
    for (int c = 1; c <= 5; ++c)
      word_width = std::max(word_width, text_size(ui.small(), ui.t(confidence_text(c))).x);
    const std::string_view label = ui.t(Text::ReadConfidence);
    const float label_width = text_size(ui.small(), label).x;
    const ImVec2 row = ImGui::GetCursorScreenPos();
    const float text_y = row.y + (low - ui.small()->FontSize) / 2;
    draw_text(list, ui.small(), {row.x, text_y}, p.text_soft, label);
    draw_text(list, ui.small(), {row.x + width - word_width, text_y}, p.text, word);
    ImGui::SetCursorScreenPos({row.x + label_width + ui.px(10), row.y});
    const int picked =
        segmented(ui, "read.confidence." + number, {"1", "2", "3", "4", "5"}, diagnosis.confidence - 1,
                  {.width = width - label_width - word_width - ui.px(20), .small = true, .first_number = 1});
    if (picked >= 0) {
      ui.wish(model::intent::SetConfidence{index, picked + 1});
      ui.state.read.select(index);
    }
    ImGui::PopStyleVar();
  }
  const ImVec2 card_end{card_top.x + card_width, ImGui::GetItemRectMax().y};
  note_row(ui, card_top, card_end);
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) && ImGui::IsWindowHovered() &&
      ImGui::IsMouseHoveringRect(card_top, card_end))
    ui.state.read.select(index);
}

}  // namespace

void edit_differential(Ui& ui, const model::ReadTask& reading) {
  const model::ReadContent& content = reading.content;
  const size_t count = content.differential.size();
  if (ui.state.read.current >= static_cast<int>(count)) ui.state.read.current = static_cast<int>(count) - 1;
  section(
      ui, ui.t(Text::ReadDifferential),
      ui.f(Text::ReadDifferentialCount, {std::to_string(count), std::to_string(model::kMaxDifferential)}));
  if (count == 0 && !ui.state.read.search.open)
    paragraph(ui, ui.f(Text::ReadDifferentialEmpty, {chord_text(ui, Command::ReadDiagnosis)}),
              {ui.small(), ui.palette.text_soft});
  for (size_t i = 0; i < count; ++i) diagnosis_row(ui, content, i);
  finish_drag(ui, content);
  if (count >= model::kMaxDifferential) {
    paragraph(ui, ui.t(Text::ReadSearchFull), {ui.small(), ui.palette.text_soft});
    return;
  }
  std::vector<std::string> present;
  for (const model::Diagnosis& diagnosis : content.differential) present.push_back(diagnosis.term);
  if (std::exchange(ui.state.read.scroll_to_search, false)) ImGui::SetScrollHereY(0.3f);
  const std::string picked =
      term_search(ui, "read.diagnosis", ui.state.read.search, Text::ReadSearchHint, present);
  if (picked.empty()) return;
  ui.wish(model::intent::AddDiagnosis{picked});
  ui.state.read.select(count);  // the number keys rate it next
}

}  // namespace hada::ui
