#include "server/images/photograph.h"

#include <lcms2.h>

#include <cstring>
#include <fstream>
#include <utility>

#include "server/blobs/local_file.h"
#include "server/images/jpeg_splice.h"

namespace hada::images {
namespace {

constexpr int kQuality = 95;
constexpr size_t kMaxProfile = 16 << 20;

Result<VipsOwner> load(const std::string& path, FileType type, VipsAccess access) {
  return run_vips([&](VipsImage** out) {
    switch (type) {
      case FileType::Jpeg:
        return vips_jpegload(path.c_str(), out, "access", access, "fail_on", VIPS_FAIL_ON_ERROR, nullptr);
      case FileType::Png:
        return vips_pngload(path.c_str(), out, "access", access, "fail_on", VIPS_FAIL_ON_ERROR, nullptr);
      default:
        return vips_tiffload(path.c_str(), out, "access", access, "fail_on", VIPS_FAIL_ON_ERROR, nullptr);
    }
  });
}

std::string profile_of(VipsImage* image) {
  const void* data = nullptr;
  size_t size = 0;
  if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) == 0) return {};
  if (vips_image_get_blob(image, VIPS_META_ICC_NAME, &data, &size) != 0 || size > kMaxProfile) {
    vips_error_clear();
    return {};
  }
  return std::string(static_cast<const char*>(data), size);
}

Unexpected unsupported_samples() {
  return Unexpected(ErrorCode::InvalidArgument, "UNSUPPORTED_FORMAT", "the file's samples are not colours");
}

// 8 bits a sample, one to four bands, grey or RGB with or without alpha.
Result<VipsOwner> to_eight_bits(VipsOwner image) {
  const VipsInterpretation meaning = image->Type;
  if (meaning == VIPS_INTERPRETATION_LAB || meaning == VIPS_INTERPRETATION_LABQ ||
      meaning == VIPS_INTERPRETATION_LABS)
    return run_vips([&](VipsImage** out) {
      return vips_colourspace(image.get(), out, VIPS_INTERPRETATION_sRGB, nullptr);
    });
  if (image->Bands > 4 || image->Coding != VIPS_CODING_NONE) return unsupported_samples();
  if (image->BandFmt == VIPS_FORMAT_USHORT) {
    ASSIGN_OR_RETURN(const VipsOwner cast, run_vips([&](VipsImage** out) {
                       return vips_cast(image.get(), out, VIPS_FORMAT_UCHAR, "shift", TRUE, nullptr);
                     }));
    // The cast leaves the old meaning, by which 255 would be next to no opacity.
    return run_vips([&](VipsImage** out) {
      return vips_copy(cast.get(), out, "interpretation",
                       cast->Bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB, nullptr);
    });
  }
  if (image->BandFmt != VIPS_FORMAT_UCHAR) return unsupported_samples();
  return image;
}

// CMYK and alpha gone, three bands.
Result<VipsOwner> to_rgb(VipsOwner image, bool cmyk, std::string& profile) {
  if (cmyk) {
    profile.clear();
    return run_vips([&](VipsImage** out) {
      return vips_icc_transform(image.get(), out, "srgb", "embedded", TRUE, "input_profile", "cmyk", nullptr);
    });
  }
  if (image->Bands == 2 || image->Bands == 4) {
    VipsArrayDouble* white = vips_array_double_newv(1, 255.0);
    auto flat = run_vips(
        [&](VipsImage** out) { return vips_flatten(image.get(), out, "background", white, nullptr); });
    vips_area_unref(VIPS_AREA(white));
    if (!flat) return flat;
    image = std::move(*flat);
  }
  if (image->Bands == 1) {
    profile.clear();  // a grey profile does not describe the RGB that is made here
    VipsImage* same[3] = {image.get(), image.get(), image.get()};
    ASSIGN_OR_RETURN(image, run_vips([&](VipsImage** out) { return vips_bandjoin(same, out, 3, nullptr); }));
  }
  if (image->Bands != 3) return unsupported_samples();
  return image;
}

