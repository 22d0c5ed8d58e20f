// Photographs on their way to the one JPEG (or the pyramid) that is served.

#include "server/images/photograph.h"

#include <doctest/doctest.h>

#include <cstring>

#include "tests/support/slide_factory/slide_factory.h"
#include "tests/unit/server/images/served_image.h"

namespace hada::images {
namespace {

using support::Raster;

// Smooth, and different in every corner.
Raster gradient(int width, int height) {
  Raster raster{width, height, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      raster.rgb.push_back(static_cast<uint8_t>(255 * x / width));
      raster.rgb.push_back(static_cast<uint8_t>(255 * y / height));
      raster.rgb.push_back(static_cast<uint8_t>(80 + 100 * x / width));
    }
  return raster;
}

Pixels pixels_of(const Raster& raster) {
  Pixels pixels(raster.width, raster.height);
  pixels.rgb = raster.rgb;
  return pixels;
}

// A libvips image of one colour, to be saved in whichever way a test needs.
VipsOwner plain(int width, int height, std::vector<double> colour, VipsInterpretation meaning,
                VipsBandFormat format) {
  REQUIRE(start_vips());
  return *run_vips([&](VipsImage** out) {
    VipsImage* base = nullptr;
    if (vips_black(&base, width, height, nullptr) != 0) return -1;
    VipsImage *coloured = nullptr, *cast = nullptr;
    std::vector<double> ones(colour.size(), 1.0);
    int bad =
        vips_linear(base, &coloured, ones.data(), colour.data(), static_cast<int>(colour.size()), nullptr);
    if (bad == 0) bad = vips_cast(coloured, &cast, format, nullptr);
    if (bad == 0) bad = vips_copy(cast, out, "interpretation", meaning, nullptr);
    g_object_unref(base);
    if (coloured != nullptr) g_object_unref(coloured);
    if (cast != nullptr) g_object_unref(cast);
    return bad;
  });
}

void check_colour(const Pixels& pixels, int red, int green, int blue, int tolerance) {
  const uint8_t* middle = pixels.at(pixels.width / 2, pixels.height / 2);
  CHECK(std::abs(middle[0] - red) <= tolerance);
  CHECK(std::abs(middle[1] - green) <= tolerance);
  CHECK(std::abs(middle[2] - blue) <= tolerance);
}

TEST_CASE("a photograph from a camera") {
  const TempFolder folder;
  const std::string path = folder.path / "photo.jpg";
  const Raster upright = gradient(320, 200);

  SUBCASE("that is upright keeps its coded pixels and loses everything else") {
    REQUIRE(support::write_jpeg(path, upright, {.quality = 80, .exif_orientation = 1, .camera_exif = true}));
    REQUIRE(read_bytes(path).find("Exif") != std::string::npos);
    const Served served(path);
    CHECK(served.image.vendor == "photograph");
    CHECK(served.level(0) == contract::PyramidLevel{320, 200, 320, 200, 1.0});
    const std::string sent = served.tile_bytes(0, 0, 0);
    CHECK(decode_jpeg(sent).rgb == decode_jpeg(read_bytes(path)).rgb);
    CHECK(sent.find("Exif") == std::string::npos);
    CHECK(served.blob_bytes(served.image.thumbnail_blob).find("Exif") == std::string::npos);
  }
  SUBCASE("that was held on its side is turned") {
    REQUIRE(support::write_jpeg(path, support::turned_left(upright), {.quality = 95, .exif_orientation = 6}));
    const Served served(path);
    CHECK(served.level(0) == contract::PyramidLevel{320, 200, 320, 200, 1.0});
    CHECK(psnr(served.tile(0, 0, 0), pixels_of(upright)) > 35);
    CHECK(served.tile_bytes(0, 0, 0).find("Exif") == std::string::npos);
    const Pixels small = served.thumbnail();
    CHECK(small.width == 256);
    CHECK(small.height == 160);
  }
}

TEST_CASE("all eight EXIF orientations show the same picture") {
  for (const char* kind : {"landscape", "portrait"}) {
    Pixels first;
    for (int orientation = 1; orientation <= 8; ++orientation) {
      const std::string path = real_file("malformed/exif-samples/jpg/orientation/" + std::string(kind) + "_" +
                                         std::to_string(orientation) + ".jpg");
      if (path.empty()) return;
      const Served served(path);
      Pixels shown = served.tile(0, 0, 0);
      if (orientation == 1) first = shown;
      CAPTURE(orientation);
      CHECK(shown.width == first.width);
      CHECK(shown.height == first.height);
      // Each file has its own number drawn in.
      CHECK(psnr(shown, first) > 20);
      if (orientation > 1) continue;
      Pixels mirrored = first;
      for (int y = 0; y < first.height; ++y)
        for (int x = 0; x < first.width; ++x)
          std::copy_n(first.at(first.width - 1 - x, y), 3, mirrored.at(x, y));
      CHECK(psnr(mirrored, first) < 15);
    }
  }
}

TEST_CASE("what is transparent becomes white") {
  const TempFolder folder;
  const std::string path = folder.path / "photo.png";
  const Raster raster = gradient(64, 64);
  std::vector<uint8_t> alpha(64 * 64, 255);
  std::fill(alpha.begin(), alpha.begin() + 64 * 32, uint8_t{0});
  REQUIRE(support::write_png(path, raster, alpha));
  const Pixels shown = Served(path).tile(0, 0, 0);
  const uint8_t* above = shown.at(32, 8);
  CHECK(above[0] > 250);
  CHECK(above[1] > 250);
  CHECK(above[2] > 250);
  CHECK(std::abs(shown.at(32, 56)[0] - raster.rgb[(56 * 64 + 32) * 3]) < 8);
}

TEST_CASE("samples of other kinds become 8-bit RGB") {
  const TempFolder folder;
  const std::string path = folder.path / "photo.png";
  const auto save = [&](const VipsOwner& image) {
    REQUIRE(vips_pngsave(image.get(), path.c_str(), nullptr) == 0);
  };
  SUBCASE("16 bits") {
    save(
        plain(40, 30, {200 * 257.0, 100 * 257.0, 50 * 257.0}, VIPS_INTERPRETATION_RGB16, VIPS_FORMAT_USHORT));
    check_colour(Served(path).tile(0, 0, 0), 200, 100, 50, 3);
  }
  SUBCASE("16 bits, half transparent") {
    save(plain(40, 30, {200 * 257.0, 100 * 257.0, 50 * 257.0, 128 * 257.0}, VIPS_INTERPRETATION_RGB16,
               VIPS_FORMAT_USHORT));
    check_colour(Served(path).tile(0, 0, 0), 227, 177, 152, 4);
  }
  SUBCASE("grey") {
    save(plain(40, 30, {77}, VIPS_INTERPRETATION_B_W, VIPS_FORMAT_UCHAR));
    check_colour(Served(path).tile(0, 0, 0), 77, 77, 77, 2);
  }
  SUBCASE("grey of 16 bits") {
    save(plain(40, 30, {77 * 257.0}, VIPS_INTERPRETATION_GREY16, VIPS_FORMAT_USHORT));
    check_colour(Served(path).tile(0, 0, 0), 77, 77, 77, 2);
  }
  SUBCASE("float is no colour") {
    const std::string tiff = folder.path / "float.tif";
    const VipsOwner image = plain(40, 30, {0.5, 0.5, 0.5}, VIPS_INTERPRETATION_MULTIBAND, VIPS_FORMAT_FLOAT);
    REQUIRE(vips_tiffsave(image.get(), tiff.c_str(), nullptr) == 0);
    std::filesystem::create_directory(folder.path / "out");
    CHECK(build_image(tiff, folder.path / "out", {}).error().reason == "UNSUPPORTED_FORMAT");
  }
}

TEST_CASE("colours that are not sRGB") {
  const TempFolder folder;
  const VipsOwner srgb = plain(300, 200, {200, 60, 60}, VIPS_INTERPRETATION_sRGB, VIPS_FORMAT_UCHAR);
  const auto converted = [&](const char* profile) {
    return *run_vips([&](VipsImage** out) {
      return vips_icc_transform(srgb.get(), out, profile, "input_profile", "srgb", nullptr);
    });
  };
  SUBCASE("keep their profile beside them, and the thumbnail is sRGB") {
    const std::string path = folder.path / "wide.png";
    const VipsOwner wide = converted("p3");
    REQUIRE(vips_pngsave(wide.get(), path.c_str(), nullptr) == 0);
    const Served served(path);
    REQUIRE_FALSE(served.image.icc_blob.empty());
    CHECK(is_rgb_profile(served.blob_bytes(served.image.icc_blob)));
    const Pixels tile = served.tile(0, 0, 0);
    CHECK(tile.at(150, 100)[0] < 193);  // the same red needs less of P3's
    check_colour(served.thumbnail(), 200, 60, 60, 4);
    CHECK(served.tile_bytes(0, 0, 0).find("ICC_PROFILE") == std::string::npos);
  }
  SUBCASE("of print become sRGB, without a profile") {
    const std::string path = folder.path / "print.jpg";
    const VipsOwner print = converted("cmyk");
    REQUIRE(vips_jpegsave(print.get(), path.c_str(), "Q", 95, nullptr) == 0);
    const Served served(path);
    CHECK(served.image.icc_blob.empty());
    check_colour(served.tile(0, 0, 0), 200, 60, 60, 12);
  }
  SUBCASE("with a profile that is no profile are taken for sRGB") {
    CHECK_FALSE(is_rgb_profile("not a profile"));
  }
}

TEST_CASE("a large photograph becomes a pyramid") {
  const TempFolder folder;
  const std::string path = folder.path / "photo.jpg";
  const Raster raster = gradient(2300, 700);
  REQUIRE(support::write_jpeg(path, raster, {.quality = 95}));
  const Served served(path);
  CHECK(served.image.levels.size() == 5);
  CHECK(served.level(0) == contract::PyramidLevel{2300, 700, 256, 256, 1.0});
  check_steps(served);
  CHECK(psnr(served.whole_level(0), decode_jpeg(read_bytes(path))) > 40);
}

TEST_CASE("2,048 pixels are still one tile") {
  const TempFolder folder;
  const std::string path = folder.path / "photo.png";
  REQUIRE(support::write_png(path, gradient(2048, 300)));
  CHECK(Served(path).image.levels.size() == 1);
}

}  // namespace
}  // namespace hada::images
