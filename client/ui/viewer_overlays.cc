#include "client/ui/viewer_overlays.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "client/model/magnification.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

constexpr float kInset = 10, kMinimap = 132, kScaleBar = 150;
constexpr ImU32 kManipulated = IM_COL32(255, 200, 90, 255), kAdjusted = IM_COL32(140, 215, 255, 255);
constexpr ImU32 kBeyond = IM_COL32(255, 110, 100, 255);  // larger than the image's own pixels

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value < 9.95 && value != std::floor(value) ? "%.1f" : "%.0f", value);
  return text;
}

// "20×" where the optics are known, else how large an image pixel is shown.
std::string zoom_text(const Ui& ui, const PaneView& view) {
  const double magnification = model::magnification_of(view.image, view.viewport);
  if (model::is_microscopic(view.image.kind) && magnification > 0) return number(magnification) + "×";
  return ui.f(Text::ViewerScreenPixels, {number(view.viewport.zoom * 100)});
}

std::string whole_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f", value);
  return text;
}

// Where the mouse is in the image: pixels, and millimetres where a pixel's size is known.
std::string coordinates_text(const PaneView& view, model::PointD at) {
  std::string text = "x " + whole_number(std::floor(at.x)) + "  y " + whole_number(std::floor(at.y)) + " px";
  if (view.image.mpp_x > 0) {
    const double down = view.image.mpp_y > 0 ? view.image.mpp_y : view.image.mpp_x;
    char mm[64];
    std::snprintf(mm, sizeof mm, "  ·  %.2f, %.2f mm", at.x * view.image.mpp_x / 1000, at.y * down / 1000);
    text += mm;
  }
  return text;
}

void scale(Ui& ui, const PaneView& view, float right_end) {
  const float bottom = view.max.y - ui.px(kInset), left = view.min.x + ui.px(kInset), between = ui.px(6);
  float x = draw_scale_bar(ui, ImGui::GetWindowDrawList(), view, {left, bottom});
  if (x > left) x += between;
  const float y = bottom - pill_height(ui);
  const bool beyond = model::beyond_native(view.viewport.zoom);
  std::string text = zoom_text(ui, view);
  if (beyond) text += std::string("  ·  ") + ui.t(Text::ViewerBeyond);
  x = pill(ui, {x, y}, text, beyond ? kBeyond : ui.palette.on_shade);
  if (!view.hovered || mouse_on_compared(view)) return;
  const model::PointD at = view.viewport.to_image(view.in_pane(ImGui::GetIO().MousePos));
  if (at.x < 0 || at.y < 0 || at.x >= view.viewport.image_width || at.y >= view.viewport.image_height) return;
  const std::string place = coordinates_text(view, at);
  const float width = text_size(ui.small(), place).x + ui.px(16);
  ImVec2 where{x + between, y};
  if (where.x + width > right_end - between) where = {left, bottom - ui.px(40) - pill_height(ui)};
  pill(ui, where, place, ui.palette.on_shade_soft);
  ui.log("viewer.coordinates", where, {where.x + width, where.y + pill_height(ui)}, true, place);
}

void head(Ui& ui, const PaneView& view) {
  const std::string text = label_of(ui, view.open, view.image);
  ui.shown(text);
  const float top = view.min.y + ui.px(kInset);
  const float right = pill(ui, {view.min.x + ui.px(kInset), top}, text, ui.palette.on_shade);
  caveats(ui, ImGui::GetWindowDrawList(), {right + ui.px(6), top}, false, view.open, view.image);
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
    // Finer tiles are on their way: a quiet dot, no text that flickers. Beside the pane's switch, if it has
    // one.
    const float x = view.max.x - ui.px(view.open.panes.panes.size() > 1 ? 50 : 18),
                y = view.min.y + ui.px(22);
    list->AddCircleFilled({x, y}, ui.px(4), ui.palette.shade, 12);
    list->AddCircleFilled({x, y}, ui.px(3), ui.palette.on_shade_soft, 12);
  }
}

