// The panes: where the app draws the images, and what lies over them. Viewports count framebuffer pixels;
// ImGui counts units. `ratio` is pixels per unit.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <numbers>

#include "client/model/linking.h"
#include "client/ui/comments.h"
#include "client/ui/format.h"
#include "client/ui/keys.h"
#include "client/ui/panels.h"
#include "client/ui/tools/tools.h"
#include "client/ui/viewer_keys.h"
#include "client/ui/viewer_overlays.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

using model::Viewport;

constexpr double kWheelStep = 1.25, kSidewaysStep = 60;  // the latter in units a click of the wheel

float pixels_per_unit() { return ImGui::GetIO().DisplayFramebufferScale.x; }

// The time since the last frame; a frame after a sleep is not one long step.
double frame_seconds() { return std::min(static_cast<double>(ImGui::GetIO().DeltaTime), 0.05); }

// Spends part of a pane's pending zoom, so that it glides; most of it within a tenth of a second.
void glide_zoom(Ui& ui, size_t pane) {
  const auto it = ui.state.viewer.glides.find(pane);
  if (it == ui.state.viewer.glides.end()) return;
  ViewerState::Glide& glide = it->second;
  const double part = 1 - std::exp(-static_cast<double>(ImGui::GetIO().DeltaTime) * 20);
  double step = glide.log_factor * part;
  const bool last = std::abs(glide.log_factor - step) < 0.004 || ui.model.settings.reduced_motion;
  if (last) step = glide.log_factor;
  ui.wish(model::intent::ZoomAt{pane, {glide.x, glide.y}, std::exp(step)});
  glide.log_factor -= step;
  if (last)
    ui.state.viewer.glides.erase(it);
  else
    ui.state.animating = true;
}

// What was let go in motion goes on for a while.
void glide_pan(Ui& ui, size_t pane) {
  ViewerState& viewer = ui.state.viewer;
  if (viewer.pan_pane != pane || !viewer.pan.moving()) return;
  const model::PointD step = viewer.pan.step(frame_seconds());
  ui.wish(model::intent::Pan{pane, step.x, step.y});
  if (viewer.pan.moving()) ui.state.animating = true;
}

// What was thrown or is still zooming was another image.
void still_for_another_image(Ui& ui, size_t pane, const std::string& image) {
  ViewerState& viewer = ui.state.viewer;
  std::string& shown = viewer.shown[pane];
  if (shown == image) return;
  shown = image;
  viewer.glides.erase(pane);
  if (viewer.pan_pane == pane) viewer.pan.stop();
}

// The hand's direction from the pane's middle, degrees clockwise.
double angle_of(const PaneView& view, model::PointD at) {
  return std::atan2(at.y - view.viewport.pane_height / 2, at.x - view.viewport.pane_width / 2) * 180 /
         std::numbers::pi;
}

void turn_freely(Ui& ui, const PaneView& view, model::PointD at) {
  const double wanted = model::snapped_degrees(ui.state.viewer.turned_from + angle_of(view, at));
  const double step = wanted - view.viewport.rotation;
  if (step != 0) ui.wish(model::intent::TurnBy{view.pane, step});
}

void wheel(Ui& ui, const PaneView& view, model::PointD cursor) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.MouseWheel == 0 && io.MouseWheelH == 0) return;
  ui.state.viewer.pan.stop();
  // Two fingers on a trackpad send parts of a step in both directions: the larger one is meant.
  const bool sideways = io.KeyShift || std::abs(io.MouseWheelH) > std::abs(io.MouseWheel);
  if (!sideways)
    return add_zoom(ui, view.pane, std::pow(kWheelStep, static_cast<double>(io.MouseWheel)), cursor);
  const float turned = io.MouseWheelH != 0 ? io.MouseWheelH : io.MouseWheel;
  ui.wish(
      model::intent::Pan{view.pane, static_cast<double>(turned * view.ratio * ui.scale) * kSidewaysStep, 0});
}

