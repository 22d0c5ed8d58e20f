#include "client/render/overlay_raster.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace hada::render {
namespace {

using contract::Path;
using contract::RectD;
using model::PointD;

constexpr int kSide = OverlayRaster::kSide;
constexpr size_t kCoverRow = kSide + 2;
constexpr float kFar = 1e9f;
// Display pixels: a point nearer to the one before is left out. Of a small shape less is seen.
float least_step(float size) { return size < 24 ? std::min(2.0f, size / 4) : 0.75f; }
// A shape up to this size (display pixels) is a dot.
constexpr float kDot = 2.5f;

struct Ink {
  float r, g, b;
};
Ink ink(uint32_t rgb) {
  const auto part = [&](int shift) { return static_cast<float>(rgb >> shift & 0xFF); };
  return {part(16), part(8), part(0)};
}

// Adds premultiplied colour (0 to 255) over the pixel.
void blend(uint8_t* pixel, float r, float g, float b, float alpha) {
  const float rest = 1 - alpha;
  const auto mix = [rest](uint8_t below, float above) {
    return static_cast<uint8_t>(static_cast<float>(below) * rest + above + 0.5f);
  };
  pixel[0] = mix(pixel[0], r);
  pixel[1] = mix(pixel[1], g);
  pixel[2] = mix(pixel[2], b);
  pixel[3] = mix(pixel[3], 255 * alpha);
}

// Runs of blocks of this many pixels that are not empty; a run like the one above it makes that one taller.
std::vector<PlatePicture::Part> parts_in_blocks(const std::vector<uint8_t>& rgba, int block) {
  static constexpr uint8_t kClear[4 * kSide] = {};
  const auto occupied = [&](int column, int row) {
    for (int y = row * block; y < (row + 1) * block; ++y) {
      const size_t first = static_cast<size_t>(y) * kSide + static_cast<size_t>(column * block);
      if (std::memcmp(rgba.data() + 4 * first, kClear, 4 * static_cast<size_t>(block)) != 0) return true;
    }
    return false;
  };
  std::vector<PlatePicture::Part> parts;
  size_t above = 0;  // where the runs of the row before begin
  for (int row = 0; row < kSide / block; ++row) {
    const size_t first = parts.size();
    const auto y = static_cast<int16_t>(row * block);
    for (int column = 0; column < kSide / block; ++column) {
      if (!occupied(column, row)) continue;
      const auto x = static_cast<int16_t>(column * block);
      if (parts.size() > first && parts.back().x1 == x) {
        parts.back().x1 = static_cast<int16_t>(x + block);
      } else {
        parts.push_back({x, y, static_cast<int16_t>(x + block), static_cast<int16_t>(y + block)});
      }
    }
    for (size_t i = above; i < first; ++i) {
      const auto same = std::find_if(
          parts.begin() + static_cast<std::ptrdiff_t>(first), parts.end(), [&](const auto& part) {
            return part.x0 == parts[i].x0 && part.x1 == parts[i].x1 && parts[i].y1 == y;
          });
      if (same == parts.end()) continue;
      same->y0 = parts[i].y0;
      parts[i].y1 = parts[i].y0;  // now part of the lower one
    }
    above = first;
  }
  std::erase_if(parts, [](const auto& part) { return part.y0 == part.y1; });
  return parts;
}

// The blocks that a software rasteriser copies soonest: small ones leave out more, and more of them cost
// more.
std::vector<PlatePicture::Part> parts_of(const std::vector<uint8_t>& rgba) {
  constexpr int kPart = 300;  // costs as much as this many pixels
  std::vector<PlatePicture::Part> best;
  int least = 0;
  for (const int block : {16, 32, kSide}) {
    std::vector<PlatePicture::Part> parts = parts_in_blocks(rgba, block);
    int cost = 0;
    for (const PlatePicture::Part& part : parts) cost += kPart + (part.x1 - part.x0) * (part.y1 - part.y0);
    if (!best.empty() && cost >= least) continue;
    least = cost;
    best = std::move(parts);
  }
  return best;
}

}  // namespace

OverlayScale OverlayScale::of(const model::Viewport& viewport, float line_width) {
  const model::Orientation o = viewport.orientation();
  const double z = viewport.zoom;
  return {o.xx * z, o.xy * z, o.yx * z, o.yy * z, line_width};
}

double OverlayScale::zoom() const { return std::hypot(xx, yx); }

