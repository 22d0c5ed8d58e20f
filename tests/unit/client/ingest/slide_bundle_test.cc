// Slides of several files: what leaves the hospital, judged by OpenSlide.

#include <doctest/doctest.h>

#include <algorithm>

#include "client/ingest/deidentify.h"
#include "client/ingest/mirax.h"
#include "tests/unit/client/ingest/pictures.h"
#include "tests/unit/client/ingest/temp_folder.h"

namespace hada::ingest {
namespace {

std::string le32(uint64_t value) {
  std::string out;
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xFF);
  return out;
}

// A MIRAX slide of one level with 2 x 1 tiles of 64 px, and label, macro, preview and vendor XML in its scan
// data.
struct MiraxMaker {
  std::string slidedat, index, data;
  std::string label = encode_jpeg(gradient(32, 32, 111)), macro = encode_jpeg(gradient(48, 32, 222));
  std::string preview = encode_jpeg(gradient(16, 16, 33)), xml = "<owner>Yamada Hanako</owner>";

  MiraxMaker() {
    const std::string id = "0123456789ABCDEF";
    slidedat =
        "\xEF\xBB\xBF[GENERAL]\r\nSLIDE_VERSION = 01.02\r\nSLIDE_ID = " + id +
        "\r\nSLIDE_NAME = Yamada\r\nPROJECT_NAME = Ward 7\r\nSLIDE_CREATIONDATETIME = "
        "31/01/2024\r\nIMAGENUMBER_X = 2\r\n"
        "IMAGENUMBER_Y = 1\r\nOBJECTIVE_MAGNIFICATION = 20\r\nCameraImageDivisionsPerSide = 1\r\n"
        "[HIERARCHICAL]\r\nINDEXFILE = Index.dat\r\nHIER_COUNT = 1\r\nNONHIER_COUNT = 1\r\nHIER_0_NAME = "
        "Slide zoom level\r\n"
        "HIER_0_COUNT = 1\r\nHIER_0_VAL_0 = ZoomLevel_0\r\nHIER_0_VAL_0_SECTION = LAYER_0_LEVEL_0_SECTION\r\n"
        "NONHIER_0_NAME = Scan data layer\r\nNONHIER_0_COUNT = 4\r\n";
    const char* values[] = {"ScanDataLayer_SlideThumbnail", "ScanDataLayer_SlideBarcode",
                            "ScanDataLayer_SlidePreview", "ScanDataLayer_XMLInfo"};
    for (int i = 0; i < 4; ++i)
      slidedat += "NONHIER_0_VAL_" + std::to_string(i) + " = " + values[i] + "\r\nNONHIER_0_VAL_" +
                  std::to_string(i) + "_SECTION = NONHIERLAYER_0_LEVEL_" + std::to_string(i) + "_SECTION\r\n";
    slidedat +=
        "[LAYER_0_LEVEL_0_SECTION]\r\nOVERLAP_X = 0\r\nOVERLAP_Y = 0\r\nMICROMETER_PER_PIXEL_X = 0.5\r\n"
        "MICROMETER_PER_PIXEL_Y = 0.5\r\nIMAGE_FORMAT = JPEG\r\nIMAGE_FILL_COLOR_BGR = "
        "16777215\r\nDIGITIZER_WIDTH = 64\r\n"
        "DIGITIZER_HEIGHT = 64\r\nIMAGE_CONCAT_FACTOR = 0\r\n"
        "[NONHIERLAYER_0_LEVEL_0_SECTION]\r\nTHUMBNAIL_IMAGE_TYPE = JPEG\r\n"
        "[NONHIERLAYER_0_LEVEL_1_SECTION]\r\nBARCODE_IMAGE_TYPE = JPEG\r\nBARCODE_VALUE = 4711\r\n"
        "[NONHIERLAYER_0_LEVEL_2_SECTION]\r\nPREVIEW_IMAGE_TYPE = JPEG\r\n"
        "[NONHIERLAYER_0_LEVEL_3_SECTION]\r\nXML = 1\r\n"
        "[DATAFILE]\r\nFILE_COUNT = 1\r\nFILE_0 = Data0000.dat\r\n";

    data = "data file header";
    std::vector<std::pair<uint64_t, uint64_t>> places;  // offset and length
    for (const std::string& piece :
         {encode_jpeg(gradient(64, 64, 10)), encode_jpeg(gradient(64, 64, 90)), macro, label, preview, xml}) {
      places.emplace_back(data.size(), piece.size());
      data += piece;
    }
    index = "01.02" + id;
    const uint64_t roots = index.size();
    index += le32(0) + le32(0);
    const auto patch = [&](uint64_t at, uint64_t value) { index.replace(at, 4, le32(value)); };
    // Level 0: a table of one pointer, to an empty page that points at the first real one.
    patch(roots, index.size());
    index += le32(index.size() + 4);
    index += le32(0) + le32(index.size() + 8);
    index += le32(2) + le32(0);
    for (int i = 0; i < 2; ++i)
      index += le32(static_cast<uint64_t>(i)) + le32(places[i].first) + le32(places[i].second) + le32(0);
    // The four records.
    patch(roots + 4, index.size());
    const uint64_t table = index.size();
    index += std::string(16, '\0');
    for (uint64_t i = 0; i < 4; ++i) {
      patch(table + 4 * i, index.size());
      index += le32(0) + le32(index.size() + 8);
      index += le32(1) + le32(0) + le32(0) + le32(0) + le32(places[2 + i].first) +
               le32(places[2 + i].second) + le32(0);
    }
  }

