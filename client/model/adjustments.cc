#include "client/model/adjustments.h"

#include <algorithm>
#include <cmath>

namespace hada::model {
namespace {

double in_steps(double value, double low, double high, double neutral, double steps) {
  if (!std::isfinite(value)) return neutral;
  const double rounded = std::round(std::clamp(value, low, high) * steps) / steps;
  return rounded == 0 ? 0 : rounded;  // no -0
}

constexpr double kDarkest = 0.06;

}  // namespace

ImageAdjustments clamped(ImageAdjustments a) {
  for (double* gain : {&a.red_gain, &a.green_gain, &a.blue_gain})
    *gain = in_steps(*gain, kMinGain, kMaxGain, 1, 1000);
  a.brightness = in_steps(a.brightness, -1, 1, 0, 100);
  a.contrast = in_steps(a.contrast, -1, 1, 0, 100);
  a.gamma = in_steps(a.gamma, kMinGamma, kMaxGamma, 1, 100);
  a.sharpening = in_steps(a.sharpening, 0, kMaxSharpening, 0, 100);
  if (a.stain < StainView::All || a.stain > StainView::Eosin) a.stain = StainView::All;
  if (a.stain == StainView::All) a.stain_grey = false;
  return a;
}

ImageAdjustments with_white(ImageAdjustments a, double red, double green, double blue) {
  if (!(std::min({red, green, blue}) >= kDarkest)) return a;
  // Luma, ITU-R BT.709.
  const double grey = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  a.red_gain = grey / red;
  a.green_gain = grey / green;
  a.blue_gain = grey / blue;
  return clamped(a);
}

bool has_white(const ImageAdjustments& a) { return a.red_gain != 1 || a.green_gain != 1 || a.blue_gain != 1; }

}  // namespace hada::model