PointD OverlayScale::undo(PointD p) const {
  const double determinant = xx * yy - xy * yx;
  return {(yy * p.x - xy * p.y) / determinant, (xx * p.y - yx * p.x) / determinant};
}

RectD OverlayScale::undo(const RectD& box) const {
  const PointD a = undo(PointD{box.x0, box.y0}), b = undo(PointD{box.x1, box.y0}),
               c = undo(PointD{box.x0, box.y1}), d = undo(PointD{box.x1, box.y1});
  const auto [x0, x1] = std::minmax({a.x, b.x, c.x, d.x});
  const auto [y0, y1] = std::minmax({a.y, b.y, c.y, d.y});
  return {x0, y0, x1, y1};
}

RectD OverlayScale::apply(const RectD& box) const {
  const PointD a = apply(PointD{box.x0, box.y0}), b = apply(PointD{box.x1, box.y0}),
               c = apply(PointD{box.x0, box.y1}), d = apply(PointD{box.x1, box.y1});
  const auto [x0, x1] = std::minmax({a.x, b.x, c.x, d.x});
  const auto [y0, y1] = std::minmax({a.y, b.y, c.y, d.y});
  return {x0, y0, x1, y1};
}

OverlayRaster::OverlayRaster() : cover_(kCoverRow * kSide), distance_(size_t{kSide} * kSide, kFar) {}

PlatePicture OverlayRaster::draw(const OverlayScene& scene, const OverlayScale& scale, int column, int row,
                                 const std::function<void()>& between) {
  const double left = static_cast<double>(column) * kSide, top = static_cast<double>(row) * kSide;
  // A point's disc reaches furthest.
  const double margin = static_cast<double>(scale.line_width) * 4 + 1;
  const std::vector<const SceneEntry*> entries =
      scene.find(scale.undo(RectD{left - margin, top - margin, left + kSide + margin, top + kSide + margin}));
  if (entries.empty()) return {};
  points_.clear();
  paths_.clear();
  figures_.clear();
  for (const SceneEntry* entry : entries) transform(*entry, scale, left, top);

  PlatePicture picture;
  picture.rgba.resize(size_t{4} * kSide * kSide);
  for (const Figure& figure : figures_) {
    between();
    if (figure.region) fill(figure, picture.rgba.data());
  }
  for (const Figure& figure : figures_) {
    between();
    stroke(figure, scale.line_width, picture.rgba.data());
  }
  picture.parts = parts_of(picture.rgba);
  if (picture.parts.empty()) picture.rgba.clear();
  return picture;
}

void OverlayRaster::transform(const SceneEntry& entry, const OverlayScale& scale, double left, double top) {
  const contract::Shape& shape = entry.item.annotation->shape;
  const auto size = static_cast<float>(std::max(entry.box.width(), entry.box.height()) * scale.zoom());
  const auto shown = [&](PointD p) {
    const PointD at = scale.apply(p);
    return Point{static_cast<float>(at.x - left), static_cast<float>(at.y - top)};
  };
  Figure figure{&entry, paths_.size(),
                1,      contract::is_region(shape.kind),
                0,      overlay::presence(size / scale.line_width)};
  if (shape.kind == AnnotationKind::Point) {
    figure.disc = overlay::disc(scale.line_width);
    figure.presence = 1;
  } else if (size <= kDot) {
    figure.disc = size / 2;
    figure.region = false;
  }
  if (figure.disc > 0) {
    paths_.push_back({points_.size(), 1, false});
    points_.push_back(shown({(entry.box.x0 + entry.box.x1) / 2, (entry.box.y0 + entry.box.y1) / 2}));
    figures_.push_back(figure);
    return;
  }
  const float step = least_step(size);
  // Only boxed shapes differ from their outline.
  const bool boxed = figure.region && !contract::is_outline(shape.kind);
  const std::vector<Path> outline = boxed ? contract::outline_of(shape) : std::vector<Path>{};
  for (const Path& path : boxed ? outline : shape.paths) {
    const size_t first = points_.size();
    for (const PointD p : path) {
      const Point at = shown(p);
      if (points_.size() > first && std::abs(at.x - points_.back().x) < step &&
          std::abs(at.y - points_.back().y) < step)
        continue;
      points_.push_back(at);
    }
    paths_.push_back({first, points_.size() - first, figure.region});
  }
  figure.path_count = paths_.size() - figure.first_path;
  figures_.push_back(figure);
}

