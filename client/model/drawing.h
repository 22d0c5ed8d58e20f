#pragma once

// The hand that draws a shape: which points a tool has taken so far and when the shape is done. Points are
// level-0 pixels; `pixel` is the size of a display pixel there. Pure.

#include <cstdint>
#include <optional>
#include <vector>

#include "client/model/viewport.h"
#include "contract/geometry.h"

namespace hada::model {

enum class Tool : int32_t {
  Select,  // chooses, moves and reshapes what is there; moves the image
  Point,
  Rectangle,
  Ellipse,
  Polygon,
  Freehand,
  Brush,
  Length,
  Angle,
  Area,
  Split,  // draws the line that parts the selected region
};
inline constexpr int kToolCount = 11;

// Unspecified for Select and Split.
AnnotationKind kind_of(Tool tool);
// Measures may be taken by anyone who looks; everything else is part of a read.
bool is_measure(AnnotationKind kind);
// A click sets a point, and a drag moves the image; with the others a drag draws.
bool sets_points(Tool tool);

class Drawing {
 public:
  Tool tool() const { return tool_; }
  // Gives up what was begun.
  void choose(Tool tool);

  bool begun() const { return !points_.empty(); }
  const contract::Path& points() const { return points_; }

  // --- tools that set points ---
  // The path when this click ends it: on the first point of an outline, the second of a length (`more` goes
  // on), the third of an angle. `near` is how close to the first point, in level-0 pixels.
  std::optional<contract::Path> click(PointD at, double near, bool more);
  // Ends a path that has enough points; nothing otherwise.
  std::optional<contract::Path> finish();
  void take_back();

  // --- tools that are drawn by dragging ---
  void press(PointD at);
  // Points closer than half a display pixel are not kept.
  void drag(PointD at, double pixel);
  std::optional<contract::Path> release();

  void cancel() { points_.clear(); }

 private:
  size_t least_points() const;
  std::optional<contract::Path> take();

  Tool tool_ = Tool::Select;
  contract::Path points_;
};

// What was drawn as a shape of an image of this size, or nothing where it has no extent: corners put in
// order, hand-drawn lines with as few points as half a display pixel allows, outlines free of crossings,
// everything inside the image and on the grid.
std::optional<contract::Shape> shape_of(Tool tool, contract::Path drawn, double pixel, double width,
                                        double height);

// --- reshaping by hand ---

// A point of a shape that can be taken hold of. Of a rectangle or ellipse: `path` 0 and `point` 0 to 3, the
// corners clockwise from the least.
struct Handle {
  size_t path = 0, point = 0;
  bool operator==(const Handle&) const = default;
};
PointD position_of(const contract::Shape& shape, Handle handle);
// The nearest handle within `near` pixels, else nothing.
std::optional<Handle> handle_at(const contract::Shape& shape, PointD at, double near);
// Where a new point would go between two of an outline or line: the index it gets, when the line is within
// `near`.
std::optional<Handle> edge_at(const contract::Shape& shape, PointD at, double near);

contract::Shape with_handle_at(contract::Shape shape, Handle handle, PointD to);
contract::Shape with_point(contract::Shape shape, Handle at, PointD point);
// Nothing where too few would be left.
std::optional<contract::Shape> without_point(contract::Shape shape, Handle handle);
// Moved as a whole, held inside the image.
contract::Shape moved(contract::Shape shape, double dx, double dy, double width, double height);

// The nearest corner of the shapes, else the nearest point of their lines, within `near` pixels.
std::optional<PointD> snapped(const std::vector<const contract::Shape*>& shapes, PointD at, double near);

}  // namespace hada::model