// While a white is being picked, the click belongs to it.
bool pick_white(Ui& ui, const PaneView& view, model::PointD cursor) {
  AdjustState& state = ui.state.adjust;
  if (!state.picking || !view.hovered) return false;
  if (mouse_on_compared(view)) return true;  // the pane's own image is not what is seen there
  const ImVec2 at = ImGui::GetIO().MousePos;
  ImDrawList* list = ImGui::GetForegroundDrawList();
  list->AddCircle(at, ui.px(9), IM_COL32(0, 0, 0, 200), 24, 3);
  list->AddCircle(at, ui.px(9), IM_COL32_WHITE, 24, 1.5f);
  if (ImGui::IsItemActivated() && ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
    ui.wish(model::intent::FocusPane{view.pane});
    ui.wish(model::intent::PickWhite{view.pane, cursor});
    state.picking = false;
  }
  return true;
}

// After the pane's button.
void pane_mouse(Ui& ui, const PaneView& view) {
  const ImGuiIO& io = ImGui::GetIO();
  ViewerState& viewer = ui.state.viewer;
  const model::PointD cursor = view.in_pane(io.MousePos);
  const double now = ImGui::GetTime();
  const bool registering = view.open.panes.registering.has_value();
  if (view.hovered) wheel(ui, view, cursor);
  if (pick_white(ui, view, cursor) || place_comment(ui, view, cursor)) return;
  const bool taken = tool_press(ui, view, cursor);
  if (view.hovered && !registering && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left) &&
      !tool_double_click(ui, view))
    add_zoom(ui, view.pane, 2, cursor);
  if (taken) return;
  if (ImGui::IsItemActivated()) {
    ui.wish(model::intent::FocusPane{view.pane});
    ui.state.read.leave_keys();  // the keys are the viewer's again
    viewer.pan.stop();
    viewer.drag.press(cursor, now, model::kClickTolerance * static_cast<double>(ui.scale * view.ratio));
    viewer.turning = io.KeyCtrl;
    viewer.turned_from = view.viewport.rotation - angle_of(view, cursor);
  }
  // The last movement may come together with the release.
  const bool released = ImGui::IsItemDeactivated() && viewer.drag.pressed();
  if (ImGui::IsItemActive() || released) {
    if (const auto step = viewer.drag.move(cursor, now)) {
      if (viewer.turning)
        turn_freely(ui, view, cursor);
      else
        ui.wish(model::intent::Pan{view.pane, step->x, step->y});
    }
  }
  if (released) {
    const model::Drag::Release release = viewer.drag.release(now);
    if (release.click) {
      if (registering)
        ui.wish(model::intent::MarkPoint{view.pane, view.viewport.to_image(cursor)});
      else
        tool_click(ui, view, cursor);
    }
    if (!viewer.turning && !ui.model.settings.reduced_motion) {
      viewer.pan.start(release.velocity);
      viewer.pan_pane = view.pane;
      if (viewer.pan.moving()) ui.state.animating = true;
    }
  }
}

// What the UI driver reads of a view.
void log_view(Ui& ui, const PaneView& view) {
  if (!ui.state.widgets.recording()) return;
  const Viewport& v = view.viewport;
  char text[160];
  std::snprintf(text, sizeof text, "x=%.3f y=%.3f zoom=%.6f rotation=%.3f mirrored=%d fitted=%d", v.centre.x,
                v.centre.y, v.zoom, v.rotation, v.mirrored ? 1 : 0, v.fitted ? 1 : 0);
  ui.log("viewer.view." + std::to_string(view.pane), view.min, view.max, true, text);
}

