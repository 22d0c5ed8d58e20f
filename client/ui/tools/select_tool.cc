// The hand that chooses a shape and reshapes it.

#include <algorithm>
#include <cmath>

#include "client/ui/tools/tools.h"

namespace hada::ui {
namespace {

constexpr float kHandleReach = 8, kEdgeReach = 5, kHitReach = 6;  // units of the design

// Reshaped is one at a time.
model::SharedAnnotation selected_in(const PaneView& view) {
  const auto selected = model::selected_annotations(view.open);
  if (selected.size() != 1 || selected[0]->image != view.image.name) return nullptr;
  return selected[0];
}

}  // namespace

const model::ShownAnnotation* annotation_at(Ui& ui, const PaneView& view, model::PointD at) {
  const auto drawn = drawn_annotations(ui, view.image.name);
  if (!drawn) return nullptr;
  const auto hit = model::hit(drawn->index, drawn->annotations, at, reach(ui, view, kHitReach));
  return hit ? &drawn->list[*hit] : nullptr;
}

bool grip_press(Ui& ui, const PaneView& view, model::PointD at) {
  const model::SharedAnnotation selected = selected_in(view);
  if (!selected) return false;
  const auto handle = model::handle_at(selected->shape, at, reach(ui, view, kHandleReach));
  if (handle && ImGui::GetIO().KeyAlt) {
    if (auto shape = model::without_point(selected->shape, *handle)) {
      model::Annotation changed = *selected;
      changed.shape = std::move(*shape);
      ui.wish(model::intent::PutAnnotations{{std::move(changed)}});
    }
    return true;
  }
  if (handle) {
    ui.state.tool.grip = ToolState::Grip{selected, handle, selected->shape, at};
    return true;
  }
  if (const auto edge = model::edge_at(selected->shape, at, reach(ui, view, kEdgeReach))) {
    ui.state.tool.grip = ToolState::Grip{selected, edge, model::with_point(selected->shape, *edge, at), at};
    return true;
  }
  const bool on_it = contract::contains(selected->shape, at) ||
                     contract::distance_to(selected->shape, at) <= reach(ui, view, kHitReach);
  // A region that fills the view is looked at, not moved.
  const contract::RectD box = contract::bounds_of(selected->shape), seen = view.viewport.visible();
  const bool whole = box.x0 >= seen.x0 && box.y0 >= seen.y0 && box.x1 <= seen.x1 && box.y1 <= seen.y1;
  if (!on_it || !whole) return false;
  ui.state.tool.grip = ToolState::Grip{selected, std::nullopt, selected->shape, at};
  return true;
}

void grip_move(Ui& ui, const PaneView& view, model::PointD at) {
  if (!ui.state.tool.grip) return;
  ToolState::Grip& grip = *ui.state.tool.grip;
  if (grip.handle) {
    grip.shape = model::with_handle_at(grip.shape, *grip.handle, at);
    // A corner drawn past the one across changes its number.
    if (grip.shape.kind == AnnotationKind::Rectangle || grip.shape.kind == AnnotationKind::Ellipse)
      grip.handle = model::handle_at(grip.shape, at, 1e-9).value_or(*grip.handle);
  } else {
    grip.shape = model::moved(grip.annotation->shape, at.x - grip.from.x, at.y - grip.from.y,
                              view.viewport.image_width, view.viewport.image_height);
  }
}

void grip_release(Ui& ui) {
  if (!ui.state.tool.grip) return;
  ToolState::Grip grip = std::move(*ui.state.tool.grip);
  ui.state.tool.grip.reset();
  model::Annotation changed = *grip.annotation;
  changed.shape = contract::to_grid(std::move(grip.shape));
  if (!(changed.shape == grip.annotation->shape))
    ui.wish(model::intent::PutAnnotations{{std::move(changed)}});
}

}  // namespace hada::ui
