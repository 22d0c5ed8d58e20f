#include "tests/support/slide_factory/slide_factory.h"

#include <doctest/doctest.h>
#include <tiffio.h>
#include <turbojpeg.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

namespace hada::support {
namespace {

namespace fs = std::filesystem;

struct TempDir {
  fs::path path;
  TempDir() {
    std::string name = (fs::temp_directory_path() / "slide_factory_XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~TempDir() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

struct Level {
  std::uint32_t width = 0, height = 0, tile = 0;
  std::uint16_t photometric = 0;
  float per_unit = 0.0F;
  std::uint16_t unit = 0;
  std::string description;
};

std::vector<Level> levels_of(const fs::path& path) {
  std::vector<Level> levels;
  TIFF* tiff = TIFFOpen(path.c_str(), "r");
  REQUIRE(tiff != nullptr);
  do {
    Level level;
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &level.width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &level.height);
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &level.tile);
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &level.photometric);
    TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &level.per_unit);
    TIFFGetField(tiff, TIFFTAG_RESOLUTIONUNIT, &level.unit);
    const char* text = nullptr;
    if (TIFFGetField(tiff, TIFFTAG_IMAGEDESCRIPTION, &text) == 1) {
      level.description = text;
    }
    levels.push_back(level);
  } while (TIFFReadDirectory(tiff) == 1);
  TIFFClose(tiff);
  return levels;
}

// The upper left tile of a level, as RGBA words.
std::vector<std::uint32_t> first_tile(const fs::path& path, int level, std::uint32_t tile) {
  std::vector<std::uint32_t> pixels(static_cast<std::size_t>(tile) * tile);
  TIFF* tiff = TIFFOpen(path.c_str(), "r");
  REQUIRE(tiff != nullptr);
  CHECK(TIFFSetDirectory(tiff, static_cast<tdir_t>(level)) == 1);
  CHECK(TIFFReadRGBATile(tiff, 0, 0, pixels.data()) == 1);
  TIFFClose(tiff);
  return pixels;
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::vector<std::string>> rows_of(const fs::path& path) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> fields;
    std::string field;
    std::istringstream cells(line + ",");  // the set's fields hold no commas
    while (std::getline(cells, field, ',')) {
      fields.push_back(field);
    }
    rows.push_back(fields);
  }
  return rows;
}

SlideSpec small_slide() {
  SlideSpec spec;
  spec.histology = Histology::BasalCellCarcinoma;
  spec.width = 900;
  spec.height = 700;
  spec.mpp = 4.0;
  return spec;
}

TEST_CASE("drawing") {
  SUBCASE("the same seed gives the same picture, another seed another one") {
    DermoscopySpec dermoscopy;
    dermoscopy.width = 200;
    dermoscopy.height = 150;
    CHECK(draw_dermoscopy(dermoscopy) == draw_dermoscopy(dermoscopy));
    DermoscopySpec other = dermoscopy;
    other.seed = 2;
    CHECK(draw_dermoscopy(dermoscopy) != draw_dermoscopy(other));
    CHECK(draw_slide(small_slide()) == draw_slide(small_slide()));
  }
  SUBCASE("every kind has the asked size and is not blank") {
    const auto check = [](const Raster& raster, int width, int height) {
      CHECK(raster.width == width);
      CHECK(raster.height == height);
      REQUIRE(raster.rgb.size() == static_cast<std::size_t>(width) * height * 3);
      CHECK(std::set<std::uint8_t>(raster.rgb.begin(), raster.rgb.end()).size() > 50);
    };
    for (int i = 0; i <= static_cast<int>(DermoscopyPattern::Psoriasis); ++i) {
      DermoscopySpec spec;
      spec.pattern = static_cast<DermoscopyPattern>(i);
      spec.width = 161;
      spec.height = 121;
      check(draw_dermoscopy(spec), 161, 121);
    }
    for (int i = 0; i <= static_cast<int>(Eruption::HerpesZoster); ++i) {
      CloseupSpec spec;
      spec.eruption = static_cast<Eruption>(i);
      spec.width = 121;
      spec.height = 91;
      check(draw_closeup(spec), 121, 91);
      OverviewSpec overview;
      overview.part = i % 2 == 0 ? BodyPart::Back : BodyPart::Forearm;
      overview.eruption = spec.eruption;
      overview.width = 90;
      overview.height = 120;
      check(draw_overview(overview), 90, 120);
    }
    for (int i = 0; i <= static_cast<int>(Histology::LichenPlanus); ++i) {
      SlideSpec spec = small_slide();
      spec.histology = static_cast<Histology>(i);
      spec.width = 301;
      spec.height = 223;
      spec.fills_frame = i % 2 == 1;
      check(draw_slide(spec), 301, 223);
    }
  }
  SUBCASE("more melanin makes darker skin") {
    double last = 1e9;
    for (int tone = 1; tone <= 6; ++tone) {
      CloseupSpec spec;
      spec.eruption = Eruption::Nevus;
      spec.tone = static_cast<SkinTone>(tone);
      spec.width = 120;
      spec.height = 90;
      const Raster raster = draw_closeup(spec);
      double sum = 0.0;
      for (const std::uint8_t v : raster.rgb) {
        sum += v;
      }
      CHECK(sum < last);
      last = sum;
    }
  }
  SUBCASE("the mark can be left out, and differs from none") {
    SlideSpec spec = small_slide();
    const Raster marked = draw_slide(spec);
    spec.mark = false;
    CHECK(marked != draw_slide(spec));
  }
}

