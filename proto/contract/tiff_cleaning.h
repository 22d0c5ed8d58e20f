#pragma once

// How to take what identifies a person out of a TIFF, slide or photograph, without moving a pixel: the answer
// is a list of edits in place, so the file keeps its size and every kept tile its place.
//
// - Label and macro images leave the chain of directories and their bytes become zeros. Kept are the first
//   directory and tiled ones that are not named label or macro (for Aperio also the thumbnail; for NDPI the
//   ones with a positive lens; for Leica those of the specimen). Leica's others, and Ventana's first, stay in
//   the chain, since readers count on them, with zeros for pixels.
// - Every tag that decoding, colour or geometry does not need is removed: dates, names, serial numbers, EXIF,
//   GPS, XMP, IPTC, private tags.
// - Of what the scanner's maker wrote (vendor_text.h) only values about optics, geometry and coding stay;
//   others become spaces.
//
// Pure; any input is safe. Where removed and kept bytes overlap in the file, the kept ones win.

#include <cstdint>
#include <string>
#include <vector>

#include "contract/tiff_layout.h"

namespace hada::contract {

struct ByteEdit {
  uint64_t offset = 0;
  uint64_t size = 0;
  std::string bytes;  // `size` of them; empty means zeros
};

struct TiffCleaning {
  std::vector<ByteEdit> edits;       // by offset, without overlap, inside the file
  std::string vendor;                // aperio | hamamatsu | philips | leica | ventana | trestle | generic
  std::vector<std::string> removed;  // "label image", "Date", "EXIF" ..., each once
};

// DATA_LOSS / BAD_TIFF where the file cannot be read, or not be cleaned with certainty.
Result<TiffCleaning> plan_tiff_cleaning(const ReadAt& read, uint64_t file_size);

}  // namespace hada::contract
