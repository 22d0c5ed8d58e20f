#pragma once

// Pyramids of JPEG tiles: found in a TIFF as they are, completed where levels are missing, or made.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "contract/result.h"
#include "server/blobs/blob_store.h"
#include "server/images/stored_image.h"
#include "server/images/vips_image.h"

namespace hada::images {

// A level, and the page libvips and libtiff know it by.
struct BuiltLevel {
  StoredLevel level;
  int page = 0;
};

// The levels of `tiff` whose tiles can be sent untouched: 8-bit baseline JPEG with one or three components,
// every tile stored, of the tile's size, and with markers that agree with the TIFF's colours. Finest first.
// `slide_levels` are the sizes OpenSlide finds; a directory that is none of them (a label, a macro image) is
// left out. Empty when level 0 is not among them.
std::vector<BuiltLevel> find_passthrough(const blobs::BlobReader& tiff,
                                         const std::vector<std::pair<int64_t, int64_t>>& slide_levels);

// Builds what is missing in `levels` of the TIFF at `path`: between two where the step exceeds 4x, and below
// the last until one tile holds the image. Each is made from the finer one by box filter, into files of
// `out_dir`.
Result<std::vector<BuiltLevel>> complete_levels(std::vector<BuiltLevel> levels, const std::string& path,
                                                const std::string& out_dir);

// Transcodes `image` (8-bit RGB) into `out_dir`/`name`: 256 px tiles, each level the box-filtered half of the
// one before, down to one tile.
Result<std::vector<BuiltLevel>> build_pyramid(VipsImage* image, const std::string& out_dir,
                                              const std::string& name);

// An sRGB JPEG, longer side at most 256, from the coarsest level that has as many pixels. `icc_profile`
// empty: sRGB.
Status write_thumbnail(const std::vector<BuiltLevel>& levels, const std::string& main_path,
                       const std::string& out_dir, const std::string& icc_profile, const std::string& name);

}  // namespace hada::images
