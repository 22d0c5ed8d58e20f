#pragma once

// Draws annotations into a square of pixels on the CPU: where too many are in view for their triangles.
// Anti-aliased; the same picture as the mesh's. Pure; one for each thread.

#include <cstdint>
#include <functional>
#include <vector>

#include "client/model/viewport.h"
#include "client/render/overlay_scene.h"

namespace hada::render {

// From level-0 pixels to pixels of the image as it is shown, turned and scaled, with the image's origin at 0,
// 0: without the pan, so that what is drawn for it serves for every pan.
struct OverlayScale {
  double xx = 1, xy = 0, yx = 0, yy = 1;
  float line_width = 1.5f;  // display pixels
  bool operator==(const OverlayScale&) const = default;

  static OverlayScale of(const model::Viewport& viewport, float line_width);
  double zoom() const;
  model::PointD apply(model::PointD p) const { return {xx * p.x + xy * p.y, yx * p.x + yy * p.y}; }
  model::PointD undo(model::PointD p) const;
  // The box around what undo() makes of a box.
  contract::RectD undo(const contract::RectD& box) const;
  contract::RectD apply(const contract::RectD& box) const;
};

// A square of drawn annotations.
struct PlatePicture {
  // Pixels, x1 and y1 beyond; together they hold everything that is not transparent.
  struct Part {
    int16_t x0, y0, x1, y1;
  };
  std::vector<uint8_t> rgba;  // premultiplied, top row first; empty: nothing lies there
  std::vector<Part> parts;
};

class OverlayRaster {
 public:
  static constexpr int kSide = 256;

  OverlayRaster();
  // Column and row number squares of kSide from the image's origin.
  // Calls `between` before each shape: the caller may let others go first.
  PlatePicture draw(
      const OverlayScene& scene, const OverlayScale& scale, int column, int row,
      const std::function<void()>& between = [] {});

 private:
  struct Point {
    float x, y;
  };
  struct PathRange {
    size_t first, count;
    bool closed;
  };
  struct Figure {
    const SceneEntry* entry;
    size_t first_path, path_count;
    bool region;
    float disc;  // display pixels: the radius that a point or a dot has inside its line; else 0
    float presence;
  };
  struct Box {
    int x0, y0, x1, y1;  // x1 and y1 are beyond
    bool empty() const { return x1 <= x0 || y1 <= y0; }
  };

  void transform(const SceneEntry& entry, const OverlayScale& scale, double left, double top);
  Box box_of(const Figure& figure, float margin) const;
  void fill(const Figure& figure, uint8_t* rgba);
  void accumulate(Point a, Point b, const Box& box);
  void stroke(const Figure& figure, float line_width, uint8_t* rgba);
  void measure(Point a, Point b, float reach, const Box& box);

  // Scratch of one call; kept for its memory.
  std::vector<Point> points_;
  std::vector<PathRange> paths_;
  std::vector<Figure> figures_;
  std::vector<float> cover_;     // change of the signed area from pixel to pixel; all 0 between calls
  std::vector<float> distance_;  // squared, to the nearest line; all far between calls
};

}  // namespace hada::render
