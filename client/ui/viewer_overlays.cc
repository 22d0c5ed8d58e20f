#include "client/ui/viewer_overlays.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

constexpr float kInset = 10, kMinimap = 132, kScaleBar = 150;
// A 10x objective gives about 1 um per pixel on the scanners in use (0.25 um at 40x).
constexpr double kMagnificationTimesMpp = 10;

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value < 9.95 && value != std::floor(value) ? "%.1f" : "%.0f", value);
  return text;
}

// A text on a dark pill; returns its right edge.
float pill(Ui& ui, ImVec2 at, std::string_view text, ImU32 colour) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 size = text_size(ui.small(), text), padding{ui.px(8), ui.px(3)};
  const ImVec2 max{at.x + size.x + 2 * padding.x, at.y + size.y + 2 * padding.y};
  list->AddRectFilled(at, max, ui.palette.shade, ui.px(5));
  draw_text(list, ui.small(), {at.x + padding.x, at.y + padding.y}, colour, text);
  return max.x;
}

float pill_height(const Ui& ui) { return ui.small()->FontSize + ui.px(6); }

std::string scale_text(double micrometres) {
  if (micrometres >= 10000) return number(micrometres / 10000) + " cm";
  if (micrometres >= 1000) return number(micrometres / 1000) + " mm";
  return number(micrometres) + " µm";
}

bool is_microscopic(ImageKind kind) {
  return kind == ImageKind::HistopathologyWsi || kind == ImageKind::HistopathologyField;
}

// "20×" where the optics are known, else how large an image pixel is shown.
std::string zoom_text(const Ui& ui, const PaneView& view) {
  const double zoom = view.viewport.zoom;
  if (is_microscopic(view.image.kind)) {
    double base = view.image.objective;
    if (base <= 0 && view.image.mpp_x > 0) base = kMagnificationTimesMpp / view.image.mpp_x;
    if (base > 0) return number(base * zoom) + "×";
  }
  const double percent = zoom * 100;
  return ui.f(Text::ViewerScreenPixels, {number(percent)});
}

void scale(Ui& ui, const PaneView& view) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float bottom = view.max.y - ui.px(kInset);
  float x = view.min.x + ui.px(kInset);
  const double longest = std::min(ui.px(kScaleBar), (view.max.x - view.min.x) * 0.35f) * view.ratio;
  const model::ScaleBar bar = model::scale_bar(view.viewport, view.image.mpp_x, longest);
  if (bar.display_pixels > 0) {
    const auto length = std::round(static_cast<float>(bar.display_pixels) / view.ratio);
    const std::string text = scale_text(bar.micrometres);
    const float width = std::max(length, text_size(ui.small(), text).x) + ui.px(16);
    const float height = ui.small()->FontSize + ui.px(14);
    list->AddRectFilled({x, bottom - height}, {x + width, bottom}, ui.palette.shade, ui.px(5));
    const float left = std::round(x + (width - length) / 2), y = std::round(bottom - ui.px(6));
    draw_text(list, ui.small(), {x + (width - text_size(ui.small(), text).x) / 2, bottom - height + ui.px(2)},
              ui.palette.on_shade, text);
    const ImU32 white = ui.palette.on_shade;
    list->AddLine({left, y}, {left + length, y}, white, 2);
    list->AddLine({left, y - ui.px(4)}, {left, y + 1}, white, 2);
    list->AddLine({left + length, y - ui.px(4)}, {left + length, y + 1}, white, 2);
    ui.log("viewer.scale." + std::to_string(view.pane), {left, y - ui.px(4)}, {left + length, y + 1}, true,
           text);
    x += width + ui.px(6);
  }
  pill(ui, {x, bottom - pill_height(ui)}, zoom_text(ui, view), ui.palette.on_shade);
}

void head(Ui& ui, const PaneView& view) {
  const auto& images = view.open.value->images;
  const auto index = static_cast<size_t>(&view.image - images.data());
  std::string text = ui.t(i18n::text_of(view.image.kind));
  if (images.size() > 1) text = std::to_string(index + 1) + "  " + text;
  if (!view.image.stain.empty()) text += " · " + view.image.stain;
  if (!view.image.dermoscopic_type.empty())
    text += " · " + std::string(i18n::word(view.image.dermoscopic_type, ui.language));
  ui.shown(text);
  const float top = view.min.y + ui.px(kInset);
  float right = pill(ui, {view.min.x + ui.px(kInset), top}, text, ui.palette.on_shade);
  if (view.image.image_manipulation == "synthetic" || view.image.image_manipulation == "altered") {
    const bool synthetic = view.image.image_manipulation == "synthetic";
    const ImU32 amber = IM_COL32(255, 200, 90, 255);
    right = pill(ui, {right + ui.px(6), top}, ui.t(synthetic ? Text::ViewerSynthetic : Text::ViewerAltered),
                 amber);
  }
}

