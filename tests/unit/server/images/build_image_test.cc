#include "server/images/build_image.h"

#include <doctest/doctest.h>
#include <lcms2.h>
#include <openslide.h>
#include <tiffio.h>

#include <algorithm>
#include <array>

#include "server/images/vips_image.h"
#include "tests/unit/server/images/served_image.h"

namespace hada::images {
namespace {

constexpr double kVisuallyLossless = 40.0;  // dB

void check_lower_levels(const Served& served, const Pixels& level0) {
  for (size_t i = 1; i < served.image.levels.size(); ++i) {
    const double downsample = served.level(i).downsample;
    REQUIRE(downsample == std::round(downsample));
    const double db = psnr(served.whole_level(i), box_reduced(level0, static_cast<int>(downsample)));
    MESSAGE("level " << i << ": " << db << " dB");
    CHECK(db >= kVisuallyLossless);
  }
}

void check_thumbnail(const Served& served) {
  CHECK(read_jpeg_header(served.blob_bytes(served.image.thumbnail_blob))->baseline());
  const Pixels small = served.thumbnail();
  const int whole = std::max(served.level(0).width, served.level(0).height);
  CHECK(std::max(small.width, small.height) == std::min(256, whole));
}

// What libtiff makes of the tiles of the directory at `page`, as RGB.
void check_tiles_against_libtiff(const Served& served, size_t level, int page) {
  TIFF* tiff = TIFFOpen(served.path.c_str(), "r");
  REQUIRE(tiff != nullptr);
  REQUIRE(TIFFSetDirectory(tiff, static_cast<tdir_t>(page)) == 1);
  uint16_t photometric = 0;
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
  if (photometric == PHOTOMETRIC_YCBCR) TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  const contract::PyramidLevel& g = served.level(level);
  std::vector<uint8_t> expected(static_cast<size_t>(TIFFTileSize(tiff)));
  int different = 0;
  for (int32_t row = 0; row < g.rows(); ++row)
    for (int32_t column = 0; column < g.columns(); ++column) {
      REQUIRE(TIFFReadTile(tiff, expected.data(), static_cast<uint32_t>(column * g.tile_width),
                           static_cast<uint32_t>(row * g.tile_height), 0, 0) > 0);
      if (served.tile(static_cast<int32_t>(level), column, row).rgb != expected) ++different;
    }
  TIFFClose(tiff);
  CHECK(different == 0);
}

TEST_CASE("an Aperio slide's tiles are sent as they are") {
  const std::string path = real_file("slides/CMU-1-Small-Region.svs");
  if (path.empty()) return;
  const Served served(path);
  CHECK(served.image.vendor == "aperio");
  CHECK(served.level(0) == contract::PyramidLevel{2220, 2967, 240, 240, 1.0});
  CHECK(served.stored_as_it_came(0));
  CHECK(served.image.mpp_x == doctest::Approx(0.499));
  CHECK(served.image.objective == 20);

  SUBCASE("level 0 decodes to exactly what libtiff decodes") { check_tiles_against_libtiff(served, 0, 0); }
  SUBCASE("the coarser levels that it lacks are there, down to one tile, true to level 0") {
    CHECK(served.image.levels.size() == 5);
    CHECK_FALSE(served.stored_as_it_came(1));
    check_steps(served);
    check_lower_levels(served, served.whole_level(0));
    check_thumbnail(served);
  }
}

TEST_CASE("a scanner's colour profile is kept beside the tiles that are sent as they are") {
  const std::string path = real_file("slides/CMU-1-Small-Region.svs");
  if (path.empty()) return;
  // The same slide as a scanner with a profile writes it: in the first directory's tag 34675.
  const TempFolder folder;
  const std::string with_profile = folder.path / "with-profile.svs";
  std::filesystem::copy_file(path, with_profile);
  const cmsCIExyY white = {0.3127, 0.3290, 1};
  const cmsCIExyYTRIPLE primaries = {{0.68, 0.32, 1}, {0.265, 0.69, 1}, {0.15, 0.06, 1}};
  cmsToneCurve* curve = cmsBuildGamma(nullptr, 2.2);
  cmsToneCurve* curves[3] = {curve, curve, curve};
  cmsHPROFILE made = cmsCreateRGBProfile(&white, &primaries, curves);
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(made, nullptr, &size);
  std::string profile(size, '\0');
  cmsSaveProfileToMem(made, profile.data(), &size);
  cmsCloseProfile(made);
  cmsFreeToneCurve(curve);
  TIFF* tiff = TIFFOpen(with_profile.c_str(), "r+");
  REQUIRE(tiff != nullptr);
  TIFFSetField(tiff, TIFFTAG_ICCPROFILE, static_cast<uint32_t>(profile.size()), profile.data());
  REQUIRE(TIFFRewriteDirectory(tiff) == 1);
  TIFFClose(tiff);

  const Served served(with_profile);
  CHECK(served.image.vendor == "aperio");
  CHECK(served.stored_as_it_came(0));
  REQUIRE_FALSE(served.image.icc_blob.empty());
  CHECK(served.blob_bytes(served.image.icc_blob) == profile);
}

TEST_CASE("a generic tiled TIFF is passed through the same way") {
  const std::string path = real_file("slides/CMU-1-Small-Region.jpeg.tiff");
  if (path.empty()) return;
  const Served served(path);
  CHECK(served.image.vendor == "generic-tiff");
  CHECK(served.stored_as_it_came(0));
  check_tiles_against_libtiff(served, 0, 0);
  check_steps(served);
}

TEST_CASE("levels that a TIFF has are all passed through") {
  const std::string path = real_file("slides/CMU-1-small.tiff");
  if (path.empty()) return;
  const Served served(path);
  REQUIRE(served.image.levels.size() == 3);
  for (size_t i = 0; i < 3; ++i) {
    CHECK(served.stored_as_it_came(i));
    check_tiles_against_libtiff(served, i, static_cast<int>(i));
  }
  check_steps(served);
}

TEST_CASE("a slide whose tiles cannot be sent is transcoded once, and stays true") {
  const std::string path = real_file("slides/test3-DAPI-2-387.ndpi");
  if (path.empty()) return;
  const Served served(path);
  CHECK(served.image.vendor == "hamamatsu");
  CHECK(served.level(0) == contract::PyramidLevel{3968, 4864, 256, 256, 1.0});
  CHECK_FALSE(served.stored_as_it_came(0));
  CHECK(served.image.mpp_x == doctest::Approx(0.228).epsilon(0.01));
  check_steps(served);

  openslide_t* slide = openslide_open(path.c_str());
  REQUIRE(slide != nullptr);
  Pixels truth(3968, 4864);
  std::vector<uint32_t> argb(static_cast<size_t>(truth.width) * static_cast<size_t>(truth.height));
  openslide_read_region(slide, argb.data(), 0, 0, 0, truth.width, truth.height);
  REQUIRE(openslide_get_error(slide) == nullptr);
  openslide_close(slide);
  REQUIRE(std::all_of(argb.begin(), argb.end(), [](uint32_t pixel) { return pixel >> 24 == 255; }));
  for (size_t i = 0; i < argb.size(); ++i) {
    for (size_t c = 0; c < 3; ++c) truth.rgb[i * 3 + c] = static_cast<uint8_t>(argb[i] >> (16 - 8 * c));
  }
  const double db = psnr(served.whole_level(0), truth);
  MESSAGE("level 0: " << db << " dB");
  CHECK(db >= kVisuallyLossless);
  check_lower_levels(served, truth);
  check_thumbnail(served);
}

TEST_CASE("every block of the coordinate grid can be told from every other") {
  const std::string path = real_file("slides/XYC_coordinate_grid.png");
  if (path.empty()) return;
  const Served served(path);
  REQUIRE(served.image.levels.size() == 1);
  CHECK(served.level(0) == contract::PyramidLevel{512, 512, 512, 512, 1.0});
  const Pixels shown = served.tile(0, 0, 0);

  VipsImage* loaded = nullptr;
  REQUIRE(vips_pngload(path.c_str(), &loaded, nullptr) == 0);
  REQUIRE(loaded->Bands == 3);
  Pixels truth(512, 512);
  size_t size = 0;
  void* memory = vips_image_write_to_memory(loaded, &size);
  REQUIRE(size == truth.rgb.size());
  std::copy_n(static_cast<uint8_t*>(memory), size, truth.rgb.begin());
  g_free(memory);
  g_object_unref(loaded);

  constexpr int kBlock = 8, kSide = 64;
  using Block = std::array<int16_t, kBlock * kBlock * 3>;
  const auto cut = [](const Pixels& from) {
    std::vector<Block> blocks(kSide * kSide);
    for (int b = 0; b < kSide * kSide; ++b)
      for (int y = 0; y < kBlock; ++y)
        std::copy_n(from.at(b % kSide * kBlock, b / kSide * kBlock + y), kBlock * 3,
                    blocks[static_cast<size_t>(b)].begin() + y * kBlock * 3);
    return blocks;
  };
  const auto templates = cut(truth), seen = cut(shown);
  const auto distance = [](const Block& a, const Block& b) {
    int sum = 0;
    for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
  };
  int wrong = 0;
  for (size_t b = 0; b < seen.size(); ++b) {
    const int own = distance(seen[b], templates[b]);
    for (size_t other = 0; other < templates.size(); ++other)
      if (other != b && distance(seen[b], templates[other]) <= own) {
        ++wrong;
        break;
      }
  }
  CHECK(wrong == 0);
}

TEST_CASE("small fixtures of OpenSlide's own tests") {
  for (const char* name : {"slides/boxes.tiff", "slides/small.svs"}) {
    const std::string path = real_file(name);
    if (path.empty()) continue;
    CAPTURE(name);
    const Served served(path);
    check_steps(served);
    // boxes.tiff carries a profile, small.svs none.
    CHECK(served.image.icc_blob.empty() == (std::string(name) == "slides/small.svs"));
    const Pixels all = served.whole_level(0);
    openslide_t* slide = openslide_open(path.c_str());
    REQUIRE(slide != nullptr);
    std::vector<uint32_t> argb(static_cast<size_t>(all.width) * static_cast<size_t>(all.height));
    openslide_read_region(slide, argb.data(), 0, 0, 0, all.width, all.height);
    openslide_close(slide);
    Pixels truth(all.width, all.height);
    for (size_t i = 0; i < argb.size(); ++i)
      for (size_t c = 0; c < 3; ++c) truth.rgb[i * 3 + c] = static_cast<uint8_t>(argb[i] >> (16 - 8 * c));
    CHECK(psnr(all, truth) >= 35);
  }
}

}  // namespace
}  // namespace hada::images
