// Photographs: JPEG (turbojpeg, with EXIF of our own making) and PNG (libvips).
#include <turbojpeg.h>
#include <vips/vips.h>

#include <fstream>

#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/slide_factory/vips_start.h"

namespace hada::support {
namespace {

bool fail(std::string* error, const std::string& text) {
  if (error != nullptr) {
    *error = text;
  }
  return false;
}

// A big-endian TIFF directory, as EXIF wants it.
class Directory {
 public:
  explicit Directory(std::uint32_t offset) : offset_(offset) {}

  void add_short(std::uint16_t tag, std::uint16_t value) {
    add(tag, 3, 1, {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value), 0, 0});
  }
  void add_long(std::uint16_t tag, std::uint32_t value) { add(tag, 4, 1, bytes(value)); }
  void add_text(std::uint16_t tag, const std::string& text) {
    std::vector<std::uint8_t> data(text.begin(), text.end());
    data.push_back(0);
    add(tag, 2, static_cast<std::uint32_t>(data.size()), data);
  }
  void add_rationals(std::uint16_t tag, const std::vector<std::uint32_t>& numerators) {
    std::vector<std::uint8_t> data;
    for (const std::uint32_t n : numerators) {
      for (const std::uint32_t v : {n, std::uint32_t{1}}) {
        const auto b = bytes(v);
        data.insert(data.end(), b.begin(), b.end());
      }
    }
    add(tag, 5, static_cast<std::uint32_t>(numerators.size()), data);
  }
  std::uint32_t size_with(std::size_t entries) const {
    return static_cast<std::uint32_t>(2 + 12 * entries + 4 + extra_size());
  }
  std::vector<std::uint8_t> finish() const {
    std::vector<std::uint8_t> out = {static_cast<std::uint8_t>(entries_.size() >> 8),
                                     static_cast<std::uint8_t>(entries_.size())};
    std::vector<std::uint8_t> extra;
    const auto extra_at = offset_ + static_cast<std::uint32_t>(2 + 12 * entries_.size() + 4);
    for (const Entry& e : entries_) {
      for (const std::uint32_t v : {e.tag, e.type}) {
        out.push_back(static_cast<std::uint8_t>(v >> 8));
        out.push_back(static_cast<std::uint8_t>(v));
      }
      append(out, bytes(e.count));
      if (e.data.size() <= 4) {
        auto data = e.data;
        data.resize(4);
        append(out, data);
      } else {
        append(out, bytes(extra_at + static_cast<std::uint32_t>(extra.size())));
        append(extra, e.data);
        extra.resize(extra.size() + extra.size() % 2);
      }
    }
    append(out, {0, 0, 0, 0});
    append(out, extra);
    return out;
  }

 private:
  struct Entry {
    std::uint32_t tag, type, count;
    std::vector<std::uint8_t> data;
  };
  static std::vector<std::uint8_t> bytes(std::uint32_t v) {
    return {static_cast<std::uint8_t>(v >> 24), static_cast<std::uint8_t>(v >> 16),
            static_cast<std::uint8_t>(v >> 8), static_cast<std::uint8_t>(v)};
  }
  static void append(std::vector<std::uint8_t>& to, const std::vector<std::uint8_t>& from) {
    to.insert(to.end(), from.begin(), from.end());
  }
  std::size_t extra_size() const {
    std::size_t size = 0;
    for (const Entry& e : entries_) {
      size += e.data.size() > 4 ? e.data.size() + e.data.size() % 2 : 0;
    }
    return size;
  }
  void add(std::uint16_t tag, std::uint16_t type, std::uint32_t count, std::vector<std::uint8_t> data) {
    entries_.push_back({tag, type, count, std::move(data)});
  }

