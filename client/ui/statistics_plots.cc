#include "client/ui/statistics_plots.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "client/ui/format.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

constexpr float kRow = 30, kLabelShare = 0.34f, kWordsWidth = 150;

// Where the figures of a dot plot lie.
struct Scale {
  float left, right;
  double least;
  float at(double value) const {
    const double share = (std::clamp(value, least, 1.0) - least) / (1 - least);
    return left + static_cast<float>(share) * (right - left);
  }
};
Scale scale_at(const Ui& ui, float x, float width, double least) {
  return {x + width * kLabelShare + ui.px(10), x + width - ui.px(kWordsWidth), least};
}

void grid_lines(Ui& ui, const Scale& scale, float top, float bottom) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (const double tick : {0.0, 0.25, 0.5, 0.75, 1.0})
    list->AddLine({scale.at(tick), top}, {scale.at(tick), bottom},
                  tick == 0 ? ui.palette.line_strong : ui.palette.line);
}

}  // namespace

std::string two_digits(double value) {
  char text[16];
  std::snprintf(text, sizeof text, "%.2f", std::abs(value));
  return (std::lround(value * 100) < 0 ? "−" : "") + std::string(text);
}

void dot_row(Ui& ui, const DotRow& row, double least) {
  const Palette& p = ui.palette;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, height = ui.px(kRow), middle = at.y + height / 2;
  const Scale scale = scale_at(ui, at.x, width, least);
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw_ellipsized(list, ui.body(), {at.x, middle - ui.body()->FontSize / 2}, p.text, row.label,
                  width * kLabelShare);
  grid_lines(ui, scale, at.y, at.y + height);
  if (row.value) {
    if (row.low && row.high) {
      const float half = ui.px(3);
      list->AddRectFilled({scale.at(*row.low), middle - half}, {scale.at(*row.high), middle + half},
                          with_alpha(p.accent, 0.35f), half);
    }
    list->AddCircleFilled({scale.at(*row.value), middle}, ui.px(5), p.accent, 20);
  }
  const std::string_view words = row.value ? std::string_view(row.words) : "–";
  draw_ellipsized(list, ui.small(), {scale.right + ui.px(14), middle - ui.small()->FontSize / 2},
                  row.value ? p.text : p.text_faint, words, ui.px(kWordsWidth - 14));
  ui.log(row.name, at, {at.x + width, at.y + height}, true, words);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});  // the grid's lines go on in the next row
  ImGui::Dummy({width, height});
  ImGui::PopStyleVar();
}

void dot_axis(Ui& ui, double least) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const Scale scale = scale_at(ui, at.x, ImGui::GetContentRegionAvail().x, least);
  for (const double tick : {0.0, 0.5, 1.0}) {
    const std::string text = least < 0 ? two_digits(tick) : percent(tick);
    draw_text(ImGui::GetWindowDrawList(), ui.small(),
              {scale.at(tick) - text_size(ui.small(), text).x / 2, at.y + ui.px(2)}, ui.palette.text_soft,
              text);
  }
  ImGui::Dummy({0, ui.small()->FontSize + ui.px(4)});
}

std::optional<size_t> kappa_matrix(Ui& ui, const model::ReaderAgreement& agreement,
                                   const model::LevelAgreement& level) {
  const Palette& p = ui.palette;
  const size_t count = agreement.readers.size();
  const float row = ui.px(28), names = ui.px(190), head = ui.px(22);
  const float room = ImGui::GetContentRegionAvail().x - names - ui.px(4);
  const float cell =
      std::clamp(std::floor(room / static_cast<float>(std::max<size_t>(count, 1))), ui.px(34), ui.px(56));
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  std::optional<size_t> clicked;

  // The names stay while the cells scroll.
  ImDrawList* outer = ImGui::GetWindowDrawList();
  for (size_t i = 0; i < count; ++i) {
    const model::AgreementReader& reader = agreement.readers[i];
    const ImVec2 at{origin.x, origin.y + head + static_cast<float>(i) * row};
    ImGui::SetCursorScreenPos(at);
    ImGui::PushID(static_cast<int>(i));
    if (ImGui::InvisibleButton("reader", {names, row})) clicked = i;
    const bool hovered = ImGui::IsItemHovered();
    ImGui::PopID();
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (reader.name == ui.model.statistics->reader)
      outer->AddRectFilled(at, {at.x + names - ui.px(4), at.y + row - 1}, p.accent_soft, ui.px(5));
    else if (hovered)
      outer->AddRectFilled(at, {at.x + names - ui.px(4), at.y + row - 1}, p.hover, ui.px(5));
    const std::string number = std::to_string(i + 1);
    const float y = at.y + (row - ui.small()->FontSize) / 2;
    draw_text(outer, ui.small(), {at.x + ui.px(26) - text_size(ui.small(), number).x, y}, p.text_soft,
              number);
    const std::string_view name = ui.shown(reader.display_name.empty() ? reader.name : reader.display_name);
    draw_ellipsized(outer, ui.small(), {at.x + ui.px(36), y}, p.text, name, names - ui.px(44));
    ui.log("statistics.reader." + std::to_string(i), at, {at.x + names, at.y + row}, true, name);
  }

  ImGui::SetCursorScreenPos({origin.x + names, origin.y});
  const float all = cell * static_cast<float>(count), bar = all > room ? ui.px(14) : 0;
  ImGui::BeginChild("cells", {room, head + row * static_cast<float>(count) + bar}, false,
                    ImGuiWindowFlags_HorizontalScrollbar | ImGuiWindowFlags_NoNav);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 at = ImGui::GetCursorScreenPos();  // moves with the scroll
  for (size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i + 1);
    const float x = at.x + static_cast<float>(i) * cell;
    draw_text(list, ui.small(), {x + (cell - text_size(ui.small(), number).x) / 2, at.y}, p.text_soft,
              number);
    const float y = at.y + head + static_cast<float>(i) * row;
    list->AddRectFilled({x + 1, y + 1}, {x + cell - 1, y + row - 1}, p.line, ui.px(3));
  }
  const auto draw_cell = [&](const model::ReaderPair& pair, size_t line, size_t column) {
    const ImVec2 min{at.x + static_cast<float>(column) * cell + 1,
                     at.y + head + static_cast<float>(line) * row + 1};
    const ImVec2 max{min.x + cell - 2, min.y + row - 2};
    if (!ImGui::IsRectVisible(min, max)) return;
    const auto strength = static_cast<float>(std::clamp(pair.kappa.value_or(0), 0.0, 1.0));
    list->AddRectFilled(min, max, blend(p.raised, p.accent, strength * 0.85f), ui.px(3));
    const std::string text = pair.kappa ? two_digits(*pair.kappa) : "–";
    const ImVec2 size = text_size(ui.small(), text);
    draw_text(list, ui.small(), {(min.x + max.x - size.x) / 2, (min.y + max.y - size.y) / 2},
              strength > 0.55f ? p.on_accent : p.text, text);
    if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(min, max))
      tooltip(ui, ui.f(Text::StatisticsPairHint,
                       {ui.shown(agreement.readers[line].display_name),
                        ui.shown(agreement.readers[column].display_name), std::to_string(pair.agreed),
                        std::to_string(pair.common), text}));
  };
  for (const model::ReaderPair& pair : level.pairs) {
    draw_cell(pair, pair.first, pair.second);
    draw_cell(pair, pair.second, pair.first);
  }
  ImGui::Dummy({all, head + row * static_cast<float>(count)});
  ImGui::EndChild();
  return clicked;
}

}  // namespace hada::ui
