#include "client/render/overlay_mesh.h"

#include <cmath>
#include <cstddef>
#include <numbers>

#include "client/render/fill_triangles.h"

namespace hada::render {
namespace {

using contract::Path;
using contract::PointD;

constexpr int kMarkerCorners = 16;
constexpr int kCapCorners = 6;
// Level-0 pixels: what reaches far out of view is clipped in float, where a longer piece would tremble.
constexpr double kLongest = 2048;
// How far the edges of a sharp joint are cut back on its inner side, in reaches.
constexpr double kMostMiter = 1.5;

PointD minus(PointD a, PointD b) { return {a.x - b.x, a.y - b.y}; }
PointD scaled(PointD a, double by) { return {a.x * by, a.y * by}; }
PointD unit(PointD a) { return scaled(a, 1 / std::hypot(a.x, a.y)); }
PointD normal(PointD along) { return {-along.y, along.x}; }
double dot(PointD a, PointD b) { return a.x * b.x + a.y * b.y; }
double cross(PointD a, PointD b) { return a.x * b.y - a.y * b.x; }

// Without repeated points, long edges in pieces.
Path prepared(const Path& path, bool closed) {
  Path out;
  const auto add = [&](PointD p) {
    if (!out.empty() && p == out.back()) return;
    if (!out.empty()) {
      const PointD from = out.back(), way = minus(p, from);
      const int pieces = static_cast<int>(std::ceil(std::hypot(way.x, way.y) / kLongest));
      for (int i = 1; i < pieces; ++i)
        out.push_back({from.x + way.x * i / pieces, from.y + way.y * i / pieces});
    }
    out.push_back(p);
  };
  for (const PointD p : path) add(p);
  if (closed && !out.empty()) {
    add(out.front());
    if (out.size() > 1) out.pop_back();
  }
  return out;
}

class LineBuilder {
 public:
  LineBuilder(OverlayMesh& mesh, uint32_t rgb, float extent) : mesh_(mesh), rgb_(rgb), extent_(extent) {}

  void path(const Path& given, bool closed) {
    const Path points = prepared(given, closed);
    const size_t n = points.size();
    if (n < 2) return;
    const auto direction = [&](size_t i) { return unit(minus(points[(i + 1) % n], points[i])); };
    Pair first{}, last{};
    PointD before = closed ? direction(n - 1) : PointD{};
    for (size_t i = 0; i < n; ++i) {
      const bool end = !closed && i + 1 == n;
      const PointD after = end ? before : direction(i);
      if (!closed && i == 0) {
        last = square(points[i], after);
        cap(points[i], scaled(after, -1));
      } else if (end) {
        join(last, square(points[i], before));
        cap(points[i], before);
      } else {
        joint(points[i], before, after, i == 0, first, last);
      }
      before = after;
    }
    if (closed) join(last, first);
  }

  void marker(PointD at) {
    const uint32_t base = next();
    for (int i = 0; i < kMarkerCorners; ++i) {
      const double angle = 2 * std::numbers::pi * i / kMarkerCorners;
      const PointD away{std::cos(angle), std::sin(angle)};
      add(at, away, 128);
      add(at, away, 255);
    }
    for (uint32_t i = 0; i < kMarkerCorners; ++i) {
      const uint32_t inner = base + 2 * i, next_inner = base + 2 * ((i + 1) % kMarkerCorners);
      if (i > 0 && i + 1 < kMarkerCorners) triangle(base, inner, next_inner);
      join({inner, inner + 1}, {next_inner, next_inner + 1});
    }
  }

 private:
  struct Pair {
    uint32_t left, right;
  };

  uint32_t next() const { return static_cast<uint32_t>(mesh_.line.size()); }

  uint32_t add(PointD at, PointD away, uint8_t side) {
    const auto stored = [](double v) { return static_cast<int16_t>(std::lround(v * 32767 / 2)); };
    const auto part = [&](int shift) { return static_cast<uint8_t>(rgb_ >> shift); };
    mesh_.line.push_back({static_cast<float>(at.x),
                          static_cast<float>(at.y),
                          {stored(away.x), stored(away.y)},
                          {part(16), part(8), part(0)},
                          side,
                          extent_});
    return next() - 1;
  }
  Pair add_pair(PointD at, PointD left, PointD right) {
    const uint32_t first = add(at, left, 255);
    return {first, add(at, right, 0)};
  }
  Pair square(PointD at, PointD along) { return add_pair(at, normal(along), scaled(normal(along), -1)); }

