// Where each pane looks.

#include <algorithm>

#include "client/model/update_internal.h"

namespace hada::model::detail {
namespace {

// Changes one pane's viewport; remembers how deep a reader looked.
template <typename F>
void move(Turn& turn, size_t pane, F change) {
  if (!turn.model.open_case || pane >= turn.model.open_case->panes.panes.size()) return;
  OpenCase& open = *turn.model.open_case;
  Viewport& viewport = open.panes.panes[pane].viewport;
  viewport = change(viewport);
  if (open.reading.phase == ReadPhase::Editing)
    open.reading.telemetry.deepest_zoom = std::max(open.reading.telemetry.deepest_zoom, viewport.zoom);
}

}  // namespace

void apply(Turn& turn, const intent::ResizePane& wish) {
  if (wish.width <= 0 || wish.height <= 0) return;
  move(turn, wish.pane, [&](const Viewport& v) { return resized(v, wish.width, wish.height); });
}
void apply(Turn& turn, const intent::Pan& wish) {
  move(turn, wish.pane, [&](const Viewport& v) { return panned(v, wish.dx, wish.dy); });
}
void apply(Turn& turn, const intent::ZoomAt& wish) {
  move(turn, wish.pane, [&](const Viewport& v) { return zoomed_at(v, wish.cursor, wish.factor); });
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

void apply(Turn& turn, const intent::FocusPane& wish) {
  if (turn.model.open_case && wish.pane < turn.model.open_case->panes.panes.size())
    turn.model.open_case->panes.active = wish.pane;
}

void apply(Turn& turn, const intent::SetLayout& wish) {
  if (!turn.model.open_case || !turn.model.open_case->value) return;
  OpenCase& open = *turn.model.open_case;
  set_pane_count(open.panes, open.value->images, wish.count);
}

void apply(Turn& turn, const intent::ShowImage& wish) {
  if (!turn.model.open_case || !turn.model.open_case->value) return;
  OpenCase& open = *turn.model.open_case;
  show_image(open.panes, open.value->images, wish.pane, wish.image);
}

}  // namespace hada::model::detail
