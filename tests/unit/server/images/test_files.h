#pragma once

// Folders, real files and pixels for tests that decode.

#include <doctest/doctest.h>
#include <stdlib.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/paths.h"

namespace hada::images {

// Gone at the end of the test.
struct TempFolder {
  std::filesystem::path path;
  TempFolder() {
    char name[] = "/tmp/hada-images-XXXXXX";
    REQUIRE(::mkdtemp(name) != nullptr);
    path = name;
  }
  ~TempFolder() { std::filesystem::remove_all(path); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
};

// A file of the shared test data; empty (and said so) where it is absent.
inline std::string real_file(const std::string& name) {
  const char* given = std::getenv("HADA_TEST_DATA");
  const std::string folder = given != nullptr ? given : support::source_dir() + "/../shared/data";
  const std::string path = folder + "/" + name;
  if (std::filesystem::exists(path)) return path;
  MESSAGE("SKIPPED: " << name << " is not there");
  return {};
}

// Interleaved 8-bit RGB.
struct Pixels {
  int width = 0, height = 0;
  std::vector<uint8_t> rgb;
  Pixels() = default;
  Pixels(int w, int h) : width(w), height(h), rgb(static_cast<size_t>(w) * static_cast<size_t>(h) * 3) {}
  uint8_t* at(int x, int y) {
    return rgb.data() + (static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)) * 3;
  }
  const uint8_t* at(int x, int y) const { return const_cast<Pixels*>(this)->at(x, y); }
};

inline Pixels decode_jpeg(const std::string& jpeg) {
  tjhandle decoder = tjInitDecompress();
  const auto* bytes = reinterpret_cast<const unsigned char*>(jpeg.data());
  int width = 0, height = 0, subsampling = 0, colours = 0;
  REQUIRE(tjDecompressHeader3(decoder, bytes, jpeg.size(), &width, &height, &subsampling, &colours) == 0);
  Pixels pixels(width, height);
  CHECK(tjDecompress2(decoder, bytes, jpeg.size(), pixels.rgb.data(), width, 0, height, TJPF_RGB, 0) == 0);
  tjDestroy(decoder);
  return pixels;
}

// Each pixel the mean of factor x factor of `from`, whose last columns and rows may be left over.
inline Pixels box_reduced(const Pixels& from, int factor) {
  Pixels to(from.width / factor, from.height / factor);
  for (int y = 0; y < to.height; ++y)
    for (int x = 0; x < to.width; ++x)
      for (int c = 0; c < 3; ++c) {
        int sum = 0;
        for (int dy = 0; dy < factor; ++dy)
          for (int dx = 0; dx < factor; ++dx) sum += from.at(x * factor + dx, y * factor + dy)[c];
        to.at(x, y)[c] = static_cast<uint8_t>((sum + factor * factor / 2) / (factor * factor));
      }
  return to;
}

// Peak signal to noise ratio in dB over all samples of the part both have; 99 where they are equal.
inline double psnr(const Pixels& a, const Pixels& b) {
  const int width = std::min(a.width, b.width), height = std::min(a.height, b.height);
  double squares = 0;
  for (int y = 0; y < height; ++y)
    for (int i = 0; i < width * 3; ++i) {
      const double d = double(a.at(0, y)[i]) - double(b.at(0, y)[i]);
      squares += d * d;
    }
  if (squares == 0) return 99;
  return 10 * std::log10(255.0 * 255.0 * width * height * 3 / squares);
}

}  // namespace hada::images
