#include <algorithm>
#include <cmath>

#include "client/ui/panels.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

constexpr float kThumbnail = 60;

void picture_of(Ui& ui, const model::Image& image, ImVec2 min, ImVec2 max) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(min, max, ui.palette.hover, ui.px(5));
  const auto picture = ui.resources.thumbnail ? ui.resources.thumbnail(image.name) : UiResources::Picture{};
  if (!picture.texture) return;
  ImVec2 uv0{0, 0}, uv1{1, 1};
  if (picture.aspect > 1) {
    uv0.x = (1 - 1 / picture.aspect) / 2;
    uv1.x = 1 - uv0.x;
  } else if (picture.aspect > 0) {
    uv0.y = (1 - picture.aspect) / 2;
    uv1.y = 1 - uv0.y;
  }
  list->AddImageRounded(picture.texture, min, max, uv0, uv1, IM_COL32_WHITE, ui.px(5));
}

// Width of the tools at the right end.
float tools(Ui& ui, const Rect& rect, const model::OpenCase& open) {
  const float low = button_height(ui, true), y = std::round((rect.min.y + rect.max.y - low) / 2);
  const size_t active = open.panes.active;
  const auto images = static_cast<int>(std::min<size_t>(open.value->images.size(), model::kMaxPanes));
  float right = rect.max.x - ui.px(12);
  const auto place = [&](float width) {
    right -= width;
    ImGui::SetCursorScreenPos({right, y});
  };
  const auto text_button = [&](std::string_view name, Text text, std::string_view key) {
    const ButtonLook look{.small = true, .shortcut = key};
    place(button_width(ui, ui.t(text), look));
    const bool clicked = button(ui, name, ui.t(text), look);
    right -= ui.px(6);
    return clicked;
  };
  const model::Viewport& v = open.panes.panes[active].viewport;
  const model::PointD middle{v.pane_width / 2, v.pane_height / 2};
  place(low);
  if (icon_button(ui, "viewer.zoom_in", Icon::Plus, ui.t(Text::ViewerZoomIn), {.small = true}))
    ui.wish(model::intent::ZoomAt{active, middle, 1.4});
  right -= ui.px(2);
  place(low);
  if (icon_button(ui, "viewer.zoom_out", Icon::Minus, ui.t(Text::ViewerZoomOut), {.small = true}))
    ui.wish(model::intent::ZoomAt{active, middle, 1 / 1.4});
  right -= ui.px(6);
  if (text_button("viewer.one_to_one", Text::ViewerOneToOne, "1")) ui.wish(model::intent::OneToOne{active});
  if (text_button("viewer.fit", Text::ViewerFit, "F")) ui.wish(model::intent::Fit{active});
  if (images > 1) {
    right -= ui.px(8);
    std::vector<std::string> digits;
    for (int i = 1; i <= images; ++i) digits.push_back(std::to_string(i));
    const std::vector<std::string_view> items(digits.begin(), digits.end());
    const float width = ui.px(30) * static_cast<float>(images);
    place(width);
    const int picked = segmented(ui, "viewer.layout", items, static_cast<int>(open.panes.panes.size()) - 1,
                                 {.width = width, .small = true, .first_number = 1});
    if (picked >= 0) ui.wish(model::intent::SetLayout{picked + 1});
    if (ImGui::IsMouseHoveringRect({right, y}, {right + width, y + low}))
      tooltip(ui, ui.f(Text::ViewerLayout, {std::to_string(open.panes.panes.size())}));
  }
  return rect.max.x - right;
}

}  // namespace

void filmstrip(Ui& ui, const Rect& rect) {
  const Region region(ui, "filmstrip", rect.min, rect.max, ui.palette.panel);
  const model::OpenCase& open = *ui.model.open_case;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddLine(rect.min, {rect.max.x, rect.min.y}, ui.palette.line);
  if (!open.value || open.panes.panes.empty()) return;
  const float tools_width = tools(ui, rect, open);

  const float side = ui.px(kThumbnail), between = ui.px(8);
  ImGui::SetCursorScreenPos({rect.min.x, rect.min.y});
  ImGui::BeginChild("images", {std::max(ui.px(80), rect.width() - tools_width - ui.px(12)), rect.height()},
                    false, ImGuiWindowFlags_HorizontalScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
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
    picture_of(ui, image, min, max);

    size_t shown_in = open.panes.panes.size();
    for (size_t p = 0; p < open.panes.panes.size(); ++p)
      if (open.panes.panes[p].image == image.name) shown_in = p;
    const bool shown = shown_in < open.panes.panes.size(), active = shown && shown_in == open.panes.active;
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
      if (shown)
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
