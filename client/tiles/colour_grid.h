#pragma once

// An image's colours on this display, as a table: a cube of 33 x 33 x 33 colours between which a pixel is
// interpolated (tetrahedra: Kasson, Plouffe, Nin 1993). The table is made from ICC profiles by
// render/colour_transform, once for an image; the decoders apply it to each tile (docs/decisions/0003).
// A plain value, never changed once made: any thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <vector>

namespace hada::tiles {

class ColourGrid {
 public:
  static constexpr int kPoints = 33;  // a side
  // A stored channel is the display's 0 to 255 times this.
  static constexpr int kScale = 64;
  // Weights of the interpolation add up to this.
  static constexpr int kWhole = 128;

  struct Colour {
    int16_t red = 0, green = 0, blue = 0, unused = 0;
  };
  // Where an image's 8-bit value lies along a side of the cube: 0 is the first point, 1 the last. Need not be
  // straight: points stand denser where the transform bends. Must not fall.
  using Axis = std::array<double, 256>;

  // `colours` holds kPoints^3 values of 0 to 255 * kScale, blue fastest, red slowest.
  ColourGrid(std::vector<Colour> colours, const Axis& axis);

  // Replaces the colours of `count` RGBA pixels; alpha becomes 255. About as long as decoding their JPEG.
  void apply(uint8_t* rgba, size_t count) const;

 private:
  void apply_portable(uint8_t* rgba, size_t count) const;
  void apply_avx2(uint8_t* rgba, size_t count) const;

  std::vector<Colour> colours_;  // with half a step added, which rounds what is interpolated
  // By channel: upper half the way from the point below to the next, 0 to kWhole; lower half the point below,
  // as an index into colours_.
  std::array<std::array<uint32_t, 256>, 3> steps_;
};

// Null: the image's colours are the display's. A decoder waits for it.
using SharedColour = std::shared_future<std::shared_ptr<const ColourGrid>>;

}  // namespace hada::tiles