// Dims what has not yet been in view large enough to be judged; what was keeps its colours.
void dim_unseen(ImDrawList* list, const model::Coverage& seen, ImVec2 min, ImVec2 max) {
  const auto columns = static_cast<float>(seen.columns()), rows = static_cast<float>(seen.rows());
  const auto x_at = [&](int column) {
    return std::round(min.x + (max.x - min.x) * static_cast<float>(column) / columns);
  };
  const auto y_at = [&](int row) {
    return std::round(min.y + (max.y - min.y) * static_cast<float>(row) / rows);
  };
  for (int row = 0; row < seen.rows(); ++row) {
    for (int column = 0; column < seen.columns();) {
      int end = column;
      while (end < seen.columns() && !seen.at(end, row)) ++end;
      if (end > column)
        list->AddRectFilled({x_at(column), y_at(row)}, {x_at(end), y_at(row + 1)}, IM_COL32(8, 14, 22, 120));
      column = std::max(end, column + 1);
    }
  }
}

}  // namespace

float pill_height(const Ui& ui) { return ui.small()->FontSize + ui.px(6); }

float pill(Ui& ui, ImVec2 at, std::string_view text, ImU32 colour) {
  return pill(ui, ImGui::GetWindowDrawList(), at, text, colour);
}

float pill(Ui& ui, ImDrawList* list, ImVec2 at, std::string_view text, ImU32 colour) {
  const ImVec2 size = text_size(ui.small(), text), padding{ui.px(8), ui.px(3)};
  const ImVec2 max{at.x + size.x + 2 * padding.x, at.y + size.y + 2 * padding.y};
  list->AddRectFilled(at, max, ui.palette.shade, ui.px(5));
  draw_text(list, ui.small(), {at.x + padding.x, at.y + padding.y}, colour, text);
  return max.x;
}

std::string length_text(double micrometres) {
  if (micrometres >= 10000) return number(micrometres / 10000) + " cm";
  if (micrometres >= 1000) return number(micrometres / 1000) + " mm";
  return number(micrometres) + " µm";
}

std::string label_of(const Ui& ui, const model::OpenCase& open, const model::Image& image) {
  const auto& images = open.value->images;
  std::string text = ui.t(i18n::text_of(image.kind));
  if (images.size() > 1) text = std::to_string(&image - images.data() + 1) + "  " + text;
  if (!image.stain.empty()) text += " · " + image.stain;
  if (!image.dermoscopic_type.empty())
    text += " · " + std::string(i18n::word(image.dermoscopic_type, ui.language));
  return text;
}

void caveats(Ui& ui, ImDrawList* list, ImVec2 at, bool ends_there, const model::OpenCase& open,
             const model::Image& image) {
  const auto mark = [&](std::string_view text, ImU32 colour) {
    const float width = text_size(ui.small(), text).x + ui.px(16);
    if (ends_there) at.x -= width;
    pill(ui, list, at, text, colour);
    at.x += ends_there ? -ui.px(6) : width + ui.px(6);
  };
  if (image.image_manipulation == "synthetic") mark(ui.t(Text::ViewerSynthetic), kManipulated);
  if (image.image_manipulation == "altered") mark(ui.t(Text::ViewerAltered), kManipulated);
  if (!ui.state.adjust.compare && !model::is_neutral(model::adjustments_of(open, image.name)))
    mark(ui.t(Text::ViewerAdjusted), kAdjusted);
}

