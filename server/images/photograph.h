#pragma once

// Photographs: decoding to upright 8-bit RGB, and the small ones' single JPEG.

#include <cstdint>
#include <string>

#include "contract/result.h"
#include "server/images/probe.h"
#include "server/images/vips_image.h"

namespace hada::images {

struct Photograph {
  VipsOwner rgb;  // 8 bits, three bands, upright, opaque; no metadata. Lazy: errors may come when it is read
  std::string icc_profile;  // of these colours; empty means sRGB
  bool orientation_applied = false;
};

// Opens a JPEG, PNG or TIFF (its first picture). Applies the EXIF or TIFF orientation, flattens transparency
// on white, brings 16 bits to 8, grey to RGB, CMYK through its profile to sRGB. TOO_LARGE above `max_pixels`;
// UNSUPPORTED_FORMAT for samples that are no colours (float, more than four bands).
Result<Photograph> open_photograph(const std::string& path, FileType type, int64_t max_pixels);

// One baseline JPEG of it at `out_path`. A JPEG that is baseline, upright and YCbCr or RGB keeps its coded
// pixels and loses only its metadata; anything else is coded once at Q 95 without chroma subsampling.
Status write_photograph(const Photograph& photograph, const std::string& path, FileType type,
                        const std::string& out_path);

// True for a profile of RGB colours that lcms2 can read.
bool is_rgb_profile(const std::string& icc_profile);

}  // namespace hada::images
