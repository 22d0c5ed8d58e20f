#pragma once

// What lies over an image, and how it looks. The mesh's shader and the raster draw the same picture from
// these numbers, so that nobody sees which of them drew it.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "client/model/annotations.h"

namespace hada::render {

struct OverlayItem {
  model::SharedAnnotation annotation;
  uint32_t rgb = 0;
  bool operator==(const OverlayItem&) const = default;
};
using OverlayItems = std::vector<OverlayItem>;  // lowest first

namespace overlay {

inline constexpr float kFillAlpha = 0.18f;
// In widths of the line: the dark casing on each side of it, and the radius of a point's disc.
inline constexpr float kCasing = 0.5f;
inline constexpr float kMarkerRadius = 2.4f;
inline constexpr float kCasingAlpha = 0.5f;
inline constexpr float kCasingGrey = 0.06f;

// 0 for a shape that is hardly more than its line, 1 for one to be looked at; `extent` is its longer side in
// widths of the line. The line of a small shape is lighter and has no casing, else thousands of them would
// turn into mud.
inline float presence(float extent) { return std::clamp((extent - 3) / 8, 0.0f, 1.0f); }
inline float line_alpha(float presence) { return 0.55f + 0.45f * presence; }

// Display pixels from the line's middle to where its casing has faded.
inline float reach(float line_width) { return line_width * (0.5f + kCasing) + 0.5f; }

// What a point's disc has inside the line around it; display pixels.
inline float disc(float line_width) { return (kMarkerRadius - 0.5f) * line_width; }

}  // namespace overlay
}  // namespace hada::render