// The picture that is taken of this pane has its scale bar, what must be known to trust it, and nothing else.
void capture(Ui& ui, const PaneView& view, const PixelRect& rect) {
  CaptureState& capture = ui.state.capture;
  capture.rect = rect;
  capture.overlay = std::make_unique<ImDrawList>(ImGui::GetDrawListSharedData());
  capture.overlay->_ResetForNewFrame();
  capture.overlay->PushTextureID(ImGui::GetIO().Fonts->TexID);
  capture.overlay->PushClipRect(view.min, view.max);
  draw_scale_bar(ui, capture.overlay.get(), view, {view.min.x + ui.px(10), view.max.y - ui.px(10)});
  caveats(ui, capture.overlay.get(), {view.min.x + ui.px(10), view.min.y + ui.px(10)}, false, view.open,
          view.image);
}

void draw_pane(Ui& ui, const model::OpenCase& open, size_t index, ImVec2 min, ImVec2 max) {
  const model::Pane& pane = open.panes.panes[index];
  const model::Image* image = open.find_image(pane.image);
  if (!image) return;
  const float ratio = pixels_per_unit();
  const ImVec2 window = ImGui::GetMainViewport()->Pos;
  const double width = std::round(static_cast<double>((max.x - min.x) * ratio));
  const double height = std::round(static_cast<double>((max.y - min.y) * ratio));
  if (pane.viewport.pane_width != width || pane.viewport.pane_height != height)
    ui.wish(model::intent::ResizePane{index, width, height});

  const std::string name = "viewer.pane." + std::to_string(index);
  ImGui::SetCursorScreenPos(min);
  ImGui::PushID(static_cast<int>(index));
  ImGui::InvisibleButton("pane", {max.x - min.x, max.y - min.y});
  ImGui::SetItemAllowOverlap();
  ui.log(name, min, max, true, model::id_of(pane.image));
  const PaneView view{open, *image, pane.viewport, index, min, max, ratio, ImGui::IsItemHovered()};
  still_for_another_image(ui, index, pane.image);
  pane_mouse(ui, view);
  glide_zoom(ui, index);
  glide_pan(ui, index);
  log_view(ui, view);

  const auto pixels = [&](ImVec2 a, ImVec2 b) {
    return PixelRect{(a.x - window.x) * ratio, (a.y - window.y) * ratio, (b.x - window.x) * ratio,
                     (b.y - window.y) * ratio};
  };
  std::vector<PaneLayout> over;
  PaneLayout layout;
  layout.pane = index;
  layout.image = pane.image;
  layout.rect = pixels(min, max);
  layout.line_width = 1.5f * ui.scale * ratio;
  layout.annotations = drawn_annotations(ui, pane.image);
  layout.original = ui.state.adjust.compare && index == open.panes.active;
  grid_lines(ui, view);
  draw_tool_marks(ui, view);
  comment_pins(ui, view);
  const std::optional<Rect> map = minimap(ui, view);
  if (map) layout.minimap = pixels(map->min, map->max);
  pane_overlays(ui, view, map);
  registration_points(ui, view);
  Viewport under_mouse = pane.viewport;
  std::string image_under_mouse = pane.image;
  if (open.panes.comparison) {
    const Viewport other = model::comparison_view(open.panes, open.value->images);
    if (view.hovered && mouse_on_compared(view)) {
      under_mouse = other;
      image_under_mouse = open.panes.comparison->over;
    }
    const double split = std::round(static_cast<double>((comparison_line(ui, view) - min.x) * ratio));
    PaneLayout compared = layout;
    compared.image = open.panes.comparison->over;
    compared.annotations = drawn_annotations(ui, compared.image);
    compared.rect.x0 += static_cast<float>(split);
    compared.view = model::part_of(other, {split, 0}, {width, height});
    if (split < width) over.push_back(std::move(compared));
  }
  link_switch(ui, view);
  // A picture that is saved has one scale.
  if (const std::optional<LensView> glass =
          ui.state.capture.pane ? std::nullopt : lens(ui, view, under_mouse)) {
    PaneLayout magnified = layout;
    magnified.image = image_under_mouse;
    magnified.annotations = drawn_annotations(ui, image_under_mouse);
    magnified.rect = pixels(glass->min, glass->max);
    magnified.view = glass->view;
    over.push_back(std::move(magnified));
  }
  if (ui.state.capture.pane == index) capture(ui, view, layout.rect);
  ui.state.panes.push_back(std::move(layout));
  for (PaneLayout& each : over) ui.state.panes.push_back(std::move(each));
  ImGui::PopID();
}

