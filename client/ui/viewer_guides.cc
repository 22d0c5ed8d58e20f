// What helps the eye over an image: grid, registered points, the line of a comparison, the magnifier.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "client/model/linking.h"
#include "client/model/magnification.h"
#include "client/ui/keys.h"
#include "client/ui/viewer_overlays.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

constexpr double kLensMagnifies = 2.5, kGridLeast = 90;
constexpr float kInset = 10, kLensSide = 240, kGuideHeight = 44;
constexpr ImU32 kPoint = IM_COL32(90, 220, 205, 255), kDark = IM_COL32(0, 0, 0, 170);

// A line that shows on light and on dark tissue.
void two_tone_line(ImDrawList* list, ImVec2 a, ImVec2 b, ImU32 colour, float width) {
  list->AddLine(a, b, kDark, width + 2);
  list->AddLine(a, b, colour, width);
}

void point_mark(Ui& ui, ImDrawList* list, ImVec2 at, size_t number) {
  const float arm = ui.px(11), hole = ui.px(3);
  for (const ImVec2 d : {ImVec2{1, 0}, {-1, 0}, {0, 1}, {0, -1}})
    two_tone_line(list, {at.x + d.x * hole, at.y + d.y * hole}, {at.x + d.x * arm, at.y + d.y * arm}, kPoint,
                  1.5f);
  const std::string text = std::to_string(number);
  const ImVec2 size = text_size(ui.small(), text), corner{at.x + ui.px(6), at.y - ui.px(8) - size.y};
  list->AddRectFilled({corner.x - ui.px(4), corner.y}, {corner.x + size.x + ui.px(4), corner.y + size.y},
                      ui.palette.shade, ui.px(4));
  draw_text(list, ui.small(), corner, kPoint, text);
}

}  // namespace

void grid_lines(Ui& ui, const PaneView& view) {
  if (!ui.state.viewer.grid || view.image.levels.empty()) return;
  const model::Viewport& v = view.viewport;
  const model::GridStep step =
      model::grid_step(view.image, v, kGridLeast * static_cast<double>(ui.scale * view.ratio));
  if (step.pixels <= 0) return;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRect(view.min, view.max, true);
  const contract::RectD box = v.visible();
  const double x0 = std::max(0.0, box.x0), x1 = std::min(v.image_width, box.x1);
  const double y0 = std::max(0.0, box.y0), y1 = std::min(v.image_height, box.y1);
  const auto line = [&](model::PointD a, model::PointD b) {
    const ImVec2 from = view.on_screen(v.to_display(a)), to = view.on_screen(v.to_display(b));
    list->AddLine(from, to, IM_COL32(0, 0, 0, 70), 2);
    list->AddLine(from, to, IM_COL32(255, 255, 255, 120), 1);
  };
  for (double x = std::ceil(x0 / step.pixels) * step.pixels; x <= x1; x += step.pixels)
    line({x, y0}, {x, y1});
  for (double y = std::ceil(y0 / step.pixels) * step.pixels; y <= y1; y += step.pixels)
    line({x0, y}, {x1, y});
  list->PopClipRect();
  char pixels[32];
  std::snprintf(pixels, sizeof pixels, "%g px", step.pixels);
  const std::string text = std::string(ui.t(Text::ViewerGrid)) + " " +
                           (step.micrometres > 0 ? length_text(step.micrometres) : std::string(pixels));
  const ImVec2 at{view.min.x + ui.px(kInset), view.min.y + ui.px(kInset) + pill_height(ui) + ui.px(6)};
  const float right = pill(ui, at, text, ui.palette.on_shade_soft);
  ui.log("viewer.grid." + std::to_string(view.pane), at, {right, at.y + pill_height(ui)}, true, text);
}

void registration_points(Ui& ui, const PaneView& view) {
  if (!view.open.panes.registering) return;
  const model::Registering& task = *view.open.panes.registering;
  const bool first = view.image.name == task.first;
  if (!first && view.image.name != task.second) return;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRect(view.min, view.max, true);
  const auto& points = first ? task.first_points : task.second_points;
  for (size_t i = 0; i < points.size(); ++i)
    point_mark(ui, list, view.on_screen(view.viewport.to_display(points[i])), i + 1);
  if (view.image.name == task.wanted()) {
    // Where the keyboard sets a point.
    const ImVec2 m{std::round((view.min.x + view.max.x) / 2), std::round((view.min.y + view.max.y) / 2)};
    const float arm = ui.px(7);
    two_tone_line(list, {m.x - arm, m.y}, {m.x + arm, m.y}, IM_COL32(255, 255, 255, 150), 1);
    two_tone_line(list, {m.x, m.y - arm}, {m.x, m.y + arm}, IM_COL32(255, 255, 255, 150), 1);
    list->AddRect({view.min.x + 1, view.min.y + 1}, {view.max.x - 1, view.max.y - 1}, kPoint, 0, 0, 3);
  }
  list->PopClipRect();
}

