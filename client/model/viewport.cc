#include "client/model/viewport.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hada::model {
namespace {

constexpr double kMaxZoom = 32;

// Cosine and sine; of quarter turns exactly, so that their pixels are the image's own.
PointD unit_at(double degrees) {
  const double quarters = degrees / 90;
  if (quarters == std::floor(quarters)) {
    constexpr PointD kQuarters[] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
    return kQuarters[static_cast<int>(quarters) & 3];
  }
  const double radians = degrees * std::numbers::pi / 180;
  return {std::cos(radians), std::sin(radians)};
}

}  // namespace

double normal_degrees(double degrees) {
  if (!std::isfinite(degrees)) return 0;
  const double rest = std::fmod(degrees, 360.0);
  const double normal = rest < 0 ? rest + 360 : rest;
  return normal >= 360 ? 0 : normal;
}

double snapped_degrees(double degrees) {
  const double near = std::round(degrees / 15) * 15;
  return normal_degrees(std::abs(degrees - near) <= 2 ? near : degrees);
}

Orientation Viewport::orientation() const {
  const PointD unit = unit_at(rotation);
  const double flip = mirrored ? -1 : 1;
  return {unit.x * flip, -unit.y, unit.y * flip, unit.x};
}

PointD Viewport::to_image(PointD display) const {
  const PointD offset =
      orientation().undo({(display.x - pane_width / 2) / zoom, (display.y - pane_height / 2) / zoom});
  return {centre.x + offset.x, centre.y + offset.y};
}

PointD Viewport::to_display(PointD image) const {
  const PointD offset = orientation().apply({(image.x - centre.x) * zoom, (image.y - centre.y) * zoom});
  return {offset.x + pane_width / 2, offset.y + pane_height / 2};
}

contract::RectD Viewport::visible() const {
  const PointD a = to_image({0, 0}), b = to_image({pane_width, 0}), c = to_image({0, pane_height}),
               d = to_image({pane_width, pane_height});
  const auto [x0, x1] = std::minmax({a.x, b.x, c.x, d.x});
  const auto [y0, y1] = std::minmax({a.y, b.y, c.y, d.y});
  return {x0, y0, x1, y1};
}

// Two rectangles are apart when a line along an edge of one of them parts them.
bool Viewport::sees(const contract::RectD& area) const {
  const contract::RectD box = visible();
  if (area.x1 <= box.x0 || area.x0 >= box.x1 || area.y1 <= box.y0 || area.y0 >= box.y1) return false;
  if (axis_aligned()) return true;
  const PointD a = to_display({area.x0, area.y0}), b = to_display({area.x1, area.y0}),
               c = to_display({area.x0, area.y1}), d = to_display({area.x1, area.y1});
  const auto [x0, x1] = std::minmax({a.x, b.x, c.x, d.x});
  const auto [y0, y1] = std::minmax({a.y, b.y, c.y, d.y});
  return x1 > 0 && x0 < pane_width && y1 > 0 && y0 < pane_height;
}

bool Viewport::axis_aligned() const { return std::fmod(rotation, 90.0) == 0; }

double Viewport::fit_zoom() const {
  if (pane_width <= 0 || pane_height <= 0 || image_width <= 0 || image_height <= 0) return 1;
  const Orientation o = orientation();
  const double width = std::abs(o.xx) * image_width + std::abs(o.xy) * image_height;
  const double height = std::abs(o.yx) * image_width + std::abs(o.yy) * image_height;
  return std::min(pane_width / width, pane_height / height);
}

double Viewport::min_zoom() const { return std::min(1.0, fit_zoom() / 2); }

double Viewport::max_zoom() const { return std::max(kMaxZoom, fit_zoom()); }

// The image's nearest point is within half a pane of the pane's centre, so that it is never lost.
Viewport held(Viewport v) {
  v.zoom = std::clamp(v.zoom, v.min_zoom(), v.max_zoom());
  if (v.image_width <= 0 || v.image_height <= 0) return v;
  v.centre.x = std::clamp(v.centre.x, 0.0, v.image_width);
  v.centre.y = std::clamp(v.centre.y, 0.0, v.image_height);
  return v;
}

Viewport resized(Viewport v, double pane_width, double pane_height) {
  v.pane_width = pane_width;
  v.pane_height = pane_height;
  return v.fitted ? fitted(v) : held(v);
}

Viewport fitted(Viewport v) {
  v.centre = {v.image_width / 2, v.image_height / 2};
  v.zoom = v.fit_zoom();
  v.fitted = true;
  return v;
}

Viewport one_to_one(Viewport v) { return zoomed_to(v, 1); }

Viewport panned(Viewport v, double dx, double dy) {
  const PointD offset = v.orientation().undo({dx / v.zoom, dy / v.zoom});
  v.centre.x -= offset.x;
  v.centre.y -= offset.y;
  v.fitted = false;
  return held(v);
}

Viewport zoomed_at(Viewport v, PointD cursor, double factor) {
  if (!(factor > 0) || !std::isfinite(factor)) return v;
  const PointD anchor = v.to_image(cursor);
  v.zoom = std::clamp(v.zoom * factor, v.min_zoom(), v.max_zoom());
  const PointD offset =
      v.orientation().undo({(cursor.x - v.pane_width / 2) / v.zoom, (cursor.y - v.pane_height / 2) / v.zoom});
  v.centre = {anchor.x - offset.x, anchor.y - offset.y};
  v.fitted = false;
  return held(v);
}

Viewport zoomed_to(Viewport v, double zoom) {
  if (!(zoom > 0) || !std::isfinite(zoom)) return v;
  v.zoom = zoom;
  v.fitted = false;
  return held(v);
}

Viewport centred_on(Viewport v, PointD image) {
  v.centre = image;
  v.fitted = false;
  return held(v);
}

Viewport turned(Viewport v, double degrees) {
  v.rotation = normal_degrees(v.rotation + degrees);
  return v.fitted ? fitted(v) : held(v);
}

// A mirror after a turn is the opposite turn after a mirror.
Viewport mirrored(Viewport v) {
  v.mirrored = !v.mirrored;
  v.rotation = normal_degrees(-v.rotation);
  return v;
}

Viewport upright(Viewport v) {
  v.rotation = 0;
  v.mirrored = false;
  return v.fitted ? fitted(v) : held(v);
}

Viewport part_of(const Viewport& v, PointD from, PointD to) {
  Viewport part = v;
  part.pane_width = to.x - from.x;
  part.pane_height = to.y - from.y;
  part.centre = v.to_image({(from.x + to.x) / 2, (from.y + to.y) / 2});
  part.fitted = false;
  return part;
}

ScaleBar scale_bar(const Viewport& v, double um_per_pixel, double max_display) {
  if (um_per_pixel <= 0 || max_display <= 0 || v.zoom <= 0) return {};
  const double um_per_display = um_per_pixel / v.zoom;
  const double longest = max_display * um_per_display;
  const double decade = std::pow(10.0, std::floor(std::log10(longest)));
  double length = decade;
  for (const double step : {2.0, 5.0})
    if (step * decade <= longest * (1 + 1e-12)) length = step * decade;
  return {length / um_per_display, length};
}

}  // namespace hada::model
