#include "server/images/slide_reader.h"

#include <openslide.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>

namespace hada::images {
namespace {

// What a generate call needs: the slide, and a buffer of its thread's own.
struct Sequence {
  openslide_t* slide;
  std::vector<uint32_t> argb;
};

struct Source {
  openslide_t* slide;
  uint32_t background;
};

void* start_sequence(VipsImage*, void* a, void*) { return new Sequence{static_cast<Source*>(a)->slide, {}}; }

int stop_sequence(void* sequence, void*, void*) {
  delete static_cast<Sequence*>(sequence);
  return 0;
}

// ARGB with premultiplied alpha (OpenSlide's pixels) over the background.
void to_rgb(const uint32_t* argb, int count, uint32_t background, uint8_t* out) {
  const uint32_t back[3] = {background >> 16 & 255, background >> 8 & 255, background & 255};
  for (int i = 0; i < count; ++i, out += 3) {
    const uint32_t pixel = argb[i];
    const uint32_t alpha = pixel >> 24;
    const uint32_t rest = 255 - alpha;
    for (int c = 0; c < 3; ++c) {
      const uint32_t value = pixel >> (16 - 8 * c) & 255;
      out[c] = static_cast<uint8_t>(rest == 0 ? value : std::min(255u, value + (back[c] * rest + 127) / 255));
    }
  }
}

int generate(VipsRegion* region, void* sequence_pointer, void* a, void*, gboolean*) {
  auto* sequence = static_cast<Sequence*>(sequence_pointer);
  const auto* source = static_cast<const Source*>(a);
  const VipsRect& rect = region->valid;
  sequence->argb.resize(static_cast<size_t>(rect.width) * static_cast<size_t>(rect.height));
  openslide_read_region(sequence->slide, sequence->argb.data(), rect.left, rect.top, 0, rect.width,
                        rect.height);
  if (const char* error = openslide_get_error(sequence->slide); error != nullptr) {
    vips_error("slide_reader", "%s", error);
    return -1;
  }
  for (int y = 0; y < rect.height; ++y)
    to_rgb(sequence->argb.data() + static_cast<size_t>(y) * static_cast<size_t>(rect.width), rect.width,
           source->background, VIPS_REGION_ADDR(region, rect.left, rect.top + y));
  return 0;
}

int tile_side(openslide_t* slide, const char* property) {
  const char* text = openslide_get_property_value(slide, property);
  int side = 0;
  if (text != nullptr) std::from_chars(text, text + std::strlen(text), side);
  // A whole strip, or no tile at all (NDPI restart intervals), is no use as a unit of work.
  return side >= 64 && side <= 1024 ? side : 512;
}

Unexpected slide_failure(std::string_view message) {
  const auto says = [&](std::string_view word) { return message.find(word) != std::string_view::npos; };
  if (says("Couldn't open") || says("Can't open") || says("Could not open") || says("No such file") ||
      says("Can't read key file") || says("Missing optimisation"))
    return Unexpected(ErrorCode::DataLoss, "MISSING_COMPANION",
                      "a file that the slide names is not in the bundle");
  if (says("runcated") || says("remature") || says("end of file") || says("Short read") || says("read error"))
    return Unexpected(ErrorCode::DataLoss, "TRUNCATED", "the slide ends before its picture does");
  return Unexpected(ErrorCode::DataLoss, "DECODE_FAILED", "the slide's structure cannot be read");
}

}  // namespace

void SlideReader::Close::operator()(_openslide* slide) const { openslide_close(slide); }

std::string SlideReader::detect(const std::string& path) {
  const char* vendor = openslide_detect_vendor(path.c_str());
  return vendor == nullptr ? std::string() : std::string(vendor);
}

Result<SlideReader> SlideReader::open(const std::string& path) {
  SlideReader reader;
  reader.slide_.reset(openslide_open(path.c_str()));
  if (!reader.slide_) return slide_failure("");
  openslide_t* slide = reader.slide_.get();
  if (const char* error = openslide_get_error(slide); error != nullptr) return slide_failure(error);
  const int32_t count = openslide_get_level_count(slide);
  for (int32_t i = 0; i < count; ++i) {
    int64_t width = 0, height = 0;
    openslide_get_level_dimensions(slide, i, &width, &height);
    if (width <= 0 || height <= 0) return slide_failure("");
    reader.levels_.emplace_back(width, height);
  }
  if (reader.levels_.empty()) return slide_failure("");
  return reader;
}

double SlideReader::number(const char* property) const {
  const char* text = openslide_get_property_value(slide_.get(), property);
  if (text == nullptr) return 0;
  double value = 0;
  const auto parsed = std::from_chars(text, text + std::strlen(text), value);
  return parsed.ec == std::errc() && std::isfinite(value) && value > 0 && value < 1e4 ? value : 0;
}

uint32_t SlideReader::background_rgb() const {
  const char* text = openslide_get_property_value(slide_.get(), OPENSLIDE_PROPERTY_NAME_BACKGROUND_COLOR);
  uint32_t rgb = 0;
  if (text == nullptr || std::strlen(text) != 6) return 0xFFFFFF;
  return std::from_chars(text, text + 6, rgb, 16).ptr == text + 6 ? rgb : 0xFFFFFF;
}

Result<VipsOwner> SlideReader::level0() const {
  openslide_t* slide = slide_.get();
  VipsOwner image(vips_image_new());
  vips_image_init_fields(image.get(), static_cast<int>(width()), static_cast<int>(height()), 3,
                         VIPS_FORMAT_UCHAR, VIPS_CODING_NONE, VIPS_INTERPRETATION_sRGB, 1.0, 1.0);
  // Freed with the image.
  Source* source = VIPS_NEW(image.get(), Source);
  *source = {slide, background_rgb()};
  if (vips_image_pipelinev(image.get(), VIPS_DEMAND_STYLE_SMALLTILE, nullptr) != 0 ||
      vips_image_generate(image.get(), start_sequence, generate, stop_sequence, source, nullptr) != 0)
    return vips_failure();
  // Ask OpenSlide for whole tiles of its own, each once.
  const int tile_width = tile_side(slide, "openslide.level[0].tile-width");
  const int tile_height = tile_side(slide, "openslide.level[0].tile-height");
  return run_vips([&](VipsImage** out) {
    return vips_tilecache(image.get(), out, "tile_width", tile_width, "tile_height", tile_height, "max_tiles",
                          static_cast<int>(2.5 * (1 + static_cast<double>(width()) / tile_width)) + 8,
                          "access", VIPS_ACCESS_SEQUENTIAL, "threaded", TRUE, nullptr);
  });
}

}  // namespace hada::images