void link_switch(Ui& ui, const PaneView& view) {
  if (view.open.panes.panes.size() < 2 || view.open.panes.comparison) return;
  const bool on = view.open.panes.panes[view.pane].link.has_value();
  const float side = ui.px(26);
  const ImVec2 min{view.max.x - ui.px(kInset) - side, view.min.y + ui.px(kInset)},
      max{min.x + side, min.y + side};
  ImGui::SetCursorScreenPos(min);
  const bool clicked = ImGui::InvisibleButton("link", {side, side});
  const bool hovered = ImGui::IsItemHovered();
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(min, max, on ? ui.palette.accent : ui.palette.shade, ui.px(5));
  if (hovered) list->AddRect(min, max, ui.palette.on_shade, ui.px(5));
  draw_icon(list, Icon::Chain, {(min.x + max.x) / 2, (min.y + max.y) / 2}, ui.px(15),
            on ? ui.palette.on_accent : ui.palette.on_shade);
  ui.log("viewer.link." + std::to_string(view.pane), min, max, true, on ? "on" : "off");
  if (hovered) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    tooltip(ui, with_key(ui, ui.t(Text::ViewerLinkThis), Command::ImagesLinkOne));
  }
  if (clicked) ui.wish(model::intent::SetLinked{view.pane, !on});
}

