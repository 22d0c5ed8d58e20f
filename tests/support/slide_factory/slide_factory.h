// Synthetic images for tests, benchmarks and demonstrations.
//
// Everything here is drawn by arithmetic from a seed: no photograph, no patient. Each picture says so in
// a corner ("SYNTHETIC"), and the manifest says image_manipulation=synthetic. The same spec and seed give
// the same pixels on the same machine.
//
// Errors: functions that write return false (write_demo_set: -1) and put a sentence into *error where one
// is given; nothing throws. Threads: the draw functions are pure and may run in parallel; the writers may
// too, as long as the paths differ.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace hada::support {

// Interleaved 8-bit sRGB, top row first; rgb.size() == width * height * 3.
struct Raster {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;

  friend bool operator==(const Raster&, const Raster&) = default;
};

// Fitzpatrick skin types.
enum class SkinTone { I = 1, II, III, IV, V, VI };

// ---- Drawing ----------------------------------------------------------------------------------------

enum class DermoscopyPattern {
  Nevus,
  Melanoma,
  BasalCellCarcinoma,
  SeborrheicKeratosis,
  Dermatofibroma,
  Hemangioma,
  Psoriasis
};

struct DermoscopySpec {
  DermoscopyPattern pattern = DermoscopyPattern::Nevus;
  int width = 1600;
  int height = 1200;
  SkinTone tone = SkinTone::II;
  double field_of_view_mm = 15.0;  // across the width; mpp = 1000 * field_of_view_mm / width
  double lesion_mm = 7.0;          // longest diameter
  bool vignette = true;            // the round field of a contact dermatoscope
  bool ruler = true;               // millimetres, along the lower edge
  int hairs = 6;
  bool mark = true;
  std::uint64_t seed = 1;
};
Raster draw_dermoscopy(const DermoscopySpec& spec);

enum class Eruption {
  Nevus,
  Melanoma,
  BasalCellCarcinoma,
  SeborrheicKeratosis,
  Psoriasis,
  AtopicDermatitis,
  TineaCorporis,
  Vitiligo,
  Acne,
  Urticaria,
  LichenPlanus,
  HerpesZoster
};

struct CloseupSpec {
  Eruption eruption = Eruption::Psoriasis;
  int width = 1200;
  int height = 900;
  SkinTone tone = SkinTone::III;
  double field_of_view_mm = 70.0;  // across the width
  bool mark = true;
  std::uint64_t seed = 1;
};
Raster draw_closeup(const CloseupSpec& spec);

enum class BodyPart { Forearm, Back };

struct OverviewSpec {
  BodyPart part = BodyPart::Forearm;
  Eruption eruption = Eruption::Psoriasis;
  int width = 900;
  int height = 1200;
  SkinTone tone = SkinTone::III;
  bool mark = true;
  std::uint64_t seed = 1;
};
Raster draw_overview(const OverviewSpec& spec);

enum class Histology {
  NormalSkin,
  BasalCellCarcinoma,
  Melanoma,
  Psoriasis,
  SeborrheicKeratosis,
  LichenPlanus
};

// A vertical section of skin, haematoxylin and eosin: white glass around one piece of tissue.
struct SlideSpec {
  Histology histology = Histology::NormalSkin;
  int width = 8192;
  int height = 6144;
  double mpp = 0.5;          // um per pixel; cells keep their size in um
  bool fills_frame = false;  // a microscope field: tissue up to the left, right and lower edge
  bool mark = true;
  std::uint64_t seed = 1;
};
Raster draw_slide(const SlideSpec& spec);

// Writes text (A-Z, 0-9, "-.:/ m") with its upper left corner at (x, y); each font pixel is scale x scale.
void draw_text(Raster& raster, int x, int y, const std::string& text, int scale, std::uint8_t red,
               std::uint8_t green, std::uint8_t blue);
// Halves both sides by averaging 2x2 pixels; odd sides round up.
Raster halved(const Raster& raster);
// Turns by 90 degrees counter-clockwise (what a camera stores for EXIF orientation 6).
Raster turned_left(const Raster& raster);

// ---- Writing ----------------------------------------------------------------------------------------

struct JpegOptions {
  int quality = 90;
  int exif_orientation = 0;  // 1-8; 0 writes no EXIF at all
  bool camera_exif = false;  // also make, model, owner, date and a GPS position (0 N 0 E): all invented
};
// Baseline JPEG, 4:2:0.
[[nodiscard]] bool write_jpeg(const std::filesystem::path& path, const Raster& raster,
                              const JpegOptions& options = {}, std::string* error = nullptr);

// alpha: empty, or width * height bytes (then the file is RGBA).
[[nodiscard]] bool write_png(const std::filesystem::path& path, const Raster& raster,
                             const std::vector<std::uint8_t>& alpha = {}, std::string* error = nullptr);

// libvips: tiled (256 px) JPEG pyramid down to one tile, each level half of the one before, as pages of a
// TIFF. mpp goes into XResolution and YResolution (per cm).
[[nodiscard]] bool write_pyramid_tiff(const std::filesystem::path& path, const Raster& raster, double mpp,
                                      int quality = 80, std::string* error = nullptr);

// libtiff: `levels` levels (1 or more; each half of the one before), JPEG (YCbCr 4:2:0, shared
// JPEGTables), tiles of `tile` pixels (a multiple of 16). mpp 0 writes no resolution.
[[nodiscard]] bool write_tiled_tiff(const std::filesystem::path& path, const Raster& raster, int tile = 256,
                                    int levels = 1, double mpp = 0.0, int quality = 80,
                                    std::string* error = nullptr);

// The layout of an Aperio SVS: level 0, thumbnail, levels 1/4 and 1/16, label, macro; tiles of 240 px in
// JPEG stored as RGB; a vendor description with user, date and barcode (invented), which makes it a
// subject for de-identification.
[[nodiscard]] bool write_aperio_like(const std::filesystem::path& path, const Raster& raster, double mpp,
                                     int quality = 80, std::string* error = nullptr);

// A slide of any size, for benchmarks: one 2048 px patch of tissue repeated, a full pyramid of 256 px
// tiles. Tiles are encoded once per level and written raw, so 20000 x 20000 takes a few seconds. BigTIFF
// where the file may pass 2 GB. mpp is 0.25.
[[nodiscard]] bool write_big_slide(const std::filesystem::path& path, int width, int height,
                                   std::uint64_t seed = 1, std::string* error = nullptr);
// The same with a patch of the caller's, 2048 x 2048 pixels: real tissue, where there is some.
[[nodiscard]] bool write_big_slide(const std::filesystem::path& path, int width, int height, Raster patch,
                                   std::string* error = nullptr);

// ---- The demonstration set --------------------------------------------------------------------------

// Draws the whole set into `dir` (made if absent) with `dir`/manifest.csv in the unified format. Returns
// the number of manifest rows, or -1. `shrink` divides both sides of every picture (and multiplies mpp):
// 8 gives the same set in about half a second, for tests that need files and not beauty.
[[nodiscard]] int write_demo_set(const std::filesystem::path& dir, std::uint64_t seed = 1,
                                 std::string* error = nullptr, int shrink = 1);

}  // namespace hada::support
