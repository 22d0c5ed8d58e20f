#pragma once

// The bytes of a JPEG stream: enough to send a TIFF's tiles as complete JPEGs and to know beforehand that a
// decoder will read them as they were meant. Pure functions over byte spans; nothing is decoded. (ITU-T T.81;
// T.872 for Adobe.)

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "contract/result.h"

namespace hada::images {

// What the markers before the first scan say.
struct JpegHeader {
  int frame = 0;  // the SOF marker's low nibble: 0 baseline, 1 extended, 2 progressive ...
  int precision = 0;
  int width = 0, height = 0;
  int components = 0;
  std::array<uint8_t, 4> component_ids = {};
  bool jfif = false;
  bool adobe = false;
  int adobe_transform = 0;  // 0 RGB or CMYK, 1 YCbCr, 2 YCCK
  bool quantisation_tables = false, huffman_tables = false;

  bool baseline() const { return frame == 0 && precision == 8; }
};

// Reads up to the first scan. DATA_LOSS / BAD_JPEG where the stream is not well formed until there.
Result<JpegHeader> read_jpeg_header(std::string_view jpeg);

// What to send before a tile's bytes, in place of its SOI: SOI, an Adobe APP14 marker with transform 0 where
// the tiles are RGB (`rgb`; without it every decoder takes three components for YCbCr), and the segments of
// the TIFF's JPEGTables (empty where the tiles bring their own). Empty when the tiles can be sent as they
// lie. DATA_LOSS / BAD_JPEG when `tables` is not SOI, table segments, EOI.
Result<std::string> tile_prefix(std::string_view tables, bool rgb);

// True when a decoder given prefix + tile reads the colours the TIFF means: nothing in the tile's own markers
// overrides the Adobe marker or claims other colours.
bool colours_agree(const JpegHeader& tile, bool rgb);

// The same picture without anything but what decodes it: quantisation and Huffman tables, frame, restart
// interval, scans, JFIF and Adobe markers. EXIF, XMP, ICC, comments, previews and bytes after the end are
// gone; the coded pixels are untouched. DATA_LOSS / BAD_JPEG, also when the stream ends before its EOI.
Result<std::string> strip_jpeg(std::string_view jpeg);

}  // namespace hada::images