void marks(Ui& ui, const PaneView& view) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 middle{(view.min.x + view.max.x) / 2, (view.min.y + view.max.y) / 2};
  if (view.image.levels.empty()) {
    const std::string_view text = ui.t(Text::ViewerNotReady);
    pill(ui, {middle.x - text_size(ui.small(), text).x / 2 - ui.px(8), middle.y}, text, ui.palette.on_shade);
    return;
  }
  const PaneStatus status = ui.resources.pane_status ? ui.resources.pane_status(view.pane) : PaneStatus{};
  if (status.failed_tiles > 0) {
    const std::string_view text = ui.t(Text::ViewerFailed);
    pill(ui, {view.min.x + ui.px(kInset), view.min.y + ui.px(kInset) + pill_height(ui) + ui.px(6)}, text,
         IM_COL32(255, 160, 160, 255));
  }
  if (status.pending_tiles == 0) return;
  if (!status.anything_drawn) {
    const std::string_view text = ui.t(Text::ViewerLoading);
    const float width = text_size(ui.small(), text).x + ui.px(40);
    const ImVec2 at{middle.x - width / 2, middle.y - ui.px(14)};
    list->AddRectFilled(at, {at.x + width, at.y + ui.px(28)}, ui.palette.shade, ui.px(5));
    list->AddCircle({at.x + ui.px(16), at.y + ui.px(14)}, ui.px(5), ui.palette.on_shade_soft, 16, 2);
    draw_text(list, ui.small(), {at.x + ui.px(28), at.y + (ui.px(28) - ui.small()->FontSize) / 2},
              ui.palette.on_shade, text);
  } else {
    // Finer tiles are on their way: a quiet dot, no text that flickers.
    list->AddCircleFilled({view.max.x - ui.px(16), view.min.y + ui.px(16)}, ui.px(4), ui.palette.shade, 12);
    list->AddCircleFilled({view.max.x - ui.px(16), view.min.y + ui.px(16)}, ui.px(3),
                          ui.palette.on_shade_soft, 12);
  }
}

}  // namespace

std::optional<Rect> minimap(Ui& ui, const PaneView& view) {
  const model::Viewport& v = view.viewport;
  if (v.image_width <= 0 || v.image_height <= 0) return std::nullopt;
  const contract::RectD seen = v.visible();
  const bool whole =
      seen.x0 <= 0.5 && seen.y0 <= 0.5 && seen.x1 >= v.image_width - 0.5 && seen.y1 >= v.image_height - 0.5;
  const float room = std::min((view.max.x - view.min.x) * 0.3f, (view.max.y - view.min.y) * 0.35f);
  if (whole || room < ui.px(48)) return std::nullopt;

  const auto aspect = static_cast<float>(v.image_width / v.image_height);
  const float side = std::min(ui.px(kMinimap), room);
  const float width = aspect >= 1 ? side : std::max(side * aspect, ui.px(24));
  const float height = aspect >= 1 ? std::max(side / aspect, ui.px(24)) : side;
  const ImVec2 max{view.max.x - ui.px(kInset), view.max.y - ui.px(kInset)},
      min{max.x - width, max.y - height};
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled({min.x - 3, min.y - 3}, {max.x + 3, max.y + 3}, ui.palette.shade, 4);
  const auto picture =
      ui.resources.thumbnail ? ui.resources.thumbnail(view.image.name) : UiResources::Picture{};
  if (picture.texture) list->AddImage(picture.texture, min, max);

  ImGui::SetCursorScreenPos(min);
  ImGui::InvisibleButton("minimap", {width, height});
  ui.log("viewer.minimap." + std::to_string(view.pane), min, max, true, {});
  if (ImGui::IsItemActive()) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const double x = static_cast<double>(std::clamp((mouse.x - min.x) / width, 0.0f, 1.0f)) * v.image_width;
    const double y = static_cast<double>(std::clamp((mouse.y - min.y) / height, 0.0f, 1.0f)) * v.image_height;
    if (std::abs(x - v.centre.x) > 0.5 || std::abs(y - v.centre.y) > 0.5)
      ui.wish(model::intent::CentreOn{view.pane, {x, y}});
    if (ImGui::IsItemActivated()) ui.wish(model::intent::FocusPane{view.pane});
  }

  const auto x_at = [&](double x) {
    return min.x + static_cast<float>(std::clamp(x / v.image_width, 0.0, 1.0)) * width;
  };
  const auto y_at = [&](double y) {
    return min.y + static_cast<float>(std::clamp(y / v.image_height, 0.0, 1.0)) * height;
  };
  ImVec2 a{x_at(seen.x0), y_at(seen.y0)}, b{x_at(seen.x1), y_at(seen.y1)};
  // Deep in a slide the seen part would be less than a pixel.
  const float least = ui.px(6);
  if (b.x - a.x < least) {
    const float middle = (a.x + b.x) / 2;
    a.x = middle - least / 2;
    b.x = middle + least / 2;
  }
  if (b.y - a.y < least) {
    const float middle = (a.y + b.y) / 2;
    a.y = middle - least / 2;
    b.y = middle + least / 2;
  }
  list->AddRectFilled(a, b, with_alpha(ui.palette.accent, 0.18f));
  list->AddRect({a.x - 1, a.y - 1}, {b.x + 1, b.y + 1}, IM_COL32(0, 0, 0, 140), 0, 0, 1);
  list->AddRect(a, b, IM_COL32(90, 220, 205, 255), 0, 0, 1.5f);
  return Rect{min, max};
}

void pane_overlays(Ui& ui, const PaneView& view) {
  head(ui, view);
  if (!view.image.levels.empty()) scale(ui, view);
  marks(ui, view);
  if (view.open.panes.panes.size() < 2) return;
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (view.open.panes.active == view.pane)
    list->AddRect(view.min, view.max, ui.palette.accent, 0, 0, 2);
  else
    list->AddRect(view.min, view.max, ui.palette.line, 0, 0, 1);
}

}  // namespace hada::ui