TEST_CASE("pixels") {
  SUBCASE("halving averages and rounds odd sides up") {
    const Raster raster{3, 1, {0, 0, 0, 100, 100, 100, 50, 60, 70}};
    CHECK(halved(raster) == Raster{2, 1, {50, 50, 50, 50, 60, 70}});
  }
  SUBCASE("turning left puts the right column on top") {
    const Raster raster{2, 1, {1, 2, 3, 4, 5, 6}};
    CHECK(turned_left(raster) == Raster{1, 2, {4, 5, 6, 1, 2, 3}});
  }
}

TEST_CASE("photographs") {
  const TempDir dir;
  const Raster raster = draw_closeup([] {
    CloseupSpec spec;
    spec.width = 64;
    spec.height = 48;
    return spec;
  }());
  SUBCASE("a JPEG decodes to its size") {
    REQUIRE(write_jpeg(dir.path / "a.jpg", raster));
    const std::string data = bytes_of(dir.path / "a.jpg");
    const tjhandle decoder = tjInitDecompress();
    int width = 0, height = 0, sampling = 0, space = 0;
    CHECK(tjDecompressHeader3(decoder, reinterpret_cast<const unsigned char*>(data.data()), data.size(),
                              &width, &height, &sampling, &space) == 0);
    tjDestroy(decoder);
    CHECK(width == 64);
    CHECK(height == 48);
    CHECK(data.find("Exif") == std::string::npos);
  }
  SUBCASE("EXIF carries the orientation, and a position only on request") {
    JpegOptions options;
    options.exif_orientation = 6;
    REQUIRE(write_jpeg(dir.path / "o.jpg", raster, options));
    const std::string orientation("\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06", 10);
    const std::string gps("\x88\x25\x00\x04", 4);
    CHECK(bytes_of(dir.path / "o.jpg").find(orientation) != std::string::npos);
    CHECK(bytes_of(dir.path / "o.jpg").find(gps) == std::string::npos);
    options.camera_exif = true;
    REQUIRE(write_jpeg(dir.path / "c.jpg", raster, options));
    CHECK(bytes_of(dir.path / "c.jpg").find(gps) != std::string::npos);
    CHECK(bytes_of(dir.path / "c.jpg").find("SYNTHETIC CAMERA") != std::string::npos);
  }
  SUBCASE("a PNG is RGB, or RGBA with an alpha plane") {
    REQUIRE(write_png(dir.path / "a.png", raster));
    CHECK(bytes_of(dir.path / "a.png")[25] == 2);
    REQUIRE(write_png(dir.path / "b.png", raster, std::vector<std::uint8_t>(64 * 48, 128)));
    CHECK(bytes_of(dir.path / "b.png")[25] == 6);
  }
  SUBCASE("refuses an alpha plane of the wrong size, and a folder that is not there") {
    std::string error;
    CHECK_FALSE(write_png(dir.path / "c.png", raster, std::vector<std::uint8_t>(7), &error));
    CHECK(error == "alpha has the wrong size");
    CHECK_FALSE(write_jpeg(dir.path / "none" / "a.jpg", raster, {}, &error));
    CHECK_FALSE(write_tiled_tiff(dir.path / "none" / "a.tiff", raster, 256, 1, 0.0, 80, &error));
  }
}

