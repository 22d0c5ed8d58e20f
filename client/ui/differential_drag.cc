#include "client/ui/differential_drag.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "client/ui/format.h"
#include "client/ui/keys.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

struct Drop {
  size_t row = 0;  // tie: with this one; else: the place it takes
  bool tie = false;
  float y = 0;  // of the line between two rows
};

// The middle half of another row ties, what lies between the middles of two rows moves.
std::optional<Drop> drop_at(const std::vector<DragRow>& rows, size_t dragged, float y) {
  size_t before = 0;  // rows above the mouse
  for (size_t i = 0; i < rows.size(); ++i) {
    const float height = rows[i].max.y - rows[i].min.y;
    if (i != dragged && y > rows[i].min.y + height / 4 && y < rows[i].max.y - height / 4)
      return Drop{i, true, 0};
    if (y > rows[i].min.y + height / 2) before = i + 1;
  }
  const float line = before == 0             ? rows.front().min.y
                     : before == rows.size() ? rows.back().max.y
                                             : (rows[before - 1].max.y + rows[before].min.y) / 2;
  const size_t place = before > dragged ? before - 1 : before;
  if (place == dragged) return std::nullopt;
  return Drop{place, false, line};
}

void show_drop(Ui& ui, const model::ReadContent& content, const std::vector<DragRow>& rows,
               const Drop& drop) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const DragRow& row = rows[std::min(drop.row, rows.size() - 1)];
  std::string text;
  if (drop.tie) {
    list->AddRect(row.min, row.max, ui.palette.accent, ui.px(8), 0, ui.px(2.5f));
    text = ui.f(Text::DragTie, {names_of(ui, content.differential[drop.row].term).first});
  } else {
    list->AddRectFilled({row.min.x, drop.y - ui.px(1.5f)}, {row.max.x, drop.y + ui.px(1.5f)},
                        ui.palette.accent, ui.px(1.5f));
    text = ui.f(Text::DragMove, {std::to_string(drop.row + 1)});
  }
  tooltip(ui, text);
  ui.log("read.drop", row.min, row.max, true, text);
}

}  // namespace

void drag_handle(Ui& ui, size_t index, ImVec2 min, ImVec2 max) {
  const std::string name = "read.drag." + std::to_string(index + 1);
  const ImVec2 cursor = ImGui::GetCursorScreenPos();
  ImGui::SetCursorScreenPos(min);
  ImGui::InvisibleButton(name.c_str(), {std::max(1.0f, max.x - min.x), std::max(1.0f, max.y - min.y)});
  ui.log(name, min, max, true, {});
  if (ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  int& dragged = ui.state.read.dragged;
  if (dragged == ReadState::kNotDragging && ImGui::IsItemActive() &&
      ImGui::IsMouseDragging(ImGuiMouseButton_Left, ui.px(5)))
    dragged = static_cast<int>(index);
  ImGui::SetCursorScreenPos(cursor);
}

void note_row(Ui& ui, ImVec2 min, ImVec2 max) { ui.state.read.drag_rows.push_back({min, max}); }

void finish_drag(Ui& ui, const model::ReadContent& content) {
  const std::vector<DragRow> rows = std::exchange(ui.state.read.drag_rows, {});
  int& dragged = ui.state.read.dragged;
  const bool down = ImGui::IsMouseDown(ImGuiMouseButton_Left);
  if (dragged >= 0 && static_cast<size_t>(dragged) < rows.size()) {
    const auto from = static_cast<size_t>(dragged);
    ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeNS);
    const auto drop = drop_at(rows, from, ImGui::GetIO().MousePos.y);
    if (down && drop) show_drop(ui, content, rows, *drop);
    if (key_pressed(ImGuiKey_Escape)) dragged = ReadState::kDragGivenUp;
    if (!down && drop && drop->tie) ui.wish(model::intent::TieDiagnosis{from, drop->row});
    if (!down && drop && !drop->tie) {
      ui.wish(model::intent::MoveDiagnosis{from, drop->row});
      ui.state.read.select(drop->row);
    }
  }
  if (!down) dragged = ReadState::kNotDragging;
}

}  // namespace hada::ui
