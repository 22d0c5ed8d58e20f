// TIFFs of scanner makers of whom there is no free sample here, drawn as their formats are known, and judged
// by OpenSlide: it must know the vendor and read the same pixels before and after cleaning.

#include <doctest/doctest.h>
#include <tiffio.h>

#include <algorithm>

#include "client/ingest/deidentify.h"
#include "tests/unit/client/ingest/pictures.h"
#include "tests/unit/client/ingest/temp_folder.h"

namespace hada::ingest {
namespace {

constexpr int kTile = 64;

struct Page {
  bool tiled = true;
  int width = 2 * kTile, height = kTile;
  int seed = 0;
  std::string description = {}, software = {}, xmp = {};
  bool reduced = false;
};

void write_tiff(const std::filesystem::path& path, const std::vector<Page>& pages, const char* mode = "w") {
  TIFF* tiff = TIFFOpen(path.c_str(), mode);
  REQUIRE(tiff);
  for (const Page& page : pages) {
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, page.width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, page.height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, page.reduced ? FILETYPE_REDUCEDIMAGE : 0);
    TIFFSetField(tiff, TIFFTAG_DATETIME, "2024:01:31 10:00:00");
    if (!page.description.empty()) TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, page.description.c_str());
    if (!page.software.empty()) TIFFSetField(tiff, TIFFTAG_SOFTWARE, page.software.c_str());
    if (!page.xmp.empty())
      TIFFSetField(tiff, TIFFTAG_XMLPACKET, static_cast<uint32_t>(page.xmp.size()), page.xmp.data());
    if (page.tiled) {
      TIFFSetField(tiff, TIFFTAG_TILEWIDTH, kTile);
      TIFFSetField(tiff, TIFFTAG_TILELENGTH, kTile);
    } else {
      TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, page.height);
    }
    std::vector<uint8_t> pixels(
        static_cast<size_t>((page.tiled ? kTile * kTile : page.width * page.height) * 3));
    const int blocks =
        page.tiled ? (page.width + kTile - 1) / kTile * ((page.height + kTile - 1) / kTile) : 1;
    for (int block = 0; block < blocks; ++block) {
      for (size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<uint8_t>(static_cast<size_t>(page.seed) * 31 +
                                         static_cast<size_t>(block) * 57 + i * 7 % 251);
      const auto size = static_cast<tmsize_t>(pixels.size());
      const auto number = static_cast<uint32_t>(block);
      if (page.tiled)
        TIFFWriteEncodedTile(tiff, number, pixels.data(), size);
      else
        TIFFWriteEncodedStrip(tiff, number, pixels.data(), size);
    }
    TIFFWriteDirectory(tiff);
  }
  TIFFClose(tiff);
}

struct Judged {
  SlideView before, after;
  std::string bytes;  // after
  PreparedImage image;
};

Judged judge(const std::vector<Page>& pages, const std::string& name, const char* mode = "w") {
  const TempFolder folder;
  write_tiff(folder.path() / name, pages, mode);
  Judged judged;
  judged.before = view_slide(folder.path() / name);
  const auto bundle = find_bundle(folder.path(), name);
  REQUIRE(bundle);
  auto image = deidentify(*bundle, {false, "test"}, Stop());
  if (!image) MESSAGE(image.error().message);
  REQUIRE(image);
  judged.bytes = *read_all(*image->files[0].source, 1 << 30);
  const auto cleaned = folder.write("cleaned/" + image->files[0].path, judged.bytes);
  judged.after = view_slide(cleaned);
  judged.image = *std::move(image);
  return judged;
}

void check_same_pixels(const Judged& judged, const std::string& vendor) {
  CHECK(judged.before.error == "");
  CHECK(judged.after.error == "");
  CHECK(judged.after.width == judged.before.width);
  CHECK(judged.after.pixels == judged.before.pixels);
  const auto& properties = judged.after.properties;
  CHECK(std::find(properties.begin(), properties.end(), "openslide.vendor=" + vendor) != properties.end());
  CHECK(judged.bytes.find("2024:01:31") == std::string::npos);
  CHECK(judged.bytes.find("Yamada") == std::string::npos);
}

bool has_property(const SlideView& view, const std::string& property) {
  return std::find(view.properties.begin(), view.properties.end(), property) != view.properties.end();
}

}  // namespace

TEST_CASE("a Trestle slide reads the same and says nothing of the patient") {
  const Judged judged =
      judge({{.description = "Objective Power=20;Background Color=FFFFFF;Patient=Yamada;OverlapsXY= 0 0",
              .software = "MedScan 2"}},
            "t.tif");
  check_same_pixels(judged, "trestle");
  CHECK(has_property(judged.after, "openslide.objective-power=20"));
}

