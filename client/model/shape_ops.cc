#include "client/model/shape_ops.h"

#include <algorithm>
#include <clipper.hpp>
#include <cmath>
#include <functional>

namespace hada::model {
namespace {

namespace cl = ClipperLib;

// In units of the grid: how far a cut parts its sides (one unit is the least that does), how round a brush
// is.
constexpr double kHalfCut = 1, kArc = contract::kGridPerPixel / 32.0;
// A piece of less than a square pixel was nobody's wish.
constexpr double kLeastArea = static_cast<double>(contract::kGridPerPixel) * contract::kGridPerPixel;

cl::IntPoint to_units(contract::PointD p) {
  return {static_cast<cl::cInt>(std::llround(p.x * contract::kGridPerPixel)),
          static_cast<cl::cInt>(std::llround(p.y * contract::kGridPerPixel))};
}
cl::Path to_units(const Path& path) {
  cl::Path out;
  out.reserve(path.size());
  for (const contract::PointD p : path) out.push_back(to_units(p));
  return out;
}
cl::Paths to_units(const Paths& paths) {
  cl::Paths out;
  for (const Path& path : paths) out.push_back(to_units(path));
  return out;
}
Path from_units(const cl::Path& path) {
  Path out;
  out.reserve(path.size());
  for (const cl::IntPoint& p : path)
    out.push_back({static_cast<double>(p.X) / contract::kGridPerPixel,
                   static_cast<double>(p.Y) / contract::kGridPerPixel});
  return out;
}
Paths from_units(const cl::Paths& paths) {
  Paths out;
  for (const cl::Path& path : paths)
    if (std::abs(cl::Area(path)) >= kLeastArea) out.push_back(from_units(path));
  return out;
}

cl::Paths combined(cl::ClipType type, const cl::Paths& a, const cl::Paths& b) {
  cl::Clipper clipper(cl::ioStrictlySimple);
  clipper.AddPaths(a, cl::ptSubject, true);
  clipper.AddPaths(b, cl::ptClip, true);
  cl::Paths out;
  clipper.Execute(type, out, cl::pftEvenOdd, cl::pftEvenOdd);
  return out;
}

cl::Paths around(const cl::Path& way, double radius) {
  cl::ClipperOffset offset(2, std::max(kArc, radius / 400));
  offset.AddPath(way, cl::jtRound, cl::etOpenRound);
  cl::Paths out;
  offset.Execute(out, radius);
  return out;
}

}  // namespace

Paths cleaned(const Path& drawn) {
  cl::Clipper clipper(cl::ioStrictlySimple);
  clipper.AddPath(to_units(drawn), cl::ptSubject, true);
  cl::Paths out;
  clipper.Execute(cl::ctUnion, out, cl::pftNonZero, cl::pftNonZero);
  return from_units(out);
}

Paths brushed(const Path& way, double radius) {
  if (way.empty() || !(radius > 0)) return {};
  return from_units(around(to_units(way), radius * contract::kGridPerPixel));
}

Paths united(const Paths& a, const Paths& b) {
  return from_units(combined(cl::ctUnion, to_units(a), to_units(b)));
}

Paths without(const Paths& a, const Paths& b) {
  return from_units(combined(cl::ctDifference, to_units(a), to_units(b)));
}

Paths clipped_to(const Paths& a, double width, double height) {
  const Path image{{0, 0}, {width, 0}, {width, height}, {0, height}};
  return from_units(combined(cl::ctIntersection, to_units(a), {to_units(image)}));
}

std::vector<Paths> split(const Paths& region, const Path& cut) {
  cl::Clipper clipper(cl::ioStrictlySimple);
  clipper.AddPaths(to_units(region), cl::ptSubject, true);
  if (cut.size() >= 2) clipper.AddPaths(around(to_units(cut), kHalfCut), cl::ptClip, true);
  cl::PolyTree tree;
  clipper.Execute(cl::ctDifference, tree, cl::pftEvenOdd, cl::pftNonZero);
  std::vector<Paths> pieces;
  const std::function<void(const cl::PolyNode&)> collect = [&](const cl::PolyNode& node) {
    for (const cl::PolyNode* child : node.Childs) {
      if (!child->IsHole() && std::abs(cl::Area(child->Contour)) >= kLeastArea) {
        cl::Paths piece{child->Contour};
        for (const cl::PolyNode* hole : child->Childs) piece.push_back(hole->Contour);
        pieces.push_back(from_units(piece));
      }
      collect(*child);
    }
  };
  collect(tree);
  return pieces;
}

}  // namespace hada::model
