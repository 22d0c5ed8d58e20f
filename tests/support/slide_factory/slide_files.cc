// Slides: TIFF pyramids in the forms that the workstation must read.
#include <tiffio.h>
#include <turbojpeg.h>
#include <vips/vips.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/slide_factory/vips_start.h"

namespace hada::support {

bool start_vips() {
  static const bool started = VIPS_INIT("hada") == 0;
  return started;
}

std::string vips_error_text() {
  std::string text = vips_error_buffer();
  vips_error_clear();
  return text;
}

namespace {

struct TiffCloser {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using TiffFile = std::unique_ptr<TIFF, TiffCloser>;

bool fail(std::string* error, const std::string& text) {
  if (error != nullptr) {
    *error = text;
  }
  return false;
}

struct LevelForm {
  int tile = 256;  // 0: strips
  int quality = 80;
  bool rgb = false;  // JPEG without colour conversion, as Aperio writes it
  double mpp = 0.0;
  std::string description;
  std::uint32_t subfile = 0;
};

void set_common_tags(TIFF* tiff, int width, int height, const LevelForm& form) {
  TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, form.subfile);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(width));
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(height));
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_JPEG);
  if (form.tile > 0) {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, static_cast<std::uint32_t>(form.tile));
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, static_cast<std::uint32_t>(form.tile));
  } else {
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 16U);
  }
  if (!form.description.empty()) {
    TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, form.description.c_str());
  }
  if (form.mpp > 0.0) {
    TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_CENTIMETER);
    TIFFSetField(tiff, TIFFTAG_XRESOLUTION, 10000.0 / form.mpp);
    TIFFSetField(tiff, TIFFTAG_YRESOLUTION, 10000.0 / form.mpp);
  }
  if (form.rgb) {
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
  } else {
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_YCBCR);
    TIFFSetField(tiff, TIFFTAG_YCBCRSUBSAMPLING, 2, 2);
  }
}

// Copies a tile out of the raster; beyond its edges the last pixel is repeated, which compresses well.
void cut_tile(const Raster& raster, int x, int y, int tile, std::vector<std::uint8_t>& out) {
  out.resize(static_cast<std::size_t>(tile) * tile * 3);
  const int inside = std::min(tile, raster.width - x);
  for (int j = 0; j < tile; ++j) {
    const int row = std::min(y + j, raster.height - 1);
    std::uint8_t* to = &out[static_cast<std::size_t>(j) * tile * 3];
    std::memcpy(to, &raster.rgb[(static_cast<std::size_t>(row) * raster.width + x) * 3],
                static_cast<std::size_t>(inside) * 3);
    for (int i = inside; i < tile; ++i) {
      std::memcpy(to + static_cast<std::size_t>(i) * 3, to + static_cast<std::size_t>(inside - 1) * 3, 3);
    }
  }
}

bool write_directory(TIFF* tiff, const Raster& raster, const LevelForm& form) {
  set_common_tags(tiff, raster.width, raster.height, form);
  TIFFSetField(tiff, TIFFTAG_JPEGQUALITY, form.quality);
  if (!form.rgb) {
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);  // libtiff converts from RGB
  }
  std::vector<std::uint8_t> buffer;
  if (form.tile > 0) {
    for (int y = 0; y < raster.height; y += form.tile) {
      for (int x = 0; x < raster.width; x += form.tile) {
        cut_tile(raster, x, y, form.tile, buffer);
        if (TIFFWriteTile(tiff, buffer.data(), static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y),
                          0, 0) < 0) {
          return false;
        }
      }
    }
  } else {
    const std::size_t stride = static_cast<std::size_t>(raster.width) * 3;
    for (int y = 0; y < raster.height; ++y) {
      buffer.assign(raster.rgb.begin() + static_cast<std::ptrdiff_t>(y * stride),
                    raster.rgb.begin() + static_cast<std::ptrdiff_t>((y + 1) * stride));
      if (TIFFWriteScanline(tiff, buffer.data(), static_cast<std::uint32_t>(y), 0) < 0) {
        return false;
      }
    }
  }
  return TIFFWriteDirectory(tiff) == 1;
}

Raster filled(int width, int height, std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  Raster raster{width, height, {}};
  raster.rgb.resize(static_cast<std::size_t>(width) * height * 3);
  for (std::size_t i = 0; i < raster.rgb.size(); i += 3) {
    raster.rgb[i] = red;
    raster.rgb[i + 1] = green;
    raster.rgb[i + 2] = blue;
  }
  return raster;
}