// A copy that carries nothing: no EXIF, no profile, no description. (That it comes in order, libvips must
// still know.)
Result<VipsOwner> without_metadata(VipsImage* image) {
  ASSIGN_OR_RETURN(VipsOwner copy, run_vips([&](VipsImage** out) {
                     return vips_copy(image, out, "interpretation", VIPS_INTERPRETATION_sRGB, nullptr);
                   }));
  gchar** fields = vips_image_get_fields(copy.get());
  for (gchar** field = fields; *field != nullptr; ++field)
    if (std::strcmp(*field, VIPS_META_SEQUENTIAL) != 0) vips_image_remove(copy.get(), *field);
  g_strfreev(fields);
  return copy;
}

}  // namespace

bool is_rgb_profile(const std::string& icc_profile) {
  cmsHPROFILE profile =
      cmsOpenProfileFromMem(icc_profile.data(), static_cast<cmsUInt32Number>(icc_profile.size()));
  if (profile == nullptr) return false;
  const bool rgb = cmsGetColorSpace(profile) == cmsSigRgbData;
  cmsCloseProfile(profile);
  return rgb;
}

Result<Photograph> open_photograph(const std::string& path, FileType type, int64_t max_pixels) {
  ASSIGN_OR_RETURN(VipsOwner image, load(path, type, VIPS_ACCESS_SEQUENTIAL));
  if (static_cast<int64_t>(image->Xsize) * image->Ysize > max_pixels)
    return Unexpected(ErrorCode::ResourceExhausted, "TOO_LARGE",
                      "the picture has more pixels than are allowed");
  Photograph photograph;
  photograph.orientation_applied = vips_image_get_orientation(image.get()) > 1;
  // Turning needs the whole picture at hand; everything else streams.
  if (photograph.orientation_applied) {
    ASSIGN_OR_RETURN(image, load(path, type, VIPS_ACCESS_RANDOM));
    VipsOwner turned;
    ASSIGN_OR_RETURN(turned,
                     run_vips([&](VipsImage** out) { return vips_autorot(image.get(), out, nullptr); }));
    image = std::move(turned);
  }
  photograph.icc_profile = profile_of(image.get());
  const bool cmyk = image->Type == VIPS_INTERPRETATION_CMYK;
  ASSIGN_OR_RETURN(image, to_eight_bits(std::move(image)));
  ASSIGN_OR_RETURN(image, to_rgb(std::move(image), cmyk, photograph.icc_profile));
  ASSIGN_OR_RETURN(photograph.rgb, without_metadata(image.get()));
  if (!photograph.icc_profile.empty() && !is_rgb_profile(photograph.icc_profile))
    photograph.icc_profile.clear();
  return photograph;
}

Status write_photograph(const Photograph& photograph, const std::string& path, FileType type,
                        const std::string& out_path) {
  // Coding it also decodes all of it: what does not decode is not served.
  if (vips_jpegsave(photograph.rgb.get(), out_path.c_str(), "Q", kQuality, "subsample_mode",
                    VIPS_FOREIGN_SUBSAMPLE_OFF, "optimize_coding", TRUE, "strip", TRUE, nullptr) != 0)
    return vips_failure();
  if (type != FileType::Jpeg || photograph.orientation_applied) return {};
  ASSIGN_OR_RETURN(const auto file, blobs::open_local_file(path));
  std::string jpeg(file->size(), '\0');
  RETURN_IF_ERROR(file->read_into(0, jpeg.size(), jpeg.data()));
  const auto header = read_jpeg_header(jpeg);
  if (!header || !header->baseline() || header->components != 3) return {};
  const auto stripped = strip_jpeg(jpeg);
  if (!stripped) return {};
  std::ofstream out(out_path, std::ios::binary | std::ios::trunc);
  out.write(stripped->data(), static_cast<std::streamsize>(stripped->size()));
  out.flush();
  if (!out)
    return Unexpected(ErrorCode::ResourceExhausted, "TOO_LARGE", "the derived file cannot be written");
  return {};
}

}  // namespace hada::images
