#include "server/images/build_image.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

#include "server/blobs/local_file.h"
#include "server/images/photograph.h"
#include "server/images/probe.h"
#include "server/images/pyramid_builder.h"
#include "server/images/slide_reader.h"
#include "server/images/tiff_index.h"

namespace hada::images {
namespace {

constexpr int kMaxSingleTile = 2048;
constexpr uint64_t kMaxProfile = 16 << 20;
constexpr const char* kPyramidFile = "pyramid.tif";
constexpr const char* kSingleFile = "image.jpg";
constexpr const char* kThumbnailFile = "thumbnail.jpg";
constexpr const char* kProfileFile = "profile.icc";
// A resolution tag that says less or more than this was not written by a microscope.
constexpr double kMinMpp = 0.02, kMaxMpp = 20;

Status write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.flush();
  if (!out) return Unexpected(ErrorCode::ResourceExhausted, "TOO_LARGE", "a derived file cannot be written");
  return {};
}

// What the first directory of a slide in a TIFF says beside its pixels.
struct TiffNotes {
  std::string icc_profile;
  double mpp_x = 0, mpp_y = 0;
};

TiffNotes read_notes(const blobs::BlobReader& file) {
  TiffNotes notes;
  const auto tiff = TiffFile::open(file);
  if (!tiff) return notes;
  const auto directories = tiff->directories();
  if (!directories) return notes;
  const TiffDirectory& first = directories->front();
  if (first.icc_profile) {
    if (auto bytes = tiff->bytes(first.icc_profile, kMaxProfile); bytes && is_rgb_profile(*bytes))
      notes.icc_profile = std::move(*bytes);
  }
  notes.mpp_x = first.mpp_x();
  notes.mpp_y = first.mpp_y();
  return notes;
}

// Fills the levels, the thumbnail and the profile.
Result<StoredImage> assemble(StoredImage image, const std::vector<BuiltLevel>& levels,
                             const std::string& icc_profile, const std::string& main_path,
                             const std::string& out_dir) {
  for (const BuiltLevel& built : levels) image.levels.push_back(built.level);
  RETURN_IF_ERROR(write_thumbnail(levels, main_path, out_dir, icc_profile, kThumbnailFile));
  image.thumbnail_blob = kThumbnailFile;
  if (!icc_profile.empty()) {
    RETURN_IF_ERROR(write_bytes(out_dir + "/" + kProfileFile, icc_profile));
    image.icc_blob = kProfileFile;
  }
  return image;
}

Result<StoredImage> build_photograph(const std::string& path, const std::string& out_dir, FileType type,
                                     StoredImage image, int64_t max_pixels) {
  ASSIGN_OR_RETURN(const Photograph photograph, open_photograph(path, type, max_pixels));
  const int width = photograph.rgb->Xsize, height = photograph.rgb->Ysize;
  std::vector<BuiltLevel> levels;
  if (std::max(width, height) <= kMaxSingleTile) {
    RETURN_IF_ERROR(write_photograph(photograph, path, type, out_dir + "/" + kSingleFile));
    levels.push_back({{{width, height, width, height, 1.0}, kSingleFile, 0}, 0});
  } else {
    ASSIGN_OR_RETURN(levels, build_pyramid(photograph.rgb.get(), out_dir, kPyramidFile));
  }
  return assemble(std::move(image), levels, photograph.icc_profile, path, out_dir);
}

// nullopt: OpenSlide takes it for a tiled TIFF, but the photograph's way reads it better (or at all).
Result<std::optional<StoredImage>> build_slide(const std::string& path, const std::string& out_dir,
                                               const std::string& vendor, const BuildOptions& options) {
  const bool generic = vendor == "generic-tiff";
  auto opened = SlideReader::open(path);
  if (!opened && generic) return std::optional<StoredImage>();
  ASSIGN_OR_RETURN(const SlideReader slide, std::move(opened));
  if (slide.width() > INT32_MAX || slide.height() > INT32_MAX ||
      slide.width() > options.slide_pixels / slide.height())
    return Unexpected(ErrorCode::ResourceExhausted, "TOO_LARGE",
                      "the slide has more pixels than are allowed");

  ASSIGN_OR_RETURN(const auto file, blobs::open_local_file(path));
  const TiffNotes notes = read_notes(*file);
  StoredImage image;
  image.vendor = vendor;
  image.mpp_x = slide.mpp_x();
  image.mpp_y = slide.mpp_y();
  const auto plausible = [](double mpp) { return mpp >= kMinMpp && mpp <= kMaxMpp; };
  if (image.mpp_x == 0 && generic && plausible(notes.mpp_x) && plausible(notes.mpp_y)) {
    image.mpp_x = notes.mpp_x;
    image.mpp_y = notes.mpp_y;
  }
  image.file_mpp_x = image.mpp_x;
  image.file_mpp_y = image.mpp_y;
  image.objective = slide.objective();
  image.background_rgb = slide.background_rgb();

  std::vector<BuiltLevel> levels;
  if (generic || vendor == "aperio") levels = find_passthrough(*file, slide.levels());
  if (!levels.empty()) {
    ASSIGN_OR_RETURN(levels, complete_levels(std::move(levels), path, out_dir));
  } else if (generic) {
    ASSIGN_OR_RETURN(StoredImage built,
                     build_photograph(path, out_dir, FileType::Tiff, std::move(image), options.slide_pixels));
    return std::optional<StoredImage>(std::move(built));
  } else {
    ASSIGN_OR_RETURN(const VipsOwner level0, slide.level0());
    ASSIGN_OR_RETURN(levels, build_pyramid(level0.get(), out_dir, kPyramidFile));
  }
  ASSIGN_OR_RETURN(StoredImage built, assemble(std::move(image), levels, notes.icc_profile, path, out_dir));
  return std::optional<StoredImage>(std::move(built));
}

}  // namespace

Result<StoredImage> build_image(const std::string& main_path, const std::string& out_dir,
                                const BuildOptions& options) {
  if (!start_vips()) return Unexpected(ErrorCode::Internal, "DECODE_FAILED", "libvips cannot start");
  ASSIGN_OR_RETURN(const Probe probe, probe_file(main_path));
  if (!probe.vendor.empty()) {
    options.on_slide();
    ASSIGN_OR_RETURN(std::optional<StoredImage> slide,
                     build_slide(main_path, out_dir, probe.vendor, options));
    if (slide) return std::move(*slide);
  }
  StoredImage image;
  image.vendor = "photograph";
  return build_photograph(main_path, out_dir, probe.type, std::move(image), options.photograph_pixels);
}

}  // namespace hada::images