OverlayRaster::Box OverlayRaster::box_of(const Figure& figure, float margin) const {
  float x0 = kFar, y0 = kFar, x1 = -kFar, y1 = -kFar;
  for (size_t i = figure.first_path; i < figure.first_path + figure.path_count; ++i) {
    for (size_t k = paths_[i].first; k < paths_[i].first + paths_[i].count; ++k) {
      x0 = std::min(x0, points_[k].x);
      y0 = std::min(y0, points_[k].y);
      x1 = std::max(x1, points_[k].x);
      y1 = std::max(y1, points_[k].y);
    }
  }
  const auto low = [&](float v) {
    return static_cast<int>(std::clamp(std::floor(v - margin), 0.0f, static_cast<float>(kSide)));
  };
  const auto high = [&](float v) {
    return static_cast<int>(std::clamp(std::ceil(v + margin), 0.0f, static_cast<float>(kSide)));
  };
  return {low(x0), low(y0), high(x1), high(y1)};
}

// Signed area, pixel by pixel (Levien 2016, font-rs): each edge adds to the pixels it passes what it covers
// right of itself, and the rest to the next one; the sum along a row is the winding number, weighted by what
// is covered.
void OverlayRaster::accumulate(Point a, Point b, const Box& box) {
  if (a.y == b.y) return;
  float direction = 1;
  if (a.y > b.y) {
    std::swap(a, b);
    direction = -1;
  }
  const float slope = (b.x - a.x) / (b.y - a.y);
  const float top = std::max(a.y, static_cast<float>(box.y0)),
              bottom = std::min(b.y, static_cast<float>(box.y1));
  // What lies left of the box counts at its edge, what lies right of it counts for nothing.
  const float low = static_cast<float>(box.x0), high = static_cast<float>(box.x1);
  for (int row = static_cast<int>(top); static_cast<float>(row) < bottom; ++row) {
    const float from = std::max(top, static_cast<float>(row)),
                until = std::min(bottom, static_cast<float>(row + 1));
    const float height = (until - from) * direction;
    const float xa = a.x + (from - a.y) * slope, xb = a.x + (until - a.y) * slope;
    const float x0 = std::clamp(std::min(xa, xb), low, high), x1 = std::clamp(std::max(xa, xb), low, high);
    float* line = cover_.data() + kCoverRow * static_cast<size_t>(row);
    const int first = static_cast<int>(x0), last = static_cast<int>(std::ceil(x1));
    if (last <= first + 1) {
      const float middle = (x0 + x1) / 2 - static_cast<float>(first);
      line[first] += height * (1 - middle);
      line[first + 1] += height * middle;
      continue;
    }
    const float per_pixel = 1 / (x1 - x0);
    const float enters = 1 - (x0 - static_cast<float>(first));
    float given = 0.5f * per_pixel * enters * enters;
    line[first] += height * given;
    float sum = given;
    for (int x = first + 1; x < last - 1; ++x) {
      // The area right of the edge within pixel x, less what the pixels before have brought.
      const float area = (static_cast<float>(x) + 0.5f - x0) * per_pixel;
      line[x] += height * (area - sum);
      sum = area;
    }
    const float leaves = x1 - static_cast<float>(last - 1);
    const float area = 1 - 0.5f * per_pixel * leaves * leaves;
    line[last - 1] += height * (area - sum);
    line[last] += height * (1 - area);
  }
}

void OverlayRaster::fill(const Figure& figure, uint8_t* rgba) {
  const Box box = box_of(figure, 0);
  if (box.empty()) return;
  for (size_t i = figure.first_path; i < figure.first_path + figure.path_count; ++i) {
    const PathRange& path = paths_[i];
    for (size_t k = 0; k < path.count; ++k)
      accumulate(points_[path.first + k], points_[path.first + (k + 1) % path.count], box);
  }
  const Ink colour = ink(figure.entry->item.rgb);
  for (int y = box.y0; y < box.y1; ++y) {
    float* line = cover_.data() + kCoverRow * static_cast<size_t>(y);
    uint8_t* pixel = rgba + 4 * (static_cast<size_t>(y) * kSide + static_cast<size_t>(box.x0));
    float sum = 0;
    for (int x = box.x0; x < box.x1; ++x, pixel += 4) {
      sum += line[x];
      line[x] = 0;
      // Even-odd: 0, 1, 0, 1 ... with what lies between.
      const float inside =
          std::abs(sum - 2 * static_cast<float>(static_cast<int>(sum / 2 + (sum < 0 ? -0.5f : 0.5f))));
      if (inside < 1.0f / 512) continue;
      const float alpha = overlay::kFillAlpha * inside;
      blend(pixel, colour.r * alpha, colour.g * alpha, colour.b * alpha, alpha);
    }
    line[box.x1] = line[box.x1 + 1] = 0;
  }
}