  std::uint32_t offset_;
  std::vector<Entry> entries_;
};

// An APP1 segment. Entries stand in ascending tag order, as TIFF asks.
std::vector<std::uint8_t> exif_segment(const JpegOptions& options) {
  Directory main(8);
  Directory gps(0);
  if (options.camera_exif) {
    main.add_text(0x010F, "SYNTHETIC CAMERA");
    main.add_text(0x0110, "Hada slide factory");
  }
  main.add_short(0x0112,
                 static_cast<std::uint16_t>(options.exif_orientation == 0 ? 1 : options.exif_orientation));
  std::vector<std::uint8_t> tail;
  if (options.camera_exif) {
    main.add_text(0x0132, "2001:01:01 12:00:00");
    main.add_text(0x013B, "SYNTHETIC PHOTOGRAPHER");
    gps = Directory(main.size_with(6) + 8);
    main.add_long(0x8825, main.size_with(6) + 8);
    gps.add_text(0x0001, "N");
    gps.add_rationals(0x0002, {0, 0, 0});
    gps.add_text(0x0003, "E");
    gps.add_rationals(0x0004, {0, 0, 0});
    tail = gps.finish();
  }
  std::vector<std::uint8_t> body = {'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8};
  const auto head = main.finish();
  body.insert(body.end(), head.begin(), head.end());
  body.insert(body.end(), tail.begin(), tail.end());
  const std::size_t length = body.size() + 2;
  std::vector<std::uint8_t> segment = {0xFF, 0xE1, static_cast<std::uint8_t>(length >> 8),
                                       static_cast<std::uint8_t>(length)};
  segment.insert(segment.end(), body.begin(), body.end());
  return segment;
}

}  // namespace

bool write_jpeg(const std::filesystem::path& path, const Raster& raster, const JpegOptions& options,
                std::string* error) {
  const tjhandle encoder = tjInitCompress();
  unsigned char* data = nullptr;
  unsigned long size = 0;  // NOLINT(google-runtime-int): turbojpeg's type
  const bool encoded =
      encoder != nullptr && tjCompress2(encoder, raster.rgb.data(), raster.width, 0, raster.height, TJPF_RGB,
                                        &data, &size, TJSAMP_420, options.quality, TJFLAG_ACCURATEDCT) == 0;
  bool written = false;
  if (encoded) {
    std::ofstream file(path, std::ios::binary);
    const auto put = [&file](const std::uint8_t* bytes, std::size_t count) {
      file.write(reinterpret_cast<const char*>(bytes), static_cast<std::streamsize>(count));
    };
    put(data, 2);  // SOI, then our segment, then the rest
    if (options.exif_orientation != 0 || options.camera_exif) {
      const auto segment = exif_segment(options);
      put(segment.data(), segment.size());
    }
    put(data + 2, size - 2);
    file.close();
    written = file.good();
  }
  tjFree(data);
  if (encoder != nullptr) {
    tjDestroy(encoder);
  }
  return written || fail(error, "cannot write " + path.string());
}

bool write_png(const std::filesystem::path& path, const Raster& raster,
               const std::vector<std::uint8_t>& alpha, std::string* error) {
  if (!start_vips()) {
    return fail(error, "libvips does not start");
  }
  const std::size_t pixels = static_cast<std::size_t>(raster.width) * raster.height;
  if (!alpha.empty() && alpha.size() != pixels) {
    return fail(error, "alpha has the wrong size");
  }
  std::vector<std::uint8_t> rgba;
  const std::vector<std::uint8_t>* from = &raster.rgb;
  if (!alpha.empty()) {
    rgba.resize(pixels * 4);
    for (std::size_t i = 0; i < pixels; ++i) {
      for (std::size_t c = 0; c < 3; ++c) {
        rgba[4 * i + c] = raster.rgb[3 * i + c];
      }
      rgba[4 * i + 3] = alpha[i];
    }
    from = &rgba;
  }
  VipsImage* image = vips_image_new_from_memory(from->data(), from->size(), raster.width, raster.height,
                                                alpha.empty() ? 3 : 4, VIPS_FORMAT_UCHAR);
  bool written = false;
  if (image != nullptr) {
    image->Type = VIPS_INTERPRETATION_sRGB;
    written = vips_pngsave(image, path.c_str(), "compression", 3, nullptr) == 0;
    g_object_unref(image);
  }
  return written || fail(error, vips_error_text());
}

}  // namespace hada::support
