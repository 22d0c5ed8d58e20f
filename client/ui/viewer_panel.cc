// The panes: where the app draws the images, and what lies over them. Viewports count framebuffer pixels;
// ImGui counts units. `Pixels` is the ratio.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "client/ui/format.h"
#include "client/ui/keys.h"
#include "client/ui/panels.h"
#include "client/ui/viewer_overlays.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

using model::Viewport;

constexpr double kWheelStep = 1.25, kKeyStep = 1.4, kArrowSpeed = 900;  // arrows: units a second

float pixels_per_unit() { return ImGui::GetIO().DisplayFramebufferScale.x; }

// Spends part of a pane's pending zoom, so that it glides; most of it within a tenth of a second.
void glide(Ui& ui, size_t pane) {
  const auto it = ui.state.viewer.glides.find(pane);
  if (it == ui.state.viewer.glides.end()) return;
  ViewerState::Glide& glide = it->second;
  const double part = 1 - std::exp(-static_cast<double>(ImGui::GetIO().DeltaTime) * 20);
  double step = glide.log_factor * part;
  const bool last = std::abs(glide.log_factor - step) < 0.004;
  if (last) step = glide.log_factor;
  ui.wish(model::intent::ZoomAt{pane, {glide.x, glide.y}, std::exp(step)});
  glide.log_factor -= step;
  if (last)
    ui.state.viewer.glides.erase(it);
  else
    ui.state.animating = true;
}

void add_zoom(Ui& ui, size_t pane, double factor, model::PointD at) {
  ViewerState::Glide& glide = ui.state.viewer.glides[pane];
  glide.log_factor += std::log(factor);
  glide.x = at.x;
  glide.y = at.y;
  ui.state.animating = true;
}

// Keys of the active pane. Digits and arrows belong to the read panel while a diagnosis is selected there.
void pane_keys(Ui& ui, size_t pane, const Viewport& viewport) {
  if (!keys_are_free() || ui.state.help_open) return;
  const ImGuiIO& io = ImGui::GetIO();
  const model::PointD middle{viewport.pane_width / 2, viewport.pane_height / 2};
  if (letter_pressed('F')) ui.wish(model::intent::Fit{pane});
  if (character_typed('+')) add_zoom(ui, pane, kKeyStep, middle);
  if (character_typed('-')) add_zoom(ui, pane, 1 / kKeyStep, middle);
  if (ui.state.read.current >= 0 || io.KeyCtrl || io.KeyAlt) return;
  if (digit_pressed() == 1) ui.wish(model::intent::OneToOne{pane});
  const double step = kArrowSpeed * static_cast<double>(io.DeltaTime * pixels_per_unit() * ui.scale);
  double dx = 0, dy = 0;
  if (key_down(ImGuiKey_LeftArrow)) dx += step;
  if (key_down(ImGuiKey_RightArrow)) dx -= step;
  if (key_down(ImGuiKey_UpArrow)) dy += step;
  if (key_down(ImGuiKey_DownArrow)) dy -= step;
  if (dx != 0 || dy != 0) {
    ui.wish(model::intent::Pan{pane, dx, dy});
    ui.state.animating = true;
  }
}

// Page keys: the next pane, or the next image where only one pane is shown.
void image_keys(Ui& ui, const model::OpenCase& open) {
  if (!keys_are_free() || ui.state.help_open) return;
  const int step = key_pressed(ImGuiKey_PageDown) ? 1 : key_pressed(ImGuiKey_PageUp) ? -1 : 0;
  const auto& panes = open.panes.panes;
  if (step == 0 || panes.empty()) return;
  if (panes.size() > 1) {
    const auto count = static_cast<int>(panes.size());
    ui.wish(model::intent::FocusPane{
        static_cast<size_t>((static_cast<int>(open.panes.active) + step + count) % count)});
    return;
  }
  const auto& images = open.value->images;
  const auto count = static_cast<int>(images.size());
  for (int i = 0; i < count; ++i)
    if (images[static_cast<size_t>(i)].name == panes[0].image)
      return ui.wish(
          model::intent::ShowImage{0, images[static_cast<size_t>((i + step + count) % count)].name});
}

void pane_mouse(Ui& ui, size_t pane, ImVec2 origin, bool hovered, bool active) {
  const ImGuiIO& io = ImGui::GetIO();
  const float ratio = pixels_per_unit();
  const model::PointD cursor{(io.MousePos.x - origin.x) * ratio, (io.MousePos.y - origin.y) * ratio};
  if (hovered && io.MouseWheel != 0)
    add_zoom(ui, pane, std::pow(kWheelStep, static_cast<double>(io.MouseWheel)), cursor);
  if (ImGui::IsItemActivated()) {
    ui.wish(model::intent::FocusPane{pane});
    ui.state.read.current = -1;  // the keys are the viewer's again
  }
  if (hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) add_zoom(ui, pane, 2, cursor);
  if (active && (io.MouseDelta.x != 0 || io.MouseDelta.y != 0) &&
      (ImGui::IsMouseDragging(ImGuiMouseButton_Left, 2) ||
       ImGui::IsMouseDragging(ImGuiMouseButton_Middle, 2)))
    ui.wish(model::intent::Pan{pane, static_cast<double>(io.MouseDelta.x * ratio),
                               static_cast<double>(io.MouseDelta.y * ratio)});
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
  ImGui::InvisibleButton("pane", {max.x - min.x, max.y - min.y},
                         ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonMiddle);
  ImGui::SetItemAllowOverlap();
  const bool hovered = ImGui::IsItemHovered();
  ui.log(name, min, max, true, model::id_of(pane.image));
  pane_mouse(ui, index, min, hovered, ImGui::IsItemActive());
  glide(ui, index);

  PaneLayout layout;
  layout.pane = index;
  layout.image = pane.image;
  const auto pixels = [&](ImVec2 a, ImVec2 b) {
    return PixelRect{(a.x - window.x) * ratio, (a.y - window.y) * ratio, (b.x - window.x) * ratio,
                     (b.y - window.y) * ratio};
  };
  layout.rect = pixels(min, max);
  const PaneView view{open, *image, pane.viewport, index, min, max, ratio};
  if (const std::optional<Rect> map = minimap(ui, view)) layout.minimap = pixels(map->min, map->max);
  pane_overlays(ui, view);
  ui.state.panes.push_back(std::move(layout));
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

void viewer_panel(Ui& ui, const Rect& rect) {
  const model::OpenCase& open = *ui.model.open_case;
  const auto& panes = open.panes.panes;
  if (!open.value || panes.empty()) return message_in(ui, rect, open);

  const Region region(ui, "viewer", rect.min, rect.max, 0);
  const auto places = model::pane_places(panes.size(), rect.width(), rect.height());
  for (size_t i = 0; i < panes.size(); ++i) {
    const auto at = [&](double x, double y) {
      return ImVec2{std::round(rect.min.x + static_cast<float>(x) * rect.width()),
                    std::round(rect.min.y + static_cast<float>(y) * rect.height())};
    };
    const float seam = panes.size() > 1 ? 1.0f : 0.0f;
    const ImVec2 min = at(places[i].x0, places[i].y0), max = at(places[i].x1, places[i].y1);
    draw_pane(ui, open, i, {min.x + seam, min.y + seam}, {max.x - seam, max.y - seam});
  }
  const size_t active = std::min(open.panes.active, panes.size() - 1);
  pane_keys(ui, active, panes[active].viewport);
  image_keys(ui, open);
}

}  // namespace hada::ui
