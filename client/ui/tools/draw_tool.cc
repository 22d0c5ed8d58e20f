// The hand that draws a new shape.

#include <algorithm>
#include <cmath>
#include <utility>

#include "client/ui/keys.h"
#include "client/ui/tools/tools.h"

namespace hada::ui {
namespace {

using model::Tool;

constexpr float kSnapReach = 8, kCloseReach = 10;  // units of the design
constexpr float kLeastBrush = 3, kGreatestBrush = 120;

// Beside the image being compared, and while points are registered, the mouse is not the tools'.
bool tools_rest(const PaneView& view) {
  return view.open.panes.registering || (view.open.panes.comparison && mouse_on_compared(view));
}

}  // namespace

double reach(const Ui& ui, const PaneView& view, float units) {
  return static_cast<double>(ui.px(units) * view.ratio) / view.viewport.zoom;
}

double brush_radius(const Ui& ui, const PaneView& view) { return reach(ui, view, ui.state.tool.brush); }

model::PointD tool_point(Ui& ui, const PaneView& view, model::PointD cursor) {
  model::PointD at = view.viewport.to_image(cursor);
  const ToolState& state = ui.state.tool;
  if (state.snap && !ImGui::GetIO().KeyAlt && state.drawing.tool() != Tool::Freehand &&
      state.drawing.tool() != Tool::Brush) {
    std::vector<const contract::Shape*> shapes;
    const double near = reach(ui, view, kSnapReach);
    if (const auto drawn = drawn_annotations(ui, view.image.name))
      for (const uint32_t i : drawn->index.query({at.x - near, at.y - near, at.x + near, at.y + near}))
        if (!state.grip || state.grip->annotation->id != drawn->annotations[i]->id)
          shapes.push_back(&drawn->annotations[i]->shape);
    at = model::snapped(shapes, at, near).value_or(at);
  }
  return {std::clamp(at.x, 0.0, view.viewport.image_width),
          std::clamp(at.y, 0.0, view.viewport.image_height)};
}

void finish_drawing(Ui& ui, const PaneView& view, contract::Path path) {
  ToolState& state = ui.state.tool;
  const Tool tool = state.drawing.tool();
  if (tool == Tool::Split) {
    ui.wish(model::intent::SplitSelected{view.image.name, std::move(path)});
    return state.drawing.choose(Tool::Select);
  }
  if (tool == Tool::Brush)
    return ui.wish(model::intent::Paint{view.image.name, std::move(path), brush_radius(ui, view),
                                        ImGui::GetIO().KeyAlt, state.term, 0.5 / view.viewport.zoom});
  auto shape = model::shape_of(tool, std::move(path), 1 / view.viewport.zoom, view.viewport.image_width,
                               view.viewport.image_height);
  if (!shape) return;
  model::Annotation annotation{{}, view.image.name, std::move(*shape), {}, {}};
  if (!model::is_measure(annotation.shape.kind)) annotation.term = state.term;
  ui.wish(model::intent::PutAnnotations{{std::move(annotation)}});
}

bool tool_press(Ui& ui, const PaneView& view, model::PointD cursor) {
  ToolState& state = ui.state.tool;
  const Tool tool = state.drawing.tool();
  if (ImGui::IsItemActivated()) state.ended = false;
  if (!state.holding) {
    const bool left = ImGui::IsItemActivated() && ImGui::IsMouseClicked(ImGuiMouseButton_Left);
    if (!left || tools_rest(view) || ImGui::GetIO().KeyCtrl || model::sets_points(tool)) return false;
    if (key_down(ImGuiKey_Space)) return false;  // moves the image, whatever the tool
    if (tool == Tool::Select) {
      if (ImGui::GetIO().KeyShift || !grip_press(ui, view, view.viewport.to_image(cursor))) return false;
    } else {
      // With Shift the brush begins another region.
      if (tool == Tool::Brush && ImGui::GetIO().KeyShift) ui.wish(model::intent::SelectAnnotations{});
      state.drawing.press(tool_point(ui, view, cursor));
    }
    state.image = view.image.name;
    state.pane = view.pane;
    state.pressed_at = cursor;
    state.moved = false;
    state.holding = true;
    ui.wish(model::intent::FocusPane{view.pane});
    ui.state.read.leave_keys();
    ui.state.viewer.pan.stop();
    return true;
  }
  if (state.pane != view.pane) return false;
  const bool active = ImGui::IsItemActive(), released = ImGui::IsItemDeactivated();
  if (!active && !released) {
    // Something over the image (the small map, a switch) has taken the press.
    state.holding = false;
    state.drawing.cancel();
    state.grip.reset();
    return false;
  }
  const double tolerance = model::kClickTolerance * static_cast<double>(ui.scale * view.ratio);
  state.moved |= std::hypot(cursor.x - state.pressed_at.x, cursor.y - state.pressed_at.y) >= tolerance;
  if (tool != Tool::Select)
    state.drawing.drag(tool_point(ui, view, cursor), 1 / view.viewport.zoom);
  else if (state.moved)
    grip_move(ui, view, tool_point(ui, view, cursor));
  if (!released) return true;
  state.holding = false;
  if (tool != Tool::Select) {
    if (auto path = state.drawing.release()) finish_drawing(ui, view, std::move(*path));
  } else if (state.moved) {
    grip_release(ui);
  } else {
    // A click, which may mean what lies over the selected one.
    state.grip.reset();
    tool_click(ui, view, cursor);
  }
  return true;
}

bool tool_click(Ui& ui, const PaneView& view, model::PointD cursor) {
  ToolState& state = ui.state.tool;
  if (std::exchange(state.ended, false) || tools_rest(view)) return true;
  const Tool tool = state.drawing.tool();
  if (tool == Tool::Select) {
    const model::ShownAnnotation* hit = annotation_at(ui, view, view.viewport.to_image(cursor));
    std::vector<std::string> ids;
    const bool more = ImGui::GetIO().KeyShift;
    if (more) ids = view.open.panes.marks.selected;
    if (hit && hit->own) {
      const std::string& id = hit->annotation->id;
      if (more && model::is_selected(view.open, id))
        std::erase(ids, id);
      else
        ids.push_back(id);
    }
    if (ids != view.open.panes.marks.selected) ui.wish(model::intent::SelectAnnotations{std::move(ids)});
    return hit != nullptr;
  }
  if (!model::sets_points(tool)) return false;
  // What was begun on another image is not lost by a click beside it.
  if (state.drawing.begun() && state.image != view.image.name) return true;
  state.image = view.image.name;
  if (auto path = state.drawing.click(tool_point(ui, view, cursor), reach(ui, view, kCloseReach),
                                      ImGui::GetIO().KeyShift))
    finish_drawing(ui, view, std::move(*path));
  return true;
}

bool tool_double_click(Ui& ui, const PaneView& view) {
  ToolState& state = ui.state.tool;
  if (tools_rest(view) || state.drawing.tool() == Tool::Select) return false;
  if (state.drawing.begun() && model::sets_points(state.drawing.tool()) && state.image == view.image.name) {
    state.ended = true;
    if (auto path = state.drawing.finish()) finish_drawing(ui, view, std::move(*path));
  }
  return true;
}

bool take_back_point(Ui& ui) {
  model::Drawing& drawing = ui.state.tool.drawing;
  if (!drawing.begun() || !model::sets_points(drawing.tool())) return false;
  drawing.take_back();
  return true;
}

bool tool_escape(Ui& ui, const model::OpenCase& open) {
  ToolState& state = ui.state.tool;
  if (state.drawing.begun() || state.grip) {
    state.drawing.cancel();
    state.grip.reset();
    return true;
  }
  if (state.drawing.tool() != Tool::Select) {
    choose_tool(ui, Tool::Select);
    return true;
  }
  if (open.panes.marks.selected.empty()) return false;
  ui.wish(model::intent::SelectAnnotations{});
  return true;
}

bool tool_keys(Ui& ui, const model::OpenCase& open) {
  ToolState& state = ui.state.tool;
  const ImGuiIO& io = ImGui::GetIO();
  for (int i = 0; i < model::kToolCount; ++i) {
    const std::optional<Command> command = command_of(static_cast<Tool>(i));
    if (!command || !pressed(ui, *command)) continue;
    choose_tool(ui, static_cast<Tool>(i));
    return true;
  }
  if (pressed(ui, Command::AnnotationPanel)) {
    state.panel = !state.panel;
    if (state.panel) ui.state.adjust.open = false;
    return true;
  }
  for (const ImWchar typed : io.InputQueueCharacters) {
    if (typed == '[') state.brush = std::max(kLeastBrush, state.brush / 1.25f);
    if (typed == ']') state.brush = std::min(kGreatestBrush, state.brush * 1.25f);
  }
  if (key_pressed(ImGuiKey_Backspace, true) && take_back_point(ui)) return true;
  if (pressed(ui, Command::AnnotationDelete) && !ui.state.read.has_keys() &&
      !open.panes.marks.selected.empty()) {
    ui.wish(model::intent::RemoveSelected{});
    return true;
  }
  return enter_pressed() && !io.KeyCtrl && finish_begun(ui);
}

bool finish_begun(Ui& ui) {
  ToolState& state = ui.state.tool;
  const model::OpenCase& open = *ui.model.open_case;
  if (!state.drawing.begun() || !model::sets_points(state.drawing.tool())) return false;
  for (size_t i = 0; i < open.panes.panes.size(); ++i) {
    const model::Pane& pane = open.panes.panes[i];
    const model::Image* image = open.find_image(pane.image);
    if (pane.image != state.image || !image) continue;
    const float ratio = ImGui::GetIO().DisplayFramebufferScale.x;
    if (auto path = state.drawing.finish())
      finish_drawing(ui, {open, *image, pane.viewport, i, {}, {}, ratio, false}, std::move(*path));
    break;
  }
  return true;
}

}  // namespace hada::ui
