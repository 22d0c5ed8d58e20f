#pragma once

// What an image is once it is READY: where the tiles of each of its levels lie. Kept as JSON in
// images.pyramid.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "contract/pyramid.h"
#include "contract/result.h"

namespace hada::images {

// One level: its geometry, and the blob that holds its tiles.
struct StoredLevel {
  contract::PyramidLevel geometry;
  // SHA-256 of the blob. While the decoder child builds the image: kMainFile or a file name in its output
  // folder.
  std::string blob;
  // Offset of the TIFF directory whose tiles these are; 0 when the whole blob is one JPEG, the level's only
  // tile.
  uint64_t directory = 0;
  bool operator==(const StoredLevel&) const = default;
};

struct StoredImage {
  std::vector<StoredLevel> levels;  // level 0 first, each coarser than the one before; the last is one tile
  double mpp_x = 0;                 // um per level-0 pixel, as shown; 0 unknown
  double mpp_y = 0;
  double file_mpp_x = 0;  // the same as the file says it, where a manifest says otherwise; 0 unknown
  double file_mpp_y = 0;
  double objective = 0;  // magnification; 0 unknown
  std::string vendor;    // as OpenSlide names it, or "photograph"
  uint32_t background_rgb = 0xFFFFFF;
  std::string icc_blob;        // blob with the ICC profile of the tiles' colours; empty means sRGB
  std::string thumbnail_blob;  // sRGB JPEG, longer side at most 256
  bool operator==(const StoredImage&) const = default;

  contract::Pyramid pyramid() const;
};

// In StoredLevel::blob, before the parent replaces it with the hash: the main file as it arrived.
inline constexpr std::string_view kMainFile = "main";

std::string to_json(const StoredImage& image);
// INTERNAL / BAD_PYRAMID for anything to_json did not write; every number is range-checked.
Result<StoredImage> stored_image_from_json(std::string_view json);

}  // namespace hada::images
