#include "client/tiles/pixels.h"

#include <cstring>

namespace hada::tiles {
namespace {

uint32_t load(const uint8_t* p) {
  uint32_t v;
  std::memcpy(&v, p, 4);
  return v;
}

// The rounded mean of four pixels, two channels at a time.
uint32_t mean(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  constexpr uint32_t kMask = 0x00FF00FF;
  const uint32_t even = (a & kMask) + (b & kMask) + (c & kMask) + (d & kMask) + 0x00020002;
  const uint32_t odd =
      ((a >> 8) & kMask) + ((b >> 8) & kMask) + ((c >> 8) & kMask) + ((d >> 8) & kMask) + 0x00020002;
  return ((even >> 2) & kMask) | (((odd >> 2) & kMask) << 8);
}

void halve(const uint8_t* from, int width, int height, uint8_t* to) {
  const int to_width = std::max(1, width / 2), to_height = std::max(1, height / 2);
  const size_t right = width > 1 ? 4 : 0;
  const size_t down = height > 1 ? size_t{4} * width : 0;
  for (int y = 0; y < to_height; ++y) {
    const uint8_t* row = from + size_t{8} * width * y;
    uint8_t* out = to + size_t{4} * to_width * y;
    for (int x = 0; x < to_width; ++x, row += 8, out += 4) {
      const uint32_t v = mean(load(row), load(row + right), load(row + down), load(row + down + right));
      std::memcpy(out, &v, 4);
    }
  }
}

}  // namespace

void build_half_sizes(Pixels& pixels) {
  for (int i = 1; i < pixels.levels; ++i)
    halve(pixels.level(i - 1), Pixels::half(pixels.width, i - 1), Pixels::half(pixels.height, i - 1),
          pixels.level(i));
}

}  // namespace hada::tiles
