#include "contract/image_metadata.h"

#include <doctest/doctest.h>

namespace hada::contract {
namespace {

using namespace std::string_view_literals;

std::string segment(uint8_t marker, std::string_view payload) {
  const size_t length = payload.size() + 2;
  std::string out = "\xFF";
  out += static_cast<char>(marker);
  out += static_cast<char>(length >> 8);
  out += static_cast<char>(length & 0xFF);
  return out + std::string(payload);
}

const std::string kSoi = "\xFF\xD8", kEoi = "\xFF\xD9";
const std::string kJfif = segment(0xE0, "JFIF\0\x01\x02\0\0\x48\0\x48\0\0"sv);
const std::string kTables =
    segment(0xDB, std::string(65, 'q')) + segment(0xC0, "frame header") + segment(0xC4, std::string(20, 'h'));
// A scan with a stuffed byte, restart markers and fill.
const std::string kScan =
    segment(0xDA, "scan header") + std::string("\x11\xFF\0\x22\xFF\xD0\x33\xFF\xD7\x44"sv);

// A TIFF-shaped EXIF block with the orientation and a maker's name.
std::string exif(int orientation, bool big_endian) {
  std::string block =
      big_endian ? std::string("MM\0*\0\0\0\x08\0\x02"sv) : std::string("II*\0\x08\0\0\0\x02\0"sv);
  const auto u16 = [&](int v) {
    block += static_cast<char>(big_endian ? v >> 8 : v & 0xFF);
    block += static_cast<char>(big_endian ? v & 0xFF : v >> 8);
  };
  const auto u32 = [&](int v) {
    if (big_endian) {
      u16(v >> 16);
      u16(v & 0xFFFF);
    } else {
      u16(v & 0xFFFF);
      u16(v >> 16);
    }
  };
  u16(0x010F), u16(2), u32(4), block += "Cam\0"sv;
  u16(0x0112), u16(3), u32(1), u16(orientation), u16(0);
  u32(0);
  return block;
}

std::string chunk(std::string_view type, std::string_view data) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(data.size() >> shift & 0xFF);
  return out + std::string(type) + std::string(data) + "crc!";
}

const std::string kPng = "\x89PNG\r\n\x1A\n";
const std::string kHeader = chunk("IHDR", "0123456789abc"), kData = chunk("IDAT", "pixels"),
                  kEnd = chunk("IEND", "");

}  // namespace

TEST_CASE("a JPEG loses everything but what decoding needs") {
  const std::string icc = segment(0xE2, "ICC_PROFILE\0\x01\x01profile"sv);
  const std::string adobe = segment(0xEE, "Adobe\0\x64\0\0\0\0\x01"sv);
  const auto stripped =
      strip_jpeg(kSoi + kJfif + segment(0xE1, "Exif\0\0"sv) +
                 segment(0xE1, "http://ns.adobe.com/xap/1.0/\0<x/>"sv) + icc + segment(0xE2, "MPF\0stuff"sv) +
                 segment(0xED, "Photoshop 3.0\0"sv) + adobe + segment(0xFE, "Hanako Yamada") +
                 segment(0xE5, "maker") + kTables + kScan + kEoi + "a second picture hidden here");
  REQUIRE(stripped);
  CHECK(stripped->bytes == kSoi + kJfif + icc + adobe + kTables + kScan + kEoi);
  CHECK(stripped->removed == std::vector<std::string>{"EXIF", "XMP", "multi-picture index", "IPTC", "comment",
                                                      "application data", "trailing bytes"});
}

TEST_CASE("a JPEG with nothing to remove stays as it is, byte for byte") {
  const std::string clean = kSoi + kJfif + kTables + kScan + segment(0xC4, "more tables") + kScan + kEoi;
  const auto stripped = strip_jpeg(clean);
  REQUIRE(stripped);
  CHECK(stripped->bytes == clean);
  CHECK(stripped->removed.empty());
}

TEST_CASE("the orientation stays, in an EXIF block that holds nothing else") {
  for (const bool big_endian : {false, true}) {
    for (int orientation = 1; orientation <= 8; ++orientation) {
      CAPTURE(orientation);
      const std::string with = segment(0xE1, std::string("Exif\0\0"sv) + exif(orientation, big_endian));
      const auto stripped = strip_jpeg(kSoi + kJfif + with + kTables + kScan + kEoi);
      REQUIRE(stripped);
      CHECK(stripped->orientation == orientation);
      CHECK(stripped->bytes.find("Cam") == std::string::npos);
      // What comes out says the same again, and a second pass changes nothing.
      const auto again = strip_jpeg(stripped->bytes);
      REQUIRE(again);
      CHECK(again->orientation == orientation);
      CHECK(again->bytes == stripped->bytes);
    }
  }
  CHECK(exif_orientation(exif(9, true)) == 1);
  CHECK(exif_orientation("MM\0*\xFF\xFF\xFF\xFF"sv) == 1);
  CHECK(exif_orientation("") == 1);
}

