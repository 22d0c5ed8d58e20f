// A canvas of haematoxylin and eosin: stain densities in, colour out. Internal to the slide factory.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "tests/support/slide_factory/noise.h"
#include "tests/support/slide_factory/slide_factory.h"

namespace hada::support {

struct Stain {
  float haematoxylin = 0.0F;  // density; 1 is a dark nucleus
  float eosin = 0.0F;         // density; 0.5 is ordinary collagen
};

enum class NucleusKind { Keratinocyte, Basal, Spindle, Lymphocyte, Atypical };

// Holds colour, not densities (a slide is large); stains are looked up on the way in. Positions are um.
class StainCanvas {
 public:
  StainCanvas(int width, int height, float um_per_px);

  // Fills row y from two coarse rows, of which every `step`-th pixel has a value; `part` is how far down
  // from `above` to `below`.
  void store_row(int y, const std::vector<Stain>& above, const std::vector<Stain>& below, float part,
                 int step);

  // Calls paint(dx, dy, set) for each pixel within `reach` of (x, y); set(stain, alpha) replaces what is
  // there. Cells that are drawn later by position see that the place is taken (`painted`).
  template <typename Paint>
  void around(float x, float y, float reach, Paint paint) {
    const int x0 = std::max(0, static_cast<int>((x - reach) / um_));
    const int x1 = std::min(raster_.width - 1, static_cast<int>((x + reach) / um_) + 1);
    const int y0 = std::max(0, static_cast<int>((y - reach) / um_));
    const int y1 = std::min(raster_.height - 1, static_cast<int>((y + reach) / um_) + 1);
    for (int py = y0; py <= y1; ++py) {
      const float dy = (static_cast<float>(py) + 0.5F) * um_ - y;
      for (int px = x0; px <= x1; ++px) {
        paint((static_cast<float>(px) + 0.5F) * um_ - x, dy,
              [&](const Stain& stain, float alpha) { set(px, py, stain, alpha); });
      }
    }
  }

  // The same for a horizontal strip `tall` um high and `reach` to either side: paint(dx, set).
  template <typename Paint>
  void strip(float x, float y, float reach, float tall, Paint paint) {
    const int x0 = std::max(0, static_cast<int>((x - reach) / um_));
    const int x1 = std::min(raster_.width - 1, static_cast<int>((x + reach) / um_) + 1);
    const int y0 = std::max(0, static_cast<int>(y / um_));
    const int y1 = std::min(raster_.height, static_cast<int>((y + tall) / um_));
    for (int py = y0; py < y1; ++py) {
      for (int px = x0; px <= x1; ++px) {
        paint((static_cast<float>(px) + 0.5F) * um_ - x,
              [&](const Stain& stain, float alpha) { set(px, py, stain, alpha); });
      }
    }
  }

  // A nucleus with its long axis at `angle`; size 1 is usual for the kind.
  void nucleus(NucleusKind kind, float x, float y, float angle, float size, Rng& rng);
  // Melanin: brown grains.
  void pigment(float x, float y, float radius, float density);
  // Whether a structure was painted here with `around` or `strip`.
  bool painted(float x, float y) const;

  Raster take() { return std::move(raster_); }

 private:
  void set(int px, int py, const Stain& stain, float alpha);
  void multiply(std::size_t pixel, float red, float green, float blue);

  Raster raster_;
  float um_;
  std::vector<std::uint8_t> colour_;  // by quantised (haematoxylin, eosin)
  std::vector<bool> taken_;           // one per 8x8 pixels
  int taken_width_;
};

}  // namespace hada::support
