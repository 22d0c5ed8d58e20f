// Which of a TIFF's levels are sent as they are, and what is built beside them.

#include <doctest/doctest.h>

#include "server/blobs/local_file.h"
#include "server/images/pyramid_builder.h"
#include "server/images/slide_reader.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/unit/server/images/served_image.h"

namespace hada::images {
namespace {

using support::Raster;

Raster tissue(int width, int height) {
  support::SlideSpec spec;
  spec.width = width;
  spec.height = height;
  return support::draw_slide(spec);
}

Pixels pixels_of(const Raster& raster) {
  Pixels pixels(raster.width, raster.height);
  pixels.rgb = raster.rgb;
  return pixels;
}

// The components called 1, 2, 3, as scanners do; libtiff calls them R, G, B, which a decoder understands as
// well.
std::string with_numbered_components(std::string jpeg) {
  const size_t frame = jpeg.find("\xFF\xC0"), scan = jpeg.find("\xFF\xDA");
  REQUIRE(frame != std::string::npos);
  REQUIRE(scan != std::string::npos);
  for (size_t i = 0; i < 3; ++i) {
    jpeg[frame + 10 + 3 * i] = static_cast<char>(i + 1);
    jpeg[scan + 5 + 2 * i] = static_cast<char>(i + 1);
  }
  return jpeg;
}

TEST_CASE("an Aperio slide in RGB") {
  const TempFolder folder;
  const std::string path = folder.path / "slide.svs";
  const Raster raster = tissue(3000, 2200);
  REQUIRE(support::write_aperio_like(path, raster, 0.5, 90));
  const Served served(path);

  SUBCASE("keeps its three levels and leaves label and macro out") {
    CHECK(served.image.vendor == "aperio");
    REQUIRE(served.image.levels.size() >= 3);
    for (size_t i = 0; i < 3; ++i) {
      CHECK(served.stored_as_it_came(i));
      CHECK(served.level(i).tile_width == 240);
      CHECK(served.level(i).downsample == doctest::Approx(std::pow(4, i)).epsilon(0.02));
    }
    check_steps(served);
  }
  SUBCASE("has its own colours, which only the Adobe marker tells a decoder") {
    CHECK(psnr(served.whole_level(0), pixels_of(raster)) > 33);
    const std::string with = with_numbered_components(served.tile_bytes(0, 3, 3));
    const size_t marker = with.find("Adobe");
    REQUIRE(marker != std::string::npos);
    std::string without = with;
    without.erase(marker - 4, 16);
    CHECK(decode_jpeg(with).rgb == served.tile(0, 3, 3).rgb);
    CHECK(psnr(decode_jpeg(without), served.tile(0, 3, 3)) < 20);
  }
  SUBCASE("has a thumbnail of the same picture") {
    const Pixels small = served.thumbnail();
    CHECK(std::max(small.width, small.height) == 256);
    double own[3] = {}, of_thumbnail[3] = {};
    for (size_t i = 0; i < raster.rgb.size(); ++i) own[i % 3] += raster.rgb[i];
    for (size_t i = 0; i < small.rgb.size(); ++i) of_thumbnail[i % 3] += small.rgb[i];
    for (size_t c = 0; c < 3; ++c)
      CHECK(own[c] / double(raster.rgb.size()) ==
            doctest::Approx(of_thumbnail[c] / double(small.rgb.size())).epsilon(0.03));
  }
}

TEST_CASE("a tiled TIFF of one level gets the others beside it") {
  const TempFolder folder;
  const std::string path = folder.path / "slide.tif";
  const Raster raster = tissue(1500, 1100);
  REQUIRE(support::write_tiled_tiff(path, raster, 128, 1, 0.25, 90));
  const Served served(path);
  CHECK(served.stored_as_it_came(0));
  CHECK(served.level(0).tile_width == 128);
  CHECK(served.level(1).tile_width == 256);
  CHECK(served.level(1).width == 750);
  CHECK(served.image.mpp_x == doctest::Approx(0.25).epsilon(0.001));
  check_steps(served);
}

TEST_CASE("levels that lie too far apart are joined by new ones, and none that is there is touched") {
  const TempFolder folder;
  const std::string path = folder.path / "slide.tif";
  REQUIRE(support::write_tiled_tiff(path, tissue(4096, 3072), 256, 5));
  const auto slide = SlideReader::open(path);
  REQUIRE(slide);
  const auto file = *blobs::open_local_file(path);
  const auto all = find_passthrough(*file, slide->levels());
  REQUIRE(all.size() == 5);  // 1, 2, 4, 8, 16

  const auto downsamples = [&](std::vector<BuiltLevel> levels) {
    const auto complete = complete_levels(std::move(levels), path, folder.path);
    REQUIRE(complete);
    std::vector<int> found;
    for (const BuiltLevel& built : *complete) {
      const int downsample = static_cast<int>(std::lround(built.level.geometry.downsample));
      found.push_back(built.level.blob == kMainFile ? downsample : -downsample);  // negative: built
    }
    return found;
  };
  CHECK(downsamples(all) == std::vector<int>{1, 2, 4, 8, 16});
  CHECK(downsamples({all[0], all[2], all[4]}) == std::vector<int>{1, 4, 16});
  CHECK(downsamples({all[0], all[3], all[4]}) == std::vector<int>{1, -2, 8, 16});
  CHECK(downsamples({all[0], all[4]}) == std::vector<int>{1, -2, -4, 16});
  CHECK(downsamples({all[0], all[1]}) == std::vector<int>{1, 2, -4, -8, -16});
}

TEST_CASE("tiles that cannot be sent are not passed through") {
  const TempFolder folder;
  const std::string path = folder.path / "slide.tif";
  const Raster raster = tissue(900, 700);
  SUBCASE("no JPEG") {
    VipsImage* image = nullptr;
    REQUIRE(start_vips());
    image =
        vips_image_new_from_memory_copy(raster.rgb.data(), raster.rgb.size(), 900, 700, 3, VIPS_FORMAT_UCHAR);
    REQUIRE(vips_tiffsave(image, path.c_str(), "tile", TRUE, "compression", VIPS_FOREIGN_TIFF_COMPRESSION_LZW,
                          nullptr) == 0);
    g_object_unref(image);
    const Served served(path);
    CHECK_FALSE(served.stored_as_it_came(0));
    CHECK(psnr(served.whole_level(0), pixels_of(raster)) > 35);
    check_steps(served);
  }
  SUBCASE("one tile coded in another way") {
    REQUIRE(support::write_tiled_tiff(path, raster, 256, 1));
    std::string bytes = read_bytes(path);
    const auto file = *blobs::open_local_file(path);
    const auto slide = SlideReader::open(path);
    REQUIRE(slide);
    REQUIRE(find_passthrough(*file, slide->levels()).size() == 1);
    // An SOF0 becomes an SOF2: this tile says that it is progressive.
    const size_t frame = bytes.rfind("\xFF\xC0");
    REQUIRE(frame != std::string::npos);
    bytes[frame + 1] = '\xC2';
    std::ofstream(path, std::ios::binary) << bytes;
    CHECK(find_passthrough(**blobs::open_local_file(path), slide->levels()).empty());
  }
}

}  // namespace
}  // namespace hada::images
