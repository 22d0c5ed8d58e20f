#include "server/images/pyramid_builder.h"

#include <algorithm>
#include <limits>

#include "server/blobs/local_file.h"
#include "server/images/tiff_index.h"

namespace hada::images {
namespace {

constexpr int kTile = 256;
constexpr int kThumbnailSide = 256;
constexpr int kThumbnailQuality = 85;
// Chosen by measurement: level 0 and every lower level of real slides stay above 40 dB
// (pyramid_builder_test).
constexpr int kQuality = 92;
// A step between two stored levels may be 4x, and a little more where their sizes are rounded.
constexpr double kMaxStep = 4.0 * 1.02;
// Above this an ordinary TIFF's 32-bit offsets might not suffice.
constexpr double kBigTiffPixels = 1.0e9;

bool one_tile(const contract::PyramidLevel& level) { return level.columns() == 1 && level.rows() == 1; }

Result<VipsOwner> load_level(const BuiltLevel& built, const std::string& main_path,
                             const std::string& out_dir) {
  const std::string path = built.level.blob == kMainFile ? main_path : out_dir + "/" + built.level.blob;
  return run_vips([&](VipsImage** out) {
    if (built.level.directory == 0) return vips_jpegload(path.c_str(), out, nullptr);
    return vips_tiffload(path.c_str(), out, "page", built.page, "fail_on", VIPS_FAIL_ON_ERROR, nullptr);
  });
}

// The pages of a file that build_pyramid wrote; `downsample` is that of its first.
Result<std::vector<BuiltLevel>> pages_of(const std::string& out_dir, const std::string& name,
                                         double downsample) {
  ASSIGN_OR_RETURN(const auto file, blobs::open_local_file(out_dir + "/" + name));
  ASSIGN_OR_RETURN(const TiffFile tiff, TiffFile::open(*file));
  ASSIGN_OR_RETURN(const std::vector<TiffDirectory> directories, tiff.directories());
  std::vector<BuiltLevel> levels;
  for (const TiffDirectory& d : directories) {
    BuiltLevel built;
    built.page = static_cast<int>(levels.size());
    built.level.blob = name;
    built.level.directory = d.offset;
    built.level.geometry = {static_cast<int32_t>(d.width), static_cast<int32_t>(d.height),
                            static_cast<int32_t>(d.tile_width), static_cast<int32_t>(d.tile_height),
                            downsample};
    downsample *= 2;
    levels.push_back(std::move(built));
  }
  return levels;
}

Status save_pyramid(VipsImage* image, const std::string& path) {
  const bool big = static_cast<double>(image->Xsize) * image->Ysize > kBigTiffPixels;
  if (vips_tiffsave(image, path.c_str(), "compression", VIPS_FOREIGN_TIFF_COMPRESSION_JPEG, "Q", kQuality,
                    "tile", TRUE, "tile_width", kTile, "tile_height", kTile, "pyramid", TRUE, "depth",
                    VIPS_FOREIGN_DZ_DEPTH_ONETILE, "region_shrink", VIPS_REGION_SHRINK_MEAN, "bigtiff", big,
                    "strip", TRUE, nullptr) != 0)
    return vips_failure();
  return {};
}

}  // namespace

Result<std::vector<BuiltLevel>> build_pyramid(VipsImage* image, const std::string& out_dir,
                                              const std::string& name) {
  RETURN_IF_ERROR(save_pyramid(image, out_dir + "/" + name));
  return pages_of(out_dir, name, 1);
}

Result<std::vector<BuiltLevel>> complete_levels(std::vector<BuiltLevel> levels, const std::string& path,
                                                const std::string& out_dir) {
  std::vector<BuiltLevel> complete;
  for (size_t i = 0; i < levels.size(); ++i) {
    complete.push_back(levels[i]);
    const contract::PyramidLevel& here = levels[i].level.geometry;
    const bool last = i + 1 == levels.size();
    // Below the last, everything down to one tile; between two, until the step is small enough.
    const double next =
        last ? std::numeric_limits<double>::infinity() : levels[i + 1].level.geometry.downsample;
    if (last ? one_tile(here) : next / here.downsample <= kMaxStep) continue;

    ASSIGN_OR_RETURN(const VipsOwner finer, load_level(levels[i], path, out_dir));
    ASSIGN_OR_RETURN(const VipsOwner half, run_vips([&](VipsImage** out) {
                       return vips_shrink(finer.get(), out, 2.0, 2.0, "ceil", TRUE, nullptr);
                     }));
    const std::string name = "levels" + std::to_string(i) + ".tif";
    RETURN_IF_ERROR(save_pyramid(half.get(), out_dir + "/" + name));
    ASSIGN_OR_RETURN(const std::vector<BuiltLevel> built, pages_of(out_dir, name, here.downsample * 2));
    for (const BuiltLevel& level : built) {
      if (next / complete.back().level.geometry.downsample <= kMaxStep) break;
      complete.push_back(level);
    }
  }
  return complete;
}

Status write_thumbnail(const std::vector<BuiltLevel>& levels, const std::string& main_path,
                       const std::string& out_dir, const std::string& icc_profile, const std::string& name) {
  const auto large_enough = [](const BuiltLevel& built) {
    return std::max(built.level.geometry.width, built.level.geometry.height) >= kThumbnailSide;
  };
  const auto coarsest = std::find_if(levels.rbegin(), levels.rend(), large_enough);
  const BuiltLevel& from = coarsest == levels.rend() ? levels.front() : *coarsest;
  ASSIGN_OR_RETURN(const VipsOwner level, load_level(from, main_path, out_dir));
  ASSIGN_OR_RETURN(const VipsOwner image,
                   run_vips([&](VipsImage** out) { return vips_copy(level.get(), out, nullptr); }));
  // A profile of its own that the level's file carries has been checked and is in `icc_profile`, or is no
  // use.
  vips_image_remove(image.get(), VIPS_META_ICC_NAME);
  if (!icc_profile.empty())
    vips_image_set_blob_copy(image.get(), VIPS_META_ICC_NAME, icc_profile.data(), icc_profile.size());
  ASSIGN_OR_RETURN(const VipsOwner small, run_vips([&](VipsImage** out) {
                     return vips_thumbnail_image(image.get(), out, kThumbnailSide, "height", kThumbnailSide,
                                                 "size", VIPS_SIZE_DOWN, "export_profile", "srgb", nullptr);
                   }));
  if (vips_jpegsave(small.get(), (out_dir + "/" + name).c_str(), "Q", kThumbnailQuality, "optimize_coding",
                    TRUE, "strip", TRUE, nullptr) != 0)
    return vips_failure();
  return {};
}

}  // namespace hada::images