// The paper label: invented identifiers and a bar code, there to be removed.
Raster draw_label() {
  Raster label = filled(420, 400, 247, 246, 240);
  draw_text(label, 24, 24, "SYNTHETIC", 5, 20, 20, 20);
  draw_text(label, 24, 84, "S01-00000 A1", 4, 20, 20, 20);
  draw_text(label, 24, 134, "DOE J", 4, 20, 20, 20);
  draw_text(label, 24, 184, "H+E", 4, 20, 20, 20);
  std::uint32_t bars = 0xB5A36C9DU;
  for (int x = 24; x < 390; x += 4) {
    bars = bars * 1664525U + 1013904223U;
    if ((bars >> 24) & 1U) {
      for (int y = 250; y < 360; ++y) {
        for (int i = 0; i < 4; ++i) {
          std::fill_n(&label.rgb[(static_cast<std::size_t>(y) * label.width + x + i) * 3], 3,
                      std::uint8_t{20});
        }
      }
    }
  }
  return label;
}

void paste(Raster& onto, const Raster& from, int x, int y) {
  for (int j = 0; j < from.height && y + j < onto.height; ++j) {
    const int count = std::min(from.width, onto.width - x);
    std::memcpy(&onto.rgb[(static_cast<std::size_t>(y + j) * onto.width + x) * 3],
                &from.rgb[static_cast<std::size_t>(j) * from.width * 3], static_cast<std::size_t>(count) * 3);
  }
}

}  // namespace

bool write_pyramid_tiff(const std::filesystem::path& path, const Raster& raster, double mpp, int quality,
                        std::string* error) {
  if (!start_vips()) {
    return fail(error, "libvips does not start");
  }
  VipsImage* image = vips_image_new_from_memory(raster.rgb.data(), raster.rgb.size(), raster.width,
                                                raster.height, 3, VIPS_FORMAT_UCHAR);
  if (image == nullptr) {
    return fail(error, vips_error_text());
  }
  image->Type = VIPS_INTERPRETATION_sRGB;
  const double per_mm = 1000.0 / mpp;
  const bool written =
      vips_tiffsave(image, path.c_str(), "compression", VIPS_FOREIGN_TIFF_COMPRESSION_JPEG, "Q", quality,
                    "tile", TRUE, "tile_width", 256, "tile_height", 256, "pyramid", TRUE, "resunit",
                    VIPS_FOREIGN_TIFF_RESUNIT_CM, "xres", per_mm, "yres", per_mm, nullptr) == 0;
  g_object_unref(image);
  return written || fail(error, vips_error_text());
}

bool write_tiled_tiff(const std::filesystem::path& path, const Raster& raster, int tile, int levels,
                      double mpp, int quality, std::string* error) {
  const TiffFile tiff(TIFFOpen(path.c_str(), "w"));
  if (tiff == nullptr) {
    return fail(error, "cannot write " + path.string());
  }
  Raster level;
  for (int i = 0; i < levels; ++i) {
    if (i > 0) {
      level = halved(i == 1 ? raster : level);
    }
    LevelForm form;
    form.tile = tile;
    form.quality = quality;
    form.mpp = mpp * static_cast<double>(1 << i);
    form.subfile = i == 0 ? 0 : FILETYPE_REDUCEDIMAGE;
    if (!write_directory(tiff.get(), i == 0 ? raster : level, form)) {
      return fail(error, "libtiff cannot write level " + std::to_string(i));
    }
  }
  return true;
}

bool write_aperio_like(const std::filesystem::path& path, const Raster& raster, double mpp, int quality,
                       std::string* error) {
  const TiffFile tiff(TIFFOpen(path.c_str(), "w"));
  if (tiff == nullptr) {
    return fail(error, "cannot write " + path.string());
  }
  const auto size = [](const Raster& r) { return std::to_string(r.width) + "x" + std::to_string(r.height); };
  const auto number = [](double v) {
    std::string text = std::to_string(v);
    return text.substr(0, 6);
  };
  const std::string head = "Aperio Image Library v11.2.1 \r\n";
  const std::string plain = "Aperio Image Library v11.2.1 \n";  // as in real files, no carriage return here
  const std::string tail =
      "|AppMag = " + std::to_string(static_cast<int>(10.0 / mpp + 0.5)) +
      "|ScanScope ID = SYNTHETIC|Filename = SYNTHETIC-DOE|Date = 01/01/01|Time = 12:00:00"
      "|User = synthetic-operator|Barcode = S01-00000|MPP = " +
      number(mpp) + "|Left = 0.000000|Top = 0.000000";
  const auto tiled = [&](const Raster& r) {
    LevelForm form;
    form.tile = 240;
    form.quality = quality;
    form.rgb = true;
    form.description =
        head + size(raster) + " (240x240) -> " + size(r) + " JPEG/RGB Q=" + std::to_string(quality) + tail;
    return form;
  };
  const Raster quarter = halved(halved(raster));
  const Raster sixteenth = halved(halved(quarter));
  Raster thumbnail = sixteenth;
  while (thumbnail.width > 1024) {
    thumbnail = halved(thumbnail);
  }
  const Raster label = draw_label();
  Raster overview = filled(1280, 420, 226, 226, 222);
  paste(overview, label, 0, 10);
  Raster small = thumbnail;
  while (small.height > 380) {
    small = halved(small);
  }
  paste(overview, small, 480, 20);

  LevelForm strips;
  strips.tile = 0;
  strips.quality = quality;
  LevelForm thumb_form = strips;
  thumb_form.description = plain + size(raster) + " -> " + size(thumbnail) + " -" + tail;
  LevelForm label_form = strips;
  label_form.description = plain + "label " + size(label);
  label_form.subfile = FILETYPE_REDUCEDIMAGE;
  LevelForm macro_form = strips;
  macro_form.description = plain + "macro " + size(overview);
  macro_form.subfile = 9;  // what Aperio writes
  const bool written = write_directory(tiff.get(), raster, tiled(raster)) &&
                       write_directory(tiff.get(), thumbnail, thumb_form) &&
                       write_directory(tiff.get(), quarter, tiled(quarter)) &&
                       write_directory(tiff.get(), sixteenth, tiled(sixteenth)) &&
                       write_directory(tiff.get(), label, label_form) &&
                       write_directory(tiff.get(), overview, macro_form);
  return written || fail(error, "libtiff cannot write " + path.string());
}