  void triangle(uint32_t a, uint32_t b, uint32_t c) {
    mesh_.line_indices.insert(mesh_.line_indices.end(), {a, b, c});
  }
  void join(Pair a, Pair b) {
    triangle(a.left, a.right, b.left);
    triangle(b.left, a.right, b.right);
  }

  // Half a disc over the line's end, towards `along`.
  void cap(PointD at, PointD along) {
    const uint32_t middle = add(at, {}, 128);
    for (int i = 0; i <= kCapCorners; ++i) {
      const double angle = std::numbers::pi * i / kCapCorners;
      const PointD side = scaled(normal(along), std::cos(angle)), ahead = scaled(along, std::sin(angle));
      const uint32_t rim = add(at, {side.x + ahead.x, side.y + ahead.y}, 255);
      if (i > 0) triangle(middle, rim - 1, rim);
    }
  }

  // Leaves in `last` where the next edge begins, joined to what `last` was, and in `first` where the first
  // one does.
  void joint(PointD at, PointD before, PointD after, bool is_first, Pair& first, Pair& last) {
    const double turn = dot(before, after);
    const auto step = [&](Pair pair) {
      if (is_first) {
        first = pair;
        is_first = false;
      } else {
        join(last, pair);
      }
      last = pair;
    };
    if (turn >= 0) {
      const PointD a = normal(before), b = normal(after);
      const PointD miter = scaled({a.x + b.x, a.y + b.y}, 1 / (1 + turn));
      return step(add_pair(at, miter, scaled(miter, -1)));
    }
    // A sharp one: its outer side is rounded around the corner. On its inner side each edge ends where the
    // other's begins, or a little before; only along itself, so that it keeps its width.
    const double outward = cross(before, after) >= 0 ? -1 : 1;
    const double back = std::min(kMostMiter, std::sqrt((1 - turn) / std::max(1 + turn, 1e-9)));
    const auto pair = [&](PointD along, double way) {
      const PointD outer = scaled(normal(along), outward);
      const PointD inner{-outer.x + along.x * way, -outer.y + along.y * way};
      return outward < 0 ? add_pair(at, inner, outer) : add_pair(at, outer, inner);
    };
    const Pair in = pair(before, -back), out = pair(after, back);
    const uint32_t middle = add(at, {}, 128);
    const uint32_t tip = add(at, unit(minus(before, after)), outward < 0 ? 0 : 255);
    const uint32_t from = outward < 0 ? in.right : in.left, until = outward < 0 ? out.right : out.left;
    step(in);
    triangle(in.left, in.right, middle);
    triangle(from, tip, middle);
    triangle(tip, until, middle);
    triangle(out.left, out.right, middle);
    last = out;
  }

  OverlayMesh& mesh_;
  uint32_t rgb_;
  float extent_;
};

}  // namespace

OverlayMesh make_mesh(const OverlayItem& item) {
  OverlayMesh mesh;
  const contract::Shape& shape = item.annotation->shape;
  const bool region = contract::is_region(shape.kind);
  const std::vector<Path> paths = contract::outline_of(shape);
  if (region) {
    FillTriangles fill = fill_triangles(paths);
    const auto part = [&](int shift) { return static_cast<uint8_t>(item.rgb >> shift); };
    mesh.fill.reserve(fill.points.size());
    for (const PointD p : fill.points)
      mesh.fill.push_back(
          {static_cast<float>(p.x), static_cast<float>(p.y), {part(16), part(8), part(0), 255}});
    mesh.fill_indices = std::move(fill.indices);
  }
  const contract::RectD box = contract::bounds_of(shape);
  const double extent = shape.kind == AnnotationKind::Point ? -1 : std::max(box.width(), box.height());
  LineBuilder line(mesh, item.rgb, static_cast<float>(extent));
  for (const Path& path : paths) {
    if (shape.kind == AnnotationKind::Point) {
      for (const PointD p : path) line.marker(p);
    } else {
      line.path(path, region);
    }
  }
  return mesh;
}

size_t mesh_cost(const contract::Shape& shape) {
  switch (shape.kind) {
    case AnnotationKind::Point:
      return kMarkerCorners;
    case AnnotationKind::Ellipse:
      return 72;
    default:
      return std::max<size_t>(4, contract::point_count(shape));
  }
}

}  // namespace hada::render
