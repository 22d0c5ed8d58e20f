#pragma once

// What a file is, by its content. Its name counts only where a format has no mark of its own (MIRAX).

#include <string>
#include <string_view>

#include "contract/result.h"

namespace hada::images {

enum class FileType { Jpeg, Png, Tiff, Slide };

struct Probe {
  FileType type = FileType::Jpeg;
  std::string vendor;  // OpenSlide's name for it; empty for what it does not know
};

// NOT_AN_IMAGE for bytes of no format we know of, UNSUPPORTED_FORMAT for those of a known one that we do not
// take (DICOM, BMP, GIF, WebP, JPEG 2000, ...), MISSING_COMPANION for the main file of a slide whose other
// files are absent, TRUNCATED for an empty file.
Result<Probe> probe_file(const std::string& path);

}  // namespace hada::images