namespace {
constexpr int kPatch = 2048;
constexpr double kMpp = 0.25;
}  // namespace

bool write_big_slide(const std::filesystem::path& path, int width, int height, std::uint64_t seed,
                     std::string* error) {
  SlideSpec spec;
  spec.histology = Histology::BasalCellCarcinoma;
  spec.width = kPatch;
  spec.height = kPatch;
  spec.mpp = kMpp;
  spec.fills_frame = true;
  spec.seed = seed;
  return write_big_slide(path, width, height, draw_slide(spec), error);
}

bool write_big_slide(const std::filesystem::path& path, int width, int height, Raster patch,
                     std::string* error) {
  constexpr int kTile = 256;
  if (patch.width != kPatch || patch.height != kPatch) {
    return fail(error, "the patch is not of the size that is repeated");
  }
  const double expected = static_cast<double>(width) * height * 0.4;  // bytes, with room
  const TiffFile tiff(TIFFOpen(path.c_str(), expected > 2.0e9 ? "w8" : "w"));
  if (tiff == nullptr) {
    return fail(error, "cannot write " + path.string());
  }
  const std::unique_ptr<void, int (*)(tjhandle)> encoder(tjInitCompress(), tjDestroy);
  std::vector<std::uint8_t> pixels;
  for (int level = 0;; ++level) {
    // One period of the pattern, at least one tile: below that the patch is laid out again.
    if (level > 0) {
      patch = halved(patch);
      if (patch.width < kTile) {
        Raster wide = filled(kTile, kTile, 0, 0, 0);
        for (int y = 0; y < kTile; y += patch.height) {
          for (int x = 0; x < kTile; x += patch.width) {
            paste(wide, patch, x, y);
          }
        }
        patch = std::move(wide);
      }
    }
    const int around = patch.width / kTile;
    std::vector<std::vector<std::uint8_t>> tiles;
    for (int y = 0; y < around; ++y) {
      for (int x = 0; x < around; ++x) {
        cut_tile(patch, x * kTile, y * kTile, kTile, pixels);
        unsigned char* data = nullptr;
        unsigned long size = 0;  // NOLINT(google-runtime-int): turbojpeg's type
        if (tjCompress2(encoder.get(), pixels.data(), kTile, 0, kTile, TJPF_RGB, &data, &size, TJSAMP_420, 80,
                        0) != 0) {
          return fail(error, "turbojpeg cannot encode a tile");
        }
        tiles.emplace_back(data, data + size);
        tjFree(data);
      }
    }
    LevelForm form;
    form.tile = kTile;
    form.mpp = kMpp * static_cast<double>(1 << level);
    form.subfile = level == 0 ? 0 : FILETYPE_REDUCEDIMAGE;
    set_common_tags(tiff.get(), width, height, form);
    const int across = (width + kTile - 1) / kTile;
    const int down = (height + kTile - 1) / kTile;
    for (int y = 0; y < down; ++y) {
      for (int x = 0; x < across; ++x) {
        auto& tile = tiles[static_cast<std::size_t>((y % around) * around + x % around)];
        if (TIFFWriteRawTile(tiff.get(), static_cast<std::uint32_t>(y * across + x), tile.data(),
                             static_cast<tmsize_t>(tile.size())) < 0) {
          return fail(error, "libtiff cannot write a tile");
        }
      }
    }
    if (TIFFWriteDirectory(tiff.get()) != 1) {
      return fail(error, "libtiff cannot write a directory");
    }
    if (across == 1 && down == 1) {
      return true;
    }
    width = (width + 1) / 2;
    height = (height + 1) / 2;
  }
}

}  // namespace hada::support
