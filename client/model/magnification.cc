#include "client/model/magnification.h"

#include <cmath>

namespace hada::model {

bool is_microscopic(ImageKind kind) {
  return kind == ImageKind::HistopathologyWsi || kind == ImageKind::HistopathologyField;
}

double zoom_at_magnification(const Image& image, double magnification) {
  return image.mpp_x > 0 ? magnification * image.mpp_x / kUmPerPixelAt1x : 0;
}

double magnification_of(const Image& image, const Viewport& view) {
  if (image.mpp_x > 0) return view.zoom * kUmPerPixelAt1x / image.mpp_x;
  return is_microscopic(image.kind) ? view.zoom * image.objective : 0;
}

bool beyond_native(double zoom) { return zoom > 1 + 1e-9; }

GridStep grid_step(const Image& image, const Viewport& view, double least) {
  if (view.zoom <= 0 || least <= 0) return {};
  const double um = image.mpp_x > 0 ? image.mpp_x : 0;
  // In units of the label: um, or level-0 pixels.
  const double unit = um > 0 ? um : 1;
  const double shortest = least / view.zoom * unit;
  const double decade = std::pow(10.0, std::floor(std::log10(shortest)));
  double length = 10 * decade;
  for (const double step : {5.0, 2.0, 1.0})
    if (step * decade >= shortest * (1 - 1e-12)) length = step * decade;
  return {length / unit, um > 0 ? length : 0};
}

}  // namespace hada::model
