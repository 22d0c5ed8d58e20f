// Randomness that is the same everywhere, and noise textures to sample instead of computing noise per
// pixel. Internal to the slide factory.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace hada::support {

// splitmix64 (Steele, Lea, Flood 2014). std:: distributions differ between libraries, so none are used.
class Rng {
 public:
  explicit Rng(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 0x1234567ULL) {}

  std::uint64_t next();
  float uniform();  // [0, 1)
  float range(float low, float high) { return low + (high - low) * uniform(); }
  float normal();  // mean 0, deviation 1, within +-3.5
  int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
  bool chance(float p) { return uniform() < p; }

 private:
  std::uint64_t state_;
};

inline float clamp01(float v) { return std::clamp(v, 0.0F, 1.0F); }
// std::hypot guards against overflow, which costs a picture half its time.
inline float length(float x, float y) { return std::sqrt(x * x + y * y); }
inline float mix(float a, float b, float t) { return a + (b - a) * t; }
inline float smoothstep(float low, float high, float v) {
  const float t = clamp01((v - low) / (high - low));
  return t * t * (3.0F - 2.0F * t);
}

// A square texture that repeats. Coordinates are in texture widths: 1.0 is one period.
class NoiseTexture {
 public:
  static constexpr int kSize = 1024;

  NoiseTexture() : values_(static_cast<std::size_t>(kSize) * kSize) {}
  float& cell(int x, int y) { return values_[static_cast<std::size_t>(y) * kSize + x]; }
  std::vector<float>& values() { return values_; }

  // The value at whole texels, which wrap.
  float texel(int x, int y) const {
    return values_[static_cast<std::size_t>(y & (kSize - 1)) * kSize + (x & (kSize - 1))];
  }

  float at(float x, float y) const {
    const float fx = x * kSize;
    const float fy = y * kSize;
    const int gx = below(fx);
    const int gy = below(fy);
    const float tx = fx - static_cast<float>(gx);
    const float ty = fy - static_cast<float>(gy);
    constexpr int kMask = kSize - 1;
    const int x0 = gx & kMask;
    const int y0 = gy & kMask;
    const int x1 = (x0 + 1) & kMask;
    const float* row0 = values_.data() + static_cast<std::size_t>(y0) * kSize;
    const float* row1 = values_.data() + static_cast<std::size_t>((y0 + 1) & kMask) * kSize;
    const float top = row0[x0] + (row0[x1] - row0[x0]) * tx;
    const float bottom = row1[x0] + (row1[x1] - row1[x0]) * tx;
    return top + (bottom - top) * ty;
  }

 private:
  // floor() is a library call on the x86-64 baseline.
  static int below(float v) {
    const int i = static_cast<int>(v);
    return i - (v < static_cast<float>(i) ? 1 : 0);
  }

  std::vector<float> values_;
};

// Immutable after construction; built once per process from a fixed seed (a picture's seed only moves the
// place from which it samples).
struct NoiseBank {
  static constexpr int kCells = 40;  // per side of the cell textures

  NoiseTexture clouds;      // fractal gradient noise from 4 periods up; mean 0, deviation 1
  NoiseTexture grain;       // the same from 48 periods up
  NoiseTexture ridges;      // 0..1, 1 on thin winding lines, from 8 periods up
  NoiseTexture cell_edge;   // distance to the border of a Worley cell: 0 on it, about 1 in the middle
  NoiseTexture cell_value;  // one value 0..1 per cell

  NoiseBank();
};
const NoiseBank& noise_bank();

}  // namespace hada::support
