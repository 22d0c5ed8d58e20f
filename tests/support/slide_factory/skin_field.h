// Skin as chromophores: what lies in it decides its colour, as in life. Internal to the slide factory.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/support/slide_factory/noise.h"
#include "tests/support/slide_factory/slide_factory.h"

namespace hada::support {

struct Rgb {
  float r, g, b;  // linear light, 0..1
};

struct Texel {
  float melanin = 0.0F;        // optical density in green
  float blood = 0.0F;          // likewise
  float height = 0.0F;         // mm above the skin
  float gloss = 0.0F;          // 0 dry .. 1 wet
  Rgb over{0.0F, 0.0F, 0.0F};  // what lies on top (scale, crust, veil, hair), premultiplied by cover
  float cover = 0.0F;
};

// Lays `colour` over what is there.
inline void lay(Texel& texel, Rgb colour, float alpha) {
  const float keep = 1.0F - alpha;
  texel.over = {texel.over.r * keep + colour.r * alpha, texel.over.g * keep + colour.g * alpha,
                texel.over.b * keep + colour.b * alpha};
  texel.cover = texel.cover * keep + alpha;
}

struct SkinField {
  SkinField(int width, int height, float px_per_mm);

  Texel& at(int x, int y) { return texels[static_cast<std::size_t>(y) * width + x]; }
  const Texel& at(int x, int y) const { return texels[static_cast<std::size_t>(y) * width + x]; }
  float width_mm() const { return static_cast<float>(width) / px_per_mm; }
  float height_mm() const { return static_cast<float>(height) / px_per_mm; }
  // How much of a detail of `mm` can be shown: 0 below one pixel, 1 from three pixels.
  float shows(float mm) const { return clamp01((mm * px_per_mm - 1.0F) / 2.0F); }

  // Calls paint(texel, dx, dy) for every texel within `reach` mm of (cx, cy); dx, dy in mm from there.
  template <typename Paint>
  void around(float cx, float cy, float reach, Paint paint) {
    const int x0 = std::max(0, static_cast<int>((cx - reach) * px_per_mm));
    const int x1 = std::min(width - 1, static_cast<int>((cx + reach) * px_per_mm) + 1);
    const int y0 = std::max(0, static_cast<int>((cy - reach) * px_per_mm));
    const int y1 = std::min(height - 1, static_cast<int>((cy + reach) * px_per_mm) + 1);
    const float mm = 1.0F / px_per_mm;
    for (int y = y0; y <= y1; ++y) {
      for (int x = x0; x <= x1; ++x) {
        paint(at(x, y), static_cast<float>(x) * mm - cx, static_cast<float>(y) * mm - cy);
      }
    }
  }

  int width;
  int height;
  float px_per_mm;
  std::vector<Texel> texels;
};

// A closed outline with a wandering border, in mm.
struct Outline {
  float cx, cy;
  float rx, ry;  // half axes
  float turn_cos, turn_sin;
  float irregularity;  // 0 a smooth ellipse, 0.3 a ragged border
  float ox, oy;        // where in the noise it samples

  Outline(float x, float y, float radius_x, float radius_y, float irregular, Rng& rng);  // turned at random
  // 1 in the centre, 0 on the border, negative outside, for a point relative to the centre.
  float inside(float dx, float dy) const;
};

// Lines drawn into a scratch plane first, so that their joints do not count twice.
class Strokes {
 public:
  explicit Strokes(const SkinField& field);

  struct Point {
    float x, y;   // mm
    float width;  // mm
  };
  void add(const std::vector<Point>& line, float strength = 1.0F);
  // Calls paint(texel, coverage) where coverage > 0, and clears the plane.
  template <typename Paint>
  void apply(SkinField& field, Paint paint) {
    for (std::size_t i = 0; i < plane_.size(); ++i) {
      if (plane_[i] > 0.0F) {
        paint(field.texels[i], plane_[i]);
        plane_[i] = 0.0F;
      }
    }
  }

 private:
  int width_;
  int height_;
  float px_per_mm_;
  std::vector<float> plane_;
};

// A line of `steps` pieces from (x, y) that wanders: heading in radians, `wander` per step, tapering.
std::vector<Strokes::Point> wandering_line(float x, float y, float heading, float length, float width,
                                           float wander, int steps, Rng& rng);

struct SkinTexture {
  float melanin;
  float blood;
};
SkinTexture skin_texture(SkinTone tone);

// Even skin with its lines, pores and mottling.
void lay_skin(SkinField& field, SkinTone tone, float roughness, Rng& rng);

void add_hairs(SkinField& field, int count, float length_mm, float width_mm, float darkness, Rng& rng);

struct Lamp {
  bool contact = false;  // a dermatoscope: flat light through the surface, saturated browns
  float relief = 0.8F;   // how strongly the height shows
  float shine = 1.0F;
  float corner_shade = 0.25F;
  float warmth = 0.0F;  // -1 blue .. 1 yellow
};
Raster develop(const SkinField& field, const Lamp& lamp, Rng& rng);

// "SYNTHETIC" in a corner, in a size that suits the picture.
void mark_as_synthetic(Raster& raster);

}  // namespace hada::support