float comparison_line(Ui& ui, const PaneView& view) {
  const model::Comparison& comparison = *view.open.panes.comparison;
  const float width = view.max.x - view.min.x, grip = ui.px(14);
  const float x = std::round(view.min.x + width * static_cast<float>(comparison.split));
  ImGui::SetCursorScreenPos({x - grip / 2, view.min.y});
  ImGui::InvisibleButton("split", {grip, view.max.y - view.min.y});
  const bool held = ImGui::IsItemActive(), hovered = ImGui::IsItemHovered();
  if (held || hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  // The last movement may come together with the release.
  if ((held || ImGui::IsItemDeactivated()) && ImGui::GetIO().MouseDelta.x != 0)
    ui.wish(model::intent::SetSplit{static_cast<double>((ImGui::GetIO().MousePos.x - view.min.x) / width)});
  ImDrawList* list = ImGui::GetWindowDrawList();
  two_tone_line(list, {x, view.min.y}, {x, view.max.y}, IM_COL32_WHITE, held || hovered ? 3.0f : 2.0f);
  const float middle = std::round((view.min.y + view.max.y) / 2), radius = ui.px(13);
  list->AddCircleFilled({x, middle}, radius, IM_COL32(20, 24, 28, 235), 32);
  list->AddCircle({x, middle}, radius, IM_COL32_WHITE, 32, 1.5f);
  for (const float s : {-1.0f, 1.0f}) {
    const float tip = x + s * ui.px(8), back = x + s * ui.px(4);
    list->AddTriangleFilled({tip, middle}, {back, middle - ui.px(4)}, {back, middle + ui.px(4)},
                            IM_COL32_WHITE);
  }
  ui.log("viewer.split", {x - grip / 2, view.min.y}, {x + grip / 2, view.max.y}, true, comparison.over);
  if (const model::Image* over = view.open.find_image(comparison.over)) {
    const std::string text = label_of(ui, view.open, *over);
    const float length = text_size(ui.small(), ui.shown(text)).x + ui.px(16);
    const float left = view.max.x - ui.px(kInset) - length, top = view.min.y + ui.px(kInset);
    pill(ui, {left, top}, text, ui.palette.on_shade);
    caveats(ui, list, {left - ui.px(6), top}, true, view.open, *over);
  }
  return x;
}

bool mouse_on_compared(const PaneView& view) {
  const auto& comparison = view.open.panes.comparison;
  return comparison && static_cast<double>(ImGui::GetIO().MousePos.x - view.min.x) >
                           comparison->split * static_cast<double>(view.max.x - view.min.x);
}

std::optional<LensView> lens(Ui& ui, const PaneView& view, const model::Viewport& seen) {
  const bool key = held(ui, Command::ViewerLens);
  const bool button = ui.state.viewer.lens || ImGui::IsMouseDown(ImGuiMouseButton_Middle);
  if ((!key && !button) || view.image.levels.empty()) return std::nullopt;
  // At the mouse; for the keyboard alone in the middle of the active pane.
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const bool over_a_pane = !ui.state.panes.empty() && ui.state.viewer.mouse_over_pane;
  if (!view.hovered && (over_a_pane || view.open.panes.active != view.pane)) return std::nullopt;
  if (!view.hovered && !key) return std::nullopt;
  const ImVec2 middle{(view.min.x + view.max.x) / 2, (view.min.y + view.max.y) / 2};
  const ImVec2 at = view.hovered ? mouse : middle;
  const float side = std::round(
      std::min({ui.px(kLensSide), (view.max.x - view.min.x) * 0.6f, (view.max.y - view.min.y) * 0.6f}));
  LensView lens;
  // Inside the pane; what it shows is the mouse's place all the same.
  lens.min = {std::round(std::clamp(at.x - side / 2, view.min.x, view.max.x - side)),
              std::round(std::clamp(at.y - side / 2, view.min.y, view.max.y - side))};
  lens.max = {lens.min.x + side, lens.min.y + side};
  lens.view = seen;
  lens.view.centre = seen.to_image(view.in_pane(at));
  lens.view.zoom = seen.zoom * kLensMagnifies;
  lens.view.pane_width = lens.view.pane_height = std::round(static_cast<double>(side * view.ratio));
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRect({lens.min.x - 1, lens.min.y - 1}, {lens.max.x + 1, lens.max.y + 1}, kDark, 0, 0, 4);
  list->AddRect(lens.min, lens.max, IM_COL32(255, 255, 255, 235), 0, 0, 2);
  ui.log("viewer.lens", lens.min, lens.max, true, {});
  return lens;
}

float registration_guide(Ui& ui, const Rect& rect) {
  const model::OpenCase& open = *ui.model.open_case;
  if (!open.panes.registering) return 0;
  const model::Registering& task = *open.panes.registering;
  const auto number_of = [&](const std::string& name) {
    const model::Image* image = open.find_image(name);
    return image ? std::to_string(image - open.value->images.data() + 1) : std::string();
  };
  const Palette& p = ui.palette;
  const float height = ui.px(kGuideHeight), low = button_height(ui, true);
  const Region region(ui, "registration", rect.min, {rect.max.x, rect.min.y + height},
                      blend(p.panel, task.problem ? p.warn : p.accent, 0.16f));
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float middle = rect.min.y + height / 2;
  const std::string point = std::to_string(task.second_points.size() + 1);
  const std::string text = task.problem
                               ? std::string(ui.t(Text::RegisterLine))
                               : ui.f(task.wants_first() ? Text::RegisterFirst : Text::RegisterSecond,
                                      {point, number_of(task.wanted())});
  draw_icon(list, task.problem ? Icon::Warning : Icon::Register, {rect.min.x + ui.px(24), middle}, ui.px(16),
            task.problem ? p.warn : p.accent);
  // From the right; the text has the rest.
  float right = rect.max.x - ui.px(10);
  const auto action = [&](std::string_view name, Text label, std::string_view key, bool enabled) {
    const ButtonLook look{.enabled = enabled, .small = true, .shortcut = key};
    right -= button_width(ui, ui.t(label), look);
    ImGui::SetCursorScreenPos({right, std::round(middle - low / 2)});
    const bool clicked = button(ui, name, ui.t(label), look);
    right -= ui.px(6);
    return clicked;
  };
  if (action("register.cancel", Text::Cancel, "Esc", true)) ui.wish(model::intent::ToggleRegistration{});
  if (action("register.undo", Text::RegisterUndo, chord_text(ui, Command::RegisterUndo),
             !task.first_points.empty()))
    ui.wish(model::intent::UndoPoint{});
  if (model::registered_map(open.panes, task.first, task.second) &&
      action("register.forget", Text::RegisterForget, {}, true))
    ui.wish(model::intent::ForgetRegistration{});
  draw_ellipsized(list, ui.body(), {rect.min.x + ui.px(42), middle - ui.body()->FontSize / 2}, p.text, text,
                  right - rect.min.x - ui.px(50));
  ui.log("register.guide", rect.min, {rect.max.x, rect.min.y + height}, true, text);
  return height;
}

}  // namespace hada::ui