void message_in(Ui& ui, const Rect& rect, const model::OpenCase& open) {
  const Region region(ui, "viewer_message", rect.min, rect.max, ui.palette.ground);
  if (open.error) {
    const std::string why = ui.t(i18n::text_of_error(open.error->code, open.error->reason));
    return empty_state(ui, Icon::Warning, ui.t(Text::CaseFailed), why, [&] {
      if (button(ui, "case.retry", ui.t(Text::Retry), {.width = ui.px(180)}))
        ui.wish(model::intent::ReloadCase{});
    });
  }
  if (open.loading) {
    const float x = (rect.min.x + rect.max.x) / 2, y = rect.min.y + rect.height() * 0.42f;
    spinner(ui, ImGui::GetWindowDrawList(), {x, y}, ui.px(14), ui.palette.accent);
    const std::string_view text = ui.t(Text::CaseLoading);
    return draw_text(ImGui::GetWindowDrawList(), ui.body(),
                     {x - text_size(ui.body(), text).x / 2, y + ui.px(28)}, ui.palette.text_soft, text);
  }
  empty_state(ui, Icon::Eye, ui.t(Text::CaseNoImages), {});
}

}  // namespace

void add_zoom(Ui& ui, size_t pane, double factor, model::PointD at) {
  ViewerState::Glide& glide = ui.state.viewer.glides[pane];
  glide.log_factor += std::log(factor);
  glide.x = at.x;
  glide.y = at.y;
  ui.state.animating = true;
}

void viewer_panel(Ui& ui, const Rect& whole) {
  const model::OpenCase& open = *ui.model.open_case;
  const auto& panes = open.panes.panes;
  tools_begin_frame(ui);
  comments_begin_frame(ui);
  if (!open.value || panes.empty()) return message_in(ui, whole, open);
  const float bar = viewer_bar_height(ui, whole.width());
  viewer_bar(ui, {whole.min, {whole.max.x, whole.min.y + bar}});
  Rect rect{{whole.min.x, whole.min.y + bar}, whole.max};
  if (!ui.state.viewer.images_only) rect.min.x += tool_bar(ui, rect);
  rect.min.y += registration_guide(ui, rect);

  const Region region(ui, "viewer", rect.min, rect.max, 0);
  const size_t active = std::min(open.panes.active, panes.size() - 1);
  // Two images over each other have the whole place.
  const bool alone = open.panes.comparison.has_value();
  const auto places = model::pane_places(alone ? 1 : panes.size(), rect.width(), rect.height());
  bool mouse_over_pane = false;
  for (size_t i = 0; i < places.size(); ++i) {
    const auto at = [&](double x, double y) {
      return ImVec2{std::round(rect.min.x + static_cast<float>(x) * rect.width()),
                    std::round(rect.min.y + static_cast<float>(y) * rect.height())};
    };
    const float seam = places.size() > 1 ? 1.0f : 0.0f;
    const ImVec2 min = at(places[i].x0, places[i].y0), max = at(places[i].x1, places[i].y1);
    const ImVec2 from{min.x + seam, min.y + seam}, to{max.x - seam, max.y - seam};
    draw_pane(ui, open, alone ? open.panes.comparison->pane : i, from, to);
    mouse_over_pane |= ImGui::IsMouseHoveringRect(from, to, false);
  }
  ui.state.viewer.mouse_over_pane = mouse_over_pane;
  viewer_keys(ui, open, alone ? open.panes.comparison->pane : active);
  adjust_panel(ui, rect);
  annotation_panel(ui, rect);
}

}  // namespace hada::ui
