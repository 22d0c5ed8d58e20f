#pragma once

// An annotation as triangles: its inside, and its line with joints, ends and casing. Pure; made once, for
// every view.
//
// Positions are level-0 pixels in float, which is exact: shapes lie on a grid of 1/64 pixel
// (contract/geometry.h), and a float holds those up to 262,144. The line has no width in the image: each of
// its corners carries the direction, in image axes, in which the vertex shader moves it by display pixels.

#include <cstdint>
#include <vector>

#include "client/render/overlay_item.h"

namespace hada::render {

struct FillVertex {
  float x, y;
  uint8_t rgba[4];  // the last is not used
};

struct LineVertex {
  float x, y;
  int16_t away[2];  // 32767 is 2: the way from the line's middle, times its reach
  uint8_t rgb[3];
  uint8_t side;  // 0 and 255: the casing's outer edges; 128: the middle
  float extent;  // the shape's longer side in level-0 pixels; negative: a point's disc
};

struct OverlayMesh {
  std::vector<FillVertex> fill;
  std::vector<LineVertex> line;
  std::vector<uint32_t> fill_indices, line_indices;  // triangles; from 0

  size_t bytes() const {
    return fill.size() * sizeof(FillVertex) + line.size() * sizeof(LineVertex) +
           (fill_indices.size() + line_indices.size()) * sizeof(uint32_t);
  }
};

OverlayMesh make_mesh(const OverlayItem& item);

// What drawing it as a mesh costs, in corners of an outline; without making it.
size_t mesh_cost(const contract::Shape& shape);

}  // namespace hada::render
