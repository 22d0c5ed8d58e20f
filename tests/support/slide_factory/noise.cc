#include "tests/support/slide_factory/noise.h"

#include <array>
#include <cstddef>

namespace hada::support {

std::uint64_t Rng::next() {
  std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

float Rng::uniform() { return static_cast<float>(next() >> 40) * (1.0F / 16777216.0F); }

float Rng::normal() {
  float sum = 0.0F;
  for (int i = 0; i < 12; ++i) {
    sum += uniform();
  }
  return std::clamp(sum - 6.0F, -3.5F, 3.5F);
}

namespace {

constexpr int kSize = NoiseTexture::kSize;

// Adds one octave of gradient noise (Perlin 1985, 2002 fade) with `period` lattice cells per side.
template <typename Use>
void for_octave(int period, Rng& rng, Use use) {
  std::vector<std::array<float, 2>> slopes(static_cast<std::size_t>(period) * period);
  for (auto& slope : slopes) {
    const float angle = rng.range(0.0F, 6.2831853F);
    slope = {std::cos(angle), std::sin(angle)};
  }
  const float step = static_cast<float>(period) / kSize;
  for (int y = 0; y < kSize; ++y) {
    const float fy = static_cast<float>(y) * step;
    const int y0 = static_cast<int>(fy);
    const float ty = fy - static_cast<float>(y0);
    const float wy = ty * ty * ty * (ty * (ty * 6.0F - 15.0F) + 10.0F);
    const auto* row0 = &slopes[static_cast<std::size_t>(y0) * period];
    const auto* row1 = &slopes[static_cast<std::size_t>((y0 + 1) % period) * period];
    for (int x = 0; x < kSize; ++x) {
      const float fx = static_cast<float>(x) * step;
      const int x0 = static_cast<int>(fx);
      const int x1 = x0 + 1 == period ? 0 : x0 + 1;
      const float tx = fx - static_cast<float>(x0);
      const float wx = tx * tx * tx * (tx * (tx * 6.0F - 15.0F) + 10.0F);
      const float a = row0[x0][0] * tx + row0[x0][1] * ty;
      const float b = row0[x1][0] * (tx - 1.0F) + row0[x1][1] * ty;
      const float c = row1[x0][0] * tx + row1[x0][1] * (ty - 1.0F);
      const float d = row1[x1][0] * (tx - 1.0F) + row1[x1][1] * (ty - 1.0F);
      use(x, y, mix(mix(a, b, wx), mix(c, d, wx), wy));
    }
  }
}

void normalise(NoiseTexture& texture) {
  double sum = 0.0;
  double squares = 0.0;
  for (const float v : texture.values()) {
    sum += v;
    squares += static_cast<double>(v) * v;
  }
  const double n = static_cast<double>(texture.values().size());
  const double mean = sum / n;
  const double deviation = std::sqrt(squares / n - mean * mean);
  for (float& v : texture.values()) {
    v = static_cast<float>((v - mean) / deviation);
  }
}

void fill_fractal(NoiseTexture& texture, int first_period, int octaves, float gain, Rng& rng) {
  float weight = 1.0F;
  for (int octave = 0; octave < octaves; ++octave) {
    for_octave(first_period << octave, rng, [&](int x, int y, float v) { texture.cell(x, y) += v * weight; });
    weight *= gain;
  }
  normalise(texture);
}

void fill_ridges(NoiseTexture& texture, int first_period, int octaves, Rng& rng) {
  float weight = 1.0F;
  float total = 0.0F;
  for (int octave = 0; octave < octaves; ++octave) {
    for_octave(first_period << octave, rng, [&](int x, int y, float v) {
      texture.cell(x, y) += (1.0F - std::min(1.0F, std::fabs(v) * 2.2F)) * weight;
    });
    total += weight;
    weight *= 0.5F;
  }
  for (float& v : texture.values()) {
    v /= total;
  }
}

// Cellular noise (Worley 1996): distance to the perpendicular bisector of the two nearest points.
void fill_cells(NoiseTexture& edge, NoiseTexture& value, Rng& rng) {
  constexpr int kCells = NoiseBank::kCells;
  struct Point {
    float x, y, value;
  };
  std::vector<Point> points(static_cast<std::size_t>(kCells) * kCells);
  for (int j = 0; j < kCells; ++j) {
    for (int i = 0; i < kCells; ++i) {
      points[static_cast<std::size_t>(j) * kCells + i] = {rng.range(0.08F, 0.92F), rng.range(0.08F, 0.92F),
                                                          rng.uniform()};
    }
  }
  const float step = static_cast<float>(kCells) / kSize;
  for (int y = 0; y < kSize; ++y) {
    const float fy = static_cast<float>(y) * step;
    const int cy = static_cast<int>(fy);
    for (int x = 0; x < kSize; ++x) {
      const float fx = static_cast<float>(x) * step;
      const int cx = static_cast<int>(fx);
      float first = 1e9F;
      float second = 1e9F;
      float nearest = 0.0F;
      for (int j = -1; j <= 1; ++j) {
        const int row = (cy + j + kCells) % kCells;
        for (int i = -1; i <= 1; ++i) {
          const int column = (cx + i + kCells) % kCells;
          const Point& point = points[static_cast<std::size_t>(row) * kCells + column];
          const float dx = static_cast<float>(cx + i) + point.x - fx;
          const float dy = static_cast<float>(cy + j) + point.y - fy;
          const float square = dx * dx + dy * dy;
          if (square < first) {
            second = first;
            first = square;
            nearest = point.value;
          } else if (square < second) {
            second = square;
          }
        }
      }
      edge.cell(x, y) = std::min(1.0F, 1.3F * (std::sqrt(second) - std::sqrt(first)));
      value.cell(x, y) = nearest;
    }
  }
}

}  // namespace

NoiseBank::NoiseBank() {
  Rng rng(0x5EED);
  fill_fractal(clouds, 4, 6, 0.52F, rng);
  fill_fractal(grain, 48, 3, 0.65F, rng);
  fill_ridges(ridges, 8, 4, rng);
  fill_cells(cell_edge, cell_value, rng);
}

const NoiseBank& noise_bank() {
  static const NoiseBank bank;
  return bank;
}

}  // namespace hada::support
