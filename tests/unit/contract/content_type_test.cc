#include "contract/content_type.h"

#include <doctest/doctest.h>

#include <string>

namespace hada::contract {

using namespace std::string_view_literals;

TEST_CASE("content decides what a file is") {
  CHECK(sniff("\xFF\xD8\xFF\xE0\0\x10JFIF"sv) == ContentType::Jpeg);
  CHECK(sniff("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"sv) == ContentType::Png);
  CHECK(sniff("II*\0\x08\0\0\0"sv) == ContentType::Tiff);
  CHECK(sniff("MM\0*\0\0\0\x08"sv) == ContentType::Tiff);
  CHECK(sniff("II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0"sv) == ContentType::BigTiff);
  CHECK(sniff("MM\0+\0\x08\0\0"sv) == ContentType::BigTiff);
  CHECK(sniff(std::string(128, '\0') + "DICM") == ContentType::Dicom);
  CHECK(sniff("GIF89a") == ContentType::Gif);
  CHECK(sniff("RIFF\x10\0\0\0WEBPVP8 "sv) == ContentType::WebP);
  CHECK(sniff("BM....") == ContentType::Bmp);
  CHECK(sniff("SQLite format 3\0"sv) == ContentType::Sqlite);
  CHECK(sniff("\0\0\0\x0CjP  \r\n\x87\n"sv) == ContentType::Jpeg2000);
  CHECK(sniff("\0\0\0\x18"
              "ftypheic"sv) == ContentType::Heif);
  CHECK(sniff("%PDF-1.4") == ContentType::Pdf);
}

TEST_CASE("a Hamamatsu index is known by its first section, wherever comments stand") {
  CHECK(sniff("; made by hand\r\n\r\n[Virtual Microscope Specimen]\r\nNoLayers=1\r\n") ==
        ContentType::VmsIndex);
  CHECK(sniff("[Uncompressed Virtual Microscope Specimen]\n") == ContentType::VmuIndex);
  CHECK(sniff("[Something Else]\n[Virtual Microscope Specimen]\n") == ContentType::Text);
}

TEST_CASE("what is nothing known is text, empty or unknown, and has no suffix to be sent under") {
  CHECK(sniff("") == ContentType::Empty);
  CHECK(sniff("hello, world") == ContentType::Text);
  CHECK(sniff("\x01\x02\x03") == ContentType::Unknown);
  for (const ContentType type :
       {ContentType::Empty, ContentType::Text, ContentType::Unknown, ContentType::Gif, ContentType::Bmp,
        ContentType::Dicom, ContentType::WebP, ContentType::Pdf})
    CHECK(content_suffix(type) == "");
  CHECK(content_suffix(ContentType::Jpeg) == ".jpg");
  CHECK(content_suffix(ContentType::BigTiff) == ".tif");
}

}  // namespace hada::contract