TEST_CASE("slides") {
  const TempDir dir;
  const Raster raster = draw_slide(small_slide());
  SUBCASE("the libvips pyramid goes down to one tile and states its resolution") {
    REQUIRE(write_pyramid_tiff(dir.path / "a.tiff", raster, 0.5));
    const auto levels = levels_of(dir.path / "a.tiff");
    REQUIRE(levels.size() == 3);
    CHECK(levels[0].width == 900);
    CHECK(levels[2].width == 225);
    CHECK(levels[0].tile == 256);
    CHECK(levels[0].unit == RESUNIT_CENTIMETER);
    CHECK(levels[0].per_unit == doctest::Approx(20000.0));
  }
  SUBCASE("the libtiff pyramid has the asked levels and tile size, and decodes to what was drawn") {
    REQUIRE(write_tiled_tiff(dir.path / "b.tiff", raster, 240, 3, 0.25, 95));
    const auto levels = levels_of(dir.path / "b.tiff");
    REQUIRE(levels.size() == 3);
    CHECK(levels[1].width == 450);
    CHECK(levels[2].height == 175);
    CHECK(levels[1].tile == 240);
    CHECK(levels[0].photometric == PHOTOMETRIC_YCBCR);
    CHECK(levels[1].per_unit == doctest::Approx(20000.0));
    const auto tile = first_tile(dir.path / "b.tiff", 0, 240);
    const std::uint32_t glass = tile[239 * 240];  // libtiff hands the tile bottom row first
    CHECK(std::abs(static_cast<int>(TIFFGetR(glass)) - raster.rgb[0]) <= 3);
    CHECK(std::abs(static_cast<int>(TIFFGetB(glass)) - raster.rgb[2]) <= 3);
  }
  SUBCASE("the Aperio likeness has thumbnail, label and macro, and identifiers to remove") {
    REQUIRE(write_aperio_like(dir.path / "c.svs", raster, 0.5));
    const auto levels = levels_of(dir.path / "c.svs");
    REQUIRE(levels.size() == 6);
    CHECK(levels[0].tile == 240);
    CHECK(levels[0].photometric == PHOTOMETRIC_RGB);
    CHECK(levels[0].description.find("|MPP = 0.5000") != std::string::npos);
    CHECK(levels[0].description.find("Barcode") != std::string::npos);
    CHECK(levels[2].width == 225);
    CHECK(levels[3].width == 57);
    CHECK(levels[4].description.find(" \nlabel ") != std::string::npos);  // the form that OpenSlide reads
    CHECK(levels[5].description.find("macro") != std::string::npos);
    const auto tile = first_tile(dir.path / "c.svs", 0, 240);
    CHECK(std::abs(static_cast<int>(TIFFGetR(tile[239 * 240])) - raster.rgb[0]) <= 3);
  }
  SUBCASE("a big slide has a full pyramid of raw tiles that decode") {
    REQUIRE(write_big_slide(dir.path / "d.tiff", 5000, 3000));
    const auto levels = levels_of(dir.path / "d.tiff");
    REQUIRE(levels.size() == 6);
    CHECK(levels[0].width == 5000);
    CHECK(levels[5].width == 157);
    const auto top = first_tile(dir.path / "d.tiff", 5, 256);
    CHECK(std::set<std::uint32_t>(top.begin(), top.end()).size() > 100);
  }
}

TEST_CASE("the demonstration set") {
  const TempDir dir;
  std::string error;
  const int rows = write_demo_set(dir.path, 1, &error, 8);
  CHECK(error.empty());
  const auto manifest = rows_of(dir.path / "manifest.csv");
  REQUIRE(rows >= 26);
  REQUIRE(manifest.size() == static_cast<std::size_t>(rows) + 1);
  std::map<std::string, std::size_t> column;
  for (std::size_t i = 0; i < manifest[0].size(); ++i) {
    column[manifest[0][i]] = i;
  }

  SUBCASE("every row names a file that exists, once, and has every field") {
    std::set<std::string> files;
    for (std::size_t i = 1; i < manifest.size(); ++i) {
      REQUIRE(manifest[i].size() == manifest[0].size());
      const std::string& file = manifest[i][column["file"]];
      CHECK(fs::is_regular_file(dir.path / file));
      CHECK(files.insert(file).second);
      CHECK(manifest[i][column["image_manipulation"]] == "synthetic");
      CHECK(manifest[i][column["licence"]] == "CC-0");
    }
  }
  SUBCASE("a lesion belongs to one patient, and a case too") {
    std::map<std::string, std::string> patient;
    for (std::size_t i = 1; i < manifest.size(); ++i) {
      for (const char* key : {"lesion_id", "case_id"}) {
        const auto& [at, fresh] =
            patient.try_emplace(manifest[i][column[key]], manifest[i][column["patient_id"]]);
        CHECK(at->second == manifest[i][column["patient_id"]]);
      }
    }
  }
  SUBCASE("fields that depend on the kind of image stand only there") {
    for (std::size_t i = 1; i < manifest.size(); ++i) {
      const std::string& kind = manifest[i][column["kind"]];
      CHECK(manifest[i][column["dermoscopic_type"]].empty() == (kind != "dermoscopic"));
      CHECK(manifest[i][column["stain"]].empty() == (kind.rfind("histopathology", 0) != 0));
      if (manifest[i][column["concomitant_biopsy"]] == "true") {
        CHECK(manifest[i][column["dx_confirm_type"]] == "histopathology");
      }
    }
  }
  SUBCASE("at least two cases show overview, close-up, dermoscopy and slide side by side") {
    std::map<std::string, std::set<std::string>> kinds;
    for (std::size_t i = 1; i < manifest.size(); ++i) {
      kinds[manifest[i][column["case_id"]]].insert(manifest[i][column["kind"]]);
    }
    CHECK(kinds.size() >= 14);
    int full = 0;
    for (const auto& [id, of_case] : kinds) {
      full += of_case.size() == 4 ? 1 : 0;
    }
    CHECK(full >= 2);
  }
  SUBCASE("a second run writes the same bytes") {
    const TempDir again;
    REQUIRE(write_demo_set(again.path, 1, &error, 8) == rows);
    for (std::size_t i = 1; i < manifest.size(); ++i) {
      const std::string& file = manifest[i][column["file"]];
      CHECK_MESSAGE(bytes_of(dir.path / file) == bytes_of(again.path / file), file);
    }
  }
}

}  // namespace
}  // namespace hada::support
