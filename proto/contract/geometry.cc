#include "contract/geometry.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace hada::contract {
namespace {

constexpr int kEllipseCorners = 72;

PointD minus(PointD a, PointD b) { return {a.x - b.x, a.y - b.y}; }
double cross(PointD a, PointD b) { return a.x * b.y - a.y * b.x; }
double dot(PointD a, PointD b) { return a.x * b.x + a.y * b.y; }

// Twice the signed area; relative to the first point, so that far from the origin nothing cancels.
double twice_area(const Path& path) {
  double sum = 0;
  for (size_t i = 1; i + 1 < path.size(); ++i)
    sum += cross(minus(path[i], path[0]), minus(path[i + 1], path[0]));
  return sum;
}

double distance_to_segment(PointD p, PointD a, PointD b) {
  const PointD along = minus(b, a), to = minus(p, a);
  const double length2 = dot(along, along);
  const double t = length2 > 0 ? std::clamp(dot(to, along) / length2, 0.0, 1.0) : 0;
  return std::hypot(to.x - t * along.x, to.y - t * along.y);
}

bool odd_crossings(const Path& closed, PointD p) {
  bool inside = false;
  for (size_t i = 0, j = closed.size() - 1; i < closed.size(); j = i++) {
    const PointD a = closed[i], b = closed[j];
    if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

double along(const Path& path, bool closed, double mpp_x, double mpp_y) {
  double sum = 0;
  const auto step = [&](PointD a, PointD b) { sum += std::hypot((b.x - a.x) * mpp_x, (b.y - a.y) * mpp_y); };
  for (size_t i = 1; i < path.size(); ++i) step(path[i - 1], path[i]);
  if (closed && path.size() > 2) step(path.back(), path.front());
  return sum;
}

// Ramanujan 1914, second formula: better than 1e-4 for any ratio a section of skin has.
double ellipse_round(double a, double b) {
  const double h = (a - b) * (a - b) / ((a + b) * (a + b));
  return std::numbers::pi * (a + b) * (1 + 3 * h / (10 + std::sqrt(4 - 3 * h)));
}

// How deep a path lies among the others: the number of those around it. Asked of the middle of an edge, since
// paths may touch each other with their corners.
size_t depth_of(const std::vector<Path>& paths, size_t index) {
  const Path& path = paths[index];
  const PointD middle{(path[0].x + path[1].x) / 2, (path[0].y + path[1].y) / 2};
  size_t depth = 0;
  for (size_t i = 0; i < paths.size(); ++i)
    if (i != index && !paths[i].empty() && odd_crossings(paths[i], middle)) ++depth;
  return depth;
}

size_t least_points(AnnotationKind kind) {
  switch (kind) {
    case AnnotationKind::Point:
      return 1;
    case AnnotationKind::Rectangle:
    case AnnotationKind::Ellipse:
    case AnnotationKind::Length:
      return 2;
    default:
      return 3;
  }
}

bool exact_points(AnnotationKind kind) { return !is_outline(kind) && kind != AnnotationKind::Length; }

bool collapsed(const Shape& shape) {
  const Path& first = shape.paths[0];
  switch (shape.kind) {
    case AnnotationKind::Point:
      return false;
    case AnnotationKind::Rectangle:
    case AnnotationKind::Ellipse:
      return first[0].x >= first[1].x || first[0].y >= first[1].y;
    case AnnotationKind::Length:
      return along(first, false, 1, 1) == 0;
    case AnnotationKind::Angle:
      return first[0] == first[1] || first[1] == first[2];
    default:
      return std::any_of(shape.paths.begin(), shape.paths.end(),
                         [](const Path& path) { return twice_area(path) == 0; });
  }
}

// Douglas and Peucker on path[first..last]; marks what stays. Iterative: an outline may be long.
void keep_far_points(const Path& path, size_t first, size_t last, double tolerance, std::vector<bool>& kept) {
  std::vector<std::pair<size_t, size_t>> open{{first, last}};
  while (!open.empty()) {
    const auto [from, to] = open.back();
    open.pop_back();
    double furthest = tolerance;
    size_t at = 0;
    for (size_t i = from + 1; i < to; ++i) {
      const double away = distance_to_segment(path[i], path[from], path[to]);
      if (away <= furthest) continue;
      furthest = away;
      at = i;
    }
    if (at == 0) continue;
    kept[at] = true;
    open.push_back({from, at});
    open.push_back({at, to});
  }
}

}  // namespace

PointD to_grid(PointD p) {
  return {std::round(p.x * kGridPerPixel) / kGridPerPixel, std::round(p.y * kGridPerPixel) / kGridPerPixel};
}

Shape to_grid(Shape shape) {
  for (Path& path : shape.paths)
    for (PointD& p : path) p = to_grid(p);
  return shape;
}

bool is_outline(AnnotationKind kind) {
  return kind == AnnotationKind::Polygon || kind == AnnotationKind::Freehand ||
         kind == AnnotationKind::Brush || kind == AnnotationKind::Area;
}

bool is_region(AnnotationKind kind) {
  return is_outline(kind) || kind == AnnotationKind::Rectangle || kind == AnnotationKind::Ellipse;
}

size_t point_count(const Shape& shape) {
  size_t count = 0;
  for (const Path& path : shape.paths) count += path.size();
  return count;
}

std::optional<ShapeProblem> problem_of(const Shape& shape, double width, double height) {
  if (shape.kind <= AnnotationKind::Unspecified || static_cast<int32_t>(shape.kind) >= kAnnotationKindCount)
    return ShapeProblem::Kind;
  if (shape.paths.empty() || (!is_outline(shape.kind) && shape.paths.size() != 1)) return ShapeProblem::Paths;
  const size_t least = least_points(shape.kind);
  for (const Path& path : shape.paths)
    if (path.size() < least || (exact_points(shape.kind) && path.size() != least))
      return ShapeProblem::Points;
  if (point_count(shape) > kMaxShapePoints) return ShapeProblem::Points;
  for (const Path& path : shape.paths)
    for (const PointD p : path)
      // Also true for what is no number.
      if (!(p.x >= 0 && p.x <= width && p.y >= 0 && p.y <= height)) return ShapeProblem::Outside;
  if (collapsed(shape)) return ShapeProblem::Collapsed;
  return std::nullopt;
}

std::vector<Path> outline_of(const Shape& shape) {
  if (shape.paths.empty()) return {};
  const Path& corners = shape.paths[0];
  const bool boxed = shape.kind == AnnotationKind::Rectangle || shape.kind == AnnotationKind::Ellipse;
  if (!boxed || corners.size() != 2) return shape.paths;
  const PointD low = corners[0], high = corners[1];
  if (shape.kind == AnnotationKind::Rectangle) return {{low, {high.x, low.y}, high, {low.x, high.y}}};
  const PointD centre{(low.x + high.x) / 2, (low.y + high.y) / 2};
  Path around;
  around.reserve(kEllipseCorners);
  for (int i = 0; i < kEllipseCorners; ++i) {
    const double angle = 2 * std::numbers::pi * i / kEllipseCorners;
    around.push_back(
        {centre.x + std::cos(angle) * (high.x - centre.x), centre.y + std::sin(angle) * (high.y - centre.y)});
  }
  return {around};
}

RectD bounds_of(const Shape& shape) {
  constexpr double kFar = std::numeric_limits<double>::max();
  RectD box{kFar, kFar, -kFar, -kFar};
  for (const Path& path : shape.paths) {
    for (const PointD p : path) {
      box.x0 = std::min(box.x0, p.x);
      box.y0 = std::min(box.y0, p.y);
      box.x1 = std::max(box.x1, p.x);
      box.y1 = std::max(box.y1, p.y);
    }
  }
  return box.x0 > box.x1 ? RectD{} : box;
}

Measures measures_of(const Shape& shape, double mpp_x, double mpp_y) {
  Measures out;
  if (shape.paths.empty()) return out;
  const Path& first = shape.paths[0];
  if (shape.kind == AnnotationKind::Ellipse && first.size() == 2) {
    const double a = (first[1].x - first[0].x) / 2 * mpp_x, b = (first[1].y - first[0].y) / 2 * mpp_y;
    out.area = std::numbers::pi * a * b;
    out.length = a + b > 0 ? ellipse_round(a, b) : 0;
    return out;
  }
  const bool region = is_region(shape.kind);
  const std::vector<Path> paths = outline_of(shape);
  for (const Path& path : paths) out.length += along(path, region, mpp_x, mpp_y);
  if (region) {
    for (size_t i = 0; i < paths.size(); ++i) {
      if (paths[i].size() < 3) continue;
      const double area = std::abs(twice_area(paths[i])) / 2 * mpp_x * mpp_y;
      out.area += depth_of(paths, i) % 2 == 0 ? area : -area;
    }
  }
  if (shape.kind == AnnotationKind::Angle && first.size() == 3) {
    const auto arm = [&](PointD end) {
      return PointD{(end.x - first[1].x) * mpp_x, (end.y - first[1].y) * mpp_y};
    };
    const PointD a = arm(first[0]), b = arm(first[2]);
    out.degrees = std::abs(std::atan2(cross(a, b), dot(a, b))) * 180 / std::numbers::pi;
  }
  return out;
}

bool contains(const Shape& shape, PointD p) {
  if (!is_region(shape.kind) || shape.paths.empty()) return false;
  const Path& first = shape.paths[0];
  if (!is_outline(shape.kind)) {
    if (first.size() != 2) return false;
    if (shape.kind == AnnotationKind::Rectangle)
      return p.x >= first[0].x && p.x <= first[1].x && p.y >= first[0].y && p.y <= first[1].y;
    const double a = (first[1].x - first[0].x) / 2, b = (first[1].y - first[0].y) / 2;
    const double x = (p.x - first[0].x - a) / a, y = (p.y - first[0].y - b) / b;
    return x * x + y * y <= 1;
  }
  bool inside = false;
  for (const Path& path : shape.paths)
    if (!path.empty() && odd_crossings(path, p)) inside = !inside;
  return inside;
}

double distance_to(const Shape& shape, PointD p) {
  double nearest = std::numeric_limits<double>::infinity();
  const bool closed = is_region(shape.kind);
  for (const Path& path : outline_of(shape)) {
    if (path.size() == 1) nearest = std::min(nearest, std::hypot(p.x - path[0].x, p.y - path[0].y));
    for (size_t i = 1; i < path.size(); ++i)
      nearest = std::min(nearest, distance_to_segment(p, path[i - 1], path[i]));
    if (closed && path.size() > 2)
      nearest = std::min(nearest, distance_to_segment(p, path.back(), path.front()));
  }
  return nearest;
}

Path simplified(const Path& path, double tolerance, bool closed) {
  if (path.size() <= (closed ? 3u : 2u)) return path;
  std::vector<bool> kept(path.size(), false);
  Path walk = path;
  size_t last = path.size() - 1;
  if (closed) {
    // Two halves between the first point and the one furthest from it, and the third point that a region
    // needs.
    walk.push_back(path[0]);
    kept.push_back(false);
    last = walk.size() - 1;
    size_t far = 1;
    double away = -1;
    for (size_t i = 1; i < path.size(); ++i) {
      const double d = std::hypot(path[i].x - path[0].x, path[i].y - path[0].y);
      if (d > away) {
        away = d;
        far = i;
      }
    }
    kept[far] = true;
    keep_far_points(walk, 0, far, tolerance, kept);
    keep_far_points(walk, far, last, tolerance, kept);
  } else {
    keep_far_points(walk, 0, last, tolerance, kept);
  }
  kept[0] = true;
  kept[last] = !closed;
  if (closed && std::count(kept.begin(), kept.end(), true) < 3) {
    size_t third = 0;
    double away = -1;
    const size_t far = static_cast<size_t>(std::find(kept.begin() + 1, kept.end(), true) - kept.begin());
    for (size_t i = 1; i < path.size(); ++i) {
      const double d = distance_to_segment(path[i], path[0], path[far]);
      if (!kept[i] && d > away) {
        away = d;
        third = i;
      }
    }
    kept[third] = true;
  }
  Path out;
  for (size_t i = 0; i < walk.size(); ++i)
    if (kept[i]) out.push_back(walk[i]);
  return out;
}

Shape simplified(Shape shape, double tolerance) {
  if (!is_outline(shape.kind) && shape.kind != AnnotationKind::Length) return shape;
  const bool closed = is_outline(shape.kind);
  for (Path& path : shape.paths) path = simplified(path, tolerance, closed);
  return shape;
}

}  // namespace hada::contract