// The squared distance of each pixel's middle to this piece, where it is nearer than the others and than
// `reach`.
void OverlayRaster::measure(Point a, Point b, float reach, const Box& box) {
  if (a.y > b.y) std::swap(a, b);
  const float dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
  const float scale = length2 > 0 ? 1 / length2 : 0;
  const auto clamped = [](float v, int low, int high) {
    return static_cast<int>(std::clamp(v, static_cast<float>(low), static_cast<float>(high)));
  };
  const int top = clamped(std::floor(a.y - reach), box.y0, box.y1),
            bottom = clamped(std::ceil(b.y + reach), box.y0, box.y1);
  const float left = std::min(a.x, b.x) - reach, right = std::max(a.x, b.x) + reach;
  // Of a long one only the band around it: how far that reaches along a row, and how it moves from row to
  // row.
  const bool banded = dy > 0 && length2 > 16 * reach * reach;
  const float wide = banded ? reach * std::sqrt(length2) / dy : 0, slope = banded ? dx / dy : 0;
  int first = clamped(std::floor(left), box.x0, box.x1), last = clamped(std::ceil(right), box.x0, box.x1);
  for (int y = top; y < bottom; ++y) {
    const float py = static_cast<float>(y) + 0.5f - a.y;
    if (banded) {
      const float at = a.x + py * slope;
      first = clamped(std::floor(std::max(left, at - wide)), box.x0, box.x1);
      last = clamped(std::ceil(std::min(right, at + wide)), box.x0, box.x1);
    }
    float* line = distance_.data() + static_cast<size_t>(y) * kSide;
    const float along = py * dy;
    for (int x = first; x < last; ++x) {
      const float px = static_cast<float>(x) + 0.5f - a.x;
      float t = (px * dx + along) * scale;
      t = t < 0 ? 0 : t;
      t = t > 1 ? 1 : t;
      const float ex = px - t * dx, ey = py - t * dy, d = ex * ex + ey * ey;
      line[x] = d < line[x] ? d : line[x];
    }
  }
}

void OverlayRaster::stroke(const Figure& figure, float line_width, uint8_t* rgba) {
  const float line_alpha = overlay::line_alpha(figure.presence);
  const float casing_alpha = overlay::kCasingAlpha * figure.presence;
  const float line_edge = line_width / 2 + figure.disc + 0.5f;
  const float casing_edge = line_edge + line_width * overlay::kCasing;
  const float reach = figure.presence > 0 ? casing_edge : line_edge;
  const Box box = box_of(figure, reach);
  if (box.empty()) return;
  for (size_t i = figure.first_path; i < figure.first_path + figure.path_count; ++i) {
    const PathRange& path = paths_[i];
    const size_t pieces = path.count == 1 ? 1 : path.closed ? path.count : path.count - 1;
    for (size_t k = 0; k < pieces; ++k)
      measure(points_[path.first + k], points_[path.first + (k + 1) % path.count], reach, box);
  }
  const Ink colour = ink(figure.entry->item.rgb);
  for (int y = box.y0; y < box.y1; ++y) {
    float* line = distance_.data() + static_cast<size_t>(y) * kSide;
    uint8_t* pixel = rgba + 4 * (static_cast<size_t>(y) * kSide + static_cast<size_t>(box.x0));
    for (int x = box.x0; x < box.x1; ++x, pixel += 4) {
      if (line[x] == kFar) continue;
      const float away = std::sqrt(line[x]);
      line[x] = kFar;
      if (away >= reach) continue;
      const float core = line_alpha * std::min(line_edge - std::min(away, line_edge), 1.0f);
      const float casing = casing_alpha * std::min(casing_edge - away, 1.0f) * (1 - core);
      const float grey = 255 * overlay::kCasingGrey * casing;
      blend(pixel, colour.r * core + grey, colour.g * core + grey, colour.b * core + grey, core + casing);
    }
  }
}

}  // namespace hada::render
