#include "client/model/viewport.h"

#include <algorithm>
#include <cmath>

namespace hada::model {
namespace {

constexpr double kMaxZoom = 32;

// Keeps the image's nearest point within half a pane of the pane's centre, so that it is never lost.
Viewport held(Viewport v) {
  if (v.image_width <= 0 || v.image_height <= 0) return v;
  v.centre.x = std::clamp(v.centre.x, 0.0, v.image_width);
  v.centre.y = std::clamp(v.centre.y, 0.0, v.image_height);
  return v;
}

}  // namespace

PointD Viewport::to_image(PointD display) const {
  return {centre.x + (display.x - pane_width / 2) / zoom, centre.y + (display.y - pane_height / 2) / zoom};
}

PointD Viewport::to_display(PointD image) const {
  return {(image.x - centre.x) * zoom + pane_width / 2, (image.y - centre.y) * zoom + pane_height / 2};
}

contract::RectD Viewport::visible() const {
  const PointD a = to_image({0, 0}), b = to_image({pane_width, pane_height});
  return {a.x, a.y, b.x, b.y};
}

double Viewport::fit_zoom() const {
  if (pane_width <= 0 || pane_height <= 0 || image_width <= 0 || image_height <= 0) return 1;
  return std::min(pane_width / image_width, pane_height / image_height);
}

double Viewport::min_zoom() const { return std::min(1.0, fit_zoom() / 2); }

double Viewport::max_zoom() const { return std::max(kMaxZoom, fit_zoom()); }

Viewport resized(Viewport v, double pane_width, double pane_height) {
  v.pane_width = pane_width;
  v.pane_height = pane_height;
  if (v.fitted) return fitted(v);
  v.zoom = std::clamp(v.zoom, v.min_zoom(), v.max_zoom());
  return held(v);
}

Viewport fitted(Viewport v) {
  v.centre = {v.image_width / 2, v.image_height / 2};
  v.zoom = v.fit_zoom();
  v.fitted = true;
  return v;
}

Viewport one_to_one(Viewport v) {
  v.zoom = 1;
  v.fitted = false;
  return held(v);
}

Viewport panned(Viewport v, double dx, double dy) {
  v.centre.x -= dx / v.zoom;
  v.centre.y -= dy / v.zoom;
  v.fitted = false;
  return held(v);
}

Viewport zoomed_at(Viewport v, PointD cursor, double factor) {
  if (!(factor > 0) || !std::isfinite(factor)) return v;
  const PointD anchor = v.to_image(cursor);
  v.zoom = std::clamp(v.zoom * factor, v.min_zoom(), v.max_zoom());
  v.centre = {anchor.x - (cursor.x - v.pane_width / 2) / v.zoom,
              anchor.y - (cursor.y - v.pane_height / 2) / v.zoom};
  v.fitted = false;
  return held(v);
}

Viewport centred_on(Viewport v, PointD image) {
  v.centre = image;
  v.fitted = false;
  return held(v);
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
