#pragma once

// A decoded picture on its way to the GPU.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace hada::tiles {

// RGBA, 8 bits a channel, rows without gaps, in the image's own colours. Level 0 is the picture; each further
// level is half the size of the one before (rounded down, at least 1), and they follow each other in `data`.
struct Pixels {
  int width = 0, height = 0;
  int levels = 1;
  std::unique_ptr<uint8_t[]> data;

  static int half(int size, int level) { return std::max(1, size >> level); }
  static size_t bytes(int width, int height, int levels) {
    size_t sum = 0;
    for (int i = 0; i < levels; ++i) sum += size_t{4} * half(width, i) * half(height, i);
    return sum;
  }
  // As many levels as halve the larger side down to one pixel.
  static int full_chain(int width, int height) {
    int levels = 1;
    while ((std::max(width, height) >> levels) > 0) ++levels;
    return levels;
  }

  size_t bytes() const { return bytes(width, height, levels); }
  const uint8_t* level(int i) const { return data.get() + bytes(width, height, i); }
  uint8_t* level(int i) { return data.get() + bytes(width, height, i); }
};

// Fills levels 1.. of `pixels` from level 0 with the mean of 2 x 2.
void build_half_sizes(Pixels& pixels);

}  // namespace hada::tiles
