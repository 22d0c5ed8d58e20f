#include <algorithm>
#include <cmath>

#include "client/ui/image_review.h"
#include "client/ui/panels.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

constexpr float kThumbnail = 60;

}  // namespace

void filmstrip(Ui& ui, const Rect& rect) {
  const Region region(ui, "filmstrip", rect.min, rect.max, ui.palette.panel);
  const model::OpenCase& open = *ui.model.open_case;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddLine(rect.min, {rect.max.x, rect.min.y}, ui.palette.line);
  if (!open.value || open.panes.panes.empty()) return;
  const float side = ui.px(kThumbnail), between = ui.px(8);
  ImGui::SetCursorScreenPos({rect.min.x, rect.min.y});
  ImGui::BeginChild("images", {rect.width(), rect.height()}, false,
                    ImGuiWindowFlags_HorizontalScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  if (ImGui::IsWindowHovered() && ImGui::GetIO().MouseWheel != 0)
    ImGui::SetScrollX(ImGui::GetScrollX() - ImGui::GetIO().MouseWheel * side);
  list = ImGui::GetWindowDrawList();
  float x = ImGui::GetCursorScreenPos().x + ui.px(12);
  const float y = std::round(rect.min.y + (rect.height() - side) / 2);
  std::vector<std::string> wanted;
  for (size_t i = 0; i < open.value->images.size(); ++i) {
    const model::Image& image = open.value->images[i];
    wanted.push_back(image.name);
    const ImVec2 min{x, y}, max{x + side, y + side};
    ImGui::SetCursorScreenPos(min);
    ImGui::PushID(static_cast<int>(i));
    const bool clicked = ImGui::InvisibleButton("image", {side, side});
    const bool hovered = ImGui::IsItemHovered();
    ImGui::PopID();
    const std::string kind = ui.t(i18n::text_of(image.kind));
    ui.log("filmstrip." + std::to_string(i), min, max, true, kind);
    draw_thumbnail(ui, image.name, min, max);
    if (image.exclusion != RejectCode::Unspecified) draw_left_out(ui, min, max);

    size_t shown_in = open.panes.panes.size();
    for (size_t p = 0; p < open.panes.panes.size(); ++p)
      if (open.panes.panes[p].image == image.name) shown_in = p;
    bool shown = shown_in < open.panes.panes.size(), active = shown && shown_in == open.panes.active;
    if (const auto& comparison = open.panes.comparison) {
      active = shown_in == comparison->pane;
      shown = active || image.name == comparison->over;
    }
    const ImU32 border = active    ? ui.palette.accent
                         : shown   ? ui.palette.text_soft
                         : hovered ? ui.palette.line_strong
                                   : 0;
    if (border)
      list->AddRect({min.x - 2, min.y - 2}, {max.x + 2, max.y + 2}, border, ui.px(6), 0,
                    active ? 2.5f : 1.5f);
    const std::string digit = std::to_string(i + 1);
    const ImVec2 size = text_size(ui.small(), digit);
    list->AddRectFilled({min.x + 3, min.y + 3}, {min.x + 3 + size.x + ui.px(8), min.y + 3 + size.y},
                        ui.palette.shade, ui.px(4));
    draw_text(list, ui.small(), {min.x + 3 + ui.px(4), min.y + 3}, ui.palette.on_shade, digit);
    const auto flags = open.reading.content.image_flags.find(image.name);
    if (flags != open.reading.content.image_flags.end() && !flags->second.empty())
      list->AddCircleFilled({max.x - ui.px(8), min.y + ui.px(9)}, ui.px(5), ui.palette.warn, 16);
    if (hovered) {
      ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
      tooltip(ui, kind);
    }
    if (clicked) {
      if (open.panes.comparison)
        ui.wish(model::intent::CompareWith{image.name});
      else if (shown)
        ui.wish(model::intent::FocusPane{shown_in});
      else
        ui.wish(model::intent::ShowImage{open.panes.active, image.name});
    }
    x += side + between;
  }
  ImGui::SetCursorScreenPos({x, y});
  ImGui::Dummy({ui.px(4), 1});
  ImGui::EndChild();
  if (wanted != ui.state.wanted_thumbnails) {
    ui.state.wanted_thumbnails = wanted;
    ui.wish(model::intent::WantThumbnails{std::move(wanted)});
  }
}

}  // namespace hada::ui
