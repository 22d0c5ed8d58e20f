// The tools in a line along the viewer's left edge; in two where it is low.

#include <algorithm>
#include <cmath>

#include "client/ui/keys.h"
#include "client/ui/tools/tools.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

using model::Tool;

constexpr float kMargin = 6, kGroupGap = 9;
constexpr Tool kOrder[] = {Tool::Select,   Tool::Point, Tool::Rectangle, Tool::Ellipse, Tool::Polygon,
                           Tool::Freehand, Tool::Brush, Tool::Length,    Tool::Angle,   Tool::Area};

bool begins_group(Tool tool) { return tool == Tool::Point || tool == Tool::Length; }

std::string name_in_log(Tool tool) {
  static constexpr const char* kNames[] = {"select", "point",  "rectangle", "ellipse", "polygon", "freehand",
                                           "brush",  "length", "angle",     "area",    "split"};
  return std::string("tool.") + kNames[static_cast<size_t>(tool)];
}

}  // namespace

float tool_bar(Ui& ui, const Rect& rect) {
  ToolState& state = ui.state.tool;
  const float side = button_height(ui, true), margin = ui.px(kMargin);
  const float count = static_cast<float>(std::size(kOrder)) + 2;
  const float needed = count * side + 3 * ui.px(kGroupGap) + 2 * margin;
  const int columns = needed <= rect.height() ? 1 : 2;
  const float width = static_cast<float>(columns) * side + 2 * margin;
  const Region region(ui, "tool_bar", rect.min, {rect.min.x + width, rect.max.y}, ui.palette.panel);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddLine({rect.min.x + width - 1, rect.min.y}, {rect.min.x + width - 1, rect.max.y}, ui.palette.line);

  float y = rect.min.y + margin;
  int column = 0;
  const auto next_group = [&] {
    if (column > 0) y += side;
    column = 0;
    const float line = std::round(y + ui.px(kGroupGap) / 2);
    list->AddLine({rect.min.x + margin, line}, {rect.min.x + width - margin, line}, ui.palette.line_strong);
    y += ui.px(kGroupGap);
  };
  const auto item = [&](std::string_view name, Icon icon, std::string_view tip, bool pressed, bool enabled) {
    ImGui::SetCursorScreenPos({rect.min.x + margin + static_cast<float>(column) * side, y});
    const bool clicked =
        icon_button(ui, name, icon, tip,
                    {.kind = ButtonKind::Quiet, .enabled = enabled, .small = true, .pressed = pressed});
    if (++column == columns) {
      column = 0;
      y += side;
    }
    return clicked;
  };
  for (const Tool tool : kOrder) {
    if (begins_group(tool)) next_group();
    const bool enabled = tool_enabled(ui, tool);
    std::string tip = with_key(ui, ui.t(name_of(tool)), *command_of(tool));
    if (!enabled) tip += std::string("\n") + ui.t(Text::ToolNeedsRead);
    if (item(name_in_log(tool), icon_of(tool), tip, state.drawing.tool() == tool, enabled))
      choose_tool(ui, tool);
  }
  next_group();
  if (item("tool.snap", Icon::Magnet, ui.t(Text::ToolSnap), state.snap, true)) state.snap = !state.snap;
  if (item("tool.panel", Icon::Layers, with_key(ui, ui.t(Text::AnnotationTitle), Command::AnnotationPanel),
           state.panel, true)) {
    state.panel = !state.panel;
    if (state.panel) ui.state.adjust.open = false;
  }
  return width;
}

void tools_begin_frame(Ui& ui) {
  ToolState& state = ui.state.tool;
  const model::OpenCase& open = *ui.model.open_case;
  const std::string user = ui.model.session.user ? ui.model.session.user->name : std::string();
  if (state.user != user || state.case_name != open.name) {
    const bool same = state.user == user, snap = state.snap, panel = state.panel;
    state = {};
    state.user = user;
    state.case_name = open.name;
    if (same) state.snap = snap;
    if (same) state.panel = panel;
  }
  if (!tool_enabled(ui, state.drawing.tool())) state.drawing.choose(Tool::Select);
  if (state.grip) {
    const model::SharedAnnotation* now = model::find_own(open, state.grip->annotation->id);
    if (!now || *now != state.grip->annotation) state.grip.reset();
  }
  const bool same_place =
      state.pane < open.panes.panes.size() && open.panes.panes[state.pane].image == state.image;
  const bool hand =
      ImGui::IsMouseDown(ImGuiMouseButton_Left) || ImGui::IsMouseReleased(ImGuiMouseButton_Left);
  if (state.holding && (!same_place || !hand)) {
    state.holding = false;
    state.drawing.cancel();
    state.grip.reset();
  }
}

bool tool_enabled(const Ui& ui, Tool tool) {
  const model::OpenCase& open = *ui.model.open_case;
  if (tool == Tool::Select) return true;
  if (open.reading.phase == model::ReadPhase::Submitting ||
      open.reading.phase == model::ReadPhase::SendingAmend)
    return false;
  return open.reading.can_edit() || model::is_measure(model::kind_of(tool));
}

void choose_tool(Ui& ui, Tool tool) {
  if (!tool_enabled(ui, tool)) return;
  ToolState& state = ui.state.tool;
  // The brush goes on with what was selected by hand, not with what another tool has just drawn.
  if (tool == Tool::Brush && state.drawing.tool() != Tool::Select && state.drawing.tool() != Tool::Brush)
    ui.wish(model::intent::SelectAnnotations{});
  state.drawing.choose(tool);
  state.grip.reset();
  state.holding = false;
  ui.state.adjust.picking = false;
  ui.state.read.leave_keys();  // the keys are the viewer's again
}

std::optional<Command> command_of(Tool tool) {
  if (tool == Tool::Split) return std::nullopt;
  static_assert(static_cast<int>(Command::ToolArea) - static_cast<int>(Command::ToolSelect) ==
                static_cast<int>(Tool::Area));
  return static_cast<Command>(static_cast<int>(Command::ToolSelect) + static_cast<int>(tool));
}

Text name_of(Tool tool) {
  switch (tool) {
    case Tool::Select:
      return Text::ToolSelect;
    case Tool::Split:
      return Text::ToolSplit;
    default:
      return name_of(model::kind_of(tool));
  }
}

Text name_of(AnnotationKind kind) {
  switch (kind) {
    case AnnotationKind::Point:
      return Text::ToolPoint;
    case AnnotationKind::Rectangle:
      return Text::ToolRectangle;
    case AnnotationKind::Ellipse:
      return Text::ToolEllipse;
    case AnnotationKind::Polygon:
      return Text::ToolPolygon;
    case AnnotationKind::Freehand:
      return Text::ToolFreehand;
    case AnnotationKind::Brush:
      return Text::ToolBrush;
    case AnnotationKind::Length:
      return Text::ToolLength;
    case AnnotationKind::Angle:
      return Text::ToolAngle;
    default:
      return Text::ToolArea;
  }
}

Icon icon_of(Tool tool) {
  static constexpr Icon kIcons[] = {Icon::Pointer, Icon::MarkPoint, Icon::Rectangle, Icon::Ellipse,
                                    Icon::Polygon, Icon::Freehand,  Icon::Brush,     Icon::Ruler,
                                    Icon::Angle,   Icon::Area,      Icon::Scissors};
  static_assert(std::size(kIcons) == model::kToolCount);
  return kIcons[static_cast<size_t>(tool)];
}

}  // namespace hada::ui
