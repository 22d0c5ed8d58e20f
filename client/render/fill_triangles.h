#pragma once

// Triangles that fill closed paths, by the even-odd rule: holes, crossings and paths that touch are allowed.
// Pure.
//
// A single path that does not cross itself is cut ear by ear (Meisters 1975), which gives the fewest
// triangles, n - 2, and no corner on another's edge. Anything else is swept into trapezoids, which works for
// every input.

#include <cstdint>
#include <vector>

#include "contract/geometry.h"

namespace hada::render {

struct FillTriangles {
  std::vector<contract::PointD> points;
  std::vector<uint32_t> indices;  // three for each triangle
};

FillTriangles fill_triangles(const std::vector<contract::Path>& paths);

// The two ways, for tests. Ears: false when the path crosses or touches itself, or is long enough that
// comparing each pair of its edges costs more than the sweep.
bool fill_by_ears(const contract::Path& path, FillTriangles& out);
FillTriangles fill_by_sweep(const std::vector<contract::Path>& paths);

}  // namespace hada::render
