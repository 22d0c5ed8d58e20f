#include "client/ui/term_search.h"

#include <algorithm>

#include "client/ui/fields.h"
#include "client/ui/format.h"
#include "client/ui/keys.h"
#include "client/ui/text_layout.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

constexpr size_t kShown = 6;

// One result; true when clicked.
bool result_row(Ui& ui, const std::string& name, const contract::Match& match, bool highlighted, bool taken) {
  const Palette& p = ui.palette;
  const bool japanese = ui.language == Language::Japanese;
  const std::string_view first = japanese ? match.term->ja : match.term->en;
  const std::string_view second = japanese ? match.term->en : match.term->ja;
  std::string below(second);
  // A synonym is said too, or the result would look unfounded.
  if (match.matched_name != match.term->en && match.matched_name != match.term->ja &&
      !match.matched_name.empty())
    below += "   " + ui.f(Text::ReadMatched, {match.matched_name});
  ui.shown(first);
  ui.shown(below);
  const float width = ImGui::GetContentRegionAvail().x, inset = ui.px(12), room = width - 2 * inset;
  const float risk = match.term->risk >= 2 ? badge_size(ui, ui.t(Text::ReadHighRisk)).x + ui.px(8) : 0;
  const float first_height = wrapped_size(ui.body(), first, room - risk).y;
  const float height =
      ui.px(10) + first_height + (below.empty() ? 0 : wrapped_size(ui.small(), below, room).y);

  ImGui::PushID(name.c_str());
  const bool clicked = ImGui::InvisibleButton("result", {width, height});
  const bool hovered = ImGui::IsItemHovered();
  ImGui::PopID();
  const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (highlighted)
    list->AddRectFilled(min, max, p.accent_soft, ui.px(6));
  else if (hovered)
    list->AddRectFilled(min, max, p.hover, ui.px(6));
  if (hovered && !taken) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  draw_wrapped(list, ui.body(), {min.x + inset, min.y + ui.px(5)}, taken ? p.text_faint : p.text, first,
               room - risk);
  if (risk > 0) draw_badge(ui, list, {max.x - risk, min.y + ui.px(5)}, ui.t(Text::ReadHighRisk), p.warn);
  draw_wrapped(list, ui.small(), {min.x + inset, min.y + ui.px(5) + first_height}, p.text_soft, below, room);
  ui.log(name, min, max, !taken, first);
  return clicked && !taken;
}

}  // namespace

std::string term_search(Ui& ui, std::string_view name, TermSearchState& state, Text hint,
                        const std::vector<std::string>& exclude) {
  const contract::Vocabulary* vocabulary = ui.model.vocabulary.get();
  const ImVec2 top = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const bool focus = std::exchange(state.focus, false);
  const FieldEvent event = text_field(ui, std::string(name) + ".search", state.query,
                                      {.hint = ui.t(vocabulary ? hint : Text::ReadVocabularyLoading),
                                       .enabled = vocabulary != nullptr,
                                       .focus = focus,
                                       .search = true});
  if (event.active) state.open = true;
  if (event.changed) state.candidate = 0;
  if (!state.open || !vocabulary) return {};

  const auto& recent = ui.model.settings.recent_terms;
  const auto matches = vocabulary->search(state.query, kShown, recent);
  const auto count = static_cast<int>(matches.size());
  if (event.down) ++state.candidate;
  if (event.up) --state.candidate;
  state.candidate = std::clamp(state.candidate, 0, std::max(0, count - 1));
  const auto taken = [&](const contract::Match& match) {
    return std::find(exclude.begin(), exclude.end(), "terms/" + match.term->id) != exclude.end();
  };

  const contract::Match* picked = nullptr;
  if (count > 0 || !state.query.empty()) {
    const Card card(ui, {.border = ui.palette.line_strong, .padding = 4});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, ui.px(1)});
    if (state.query.empty()) {
      const ImVec2 at = ImGui::GetCursorScreenPos();
      draw_text(ImGui::GetWindowDrawList(), ui.small(), {at.x + ui.px(12), at.y + ui.px(4)},
                ui.palette.text_soft, ui.t(Text::ReadSearchRecent));
      ImGui::Dummy({1, ui.px(26)});
    }
    if (count == 0) {
      ImGui::Dummy({1, ui.px(4)});
      ImGui::Indent(ui.px(12));
      paragraph(ui, ui.t(Text::ReadSearchNothing), {ui.small(), ui.palette.text_soft},
                ImGui::GetContentRegionAvail().x - ui.px(12));
      ImGui::Unindent(ui.px(12));
      ImGui::Dummy({1, ui.px(4)});
    }
    for (int i = 0; i < count; ++i) {
      const contract::Match& match = matches[static_cast<size_t>(i)];
      if (result_row(ui, std::string(name) + ".candidate." + std::to_string(i), match, i == state.candidate,
                     taken(match)))
        picked = &match;
    }
    ImGui::PopStyleVar();
    // Card's end looks at the spacing in force.
    ImGui::Dummy({0, 0});
  }
  if (event.entered && count > 0 && !taken(matches[static_cast<size_t>(state.candidate)]))
    picked = &matches[static_cast<size_t>(state.candidate)];

  const float bottom = ImGui::GetCursorScreenPos().y;
  const bool clicked_away = ImGui::IsMouseClicked(ImGuiMouseButton_Left) &&
                            !ImGui::IsMouseHoveringRect(top, {top.x + width, bottom}, false);
  // Escape leaves the field; a list that nobody is typing for goes too.
  const bool left_by_key = !event.active && !focus && !ImGui::IsMouseDown(ImGuiMouseButton_Left) &&
                           !event.entered && key_pressed(ImGuiKey_Escape);
  if (clicked_away || left_by_key) state.open = false;
  if (!picked) {
    // Enter without a result keeps the keyboard where it is.
    if (event.entered) state.focus = true;
    return {};
  }
  state = {};
  return "terms/" + picked->term->id;
}

float term_height(Ui& ui, const std::string& term, float width) {
  const TermNames names = names_of(ui, term);
  float height = wrapped_size(ui.body(), ui.shown(names.first), width).y;
  if (!names.second.empty()) height += wrapped_size(ui.small(), ui.shown(names.second), width).y;
  return height;
}

float draw_term(Ui& ui, ImDrawList* list, ImVec2 at, const std::string& term, float width) {
  const TermNames names = names_of(ui, term);
  draw_wrapped(list, ui.body(), at, ui.palette.text, names.first, width);
  const float first = wrapped_size(ui.body(), names.first, width).y;
  if (names.second.empty()) return first;
  draw_wrapped(list, ui.small(), {at.x, at.y + first}, ui.palette.text_soft, names.second, width);
  return first + wrapped_size(ui.small(), names.second, width).y;
}

}  // namespace hada::ui