  void write(const TempFolder& folder) const {
    folder.write("Yamada.mrxs", label);
    folder.write("Yamada/Slidedat.ini", slidedat);
    folder.write("Yamada/Index.dat", index);
    folder.write("Yamada/Data0000.dat", data);
  }
};

Result<PreparedImage> prepare(const TempFolder& folder, const std::string& file) {
  ASSIGN_OR_RETURN(const Bundle bundle, find_bundle(folder.path(), file));
  return deidentify(bundle, {false, "test"}, Stop());
}

std::string all_bytes(const PreparedImage& image) {
  std::string all;
  for (const PreparedFile& file : image.files) all += file.path + "\n" + *read_all(*file.source, 1 << 30);
  return all;
}

void lay_out(const PreparedImage& image, const TempFolder& folder) {
  for (const PreparedFile& file : image.files) folder.write(file.path, *read_all(*file.source, 1 << 30));
}

}  // namespace

TEST_CASE("a MIRAX slide keeps its pixels and loses label, macro, vendor XML, names and dates") {
  const TempFolder before, after;
  const MiraxMaker slide;
  slide.write(before);
  const SlideView there = view_slide(before.path() / "Yamada.mrxs");
  REQUIRE(there.error == "");
  REQUIRE(there.associated.size() == 3);  // the slide itself is one that OpenSlide reads

  const auto image = prepare(before, "Yamada.mrxs");
  if (!image) MESSAGE(image.error().message);
  REQUIRE(image);
  lay_out(*image, after);
  const SlideView here = view_slide(after.path() / "image.mrxs");
  CHECK(here.error == "");
  CHECK(here.width == there.width);
  CHECK(here.pixels == there.pixels);
  CHECK(here.associated == std::vector<std::string>{"thumbnail"});
  const std::string all = all_bytes(*image);
  for (const std::string& gone : {slide.label, slide.macro, slide.xml, std::string("Yamada"),
                                  std::string("Ward 7"), std::string("31/01/2024"), std::string("4711")})
    CHECK(all.find(gone) == std::string::npos);
  CHECK(all.find(slide.preview) != std::string::npos);
  for (const char* what : {"label image", "macro image", "other scan data", "names and dates"})
    CHECK(std::find(image->removed.begin(), image->removed.end(), what) != image->removed.end());
}

TEST_CASE("a MIRAX slide whose index contradicts its ini is refused") {
  const TempFolder folder;
  MiraxMaker slide;
  SUBCASE("the index ends early") { slide.index.resize(40); }
  SUBCASE("a record leaves its data file") { slide.data.resize(slide.data.size() - slide.xml.size() - 1); }
  SUBCASE("the number of layers is no number") {
    slide.slidedat.replace(slide.slidedat.find("NONHIER_COUNT = 1"), 17, "NONHIER_COUNT = x");
  }
  slide.write(folder);
  const auto image = prepare(folder, "Yamada.mrxs");
  REQUIRE_FALSE(image);
  CHECK((image.error().reason == "BAD_BUNDLE" || image.error().reason == "UNREADABLE"));
}

TEST_CASE("a VMS slide leaves with a new index, without its macro, and no byte of its scans moved") {
  const TempFolder folder;
  const std::string jpeg = encode_jpeg(gradient(64, 64, 5));
  std::string with_comment = jpeg;
  with_comment.insert(2, std::string("\xFF\xFE\0\x10Yamada 1970-01", 18));
  folder.write(
      "Yamada.vms",
      "[Virtual Microscope "
      "Specimen]\r\nNoLayers=1\r\nNoJpegColumns=1\r\nNoJpegRows=1\r\nImageFile=Yamada.jpg\r\n"
      "MapFile=Yamada_map.jpg\r\nMacroImage=Yamada_macro.jpg\r\nAuthCode=secret\r\nPhysicalWidth=1000\r\n");
  folder.write("Yamada.jpg", with_comment);
  folder.write("Yamada_map.jpg", jpeg);
  folder.write("Yamada_macro.jpg", encode_jpeg(gradient(8, 8, 1)));
  const auto image = prepare(folder, "Yamada.vms");
  REQUIRE(image);
  REQUIRE(image->files.size() == 3);
  CHECK(*read_all(*image->files[0].source, 10000) ==
        "[Virtual Microscope Specimen]\r\nNoLayers = 1\r\nNoJpegColumns = 1\r\nNoJpegRows = 1\r\nImageFile = "
        "image-0.jpg\r\n"
        "MapFile = image-1.jpg\r\nPhysicalWidth = 1000\r\n\r\n");
  const std::string cleaned = *read_all(*image->files[1].source, 1 << 20);
  CHECK(cleaned.size() == with_comment.size());
  CHECK(cleaned.find("Yamada") == std::string::npos);
  CHECK(cleaned.substr(20) == jpeg.substr(2));
  CHECK(all_bytes(*image).find("Yamada") == std::string::npos);
}

}  // namespace hada::ingest
