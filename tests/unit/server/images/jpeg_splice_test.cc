#include "server/images/jpeg_splice.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace hada::images {
namespace {

using std::string_literals::operator""s;

const std::string kSoi = "\xFF\xD8"s, kEoi = "\xFF\xD9"s;
const std::string kDqt = "\xFF\xDB\x00\x05\x00QQ"s, kDht = "\xFF\xC4\x00\x05\x00HH"s;
const std::string kSos = "\xFF\xDA\x00\x0C\x03\x01\x00\x02\x00\x03\x00\x00\x3F\x00"s;
const std::string kScan = "\x01\xFF\x00\x02\xFF\xD0\x03"s;  // a stuffed FF and a restart marker
const std::string kJfif = "\xFF\xE0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"s;

std::string frame(char marker = '\xC0', std::string ids = "\x01\x02\x03"s) {
  std::string s = "\xFF"s + marker + "\x00\x11\x08\x00\x10\x00\x20\x03"s;
  for (const char id : ids) s += id + "\x11\x00"s;
  return s;
}
std::string adobe(char transform) {
  return "\xFF\xEE\x00\x0E"
         "Adobe\x00\x64\x00\x00\x00\x00"s +
         transform;
}
std::string tile(const std::string& extra = "", const std::string& sof = frame()) {
  return kSoi + extra + sof + kSos + kScan + kEoi;
}

TEST_CASE("a JPEG's header is read up to its first scan") {
  const auto header = read_jpeg_header(tile(kJfif + kDqt));
  REQUIRE(header);
  CHECK(header->baseline());
  CHECK(header->width == 32);
  CHECK(header->height == 16);
  CHECK(header->components == 3);
  CHECK(header->jfif);
  CHECK(header->quantisation_tables);
  CHECK_FALSE(header->huffman_tables);
  CHECK_FALSE(read_jpeg_header(tile("", frame('\xC2')))->baseline());

  SUBCASE("and refused when it ends before that, wherever it is cut") {
    const std::string whole = tile(kJfif + kDqt + kDht);
    const size_t scan_at = whole.find(kScan);
    for (size_t size = 0; size < scan_at; ++size) CHECK_FALSE(read_jpeg_header(whole.substr(0, size)));
  }
}

TEST_CASE("a tile's prefix") {
  const std::string tables = kSoi + kDqt + kDht + kEoi;
  SUBCASE("holds the tables and nothing that could change the colours") {
    CHECK(*tile_prefix(tables, false) == kSoi + kDqt + kDht);
    CHECK(*tile_prefix(kSoi + kJfif + kDqt + kEoi, false) == kSoi + kDqt);
  }
  SUBCASE("says RGB by a 16-byte Adobe marker where the tiles are RGB") {
    CHECK(*tile_prefix(tables, true) == kSoi + adobe(0) + kDqt + kDht);
    CHECK(adobe(0).size() == 16);
    CHECK(*tile_prefix("", true) == kSoi + adobe(0));
  }
  SUBCASE("is empty where a tile needs nothing") { CHECK(tile_prefix("", false)->empty()); }
  SUBCASE("is refused where the tables are not tables") {
    CHECK_FALSE(tile_prefix("tables", false));
    CHECK_FALSE(tile_prefix(kSoi + kDqt, false));
    CHECK_FALSE(tile_prefix(kSoi + frame() + kEoi, false));
  }
}

TEST_CASE("a tile is sent only where every decoder sees the TIFF's colours") {
  const auto agree = [](const std::string& bytes, bool rgb) {
    const auto header = read_jpeg_header(bytes);
    REQUIRE(header);
    return colours_agree(*header, rgb);
  };
  CHECK(agree(tile(), false));
  CHECK(agree(tile(), true));
  CHECK(agree(tile(kJfif), false));
  CHECK_FALSE(agree(tile(kJfif), true));  // libjpeg believes JFIF before Adobe
  CHECK_FALSE(agree(tile(adobe(1)), true));
  CHECK_FALSE(agree(tile(adobe(0)), false));
  CHECK_FALSE(agree(tile("", frame('\xC0', "RGB")), false));
}

TEST_CASE("stripping a JPEG keeps what decodes it and drops everything else") {
  const std::string exif =
      "\xFF\xE1\x00\x0C"
      "Exif\x00\x00GPS!"s;
  const std::string comment = "\xFF\xFE\x00\x08secret"s;
  const auto stripped = strip_jpeg(tile(kJfif + exif + comment + kDqt + kDht) + "bytes after the end");
  REQUIRE(stripped);
  CHECK(*stripped == tile(kJfif + kDqt + kDht));

  SUBCASE("a JFIF thumbnail goes too") {
    std::string with_thumbnail = "\xFF\xE0\x00\x13JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x01RGB"s;
    CHECK(*strip_jpeg(tile(with_thumbnail)) == tile(kJfif));
  }
  SUBCASE("one that ends before its end is refused") {
    const std::string whole = tile(kJfif);
    for (size_t size = 0; size < whole.size(); ++size) CHECK_FALSE(strip_jpeg(whole.substr(0, size)));
  }
}

}  // namespace
}  // namespace hada::images
