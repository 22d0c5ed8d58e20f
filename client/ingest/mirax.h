#pragma once

// What identifies a person in a MIRAX slide, and how to take it out. Slidedat.ini says which records the
// index file holds; the index says where in which data file each lies. Label, overview and everything else in
// the "Scan data layer" but the preview of the scanned area become zeros in place; names, dates and barcodes
// leave Slidedat.ini.

#include <cstdint>
#include <string>
#include <vector>

#include "client/ingest/ini.h"
#include "client/ingest/source.h"
#include "contract/result.h"

namespace hada::ingest {

struct MiraxCleaning {
  struct Zeros {
    size_t data_file = 0;  // its number in Slidedat.ini
    uint64_t offset = 0, size = 0;
  };
  std::vector<Zeros> zeros;
  std::string slidedat;              // the new text
  std::vector<std::string> removed;  // "label image", "macro image", ...
};

// INVALID_ARGUMENT / BAD_BUNDLE where the index does not say what Slidedat.ini promises.
Result<MiraxCleaning> plan_mirax_cleaning(const IniFile& slidedat, const Source& index,
                                          const std::vector<uint64_t>& data_file_sizes);

}  // namespace hada::ingest
