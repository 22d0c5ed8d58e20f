#include "client/tiles/colour_grid.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

using hada::tiles::ColourGrid;

namespace {

constexpr int kPoints = ColourGrid::kPoints;

ColourGrid::Axis straight() {
  ColourGrid::Axis axis{};
  for (size_t i = 0; i < axis.size(); ++i) axis[i] = static_cast<double>(i) / 255;
  return axis;
}

// f of three values from 0 to 1 gives three.
template <typename F>
ColourGrid make(F f, const ColourGrid::Axis& axis = straight()) {
  std::vector<ColourGrid::Colour> colours;
  for (int r = 0; r < kPoints; ++r)
    for (int g = 0; g < kPoints; ++g)
      for (int b = 0; b < kPoints; ++b) {
        const std::array<double, 3> out = f(r / 32.0, g / 32.0, b / 32.0);
        const auto stored = [](double v) {
          return static_cast<int16_t>(std::lround(v * 255 * ColourGrid::kScale));
        };
        colours.push_back({stored(out[0]), stored(out[1]), stored(out[2]), 0});
      }
  return ColourGrid(std::move(colours), axis);
}

// The most that any channel differs from `f`, over colours in every order of the channels.
template <typename F>
int worst(const ColourGrid& grid, F f) {
  int most = 0;
  for (int r = 0; r < 256; r += 15)
    for (int g = 0; g < 256; g += 17)
      for (int b = 0; b < 256; b += 5) {
        uint8_t pixel[4] = {static_cast<uint8_t>(r), static_cast<uint8_t>(g), static_cast<uint8_t>(b), 7};
        grid.apply(pixel, 1);
        const std::array<double, 3> out = f(r / 255.0, g / 255.0, b / 255.0);
        for (size_t c = 0; c < 3; ++c)
          most = std::max(most, std::abs(pixel[c] - static_cast<int>(std::lround(out[c] * 255))));
        if (pixel[3] != 255) return 1000;
      }
  return most;
}

}  // namespace

TEST_CASE("a table of the colours themselves changes none") {
  const auto same = [](double r, double g, double b) { return std::array{r, g, b}; };
  CHECK(worst(make(same), same) == 0);
}

TEST_CASE("what is linear in the channels is exact to the last bit but one") {
  const auto mix = [](double r, double g, double b) {
    return std::array{0.7 * r + 0.2 * g + 0.1 * b, 0.1 * r + 0.8 * g, 1 - b};
  };
  CHECK(worst(make(mix), mix) <= 1);
}

TEST_CASE("the channels do not change places") {
  const auto turned = [](double r, double g, double b) { return std::array{b, r, g}; };
  CHECK(worst(make(turned), turned) == 0);
}

TEST_CASE("points that stand denser where the curve bends follow it") {
  // 8-bit value v lies at sqrt(v); the table gives v back as its square.
  ColourGrid::Axis axis{};
  for (size_t i = 0; i < axis.size(); ++i) axis[i] = std::sqrt(static_cast<double>(i) / 255);
  const auto same = [](double r, double g, double b) { return std::array{r, g, b}; };
  const auto squares = [](double r, double g, double b) { return std::array{r * r, g * g, b * b}; };
  CHECK(worst(make(squares, axis), same) <= 1);
}

TEST_CASE("a run of pixels is what its pixels are one by one") {
  const auto odd = [](double r, double g, double b) { return std::array{g * g, std::sqrt(b), r}; };
  const ColourGrid grid = make(odd);
  std::vector<uint8_t> run;
  uint32_t random = 12345;
  for (int i = 0; i < 1000; ++i) {
    random = random * 1664525 + 1013904223;
    // Repeated in between: the shortcut for even areas.
    for (int repeat = 0; repeat < (i % 5 == 0 ? 3 : 1); ++repeat)
      for (const int shift : {8, 16, 24, 0}) run.push_back(static_cast<uint8_t>(random >> shift));
  }
  std::vector<uint8_t> single = run;
  grid.apply(run.data(), run.size() / 4);
  for (size_t i = 0; i < single.size(); i += 4) grid.apply(single.data() + i, 1);
  CHECK(run == single);
  grid.apply(run.data(), 0);
}
