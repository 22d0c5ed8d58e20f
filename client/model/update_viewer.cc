// Where each pane looks, and which panes go together.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "client/model/linking.h"
#include "client/model/update_internal.h"

namespace hada::model::detail {
namespace {

// Remembers how deep a reader looked, and where.
void note_view(OpenCase& open, size_t index) {
  const Pane& pane = open.panes.panes[index];
  const Viewport& view = pane.viewport;
  if (open.reading.phase == ReadPhase::Editing)
    open.reading.telemetry.deepest_zoom = std::max(open.reading.telemetry.deepest_zoom, view.zoom);
  const Image* image = open.find_image(pane.image);
  if (!image || view.image_width <= 0 || view.pane_width <= 0) return;
  const auto seen =
      open.panes.seen.try_emplace(pane.image, Coverage(view.image_width, view.image_height)).first;
  if (view.zoom >= judging_zoom(*image, view)) seen->second.add(view);
  if (open.reading.phase == ReadPhase::Editing) open.reading.telemetry.seen[pane.image] = seen->second.part();
}

// Changes one pane's viewport; the linked ones follow.
template <typename F>
void move(Turn& turn, size_t pane, F change) {
  if (!turn.model.open_case || pane >= turn.model.open_case->panes.panes.size()) return;
  OpenCase& open = *turn.model.open_case;
  Viewport& viewport = open.panes.panes[pane].viewport;
  viewport = change(viewport);
  note_view(open, pane);
  for (const size_t moved : move_linked(open.panes, pane)) note_view(open, moved);
}

std::string residual_text(const OpenCase& open, const std::string& image, double pixels) {
  const Image* second = open.find_image(image);
  const double um = second ? second->mpp_x * pixels : 0;
  char text[32];
  if (um >= 1000)
    std::snprintf(text, sizeof text, "%.1f mm", um / 1000);
  else if (um > 0)
    std::snprintf(text, sizeof text, "%.0f µm", um);
  else
    std::snprintf(text, sizeof text, "%.1f px", pixels);
  return text;
}

}  // namespace

void apply(Turn& turn, const intent::ResizePane& wish) {
  if (wish.width <= 0 || wish.height <= 0 || !turn.model.open_case) return;
  Panes& panes = turn.model.open_case->panes;
  if (wish.pane >= panes.panes.size()) return;
  // Only the leader's size moves the others; a follower keeps what it shows.
  if (wish.pane == panes.active)
    return move(turn, wish.pane, [&](const Viewport& v) { return resized(v, wish.width, wish.height); });
  Viewport& viewport = panes.panes[wish.pane].viewport;
  viewport = resized(viewport, wish.width, wish.height);
  note_view(*turn.model.open_case, wish.pane);
}
void apply(Turn& turn, const intent::Pan& wish) {
  move(turn, wish.pane, [&](const Viewport& v) { return panned(v, wish.dx, wish.dy); });
}
void apply(Turn& turn, const intent::ZoomAt& wish) {
  move(turn, wish.pane, [&](const Viewport& v) { return zoomed_at(v, wish.cursor, wish.factor); });
}
void apply(Turn& turn, const intent::ZoomTo& wish) {
  move(turn, wish.pane, [&](const Viewport& v) { return zoomed_to(v, wish.zoom); });
}
void apply(Turn& turn, const intent::CentreOn& wish) {
  move(turn, wish.pane, [&](const Viewport& v) { return centred_on(v, wish.image); });
}
void apply(Turn& turn, const intent::Fit& wish) {
  move(turn, wish.pane, [](const Viewport& v) { return fitted(v); });
}
void apply(Turn& turn, const intent::OneToOne& wish) {
  move(turn, wish.pane, [](const Viewport& v) { return one_to_one(v); });
}
void apply(Turn& turn, const intent::TurnBy& wish) {
  move(turn, wish.pane, [&](const Viewport& v) { return turned(v, wish.degrees); });
}
void apply(Turn& turn, const intent::Mirror& wish) {
  move(turn, wish.pane, [](const Viewport& v) { return mirrored(v); });
}
void apply(Turn& turn, const intent::Upright& wish) {
  move(turn, wish.pane, [](const Viewport& v) { return upright(v); });
}

void apply(Turn& turn, const intent::FocusPane& wish) {
  if (turn.model.open_case && wish.pane < turn.model.open_case->panes.panes.size())
    turn.model.open_case->panes.active = wish.pane;
}

void apply(Turn& turn, const intent::SetLayout& wish) {
  OpenCase* open = open_with_images(turn);
  if (!open) return;
  open->panes.comparison.reset();
  set_pane_count(open->panes, open->value->images, wish.count);
  relink(open->panes, open->value->images);
  fetch_profiles(turn);
}

void apply(Turn& turn, const intent::ShowImage& wish) {
  OpenCase* open = open_with_images(turn);
  if (!open) return;
  show_image(open->panes, open->value->images, wish.pane, wish.image);
  relink(open->panes, open->value->images);
  fetch_profiles(turn);
}

void apply(Turn& turn, const intent::SetLinked& wish) {
  if (OpenCase* open = open_with_images(turn))
    set_linked(open->panes, open->value->images, wish.pane, wish.on);
}

void apply(Turn& turn, const intent::LinkAll& wish) {
  if (OpenCase* open = open_with_images(turn)) set_all_linked(open->panes, open->value->images, wish.on);
}

void apply(Turn& turn, const intent::ToggleRegistration&) {
  OpenCase* open = open_with_images(turn);
  if (!open) return;
  if (open->panes.registering)
    open->panes.registering.reset();
  else
    start_registration(open->panes, open->value->images);
  fetch_profiles(turn);
}

void apply(Turn& turn, const intent::MarkPoint& wish) {
  OpenCase* open = open_with_images(turn);
  if (!open || !open->panes.registering) return;
  const std::string second = open->panes.registering->second;
  const auto registered = mark_point(open->panes, open->value->images, wish.pane, wish.image);
  if (!registered) return;
  Toast toast;
  toast.kind = ToastKind::Registered;
  toast.level = ToastLevel::Success;
  toast.text = residual_text(*open, second, registered->residual);
  turn.toast(std::move(toast));
}

void apply(Turn& turn, const intent::UndoPoint&) {
  if (turn.model.open_case) undo_point(turn.model.open_case->panes);
}

void apply(Turn& turn, const intent::ForgetRegistration&) {
  if (OpenCase* open = open_with_images(turn)) forget_registration(open->panes, open->value->images);
}

void apply(Turn& turn, const intent::Compare& wish) {
  OpenCase* open = open_with_images(turn);
  if (!open) return;
  open->panes.comparison.reset();
  if (wish.on) start_comparison(open->panes, open->value->images);
  fetch_profiles(turn);
}

void apply(Turn& turn, const intent::CompareWith& wish) {
  OpenCase* open = open_with_images(turn);
  if (!open || !open->panes.comparison || !open->find_image(wish.image)) return;
  if (open->panes.panes[open->panes.comparison->pane].image == wish.image) return;
  open->panes.comparison->over = wish.image;
  fetch_profiles(turn);
}

void apply(Turn& turn, const intent::SetSplit& wish) {
  if (!turn.model.open_case || !turn.model.open_case->panes.comparison || !std::isfinite(wish.part)) return;
  turn.model.open_case->panes.comparison->split = std::clamp(wish.part, 0.0, 1.0);
}

void apply(Turn& turn, const intent::ExportView& wish) {
  if (!turn.model.open_case || wish.pane >= turn.model.open_case->panes.panes.size()) return;
  turn.effects.push_back(effect::ExportView{wish.pane, wish.target});
}

void apply(Turn& turn, const intent::ViewExported& wish) {
  Toast toast;
  toast.kind = !wish.ok                            ? ToastKind::ExportFailed
               : wish.target == ExportTarget::File ? ToastKind::ViewSaved
                                                   : ToastKind::ViewCopied;
  toast.level = wish.ok ? ToastLevel::Success : ToastLevel::Error;
  toast.text = wish.path;
  turn.toast(std::move(toast));
}

void apply(Turn& turn, const intent::ToggleFullScreen&) {
  turn.effects.push_back(effect::ToggleFullScreen{});
}

}  // namespace hada::model::detail
