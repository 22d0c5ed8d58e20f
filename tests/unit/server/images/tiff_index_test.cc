#include "server/images/tiff_index.h"

#include <doctest/doctest.h>

#include "tests/unit/server/images/memory_blob.h"
#include "tests/unit/server/images/tiff_writer.h"

namespace hada::images {
namespace {

// 300 x 200 in tiles of 256: two columns, one row.
std::vector<TiffTag> tiled(uint64_t offsets_at, uint64_t lengths_at, uint64_t count = 2) {
  return {{256, 3, 1, 300},
          {257, 3, 1, 200},
          {258, 3, 1, 8},
          {259, 3, 1, 7},
          {262, 3, 1, 2},
          {277, 3, 1, 3},
          {322, 3, 1, 256},
          {323, 3, 1, 256},
          {324, 4, count, offsets_at},
          {325, 4, count, lengths_at}};
}

struct Parsed {
  MemoryBlob blob;
  Result<TiffFile> file;
  explicit Parsed(const std::string& bytes) : blob(bytes), file(TiffFile::open(blob)) {}
};

std::string good_tiff(bool big, bool big_endian) {
  TiffWriter writer(big, big_endian);
  const uint64_t pixels = writer.add_bytes(std::string(100, 'p'));
  const int size = big ? 8 : 4;
  const uint64_t offsets = writer.add_numbers({pixels, pixels + 60}, size);
  const uint64_t lengths = writer.add_numbers({60, 40}, size);
  auto tags = tiled(offsets, lengths);
  if (big) tags[8].type = tags[9].type = 16;
  writer.add_directory(tags);
  return writer.bytes();
}

TEST_CASE("a TIFF's tiles are found") {
  for (const bool big : {false, true})
    for (const bool big_endian : {false, true}) {
      CAPTURE(big);
      CAPTURE(big_endian);
      const Parsed parsed(good_tiff(big, big_endian));
      REQUIRE(parsed.file);
      const auto directories = parsed.file->directories();
      REQUIRE(directories);
      REQUIRE(directories->size() == 1);
      const TiffDirectory& d = directories->front();
      CHECK(d.width == 300);
      CHECK(d.height == 200);
      CHECK(d.tile_width == 256);
      CHECK(d.compression == kTiffJpeg);
      CHECK(d.photometric == kTiffRgb);
      CHECK(d.samples_per_pixel == 3);
      CHECK(d.columns() == 2);
      CHECK(d.rows() == 1);
      const auto tiles = parsed.file->tiles(d);
      REQUIRE(tiles);
      CHECK(tiles->offsets == std::vector<uint64_t>{tiles->offsets[0], tiles->offsets[0] + 60});
      CHECK(tiles->lengths == std::vector<uint32_t>{60, 40});
      CHECK(parsed.file->directory_at(d.offset)->width == 300);
    }
}

TEST_CASE("a TIFF that lies is refused, and reads nothing outside itself") {
  TiffWriter writer;
  const uint64_t pixels = writer.add_bytes(std::string(100, 'p'));
  const uint64_t offsets = writer.add_numbers({pixels, pixels + 60}, 4);

  const auto tiles_of = [](const TiffWriter& w) {
    const Parsed parsed(w.bytes());
    REQUIRE(parsed.file);
    const auto directories = parsed.file->directories();
    REQUIRE(directories);
    return parsed.file->tiles(directories->front());
  };

  SUBCASE("a tile past the end of the file") {
    const uint64_t lengths = writer.add_numbers({60, 1'000'000}, 4);
    writer.add_directory(tiled(offsets, lengths));
    CHECK_FALSE(tiles_of(writer));
  }
  SUBCASE("an offset and a length that overflow together") {
    const uint64_t far = writer.add_numbers({pixels, 0xFFFFFFF0}, 4);
    const uint64_t lengths = writer.add_numbers({60, 0x20}, 4);
    writer.add_directory(tiled(far, lengths));
    CHECK_FALSE(tiles_of(writer));
  }
  SUBCASE("fewer tiles than the size needs") {
    const uint64_t lengths = writer.add_numbers({60, 40}, 4);
    auto tags = tiled(offsets, lengths);
    tags[0] = {256, 4, 1, 3000};
    writer.add_directory(tags);
    CHECK_FALSE(tiles_of(writer));
  }
  SUBCASE("more tiles than anyone could have") {
    const uint64_t lengths = writer.add_numbers({60, 40}, 4);
    auto tags = tiled(offsets, lengths);
    tags[0] = {256, 4, 1, 1 << 29};
    tags[1] = {257, 4, 1, 1 << 29};
    tags[6] = {322, 3, 1, 1};
    tags[7] = {323, 3, 1, 1};
    writer.add_directory(tags);
    CHECK_FALSE(tiles_of(writer));
  }
  SUBCASE("a table longer than the file") {
    writer.add_directory(tiled(offsets, offsets, 0x7FFFFFFF));
    const Parsed parsed(writer.bytes());
    CHECK(parsed.file->directories().error().reason == "BAD_TIFF");
  }
  SUBCASE("a table outside the file") {
    writer.add_directory(tiled(0xFFFFFF00, offsets));
    const Parsed parsed(writer.bytes());
    CHECK(parsed.file->directories().error().reason == "BAD_TIFF");
  }
  SUBCASE("directories in a loop") {
    const uint64_t lengths = writer.add_numbers({60, 40}, 4);
    const uint64_t first = writer.add_directory(tiled(offsets, lengths));
    writer.add_directory(tiled(offsets, lengths));
    writer.link_last_to(first);
    const Parsed parsed(writer.bytes());
    CHECK(parsed.file->directories().error().reason == "BAD_TIFF");
  }
  SUBCASE("a directory outside the file") {
    writer.add_directory(tiled(offsets, offsets));
    writer.link_last_to(0xFFFFFFF0);
    const Parsed parsed(writer.bytes());
    CHECK(parsed.file->directories().error().reason == "BAD_TIFF");
  }
  SUBCASE("a chain without end") {
    for (size_t i = 0; i <= TiffFile::kMaxDirectories; ++i)
      writer.add_directory({{256, 3, 1, 1}, {257, 3, 1, 1}});
    const Parsed parsed(writer.bytes());
    CHECK(parsed.file->directories().error().reason == "BAD_TIFF");
  }
  SUBCASE("a size that is no number") {
    auto tags = tiled(offsets, offsets);
    tags[0].type = 2;
    writer.add_directory(tags);
    const Parsed parsed(writer.bytes());
    CHECK(parsed.file->directories().error().reason == "BAD_TIFF");
  }
}

TEST_CASE("a TIFF cut off anywhere is refused or read, never past its end") {
  const std::string whole = good_tiff(false, false);
  for (size_t size = 0; size < whole.size(); ++size) {
    const Parsed parsed(whole.substr(0, size));
    if (!parsed.file) continue;
    const auto directories = parsed.file->directories();
    CHECK_FALSE(directories);
  }
}

TEST_CASE("what is no TIFF is not read as one") {
  for (const std::string bytes : {"", "II", "II*\0\0\0\0", "MI*\0\0\0\0\0", "II+\0\0\0\0\0\0\0\0\0\0\0\0\0"})
    CHECK_FALSE(Parsed(bytes).file);
}

TEST_CASE("a resolution becomes um per pixel") {
  TiffDirectory d;
  d.x_resolution = 40000;
  d.resolution_unit = 3;
  CHECK(d.mpp_x() == doctest::Approx(0.25));
  d.resolution_unit = 2;
  CHECK(d.mpp_x() == doctest::Approx(0.635));
  d.resolution_unit = 1;
  CHECK(d.mpp_x() == 0);
  CHECK(d.mpp_y() == 0);
}

}  // namespace
}  // namespace hada::images
