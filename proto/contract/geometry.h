#pragma once

// Shapes drawn on an image: validity, measures, hit tests, simplification. Pure. Coordinates are level-0
// pixels in double, origin at the image's top left corner, y down; stored in whole 1/64 pixels (`to_grid`),
// so that a shape compares equal after a round trip.
//
// Paths by kind:
//   Point      one path of one point
//   Rectangle  one path of two points: the least and the greatest corner, along the image's edges
//   Ellipse    likewise, of the box around it
//   Polygon, Freehand, Brush, Area   one or more closed paths of at least three points, the last joined to
//   the
//              first; inside is what an odd number of them encloses (so a path in another one is a hole)
//   Length     one open path of at least two points
//   Angle      one open path of three points; the angle is at the second

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "contract/enums.h"
#include "contract/pyramid.h"

namespace hada::contract {

struct PointD {
  double x = 0, y = 0;
  bool operator==(const PointD&) const = default;
};
using Path = std::vector<PointD>;

struct Shape {
  AnnotationKind kind = AnnotationKind::Unspecified;
  std::vector<Path> paths;
  bool operator==(const Shape&) const = default;
};

inline constexpr int kGridPerPixel = 64;
// Of one read, over all its images.
inline constexpr size_t kMaxAnnotations = 2'000, kMaxAnnotationPoints = 200'000;
inline constexpr size_t kMaxShapePoints = 50'000;

PointD to_grid(PointD p);
Shape to_grid(Shape shape);

// It has an inside: all but Point, Length and Angle.
bool is_region(AnnotationKind kind);
// Its paths are closed and free in number: Polygon, Freehand, Brush, Area.
bool is_outline(AnnotationKind kind);
size_t point_count(const Shape& shape);

enum class ShapeProblem : int32_t {
  Kind,       // unspecified
  Paths,      // a wrong number of paths
  Points,     // a wrong number of points in a path, or too many in all
  Outside,    // beyond the image (its edges belong to it), or no number
  Collapsed,  // no extent: a region without area, a line without length, corners that are not least and
              // greatest
};
// What keeps a shape from being stored on an image of this size.
std::optional<ShapeProblem> problem_of(const Shape& shape, double width, double height);

// The closed paths around a region (an ellipse as 72 corners), the open path of a line, the point itself.
std::vector<Path> outline_of(const Shape& shape);
RectD bounds_of(const Shape& shape);

// Pixels are `mpp_x` by `mpp_y` micrometres; give 1, 1 for measures in pixels.
struct Measures {
  double length = 0;   // um, of an open path; of a region: around it, holes included
  double area = 0;     // um2; 0 for what has no inside
  double degrees = 0;  // of an angle, 0 to 180
};
Measures measures_of(const Shape& shape, double mpp_x, double mpp_y);

// In a region; never in other kinds.
bool contains(const Shape& shape, PointD p);
// From the nearest point of its outline, line or point, in pixels.
double distance_to(const Shape& shape, PointD p);

// Fewer points, none of the old line further than `tolerance` pixels from the new one (Douglas and Peucker
// 1973). Ends stay; a closed path keeps at least three points.
Path simplified(const Path& path, double tolerance, bool closed);
Shape simplified(Shape shape, double tolerance);

}  // namespace hada::contract
