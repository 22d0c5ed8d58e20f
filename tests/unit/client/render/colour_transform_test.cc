// The table that the decoders apply, against lcms2's own transform, in CIEDE2000 on a colour chart.

#include "client/render/colour_transform.h"

#include <doctest/doctest.h>
#include <lcms2.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/client/render/ciede2000.h"
#include "tests/unit/client/render/profiles.h"

using namespace hada;
using test::ciede2000;
using test::Lab;

namespace {

using Rgb8 = std::array<uint8_t, 3>;

// The 24 patches of the ColorChecker in sRGB (McCamy, Marcus, Davidson 1976; sRGB values as published by the
// maker), and 9 x 9 x 9 colours of the cube.
std::vector<Rgb8> chart() {
  std::vector<Rgb8> patches = {
      {115, 82, 68},   {194, 150, 130}, {98, 122, 157},  {87, 108, 67},   {133, 128, 177}, {103, 189, 170},
      {214, 126, 44},  {80, 91, 166},   {193, 90, 99},   {94, 60, 108},   {157, 188, 64},  {224, 163, 46},
      {56, 61, 150},   {70, 148, 73},   {175, 54, 60},   {231, 199, 31},  {187, 86, 149},  {8, 133, 161},
      {243, 243, 242}, {200, 200, 200}, {160, 160, 160}, {122, 122, 121}, {85, 85, 85},    {52, 52, 52}};
  // Not at the table's own points, where it is right by construction.
  constexpr uint8_t kSweep[] = {0, 29, 67, 93, 131, 155, 189, 226, 255};
  for (const uint8_t r : kSweep)
    for (const uint8_t g : kSweep)
      for (const uint8_t b : kSweep) patches.push_back({r, g, b});
  return patches;
}

struct Difference {
  double worst = 0, mean = 0;
};

cmsHPROFILE open_profile(const std::string& bytes) {
  return cmsOpenProfileFromMem(bytes.data(), static_cast<cmsUInt32Number>(bytes.size()));
}

Difference difference(const std::string& image, const std::string& display,
                      cmsUInt32Number intent = INTENT_RELATIVE_COLORIMETRIC) {
  const auto grid = render::make_colour_grid(image, display);
  REQUIRE(grid);
  cmsHPROFILE from = open_profile(image), to = open_profile(display), pcs = cmsCreateLab4Profile(nullptr);
  // lcms's own, in doubles: not even rounded to 8 bits.
  cmsHTRANSFORM exact =
      cmsCreateTransform(from, TYPE_RGB_DBL, to, TYPE_RGB_DBL, intent,
                         cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOOPTIMIZE | cmsFLAGS_NOCACHE);
  cmsHTRANSFORM seen = cmsCreateTransform(to, TYPE_RGB_DBL, pcs, TYPE_Lab_DBL, INTENT_RELATIVE_COLORIMETRIC,
                                          cmsFLAGS_NOOPTIMIZE | cmsFLAGS_NOCACHE);
  REQUIRE(exact);
  const auto lab = [&](std::array<double, 3> rgb) {
    for (double& v : rgb) v = std::clamp(v, 0.0, 1.0);
    cmsCIELab out;
    cmsDoTransform(seen, rgb.data(), &out, 1);
    return Lab{out.L, out.a, out.b};
  };
  Difference result;
  const std::vector<Rgb8> patches = chart();
  for (const Rgb8& patch : patches) {
    const std::array<double, 3> in = {patch[0] / 255.0, patch[1] / 255.0, patch[2] / 255.0};
    std::array<double, 3> out{};
    cmsDoTransform(exact, in.data(), out.data(), 1);
    uint8_t pixel[4] = {patch[0], patch[1], patch[2], 0};
    grid->apply(pixel, 1);
    CHECK(pixel[3] == 255);
    const double d = ciede2000(lab(out), lab({pixel[0] / 255.0, pixel[1] / 255.0, pixel[2] / 255.0}));
    result.worst = std::max(result.worst, d);
    result.mean += d / static_cast<double>(patches.size());
  }
  cmsDeleteTransform(exact);
  cmsDeleteTransform(seen);
  cmsCloseProfile(from);
  cmsCloseProfile(to);
  cmsCloseProfile(pcs);
  return result;
}

}  // namespace

