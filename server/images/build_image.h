#pragma once

// Turns a file that arrived into what is served: a pyramid of JPEG tiles down to one tile, a thumbnail, the
// ICC profile beside it. Decodes, so it runs in the decoder child (and in tests).
//
// - JPEG tiles that serve as they are stay where they are, level by level; levels that are missing are built
// beside.
// - Any other slide, and a photograph of more than 2,048 pixels a side, is transcoded once.
// - A smaller photograph becomes one baseline JPEG.

#include <cstdint>
#include <functional>
#include <string>

#include "contract/result.h"
#include "server/images/stored_image.h"

namespace hada::images {

struct BuildOptions {
  int64_t photograph_pixels = 400'000'000;
  int64_t slide_pixels = 100'000'000'000;
  // Called once it is known that the file is a slide, before more than its structure is read.
  std::function<void()> on_slide = [] {};
};

// `main_path` is the file, with the companions of a bundle beside it as its format wants them; derived files
// go into `out_dir`. In the result, blobs are kMainFile or names of files in `out_dir`. The error's reason is
// the one an image is refused with: NOT_AN_IMAGE, UNSUPPORTED_FORMAT, TRUNCATED, DECODE_FAILED, MEMORY_LIMIT,
// TOO_LARGE, MISSING_COMPANION. Its message holds nothing from the file.
Result<StoredImage> build_image(const std::string& main_path, const std::string& out_dir,
                                const BuildOptions& options);

}  // namespace hada::images
