#include "client/tiles/colour_grid.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#define HADA_AVX2 1
#endif

namespace hada::tiles {
namespace {

constexpr int kRed = ColourGrid::kPoints * ColourGrid::kPoints, kGreen = ColourGrid::kPoints, kBlue = 1;
constexpr int kLast = kRed + kGreen + kBlue;  // from a cell's first corner to the opposite one
constexpr int kShift = 13;                    // of kScale * kWhole
static_assert(ColourGrid::kScale * ColourGrid::kWhole == 1 << kShift);
static_assert(ColourGrid::kPoints * kRed <= 0x10000);

}  // namespace

// The way from a cell's first corner to its last goes along the axis on which the colour is farthest, then
// the middle one, then the nearest: the four corners it touches are the tetrahedron's. So each channel's
// fraction is kept together with the step of its axis, and the three are sorted.

ColourGrid::ColourGrid(std::vector<Colour> colours, const Axis& axis) : colours_(std::move(colours)) {
  for (Colour& c : colours_) {
    for (int16_t* channel : {&c.red, &c.green, &c.blue})
      *channel = static_cast<int16_t>(*channel + kScale / 2);
  }
  constexpr int kSteps[3] = {kRed, kGreen, kBlue};
  for (size_t i = 0; i < axis.size(); ++i) {
    const double place = std::clamp(axis[i], 0.0, 1.0) * (kPoints - 1);
    const int cell = std::min(static_cast<int>(place), kPoints - 2);
    const auto towards = static_cast<uint32_t>(std::lround((place - cell) * kWhole));
    for (size_t c = 0; c < 3; ++c) steps_[c][i] = towards << 16 | static_cast<uint32_t>(cell * kSteps[c]);
  }
}

void ColourGrid::apply_portable(uint8_t* rgba, size_t count) const {
  for (uint8_t* const end = rgba + 4 * count; rgba != end; rgba += 4) {
    const uint32_t r = steps_[0][rgba[0]], g = steps_[1][rgba[1]], b = steps_[2][rgba[2]];
    uint32_t most = (r & 0xFFFF0000) | kRed, middle = (g & 0xFFFF0000) | kGreen,
             least = (b & 0xFFFF0000) | kBlue;
    if (most < middle) std::swap(most, middle);
    if (middle < least) std::swap(middle, least);
    if (most < middle) std::swap(most, middle);
    const Colour* const v0 = colours_.data() + ((r + g + b) & 0xFFFF);
    const Colour* const v1 = v0 + (most & 0xFFFF);
    const Colour* const v2 = v1 + (middle & 0xFFFF);
    const Colour* const v3 = v0 + kLast;
    const int w1 = static_cast<int>(most >> 16), w2 = static_cast<int>(middle >> 16),
              w3 = static_cast<int>(least >> 16);
    const auto mix = [&](int16_t Colour::*channel) {
      return static_cast<uint8_t>((v0->*channel * (kWhole - w1) + v1->*channel * (w1 - w2) +
                                   v2->*channel * (w2 - w3) + v3->*channel * w3) >>
                                  kShift);
    };
    rgba[0] = mix(&Colour::red);
    rgba[1] = mix(&Colour::green);
    rgba[2] = mix(&Colour::blue);
    rgba[3] = 255;
  }
}

#ifdef HADA_AVX2
// The same for eight pixels at once, but for the loads of the corners.
__attribute__((target("avx2"))) void ColourGrid::apply_avx2(uint8_t* rgba, size_t count) const {
  const auto steps = [this](size_t c) { return reinterpret_cast<const int*>(steps_[c].data()); };
  const int *const red = steps(0), *const green = steps(1), *const blue = steps(2);
  const Colour* const points = colours_.data();
  const __m256i byte = _mm256_set1_epi32(0xFF), low = _mm256_set1_epi32(0xFFFF);
  const __m256i high = _mm256_set1_epi32(static_cast<int>(0xFFFF0000));
  const __m128i alpha = _mm_set1_epi32(static_cast<int>(0xFF000000));
  alignas(32) uint32_t first[8], second[8], third[8], ends[8], ways[8];
  __m256i last_in = _mm256_setzero_si256();
  __m128i out[2] = {};
  const size_t groups = count / 8;
  for (size_t i = 0; i < groups; ++i, rgba += 32) {
    auto* const here = reinterpret_cast<__m256i*>(rgba);
    const __m256i in = _mm256_loadu_si256(here);
    // Glass and borders are even: a run of one colour is looked up once.
    const bool same = i > 0 && _mm256_movemask_epi8(_mm256_cmpeq_epi32(in, last_in)) == -1;
    last_in = in;
    if (!same) {
      const __m256i r = _mm256_i32gather_epi32(red, _mm256_and_si256(in, byte), 4);
      const __m256i g = _mm256_i32gather_epi32(green, _mm256_and_si256(_mm256_srli_epi32(in, 8), byte), 4);
      const __m256i b = _mm256_i32gather_epi32(blue, _mm256_and_si256(_mm256_srli_epi32(in, 16), byte), 4);
      const __m256i kr = _mm256_or_si256(_mm256_and_si256(r, high), _mm256_set1_epi32(kRed));
      const __m256i kg = _mm256_or_si256(_mm256_and_si256(g, high), _mm256_set1_epi32(kGreen));
      const __m256i kb = _mm256_or_si256(_mm256_and_si256(b, high), _mm256_set1_epi32(kBlue));
      const __m256i more = _mm256_max_epi32(kr, kg), less = _mm256_min_epi32(kr, kg);
      const __m256i most = _mm256_max_epi32(more, kb), rest = _mm256_min_epi32(more, kb);
      const __m256i middle = _mm256_max_epi32(rest, less), least = _mm256_min_epi32(rest, less);
      const __m256i v0 = _mm256_and_si256(_mm256_add_epi32(_mm256_add_epi32(r, g), b), low);
      const __m256i v1 = _mm256_add_epi32(v0, _mm256_and_si256(most, low));
      const __m256i v2 = _mm256_add_epi32(v1, _mm256_and_si256(middle, low));
      const __m256i w1 = _mm256_srli_epi32(most, 16), w2 = _mm256_srli_epi32(middle, 16);
      const __m256i w3 = _mm256_and_si256(least, high);
      const __m256i w0 = _mm256_sub_epi32(_mm256_set1_epi32(kWhole), w1);
      _mm256_store_si256(reinterpret_cast<__m256i*>(first), v0);
      _mm256_store_si256(reinterpret_cast<__m256i*>(second), v1);
      _mm256_store_si256(reinterpret_cast<__m256i*>(third), v2);
      // Weights in pairs, as pmaddwd takes them.
      _mm256_store_si256(reinterpret_cast<__m256i*>(ends), _mm256_or_si256(w0, w3));
      _mm256_store_si256(
          reinterpret_cast<__m256i*>(ways),
          _mm256_or_si256(_mm256_sub_epi32(w1, w2), _mm256_sub_epi32(_mm256_and_si256(middle, high), w3)));
      const auto load = [](const Colour* c) __attribute__((target("avx2"), always_inline)) {
        return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(c));
      };
      const auto pixel = [&](size_t p) __attribute__((target("avx2"), always_inline)) {
        const Colour* const corner = points + first[p];
        const __m128i a = _mm_unpacklo_epi16(load(corner), load(corner + kLast));
        const __m128i c = _mm_unpacklo_epi16(load(points + second[p]), load(points + third[p]));
        return _mm_srli_epi32(_mm_add_epi32(_mm_madd_epi16(a, _mm_set1_epi32(static_cast<int>(ends[p]))),
                                            _mm_madd_epi16(c, _mm_set1_epi32(static_cast<int>(ways[p])))),
                              kShift);
      };
      for (size_t half = 0; half < 2; ++half) {
        const __m128i a = _mm_packs_epi32(pixel(4 * half), pixel(4 * half + 1));
        const __m128i c = _mm_packs_epi32(pixel(4 * half + 2), pixel(4 * half + 3));
        out[half] = _mm_or_si128(_mm_packus_epi16(a, c), alpha);
      }
    }
    _mm_storeu_si128(reinterpret_cast<__m128i*>(rgba), out[0]);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(rgba + 16), out[1]);
  }
  apply_portable(rgba, count % 8);
}
#endif

void ColourGrid::apply(uint8_t* rgba, size_t count) const {
#ifdef HADA_AVX2
  if (__builtin_cpu_supports("avx2")) return apply_avx2(rgba, count);
#endif
  apply_portable(rgba, count);
}

}  // namespace hada::tiles