TEST_CASE("CIEDE2000 gives the differences that its authors published") {
  const auto check = [](Lab x, Lab y, double expected) {
    CHECK(ciede2000(x, y) == doctest::Approx(expected).epsilon(0.00005));
    CHECK(ciede2000(y, x) == doctest::Approx(expected).epsilon(0.00005));
  };
  // Sharma, Wu, Dalal 2005, table 1: pairs 1, 2, 3, 4, 7, 9, 11, 17, 25, 33, 34.
  check({50, 2.6772, -79.7751}, {50, 0, -82.7485}, 2.0425);
  check({50, 3.1571, -77.2803}, {50, 0, -82.7485}, 2.8615);
  check({50, 2.8361, -74.0200}, {50, 0, -82.7485}, 3.4412);
  check({50, -1.3802, -84.2814}, {50, 0, -82.7485}, 1.0000);
  check({50, 0, 0}, {50, -1, 2}, 2.3669);
  check({50, 2.4900, -0.0010}, {50, -2.4900, 0.0009}, 7.1792);
  check({50, 2.4900, -0.0010}, {50, -2.4900, 0.0011}, 7.2195);
  check({50, 2.5, 0}, {73, 25, -18}, 27.1492);
  check({60.2574, -34.0099, 36.2677}, {60.4626, -34.1751, 39.4387}, 1.2644);
  check({6.7747, -0.2908, -2.4247}, {5.8714, -0.0985, -2.2286}, 0.6377);
  check({2.0776, 0.0795, -1.1350}, {0.9033, -0.0636, -0.5514}, 0.9082);
}

TEST_CASE("the table differs from lcms2's transform by less than a just visible step") {
  const std::pair<std::string, std::string> images[] = {{"Adobe RGB", test::adobe_like_profile()},
                                                        {"P3", test::p3_like_profile()},
                                                        {"wide", test::wide_profile()},
                                                        {"linear", test::linear_profile()},
                                                        {"table", test::table_profile()}};
  const std::pair<std::string, std::string> displays[] = {{"sRGB display", test::srgb_profile()},
                                                          {"P3 display", test::p3_like_profile()},
                                                          {"Adobe display", test::adobe_like_profile()}};
  for (const auto& [image_name, image] : images) {
    for (const auto& [display_name, display] : displays) {
      if (image == display) continue;
      const bool perceptual = image_name == "table";
      const Difference d =
          difference(image, display, perceptual ? INTENT_PERCEPTUAL : INTENT_RELATIVE_COLORIMETRIC);
      CAPTURE(image_name);
      CAPTURE(display_name);
      MESSAGE(image_name, " -> ", display_name, ": worst ", d.worst, ", mean ", d.mean);
      CHECK(d.worst < 1.0);
      CHECK(d.mean < 0.35);
    }
  }
}

TEST_CASE("the profiles that real scanners embed are followed as closely") {
  namespace fs = std::filesystem;
  const char* data = std::getenv("HADA_TEST_DATA");
  const fs::path folder = fs::path(data ? data : "") / "slides/not_openslide";
  if (!data || !fs::exists(folder)) {
    MESSAGE("SKIPPED: no HADA_TEST_DATA");
    return;
  }
  std::set<std::string> profiles;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".dcm") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string file{std::istreambuf_iterator<char>(in), {}};
    // An ICC profile says its own size in its first four bytes and "acsp" at byte 36.
    const size_t mark = file.find("acsp");
    if (mark == std::string::npos || mark < 36) continue;
    const auto* head = reinterpret_cast<const uint8_t*>(file.data()) + mark - 36;
    const size_t size = size_t{head[0]} << 24 | size_t{head[1]} << 16 | size_t{head[2]} << 8 | head[3];
    profiles.insert(file.substr(mark - 36, size));
  }
  REQUIRE_FALSE(profiles.empty());
  for (const std::string& profile : profiles) {
    for (const std::string& display : {test::srgb_profile(), test::p3_like_profile()}) {
      if (!render::make_colour_grid(profile, display)) continue;  // sRGB itself
      const Difference d = difference(profile, display);
      MESSAGE("a scanner's profile of ", profile.size(), " bytes: worst ", d.worst, ", mean ", d.mean);
      CHECK(d.worst < 1.0);
    }
  }
}

TEST_CASE("nothing is made where nothing is to be done") {
  CHECK(render::make_colour_grid("", "") == nullptr);
  CHECK(render::make_colour_grid(test::srgb_profile(), "") == nullptr);
  CHECK(render::make_colour_grid("", test::srgb_profile()) == nullptr);
  CHECK(render::make_colour_grid(test::p3_like_profile(), test::p3_like_profile()) == nullptr);
  // A picture with a broken profile is shown as it is.
  CHECK(render::make_colour_grid("not a profile", "") == nullptr);
}

TEST_CASE("a display's profile must be one that colours can be made for") {
  CHECK(render::is_display_profile(test::p3_like_profile()));
  CHECK_FALSE(render::is_display_profile(""));
  CHECK_FALSE(render::is_display_profile("not a profile"));
  CHECK_FALSE(render::is_display_profile(test::table_profile()));  // from the device only
  // Colours for a broken one are made for sRGB.
  CHECK(render::make_colour_grid("", "not a profile") == nullptr);
  CHECK(render::make_colour_grid(test::adobe_like_profile(), "not a profile") != nullptr);
}
