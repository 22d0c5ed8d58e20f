#include "client/model/drawing.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "client/model/shape_ops.h"

namespace hada::model {
namespace {

using contract::Shape;

constexpr double kLeastBreadth = 1.5;  // of a region, display pixels

double between(PointD a, PointD b) { return std::hypot(a.x - b.x, a.y - b.y); }

bool boxed(const Shape& shape) {
  return shape.kind == AnnotationKind::Rectangle || shape.kind == AnnotationKind::Ellipse;
}

PointD nearest_on(PointD a, PointD b, PointD p) {
  const double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
  const double t = length2 > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length2, 0.0, 1.0) : 0;
  return {a.x + t * dx, a.y + t * dy};
}

PointD inside(PointD p, double width, double height) {
  return {std::clamp(p.x, 0.0, width), std::clamp(p.y, 0.0, height)};
}

// Calls visit(path, index of the point before, a, b) for every piece of line.
template <typename F>
void each_edge(const std::vector<Path>& paths, bool closed, F visit) {
  for (size_t i = 0; i < paths.size(); ++i) {
    const Path& path = paths[i];
    for (size_t j = 0; j + 1 < path.size(); ++j) visit(i, j, path[j], path[j + 1]);
    if (closed && path.size() > 2) visit(i, path.size() - 1, path.back(), path.front());
  }
}

bool beside(const contract::RectD& box, PointD p, double near) {
  return p.x < box.x0 - near || p.x > box.x1 + near || p.y < box.y0 - near || p.y > box.y1 + near;
}

}  // namespace

AnnotationKind kind_of(Tool tool) {
  return tool == Tool::Select || tool == Tool::Split ? AnnotationKind::Unspecified
                                                     : static_cast<AnnotationKind>(tool);
}
static_assert(static_cast<int>(Tool::Point) == static_cast<int>(AnnotationKind::Point) &&
              static_cast<int>(Tool::Area) == static_cast<int>(AnnotationKind::Area));

bool is_measure(AnnotationKind kind) {
  return kind == AnnotationKind::Length || kind == AnnotationKind::Angle || kind == AnnotationKind::Area;
}

bool sets_points(Tool tool) {
  switch (tool) {
    case Tool::Point:
    case Tool::Polygon:
    case Tool::Length:
    case Tool::Angle:
    case Tool::Area:
    case Tool::Split:
      return true;
    default:
      return false;
  }
}

void Drawing::choose(Tool tool) {
  tool_ = tool;
  points_.clear();
}

size_t Drawing::least_points() const {
  switch (tool_) {
    case Tool::Polygon:
    case Tool::Area:
    case Tool::Angle:
      return 3;
    case Tool::Length:
    case Tool::Split:
      return 2;
    default:
      return 1;
  }
}

std::optional<Path> Drawing::take() { return std::exchange(points_, {}); }

std::optional<Path> Drawing::click(PointD at, double near, bool more) {
  const bool outline = tool_ == Tool::Polygon || tool_ == Tool::Area;
  if (outline && points_.size() >= 3 && between(points_.front(), at) <= near) return take();
  points_.push_back(at);
  if (tool_ == Tool::Point) return take();
  if (tool_ == Tool::Length && points_.size() >= 2 && !more) return take();
  if (tool_ == Tool::Angle && points_.size() == 3) return take();
  return std::nullopt;
}

std::optional<Path> Drawing::finish() {
  // The second click of a double click set its point twice.
  while (points_.size() > 1 && points_.back() == points_[points_.size() - 2]) points_.pop_back();
  if (points_.size() < least_points()) return std::nullopt;
  return take();
}

void Drawing::take_back() {
  if (!points_.empty()) points_.pop_back();
}

void Drawing::press(PointD at) { points_.assign(1, at); }

void Drawing::drag(PointD at, double pixel) {
  if (points_.empty()) return;
  const bool corners = tool_ == Tool::Rectangle || tool_ == Tool::Ellipse;
  if (corners) points_.resize(1);
  if (corners || between(points_.back(), at) >= pixel / 2) points_.push_back(at);
}

std::optional<Path> Drawing::release() {
  // One press of the brush leaves a dot; everything else needs a way.
  if (points_.empty() || (points_.size() < 2 && tool_ != Tool::Brush)) {
    points_.clear();
    return std::nullopt;
  }
  return take();
}

