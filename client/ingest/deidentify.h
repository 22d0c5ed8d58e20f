#pragma once

// From a bundle on the hospital's disk to the files that may leave it: metadata, labels, names and dates
// taken out, hashed. What was done is written down for the image's record.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "client/ingest/bundle.h"
#include "client/ingest/stop.h"
#include "contract/result.h"

namespace hada::ingest {

struct PreparedFile {
  std::string path;  // within the bundle
  std::shared_ptr<const Source> source;
  std::string sha256;
  uint64_t size = 0;
};

struct PreparedImage {
  std::vector<PreparedFile> files;  // the main file first
  // For the tool's column `deidentification`: DICOM's code for the profile that was followed (DCM 113100,
  // basic), then what was removed, then the tool.
  std::string deidentification;
  std::vector<std::string> removed;
};

struct DeidentifyOptions {
  // The coordinator vouches for slides whose labels this tool cannot remove.
  bool already_deidentified = false;
  std::string tool;  // "hadactl 0.1.0"
};

// CANNOT_DEIDENTIFY for a format whose private places are not known here (unless vouched for); UNREADABLE,
// BAD_JPEG, BAD_PNG, BAD_TIFF, BAD_BUNDLE, TOO_LARGE where the file does not let itself be cleaned. Messages
// name no path. CANCELLED when `stop` was set. Reads every byte once to hash it; blocks.
Result<PreparedImage> deidentify(const Bundle& bundle, const DeidentifyOptions& options, const Stop& stop);

// Over the paths and hashes of all files: the same for the same content, whatever it was called.
std::string bundle_hash(const std::vector<PreparedFile>& files);

}  // namespace hada::ingest
