#pragma once

// What the mouse and the keys do on an image besides moving it: choosing, drawing and reshaping annotations.
// The rules are in client/model (drawing.h, update_annotations.cc); here are the hand and the pictures.

#include <memory>
#include <optional>
#include <string>

#include "client/ui/icons.h"
#include "client/ui/viewer_overlays.h"

namespace hada::ui {

// At the start of the viewer's frame: what another person or case had begun is gone, and so is a press whose
// pane or end was missed.
void tools_begin_frame(Ui& ui);
// The tools along the viewer's left edge; the width they take.
float tool_bar(Ui& ui, const Rect& rect);
// Whether the open case lets this tool be used now: without a read one can only choose and measure.
bool tool_enabled(const Ui& ui, model::Tool tool);
void choose_tool(Ui& ui, model::Tool tool);

// What lies over an image now; the same pointer as long as nothing changes.
std::shared_ptr<const DrawnAnnotations> drawn_annotations(Ui& ui, const std::string& image);
uint32_t annotation_rgb(size_t colour);

// After the pane's button. True while the hand's press belongs to a tool. `cursor`: display pixels in the
// pane.
bool tool_press(Ui& ui, const PaneView& view, model::PointD cursor);
// A press that did not become a drag; false when no tool wanted it.
bool tool_click(Ui& ui, const PaneView& view, model::PointD cursor);
bool tool_double_click(Ui& ui, const PaneView& view);
// The keys of drawing and of what is selected. True when one was taken.
bool tool_keys(Ui& ui, const model::OpenCase& open);
// Escape: gives up what was begun, then the tool, then the selection. False when there was nothing to leave.
bool tool_escape(Ui& ui, const model::OpenCase& open);
// What Backspace and Ctrl+Z take back while a shape is being drawn.
bool take_back_point(Ui& ui);
// Ends a shape that sets points as far as it can be ended, before a read is sent; false when none was begun.
bool finish_begun(Ui& ui);

// Where the mouse would set a point: snapped, inside the image. Level-0 pixels.
model::PointD tool_point(Ui& ui, const PaneView& view, model::PointD cursor);
// Ends the shape and wishes for what it says.
void finish_drawing(Ui& ui, const PaneView& view, contract::Path path);
// The brush's radius, in level-0 pixels.
double brush_radius(const Ui& ui, const PaneView& view);
// This many units of the design, in level-0 pixels.
double reach(const Ui& ui, const PaneView& view, float units);

// Reshaping (select_tool.cc).
bool grip_press(Ui& ui, const PaneView& view, model::PointD at);
void grip_move(Ui& ui, const PaneView& view, model::PointD at);
void grip_release(Ui& ui);
const model::ShownAnnotation* annotation_at(Ui& ui, const PaneView& view, model::PointD at);

// Over the image: what is selected, under the mouse and being drawn, and measures.
void draw_tool_marks(Ui& ui, const PaneView& view);
// "3.2 mm²", "37°"; pixels where their size is unknown. Empty for a point.
std::string measure_text(const model::Image& image, const contract::Shape& shape);

// None for Split, which is a button.
std::optional<Command> command_of(model::Tool tool);
Text name_of(model::Tool tool);
Text name_of(AnnotationKind kind);
Icon icon_of(model::Tool tool);

}  // namespace hada::ui