std::optional<Shape> shape_of(Tool tool, Path drawn, double pixel, double width, double height) {
  Shape shape{kind_of(tool), {}};
  for (PointD& p : drawn) p = inside(p, width, height);
  switch (tool) {
    case Tool::Rectangle:
    case Tool::Ellipse: {
      if (drawn.size() != 2) return std::nullopt;
      const auto [x0, x1] = std::minmax(drawn[0].x, drawn[1].x);
      const auto [y0, y1] = std::minmax(drawn[0].y, drawn[1].y);
      shape.paths = {{{x0, y0}, {x1, y1}}};
      break;
    }
    case Tool::Freehand:
      shape.paths = cleaned(contract::simplified(drawn, pixel / 2, true));
      break;
    case Tool::Polygon:
    case Tool::Area:
      shape.paths = cleaned(drawn);
      break;
    default:
      shape.paths = {std::move(drawn)};
  }
  shape = contract::to_grid(std::move(shape));
  if (contract::problem_of(shape, width, height)) return std::nullopt;
  // A line that was drawn to and fro is no region.
  const contract::Measures m = contract::measures_of(shape, 1, 1);
  if (contract::is_outline(shape.kind) && 2 * m.area < kLeastBreadth * pixel * m.length) return std::nullopt;
  return shape;
}

PointD position_of(const Shape& shape, Handle handle) {
  if (!boxed(shape)) return shape.paths[handle.path][handle.point];
  const PointD low = shape.paths[0][0], high = shape.paths[0][1];
  switch (handle.point) {
    case 0:
      return low;
    case 1:
      return {high.x, low.y};
    case 2:
      return high;
    default:
      return {low.x, high.y};
  }
}

std::optional<Handle> handle_at(const Shape& shape, PointD at, double near) {
  std::optional<Handle> found;
  const auto consider = [&](Handle handle) {
    const double away = between(position_of(shape, handle), at);
    if (away > near) return;
    near = away;
    found = handle;
  };
  if (boxed(shape)) {
    for (size_t i = 0; i < 4; ++i) consider({0, i});
    return found;
  }
  for (size_t i = 0; i < shape.paths.size(); ++i)
    for (size_t j = 0; j < shape.paths[i].size(); ++j) consider({i, j});
  return found;
}

std::optional<Handle> edge_at(const Shape& shape, PointD at, double near) {
  std::optional<Handle> found;
  if (!contract::is_outline(shape.kind) && shape.kind != AnnotationKind::Length) return found;
  each_edge(shape.paths, contract::is_outline(shape.kind),
            [&](size_t path, size_t before, PointD a, PointD b) {
              const double away = between(nearest_on(a, b, at), at);
              if (away > near) return;
              near = away;
              found = Handle{path, before + 1};
            });
  return found;
}

Shape with_handle_at(Shape shape, Handle handle, PointD to) {
  if (!boxed(shape)) {
    shape.paths[handle.path][handle.point] = to;
    return shape;
  }
  // The corner across stays; a corner drawn past it changes sides.
  const PointD across = position_of(shape, {0, (handle.point + 2) % 4});
  const auto [x0, x1] = std::minmax(to.x, across.x);
  const auto [y0, y1] = std::minmax(to.y, across.y);
  shape.paths = {{{x0, y0}, {x1, y1}}};
  return shape;
}

Shape with_point(Shape shape, Handle at, PointD point) {
  Path& path = shape.paths[at.path];
  path.insert(path.begin() + static_cast<std::ptrdiff_t>(at.point), point);
  return shape;
}

std::optional<Shape> without_point(Shape shape, Handle handle) {
  const bool outline = contract::is_outline(shape.kind);
  if (!outline && shape.kind != AnnotationKind::Length) return std::nullopt;
  Path& path = shape.paths[handle.path];
  if (path.size() > (outline ? 3u : 2u)) {
    path.erase(path.begin() + static_cast<std::ptrdiff_t>(handle.point));
    return shape;
  }
  // The last corners of a hole or of one piece: it goes.
  if (!outline || shape.paths.size() < 2) return std::nullopt;
  shape.paths.erase(shape.paths.begin() + static_cast<std::ptrdiff_t>(handle.path));
  return shape;
}

Shape moved(Shape shape, double dx, double dy, double width, double height) {
  const contract::RectD box = contract::bounds_of(shape);
  dx = std::clamp(dx, -box.x0, width - box.x1);
  dy = std::clamp(dy, -box.y0, height - box.y1);
  for (Path& path : shape.paths)
    for (PointD& p : path) p = {p.x + dx, p.y + dy};
  return shape;
}

std::optional<PointD> snapped(const std::vector<const Shape*>& shapes, PointD at, double near) {
  std::optional<PointD> corner, line;
  double corner_away = near, line_away = near;
  for (const Shape* shape : shapes) {
    if (beside(contract::bounds_of(*shape), at, near)) continue;
    const std::vector<Path> paths = contract::outline_of(*shape);
    if (shape->kind != AnnotationKind::Ellipse) {
      for (const Path& path : paths) {
        for (const PointD p : path) {
          const double away = between(p, at);
          if (away > corner_away) continue;
          corner_away = away;
          corner = p;
        }
      }
    }
    each_edge(paths, contract::is_region(shape->kind), [&](size_t, size_t, PointD a, PointD b) {
      const PointD p = nearest_on(a, b, at);
      const double away = between(p, at);
      if (away > line_away) return;
      line_away = away;
      line = p;
    });
  }
  return corner ? corner : line;
}

}  // namespace hada::model