float draw_scale_bar(Ui& ui, ImDrawList* list, const PaneView& view, ImVec2 lower_left) {
  const double longest = std::min(ui.px(kScaleBar), (view.max.x - view.min.x) * 0.35f) * view.ratio;
  const model::ScaleBar bar = model::scale_bar(view.viewport, view.image.mpp_x, longest);
  if (bar.display_pixels <= 0) return lower_left.x;
  const float x = lower_left.x, bottom = lower_left.y;
  const auto length = std::round(static_cast<float>(bar.display_pixels) / view.ratio);
  const std::string text = length_text(bar.micrometres);
  const float width = std::max(length, text_size(ui.small(), text).x) + ui.px(16);
  const float height = ui.small()->FontSize + ui.px(14);
  const ImU32 colour = model::beyond_native(view.viewport.zoom) ? kBeyond : ui.palette.on_shade;
  list->AddRectFilled({x, bottom - height}, {x + width, bottom}, ui.palette.shade, ui.px(5));
  const float left = std::round(x + (width - length) / 2), y = std::round(bottom - ui.px(6));
  draw_text(list, ui.small(), {x + (width - text_size(ui.small(), text).x) / 2, bottom - height + ui.px(2)},
            colour, text);
  list->AddLine({left, y}, {left + length, y}, colour, 2);
  list->AddLine({left, y - ui.px(4)}, {left, y + 1}, colour, 2);
  list->AddLine({left + length, y - ui.px(4)}, {left + length, y + 1}, colour, 2);
  if (list == ImGui::GetWindowDrawList())
    ui.log("viewer.scale." + std::to_string(view.pane), {left, y - ui.px(4)}, {left + length, y + 1}, true,
           text);
  return x + width;
}

std::optional<Rect> minimap(Ui& ui, const PaneView& view) {
  const model::Viewport& v = view.viewport;
  if (v.image_width <= 0 || v.image_height <= 0) return std::nullopt;
  bool whole = true;
  for (const model::PointD corner :
       {model::PointD{0, 0}, {v.image_width, 0}, {0, v.image_height}, {v.image_width, v.image_height}}) {
    const model::PointD at = v.to_display(corner);
    whole &= at.x >= -1 && at.y >= -1 && at.x <= v.pane_width + 1 && at.y <= v.pane_height + 1;
  }
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
  if (const auto seen = view.open.panes.seen.find(view.image.name); seen != view.open.panes.seen.end())
    dim_unseen(list, seen->second, min, max);

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

  const auto place = [&](model::PointD display) {
    const model::PointD at = v.to_image(display);
    return ImVec2{min.x + static_cast<float>(at.x / v.image_width) * width,
                  min.y + static_cast<float>(at.y / v.image_height) * height};
  };
  ImVec2 corners[] = {place({0, 0}), place({v.pane_width, 0}), place({v.pane_width, v.pane_height}),
                      place({0, v.pane_height})};
  // Deep in a slide the seen part would be less than a pixel.
  const float least = ui.px(6);
  if (std::hypot(corners[2].x - corners[0].x, corners[2].y - corners[0].y) < least) {
    const ImVec2 m = place({v.pane_width / 2, v.pane_height / 2});
    const float half = least / 2;
    corners[0] = {m.x - half, m.y - half};
    corners[1] = {m.x + half, m.y - half};
    corners[2] = {m.x + half, m.y + half};
    corners[3] = {m.x - half, m.y + half};
  }
  list->PushClipRect({min.x - 2, min.y - 2}, {max.x + 2, max.y + 2}, true);
  list->AddConvexPolyFilled(corners, 4, with_alpha(ui.palette.accent, 0.18f));
  list->AddPolyline(corners, 4, IM_COL32(0, 0, 0, 140), ImDrawFlags_Closed, 3);
  list->AddPolyline(corners, 4, IM_COL32(90, 220, 205, 255), ImDrawFlags_Closed, 1.5f);
  list->PopClipRect();
  return Rect{min, max};
}

void pane_overlays(Ui& ui, const PaneView& view, const std::optional<Rect>& map) {
  head(ui, view);
  if (!view.image.levels.empty()) scale(ui, view, map ? map->min.x : view.max.x);
  marks(ui, view);
  if (view.open.panes.panes.size() < 2 || view.open.panes.comparison) return;
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (view.open.panes.active == view.pane)
    list->AddRect(view.min, view.max, ui.palette.accent, 0, 0, 2);
  else
    list->AddRect(view.min, view.max, ui.palette.line, 0, 0, 1);
}

}  // namespace hada::ui
