#pragma once

// How to take what identifies a person out of a TIFF, slide or photograph, without moving a pixel: the answer
// is a list of edits in place, so the file keeps its size and every kept tile its place.
//
// - Label and macro images leave the chain of directories and their bytes become zeros. Kept are the first
// directory
//   and tiled ones (for Aperio also the thumbnail; for NDPI the ones with a positive lens).
// - Every tag that decoding, colour or geometry does not need is removed: dates, names, serial numbers, EXIF,
// GPS,
//   XMP, IPTC, private tags.
// - In an Aperio description only the values that describe optics and geometry stay; others become spaces.
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
  std::string vendor;                // aperio | hamamatsu | generic | philips | leica | ventana | trestle
  std::vector<std::string> removed;  // "label image", "Date", "EXIF" ..., each once
  // False for a vendor whose private places are not known well enough here; nothing was planned then.
  bool supported = true;
};

Result<TiffCleaning> plan_tiff_cleaning(const ReadAt& read, uint64_t file_size);

// The Aperio description with every value blanked that is not known to be harmless; the names of those that
// held something are added to `blanked`. The length stays.
std::string clean_aperio_description(std::string text, std::vector<std::string>& blanked);

}  // namespace hada::contract
