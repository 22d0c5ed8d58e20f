#pragma once

// A slide that OpenSlide reads, opened once. Only for ingest: nothing is served through OpenSlide.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "contract/result.h"
#include "server/images/vips_image.h"

struct _openslide;

namespace hada::images {

class SlideReader {
 public:
  // The vendor by content (and, for MIRAX and VMS, by what lies beside); empty when OpenSlide does not know
  // the file.
  static std::string detect(const std::string& path);

  // MISSING_COMPANION, TRUNCATED or DECODE_FAILED.
  static Result<SlideReader> open(const std::string& path);

  int64_t width() const { return levels_.front().first; }
  int64_t height() const { return levels_.front().second; }
  // Width and height of each level, finest first.
  const std::vector<std::pair<int64_t, int64_t>>& levels() const { return levels_; }
  double mpp_x() const { return number("openslide.mpp-x"); }
  double mpp_y() const { return number("openslide.mpp-y"); }
  double objective() const { return number("openslide.objective-power"); }
  uint32_t background_rgb() const;

  // Level 0 as a lazy RGB image; what was not scanned shows the background. The reader must outlive the
  // image.
  Result<VipsOwner> level0() const;

 private:
  struct Close {
    void operator()(_openslide* slide) const;
  };
  SlideReader() = default;
  // A property as a finite positive number, else 0.
  double number(const char* property) const;

  std::unique_ptr<_openslide, Close> slide_;
  std::vector<std::pair<int64_t, int64_t>> levels_;
};

}  // namespace hada::images
