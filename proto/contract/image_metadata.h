#pragma once

// Takes metadata out of photographs without touching their pixels: EXIF, GPS, MakerNote, embedded thumbnails,
// XMP, IPTC, comments, texts, and whatever was appended to the file. What decoding needs stays: the coded
// image, the ICC profile, the colour transform (Adobe marker), the orientation (as an EXIF block that holds
// nothing else). A pure parser over bytes from outside: every length is checked, nothing is decoded, any
// input is safe.

#include <string>
#include <string_view>
#include <vector>

#include "contract/result.h"

namespace hada::contract {

struct StrippedImage {
  std::string bytes;
  // What was taken out, in the file's order, each once: "EXIF", "XMP", "trailing bytes" ...
  std::vector<std::string> removed;
  int orientation = 1;  // EXIF's 1 to 8; kept in `bytes` where it is not 1
};

// DATA_LOSS / BAD_JPEG where the bytes are no sequence of JPEG segments up to the first scan. A file cut
// short within its scans passes, cut short: whether it decodes is for a decoder to say.
Result<StrippedImage> strip_jpeg(std::string_view file);

// DATA_LOSS / BAD_PNG where the bytes are no sequence of PNG chunks, or hold no image data.
Result<StrippedImage> strip_png(std::string_view file);

// The orientation (1 to 8) in the first directory of a TIFF-shaped EXIF block; 1 where there is none.
int exif_orientation(std::string_view tiff);

}  // namespace hada::contract
