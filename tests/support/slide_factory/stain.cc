#include "tests/support/slide_factory/stain.h"

#include <array>

namespace hada::support {
namespace {

constexpr int kSteps = 192;       // per stain
constexpr float kMaximum = 1.6F;  // density
constexpr float kScale = kSteps / kMaximum;

// Optical densities per channel after Ruifrok and Johnston (2001), eosin a little towards orange, as
// scanners show it.
constexpr std::array<float, 3> kHaematoxylin = {1.48F, 1.62F, 0.72F};
constexpr std::array<float, 3> kEosin = {0.13F, 1.32F, 0.62F};
constexpr std::array<float, 3> kMelanin = {0.55F, 0.95F, 1.35F};
constexpr std::array<float, 3> kGlass = {244.0F, 243.0F, 245.0F};

inline std::size_t index_of(float haematoxylin, float eosin) {
  const int h = std::clamp(static_cast<int>(haematoxylin * kScale), 0, kSteps - 1);
  const int e = std::clamp(static_cast<int>(eosin * kScale), 0, kSteps - 1);
  return static_cast<std::size_t>(h * kSteps + e) * 3;
}

struct Shape {
  float along, across;  // half axes in um
  float density;
  float rim;  // extra density at the border
};

constexpr Shape shape_of(NucleusKind kind) {
  switch (kind) {
    case NucleusKind::Keratinocyte:
      return {4.3F, 3.3F, 0.50F, 0.22F};
    case NucleusKind::Basal:
      return {4.6F, 2.5F, 0.80F, 0.12F};
    case NucleusKind::Spindle:
      return {6.2F, 1.25F, 0.80F, 0.0F};
    case NucleusKind::Lymphocyte:
      return {2.9F, 2.7F, 1.05F, 0.0F};
    case NucleusKind::Atypical:
      return {5.2F, 3.9F, 0.62F, 0.30F};
  }
  return {};
}

}  // namespace

StainCanvas::StainCanvas(int width, int height, float um_per_px)
    : raster_{width, height, {}},
      um_(um_per_px),
      colour_(static_cast<std::size_t>(kSteps) * kSteps * 3),
      taken_width_((width + 7) / 8) {
  raster_.rgb.resize(static_cast<std::size_t>(width) * height * 3);
  taken_.resize(static_cast<std::size_t>(taken_width_) * ((height + 7) / 8));
  for (int h = 0; h < kSteps; ++h) {
    for (int e = 0; e < kSteps; ++e) {
      for (std::size_t c = 0; c < 3; ++c) {
        const float density =
            (static_cast<float>(h) * kHaematoxylin[c] + static_cast<float>(e) * kEosin[c]) / kScale;
        colour_[static_cast<std::size_t>(h * kSteps + e) * 3 + c] =
            static_cast<std::uint8_t>(kGlass[c] * std::exp(-density) + 0.5F);
      }
    }
  }
}

void StainCanvas::store_row(int y, const std::vector<Stain>& above, const std::vector<Stain>& below,
                            float part, int step) {
  std::uint8_t* out = &raster_.rgb[static_cast<std::size_t>(y) * raster_.width * 3];
  const auto between = [&](std::size_t i) {
    return Stain{mix(above[i].haematoxylin, below[i].haematoxylin, part),
                 mix(above[i].eosin, below[i].eosin, part)};
  };
  Stain right = between(0);
  for (int x = 0; x < raster_.width; x += step) {
    const Stain left = right;
    right = between(static_cast<std::size_t>(x / step) + 1);
    if (left.eosin + right.eosin + left.haematoxylin + right.haematoxylin <= 0.0F) {
      for (int k = 0; k < std::min(step, raster_.width - x); ++k) {
        *out++ = colour_[0];
        *out++ = colour_[1];
        *out++ = colour_[2];
      }
      continue;
    }
    for (int k = 0; k < step && x + k < raster_.width; ++k) {
      const float t = static_cast<float>(k) / static_cast<float>(step);
      const std::uint8_t* colour =
          &colour_[index_of(mix(left.haematoxylin, right.haematoxylin, t), mix(left.eosin, right.eosin, t))];
      *out++ = colour[0];
      *out++ = colour[1];
      *out++ = colour[2];
    }
  }
}

void StainCanvas::set(int px, int py, const Stain& stain, float alpha) {
  if (alpha <= 0.0F) {
    return;
  }
  std::uint8_t* p = &raster_.rgb[(static_cast<std::size_t>(py) * raster_.width + px) * 3];
  const std::uint8_t* colour = &colour_[index_of(stain.haematoxylin, stain.eosin)];
  for (int c = 0; c < 3; ++c) {
    p[c] = static_cast<std::uint8_t>(mix(p[c], colour[c], std::min(1.0F, alpha)) + 0.5F);
  }
  if (alpha > 0.5F) {
    taken_[static_cast<std::size_t>(py / 8) * taken_width_ + px / 8] = true;
  }
}

bool StainCanvas::painted(float x, float y) const {
  const int px = static_cast<int>(x / um_);
  const int py = static_cast<int>(y / um_);
  if (px < 0 || py < 0 || px >= raster_.width || py >= raster_.height) {
    return false;
  }
  return taken_[static_cast<std::size_t>(py / 8) * taken_width_ + px / 8];
}

void StainCanvas::multiply(std::size_t pixel, float red, float green, float blue) {
  std::uint8_t* p = &raster_.rgb[pixel * 3];
  p[0] = static_cast<std::uint8_t>(static_cast<float>(p[0]) * red);
  p[1] = static_cast<std::uint8_t>(static_cast<float>(p[1]) * green);
  p[2] = static_cast<std::uint8_t>(static_cast<float>(p[2]) * blue);
}

void StainCanvas::nucleus(NucleusKind kind, float x, float y, float angle, float size, Rng& rng) {
  const NoiseBank& bank = noise_bank();
  const Shape shape = shape_of(kind);
  const float a = shape.along * size * rng.range(0.88F, 1.12F);
  const float b = shape.across * size * rng.range(0.85F, 1.15F);
  const float density = shape.density * rng.range(0.78F, 1.15F);
  const float c = std::cos(angle);
  const float s = std::sin(angle);
  const float nx = 0.05F * rng.uniform();  // a small part of the texture, which stays in the cache
  const float ny = 0.05F * rng.uniform();
  const float nucleolus = kind == NucleusKind::Atypical ? rng.range(0.9F, 1.5F) : 0.0F;
  const float bend = kind == NucleusKind::Spindle ? rng.range(-0.05F, 0.05F) : 0.0F;
  const float reach = std::max(a, b) * 1.2F + um_;
  const float soft = um_ / b;
  const int x0 = std::max(0, static_cast<int>((x - reach) / um_));
  const int x1 = std::min(raster_.width - 1, static_cast<int>((x + reach) / um_) + 1);
  const int y0 = std::max(0, static_cast<int>((y - reach) / um_));
  const int y1 = std::min(raster_.height - 1, static_cast<int>((y + reach) / um_) + 1);
  for (int py = y0; py <= y1; ++py) {
    const float dy = (static_cast<float>(py) + 0.5F) * um_ - y;
    for (int px = x0; px <= x1; ++px) {
      const float dx = (static_cast<float>(px) + 0.5F) * um_ - x;
      const float u = (dx * c + dy * s);
      const float v = (dy * c - dx * s) + bend * u * u;
      const float square = u * u / (a * a) + v * v / (b * b);
      if (square > 1.7F) {
        continue;
      }
      const float d = std::sqrt(square);
      const float chromatin = bank.clouds.at(nx + dx * 0.021F, ny + dy * 0.021F);
      const float in = 1.0F - smoothstep(1.0F - soft, 1.0F + soft, d + 0.06F * chromatin);
      if (in <= 0.0F) {
        continue;
      }
      float stain = density * (1.0F + 0.20F * chromatin) + shape.rim * smoothstep(0.6F, 0.95F, d);
      stain += nucleolus * 0.5F * (1.0F - smoothstep(0.7F, 1.5F, length(dx - 0.8F, dy + 0.5F)));
      const std::uint8_t* colour = &colour_[index_of(stain * in, 0.0F)];
      multiply(static_cast<std::size_t>(py) * raster_.width + px, colour[0] / kGlass[0],
               colour[1] / kGlass[1], colour[2] / kGlass[2]);
    }
  }
}

void StainCanvas::pigment(float x, float y, float radius, float density) {
  const NoiseBank& bank = noise_bank();
  const float reach = radius * 1.4F;
  const int x0 = std::max(0, static_cast<int>((x - reach) / um_));
  const int x1 = std::min(raster_.width - 1, static_cast<int>((x + reach) / um_) + 1);
  const int y0 = std::max(0, static_cast<int>((y - reach) / um_));
  const int y1 = std::min(raster_.height - 1, static_cast<int>((y + reach) / um_) + 1);
  for (int py = y0; py <= y1; ++py) {
    for (int px = x0; px <= x1; ++px) {
      const float dx = (static_cast<float>(px) + 0.5F) * um_ - x;
      const float dy = (static_cast<float>(py) + 0.5F) * um_ - y;
      const float grain = bank.clouds.at(x * 0.01F + dx * 0.03F, y * 0.01F + dy * 0.03F);
      const float in = 1.0F - smoothstep(0.5F, 1.1F, length(dx, dy) / radius - 0.15F * grain);
      if (in > 0.0F) {
        const float d = density * in * std::max(0.2F, 0.75F + 0.35F * grain);
        multiply(static_cast<std::size_t>(py) * raster_.width + px, std::exp(-d * kMelanin[0]),
                 std::exp(-d * kMelanin[1]), std::exp(-d * kMelanin[2]));
      }
    }
  }
}

}  // namespace hada::support