TEST_CASE("a Philips slide reads the same and has no label, as a page or in its XML") {
  const std::string jpeg_base64 = "/9j/4AAQSkZJRgABAQAAAQABAAD/";
  const std::string spacing =
      "<DataObject ObjectType=\"PixelDataRepresentation\"><Attribute Name=\"DICOM_PIXEL_SPACING\">"
      "&quot;0.00025&quot; &quot;0.00025&quot;</Attribute></DataObject>";
  const std::string xml =
      "<?xml version=\"1.0\" encoding=\"UTF-8\" ?><DataObject ObjectType=\"DPUfsImport\"><Attribute "
      "Name=\"DICOM_MANUFACTURER\">PHILIPS</Attribute><Attribute "
      "Name=\"PIM_DP_UFS_BARCODE\">Yamada</Attribute><Attribute "
      "Name=\"PIM_DP_SCANNED_IMAGES\"><Array><DataObject ObjectType=\"DPScannedImage\"><Attribute "
      "Name=\"PIM_DP_IMAGE_TYPE\">WSI</Attribute><Attribute Name=\"DICOM_PIXEL_SPACING\">&quot;0.00025&quot; "
      "&quot;0.00025&quot;</Attribute><Attribute Name=\"PIIM_PIXEL_DATA_REPRESENTATION_SEQUENCE\"><Array>" +
      spacing +
      "</Array></Attribute></DataObject><DataObject ObjectType=\"DPScannedImage\"><Attribute "
      "Name=\"PIM_DP_IMAGE_TYPE\">LABELIMAGE</Attribute><Attribute Name=\"PIM_DP_IMAGE_DATA\">" +
      jpeg_base64 + "</Attribute></DataObject></Array></Attribute></DataObject>";
  const Judged judged =
      judge({{.description = xml, .software = "Philips DP v1.0"},
             {.tiled = false, .width = 32, .height = 32, .seed = 9, .description = "Label"},
             {.tiled = false, .width = 32, .height = 32, .seed = 8, .description = "Macro"}},
            "p.tiff");
  check_same_pixels(judged, "philips");
  CHECK(judged.before.associated.size() == 2);
  CHECK(judged.after.associated.empty());
  CHECK(has_property(judged.after, "openslide.mpp-x=0.25"));
  CHECK(judged.bytes.find(jpeg_base64) == std::string::npos);
}

TEST_CASE("a Leica slide reads the same and its overview is empty") {
  const std::string source =
      "<scanSettings><illuminationSettings><illuminationSource>brightfield</illuminationSource></"
      "illuminationSettings>"
      "<objectiveSettings><objective>20</objective></objectiveSettings></scanSettings>";
  const std::string xml =
      "<?xml version=\"1.0\"?><scn xmlns=\"http://www.leica-microsystems.com/scn/2010/10/01\"><collection "
      "name=\"Yamada\" "
      "sizeX=\"12800\" sizeY=\"6400\"><barcode>Yamada</barcode><image "
      "name=\"Yamada\"><creationDate>2024:01:31</creationDate>"
      "<device model=\"SCN400\" version=\"1\"/><pixels><dimension sizeX=\"128\" sizeY=\"64\" r=\"0\" "
      "ifd=\"0\"/></pixels>"
      "<view sizeX=\"12800\" sizeY=\"6400\" offsetX=\"0\" offsetY=\"0\"/>" +
      source +
      "</image><image name=\"main\"><device model=\"SCN400\" version=\"1\"/><pixels><dimension sizeX=\"128\" "
      "sizeY=\"64\" "
      "r=\"0\" ifd=\"1\"/></pixels><view sizeX=\"6400\" sizeY=\"3200\" offsetX=\"100\" offsetY=\"100\"/>" +
      source + "</image></collection></scn>";
  const Judged judged = judge({{.seed = 1, .description = xml}, {.seed = 2}}, "l.scn", "w8");
  check_same_pixels(judged, "leica");
  CHECK(has_property(judged.after, "openslide.objective-power=20"));
  CHECK(judged.image.files[0].path == "image.scn");
}

TEST_CASE("a Ventana slide reads the same and has no macro image") {
  const std::string scan =
      "<iScan Magnification=\"20\" ScanRes=\"0.5\" Z-layers=\"1\" BarCode1D=\"Yamada\" "
      "UserName=\"Yamada\"/>";
  // Two by two tiles, numbered from below as the stage went: 1 2 in the lower row, 4 3 in the upper.
  const auto joint = [](const std::string& direction, const std::string& from, const std::string& to) {
    return "<TileJointInfo FlagJoined=\"1\" Confidence=\"95\" Direction=\"" + direction + "\" Tile1=\"" +
           from + "\" Tile2=\"" + to + "\" OverlapX=\"0\" OverlapY=\"0\"/>";
  };
  const std::string joints =
      "<EncodeInfo Ver=\"2\"><SlideInfo Name=\"Yamada\"/><SlideStitchInfo><ImageInfo AOIScanned=\"1\" "
      "AOIIndex=\"0\" NumRows=\"2\" NumCols=\"2\" Pos-X=\"0\" Pos-Y=\"0\" Width=\"64\" Height=\"64\">" +
      joint("RIGHT", "1", "2") + joint("RIGHT", "4", "3") + joint("UP", "1", "4") + joint("UP", "2", "3") +
      "</ImageInfo></SlideStitchInfo><AoiOrigin><AOI0 OriginX=\"0\" OriginY=\"0\"/></AoiOrigin></EncodeInfo>";
  const Judged judged = judge(
      {{.tiled = false, .width = 32, .height = 32, .seed = 5, .description = "Label Image", .xmp = scan},
       {.height = 2 * kTile, .seed = 6, .description = "level=0 mag=20 quality=90", .xmp = joints}},
      "v.bif");
  check_same_pixels(judged, "ventana");
  CHECK(judged.before.associated == std::vector<std::string>{"macro"});
  CHECK(judged.after.associated.empty());
  CHECK(has_property(judged.after, "openslide.mpp-x=0.5"));
}

}  // namespace hada::ingest
