// The viewer's keys. Plain arrows, digits and what turns the image belong to the read panel while a diagnosis
// is selected there.

#include "client/ui/viewer_keys.h"

#include <cmath>

#include "client/model/magnification.h"
#include "client/ui/keys.h"
#include "client/ui/tools/tools.h"

namespace hada::ui {
namespace {

constexpr double kKeyStep = 1.4, kArrowSpeed = 900;  // arrows: units a second
constexpr double kSplitSpeed = 0.5;                  // of the width a second

void direction_keys(Ui& ui, size_t pane, const model::Viewport& viewport) {
  if (pressed(ui, Command::ViewerTurnRight)) ui.wish(model::intent::TurnBy{pane, 90});
  if (pressed(ui, Command::ViewerTurnLeft)) ui.wish(model::intent::TurnBy{pane, -90});
  if (pressed(ui, Command::ViewerMirror)) ui.wish(model::intent::Mirror{pane});
  if (pressed(ui, Command::ViewerUpright) && !viewport.upright()) ui.wish(model::intent::Upright{pane});
  const ImGuiIO& io = ImGui::GetIO();
  if (!io.KeyCtrl || io.KeyAlt || io.KeyShift) return;
  if (key_pressed(ImGuiKey_RightArrow, true)) ui.wish(model::intent::TurnBy{pane, 1});
  if (key_pressed(ImGuiKey_LeftArrow, true)) ui.wish(model::intent::TurnBy{pane, -1});
}

void magnification_keys(Ui& ui, const model::OpenCase& open, size_t pane) {
  const model::Viewport& viewport = open.panes.panes[pane].viewport;
  const model::Image* image = open.find_image(open.panes.panes[pane].image);
  for (size_t i = 0; image && i < std::size(kPresets); ++i) {
    if (!pressed(ui, kPresets[i])) continue;
    const double zoom = model::zoom_at_magnification(*image, model::kMagnifications[i]);
    if (zoom > 0 && zoom <= viewport.max_zoom()) ui.wish(model::intent::ZoomTo{pane, zoom});
  }
}

void several_keys(Ui& ui, const model::OpenCase& open, size_t pane) {
  const size_t count = std::min(open.value->images.size(), std::size(kLayouts));
  if (count < 2) return;
  for (size_t i = 0; i < count; ++i)
    if (pressed(ui, kLayouts[i])) ui.wish(model::intent::SetLayout{static_cast<int>(i) + 1});
  if (pressed(ui, Command::ImagesLinkAll)) ui.wish(model::intent::LinkAll{!all_linked(open.panes)});
  if (pressed(ui, Command::ImagesLinkOne))
    ui.wish(model::intent::SetLinked{pane, !open.panes.panes[pane].link});
  if (pressed(ui, Command::ImagesRegister)) ui.wish(model::intent::ToggleRegistration{});
  if (pressed(ui, Command::ImagesCompare)) ui.wish(model::intent::Compare{!open.panes.comparison});
}

void arrow_keys(Ui& ui, const model::OpenCase& open, size_t pane) {
  const ImGuiIO& io = ImGui::GetIO();
  const double seconds = std::min(static_cast<double>(io.DeltaTime), 0.05);
  const int across = key_down(ImGuiKey_RightArrow) - key_down(ImGuiKey_LeftArrow);
  const int down = key_down(ImGuiKey_DownArrow) - key_down(ImGuiKey_UpArrow);
  if (across == 0 && down == 0) return;
  ui.state.animating = true;
  if (io.KeyShift && open.panes.comparison)
    return ui.wish(model::intent::SetSplit{open.panes.comparison->split + across * kSplitSpeed * seconds});
  const double step = kArrowSpeed * seconds * static_cast<double>(io.DisplayFramebufferScale.x * ui.scale);
  ui.state.viewer.pan.stop();
  ui.wish(model::intent::Pan{pane, -across * step, -down * step});
}

void registration_keys(Ui& ui, const model::OpenCase& open, size_t pane) {
  if (!open.panes.registering) return;
  const model::Viewport& view = open.panes.panes[pane].viewport;
  if (pressed(ui, Command::RegisterMark)) ui.wish(model::intent::MarkPoint{pane, view.centre});
  if (pressed(ui, Command::RegisterUndo)) ui.wish(model::intent::UndoPoint{});
}

// What is begun last is left first.
void escape_key(Ui& ui, const model::OpenCase& open) {
  if (!key_pressed(ImGuiKey_Escape) || ui.state.read.has_keys()) return;  // a chosen diagnosis goes first
  if (ui.state.adjust.picking)
    ui.state.adjust.picking = false;
  else if (ui.state.comment.placing)
    ui.state.comment.placing = false;
  else if (tool_escape(ui, open))
    return;
  else if (open.panes.registering)
    ui.wish(model::intent::ToggleRegistration{});
  else if (open.panes.comparison)
    ui.wish(model::intent::Compare{false});
  else
    ui.state.viewer.images_only = false;
}

// The next pane; the next image where only one pane is shown, or the next one over it.
void image_keys(Ui& ui, const model::OpenCase& open) {
  const int step = pressed(ui, Command::ImagesNext) ? 1 : pressed(ui, Command::ImagesPrevious) ? -1 : 0;
  const auto& panes = open.panes.panes;
  if (step == 0 || panes.empty()) return;
  if (panes.size() > 1 && !open.panes.comparison) {
    const auto count = static_cast<int>(panes.size());
    ui.wish(model::intent::FocusPane{
        static_cast<size_t>((static_cast<int>(open.panes.active) + step + count) % count)});
    return;
  }
  const auto& images = open.value->images;
  const auto count = static_cast<int>(images.size());
  const std::string& under = panes[open.panes.comparison ? open.panes.comparison->pane : 0].image;
  const std::string& from = open.panes.comparison ? open.panes.comparison->over : under;
  int at = 0;
  while (at < count && images[static_cast<size_t>(at)].name != from) ++at;
  if (at == count) return;
  at = (at + step + count) % count;
  if (!open.panes.comparison)
    return ui.wish(model::intent::ShowImage{0, images[static_cast<size_t>(at)].name});
  if (images[static_cast<size_t>(at)].name == under) at = (at + step + count) % count;
  ui.wish(model::intent::CompareWith{images[static_cast<size_t>(at)].name});
}

}  // namespace

void viewer_keys(Ui& ui, const model::OpenCase& open, size_t pane) {
  if (pressed(ui, Command::FullScreen)) ui.wish(model::intent::ToggleFullScreen{});
  if (!keys_are_free() || ui.state.help_open) return;
  const model::Viewport& viewport = open.panes.panes[pane].viewport;
  const model::PointD middle{viewport.pane_width / 2, viewport.pane_height / 2};
  ViewerState& viewer = ui.state.viewer;

  if (tool_keys(ui, open)) return;
  if (pressed(ui, Command::ViewerFit)) ui.wish(model::intent::Fit{pane});
  if (pressed(ui, Command::ViewerZoomIn)) add_zoom(ui, pane, kKeyStep, middle);
  if (pressed(ui, Command::ViewerZoomOut)) add_zoom(ui, pane, 1 / kKeyStep, middle);
  magnification_keys(ui, open, pane);
  if (pressed(ui, Command::ViewerGrid)) viewer.grid = !viewer.grid;
  several_keys(ui, open, pane);
  if (pressed(ui, Command::ViewerCopy))
    ui.wish(model::intent::ExportView{pane, model::ExportTarget::Clipboard});
  if (pressed(ui, Command::ViewerSave)) ui.wish(model::intent::ExportView{pane, model::ExportTarget::File});
  if (pressed(ui, Command::ViewerAdjust)) ui.state.adjust.open = !ui.state.adjust.open;
  if (pressed(ui, Command::ImagesOnly)) set_images_only(ui, !viewer.images_only);
  registration_keys(ui, open, pane);
  image_keys(ui, open);
  escape_key(ui, open);
  if (ui.state.read.has_keys()) return;
  direction_keys(ui, pane, viewport);
  if (pressed(ui, Command::ViewerOneToOne)) ui.wish(model::intent::OneToOne{pane});
  if (!ImGui::GetIO().KeyCtrl && !ImGui::GetIO().KeyAlt) arrow_keys(ui, open, pane);
}

void set_images_only(Ui& ui, bool on) {
  ui.state.viewer.images_only = on;
  if (on) ui.state.read.leave_keys();  // its panel is out of sight
}

bool all_linked(const model::Panes& panes) {
  for (const model::Pane& pane : panes.panes)
    if (!pane.link) return false;
  return true;
}

}  // namespace hada::ui
