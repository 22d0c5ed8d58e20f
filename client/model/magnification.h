#pragma once

// Magnifications as pathologists name them, from the size of a pixel. Pure.

#include <array>

#include "client/model/types.h"
#include "client/model/viewport.h"

namespace hada::model {

// A 10x objective gives about 1 um per pixel on the scanners in use (0.25 um at 40x), so 1x is 10 um per
// display pixel.
inline constexpr double kUmPerPixelAt1x = 10;
inline constexpr std::array<double, 6> kMagnifications = {1, 2, 5, 10, 20, 40};

// Display pixels per level-0 pixel at this magnification; 0 where the pixel's size is unknown.
double zoom_at_magnification(const Image& image, double magnification);
// The view's magnification; 0 where neither the pixel's size nor, for histopathology, the objective is known.
double magnification_of(const Image& image, const Viewport& view);
// One image pixel covers more than one display pixel: what is shown larger is not sharper. 1:1 itself is not.
bool beyond_native(double zoom);
bool is_microscopic(ImageKind kind);

// Lines at multiples of a round length; `pixels` (level-0) 0: none. Known pixel size: micrometres says it.
struct GridStep {
  double pixels = 0;
  double micrometres = 0;
};
// The shortest round length (1, 2 or 5 times a power of ten; mm when mpp is known, else pixels) of at least
// `least` display pixels.
GridStep grid_step(const Image& image, const Viewport& view, double least);

}  // namespace hada::model
