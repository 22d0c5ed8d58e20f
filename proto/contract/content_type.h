#pragma once

// What a file is, by its first bytes. The extension decides nothing: `.png.jpg` files that are PNG are
// common. The one format of several files whose main file says nothing by itself is MIRAX (a .mrxs is a small
// JPEG), so there the name and the folder beside it decide (client/ingest/bundle.h). Pure.

#include <cstddef>
#include <string_view>

namespace hada::contract {

enum class ContentType {
  Unknown,
  Empty,
  Jpeg,
  Png,
  Tiff,      // TIFF 6.0, and slides that are one: SVS, NDPI, SCN, BIF ...
  BigTiff,   // the same with 64-bit offsets
  VmsIndex,  // Hamamatsu VMS: a text index of JPEG files
  VmuIndex,  // Hamamatsu VMU: a text index of NGR files
  Sqlite,    // Sakura SVSLIDE is an SQLite file
  Dicom,
  Gif,
  Bmp,
  WebP,
  Jpeg2000,
  Heif,
  Pdf,
  Zip,
  Text,
};

// How many bytes from the start of a file sniff() wants; fewer are fine for a shorter file.
inline constexpr size_t kSniffBytes = 4096;

ContentType sniff(std::string_view head);

// "JPEG", "TIFF" ...: for messages.
std::string_view content_word(ContentType type);

// The suffix a replaced file name gets: ".jpg", ".tif"; empty for what is not accepted.
std::string_view content_suffix(ContentType type);

}  // namespace hada::contract