TEST_CASE("a JFIF header keeps its density and loses its thumbnail") {
  const std::string with = segment(0xE0, std::string("JFIF\0\x01\x02\0\0\x48\0\x48\x01\x01"sv) + "RGB");
  const auto stripped = strip_jpeg(kSoi + with + segment(0xE0, "JFXX\0\x13rgb"sv) + kTables + kScan + kEoi);
  REQUIRE(stripped);
  CHECK(stripped->bytes == kSoi + kJfif + kTables + kScan + kEoi);
  CHECK(stripped->removed == std::vector<std::string>{"JFIF thumbnail"});
}

TEST_CASE("a JPEG cut short within its scan passes, cut short; before it there is nothing to keep") {
  const std::string whole = kSoi + kJfif + segment(0xFE, "comment") + kTables + kScan;
  const auto cut = strip_jpeg(whole.substr(0, whole.size() - 5));
  REQUIRE(cut);
  CHECK(cut->bytes == kSoi + kJfif + kTables + kScan.substr(0, kScan.size() - 5));
  CHECK(strip_jpeg(kSoi + kJfif + kTables).error().reason == "BAD_JPEG");
  CHECK(strip_jpeg(kSoi + kEoi).error().reason == "BAD_JPEG");
  CHECK(strip_jpeg("").error().reason == "BAD_JPEG");
  CHECK(strip_jpeg(kSoi + "\xFF\xE1\xFF\xFF short").error().reason == "BAD_JPEG");
}

TEST_CASE("bytes between segments and unknown segments do not travel") {
  const auto stripped =
      strip_jpeg(kSoi + kJfif + "Hanako" + kTables + segment(0xF0, "Yamada") + kScan + kEoi);
  REQUIRE(stripped);
  CHECK(stripped->bytes == kSoi + kJfif + kTables + kScan + kEoi);
  CHECK(stripped->removed == std::vector<std::string>{"bytes between segments", "unknown segments"});
}

TEST_CASE("a PNG keeps its image, its colours and its transparency, and loses its texts") {
  const std::string kept = chunk("gAMA", "1234") + chunk("iCCP", "profile") + chunk("pHYs", "123456789") +
                           chunk("PLTE", "rgb") + chunk("tRNS", "a");
  const auto stripped =
      strip_png(kPng + kHeader + chunk("tEXt", "Author\0Hanako"sv) + kept + chunk("eXIf", exif(1, true)) +
                chunk("tIME", "1234567") + kData + chunk("prVt", "private") + kData + kEnd + "more");
  REQUIRE(stripped);
  CHECK(stripped->bytes == kPng + kHeader + kept + kData + kData + kEnd);
  CHECK(stripped->removed ==
        std::vector<std::string>{"text", "EXIF", "time", "other chunks", "trailing bytes"});
}

TEST_CASE("a PNG keeps its orientation in an EXIF chunk of its own") {
  const auto stripped = strip_png(kPng + kHeader + kData + chunk("eXIf", exif(6, false)) + kEnd);
  REQUIRE(stripped);
  CHECK(stripped->orientation == 6);
  CHECK(stripped->bytes.find("eXIf") != std::string::npos);
  CHECK(stripped->bytes.find("Cam") == std::string::npos);
  const auto again = strip_png(stripped->bytes);
  REQUIRE(again);
  CHECK(again->bytes == stripped->bytes);
}

TEST_CASE("what is no PNG is refused") {
  CHECK(strip_png("").error().reason == "BAD_PNG");
  CHECK(strip_png(kPng).error().reason == "BAD_PNG");
  CHECK(strip_png(kPng + kData + kEnd).error().reason == "BAD_PNG");
  CHECK(strip_png(kPng + kHeader + kEnd).error().reason == "BAD_PNG");
  CHECK(strip_png(kPng + kHeader + "\xFF\xFF\xFF\xFFIDAT").error().reason == "BAD_PNG");
  // Data that is there stays, though the file was cut short.
  CHECK(strip_png(kPng + kHeader + kData + std::string("\0\0\0\x10IDATxx"sv)));
}

}  // namespace hada::contract
