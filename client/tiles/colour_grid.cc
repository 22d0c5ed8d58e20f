#include "client/tiles/colour_grid.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace hada::tiles {
namespace {

constexpr int kRed = ColourGrid::kPoints * ColourGrid::kPoints, kGreen = ColourGrid::kPoints, kBlue = 1;
constexpr int kShift = 13;  // of kScale * kWhole
static_assert(ColourGrid::kScale * ColourGrid::kWhole == 1 << kShift);

// The way from a cell's first corner to its last goes along the axis of the largest fraction, then the middle
// one, then the smallest. Its first two stops, by the order of the fractions: bit 2 red >= green, bit 1
// green >= blue, bit 0 red >= blue.
struct Stops {
  int first, second;
};
constexpr Stops kStops[8] = {
    {kBlue, kBlue + kGreen},   // blue > green > red
    {kBlue, kBlue + kGreen},   // cannot be
    {kGreen, kGreen + kBlue},  // green >= blue > red
    {kGreen, kGreen + kRed},   // green > red >= blue
    {kBlue, kBlue + kRed},     // blue > red >= green
    {kRed, kRed + kBlue},      // red >= blue > green
    {kRed, kRed + kGreen},     // cannot be
    {kRed, kRed + kGreen},     // red >= green >= blue
};

}  // namespace

ColourGrid::ColourGrid(std::vector<Colour> colours, const Axis& axis) : colours_(std::move(colours)) {
  for (size_t i = 0; i < axis.size(); ++i) {
    const double place = std::clamp(axis[i], 0.0, 1.0) * (kPoints - 1);
    const int cell = std::min(static_cast<int>(place), kPoints - 2);
    steps_[i] = {static_cast<uint16_t>(cell), static_cast<int16_t>(std::lround((place - cell) * kWhole))};
  }
}

void ColourGrid::apply(uint8_t* rgba, size_t count) const {
  const Colour* const points = colours_.data();
  uint32_t last_in = 0, last_out = 0;
  bool known = false;
  for (uint8_t* const end = rgba + 4 * count; rgba != end; rgba += 4) {
    uint32_t in;
    std::memcpy(&in, rgba, 4);
    // Glass and borders are even: a colour often repeats.
    if (known && in == last_in) {
      std::memcpy(rgba, &last_out, 4);
      continue;
    }
    const Step red = steps_[rgba[0]], green = steps_[rgba[1]], blue = steps_[rgba[2]];
    const int r = red.towards, g = green.towards, b = blue.towards;
    const Stops stops = kStops[(r >= g) << 2 | (g >= b) << 1 | static_cast<int>(r >= b)];
    const int most = std::max(std::max(r, g), b), least = std::min(std::min(r, g), b);
    const int middle = r + g + b - most - least;
    const Colour* const corner = points + red.cell * kRed + green.cell * kGreen + blue.cell;
#ifdef __SSE2__
    const auto load = [](const Colour* c) {
      return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(c));  // NOLINT: SSE's way to load
    };
    // Weights in pairs, as pmaddwd takes them: low half for the first of each pair.
    const auto pair = [](int low, int high) { return _mm_set1_epi32(low | high << 16); };
    const __m128i ends = _mm_unpacklo_epi16(load(corner), load(corner + kRed + kGreen + kBlue));
    const __m128i ways = _mm_unpacklo_epi16(load(corner + stops.first), load(corner + stops.second));
    __m128i sum = _mm_add_epi32(_mm_madd_epi16(ends, pair(kWhole - most, least)),
                                _mm_madd_epi16(ways, pair(most - middle, middle - least)));
    sum = _mm_srli_epi32(_mm_add_epi32(sum, _mm_set1_epi32(1 << (kShift - 1))), kShift);
    sum = _mm_packs_epi32(sum, sum);
    const auto out = static_cast<uint32_t>(_mm_cvtsi128_si32(_mm_packus_epi16(sum, sum))) | 0xFF000000u;
#else
    const Colour &v0 = corner[0], &v1 = corner[stops.first], &v2 = corner[stops.second],
                 &v3 = corner[kRed + kGreen + kBlue];
    const auto mix = [&](int16_t Colour::*channel) {
      const int sum = v0.*channel * (kWhole - most) + v1.*channel * (most - middle) +
                      v2.*channel * (middle - least) + v3.*channel * least;
      return static_cast<uint8_t>((sum + (1 << (kShift - 1))) >> kShift);
    };
    const uint8_t bytes[4] = {mix(&Colour::red), mix(&Colour::green), mix(&Colour::blue), 255};
    uint32_t out;
    std::memcpy(&out, bytes, 4);
#endif
    std::memcpy(rgba, &out, 4);
    last_in = in;
    last_out = out;
    known = true;
  }
}

}  // namespace hada::tiles
