#include "contract/tiff_cleaning.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

#include "contract/vendor_text.h"

namespace hada::contract {
namespace {

using namespace std::string_view_literals;

// Writes TIFFs directory by directory: values first, then the directory, linked from the one before.
class TiffWriter {
 public:
  explicit TiffWriter(bool big = false) : big_(big) {
    bytes_ = big ? std::string("II+\0\x08\0\0\0"sv) : std::string("II*\0"sv);
    link_ = bytes_.size();
    put(0, pointer());
  }

  uint64_t add(std::string_view data) {
    const uint64_t at = bytes_.size();
    bytes_ += data;
    if (bytes_.size() % 2) bytes_ += '\0';
    return at;
  }

  struct Entry {
    uint16_t tag, type;
    uint64_t count;
    std::string value;
  };
  static Entry ascii(uint16_t tag, std::string_view text) {
    return {tag, 2, text.size() + 1, std::string(text) + '\0'};
  }
  static Entry shorts(uint16_t tag, uint16_t value) { return {tag, 3, 1, le(value, 2)}; }
  static Entry longs(uint16_t tag, std::vector<uint64_t> values) {
    std::string value;
    for (const uint64_t v : values) value += le(v, 4);
    return {tag, 4, values.size(), value};
  }
  static Entry real(uint16_t tag, float value) {
    std::string bytes(4, '\0');
    std::memcpy(bytes.data(), &value, 4);
    return {tag, 11, 1, bytes};
  }

  // Returns the directory's offset. `linked` false: one that only a pointer reaches.
  uint64_t directory(std::vector<Entry> entries, bool linked = true) {
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.tag < b.tag; });
    std::string body = le(entries.size(), big_ ? 8 : 2);
    for (const Entry& entry : entries) {
      body += le(entry.tag, 2) + le(entry.type, 2) + le(entry.count, pointer());
      std::string value = entry.value;
      if (value.size() > static_cast<size_t>(pointer())) value = le(add(value), pointer());
      value.resize(static_cast<size_t>(pointer()), '\0');
      body += value;
    }
    const uint64_t at = add("");
    bytes_ += body;
    if (linked) {
      patch(link_, at);
      link_ = bytes_.size();
    }
    put(0, pointer());
    return at;
  }

  std::string bytes() const { return bytes_; }
  static std::string le(uint64_t value, int size) {
    std::string out;
    for (int i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
    return out;
  }

 private:
  int pointer() const { return big_ ? 8 : 4; }
  void put(uint64_t value, int size) { bytes_ += le(value, size); }
  void patch(size_t at, uint64_t value) {
    bytes_.replace(at, static_cast<size_t>(pointer()), le(value, pointer()));
  }
  bool big_;
  std::string bytes_;
  size_t link_ = 0;
};

using Entries = std::vector<TiffWriter::Entry>;

ReadAt reader(const std::string& file) {
  return [&file](uint64_t offset, uint64_t size) -> Result<std::string> {
    if (offset > file.size() || size > file.size() - offset)
      return Unexpected(ErrorCode::DataLoss, "UNREADABLE", "outside");
    return file.substr(offset, size);
  };
}

std::string apply_edits(std::string file, const TiffCleaning& plan) {
  uint64_t last = 0;
  for (const ByteEdit& edit : plan.edits) {
    REQUIRE(edit.offset >= last);
    REQUIRE(edit.offset + edit.size <= file.size());
    REQUIRE((edit.bytes.empty() || edit.bytes.size() == edit.size));
    file.replace(edit.offset, edit.size, edit.bytes.empty() ? std::string(edit.size, '\0') : edit.bytes);
    last = edit.offset + edit.size;
  }
  return file;
}

struct Cleaned {
  TiffCleaning plan;
  std::string file;
  TiffLayout layout;
};

Cleaned clean(const std::string& file) {
  auto plan = plan_tiff_cleaning(reader(file), file.size());
  REQUIRE(plan);
  Cleaned cleaned{*plan, apply_edits(file, *plan), {}};
  auto layout = read_tiff_layout(reader(cleaned.file), cleaned.file.size());
  REQUIRE(layout);
  cleaned.layout = *layout;
  return cleaned;
}

bool holds(const std::string& file, std::string_view text) { return file.find(text) != std::string::npos; }

Entries tiled(TiffWriter& tiff, std::string_view pixels, Entries more = {}) {
  const uint64_t at = tiff.add(pixels);
  Entries entries = {TiffWriter::shorts(256, 16),  TiffWriter::shorts(257, 16),
                     TiffWriter::shorts(322, 16),  TiffWriter::shorts(323, 16),
                     TiffWriter::longs(324, {at}), TiffWriter::longs(325, {pixels.size()})};
  entries.insert(entries.end(), more.begin(), more.end());
  return entries;
}

Entries stripped(TiffWriter& tiff, std::string_view pixels, Entries more = {}) {
  const uint64_t at = tiff.add(pixels);
  Entries entries = {TiffWriter::shorts(256, 8), TiffWriter::shorts(257, 8), TiffWriter::longs(273, {at}),
                     TiffWriter::longs(279, {pixels.size()})};
  entries.insert(entries.end(), more.begin(), more.end());
  return entries;
}

const std::string kAperio =
    "Aperio Image Library v11\r\n46000x32914 [0,0 16x16] (16x16) JPEG/RGB Q=30|AppMag = 20|ScanScope ID = "
    "CPAPERIO|"
    "Filename = YAMADA-1|Date = 12/29/09|Time = 09:59:15|User = hanako|MPP = 0.4990|Title = lesion|Barcode = "
    "77";

}  // namespace

TEST_CASE("an Aperio slide loses label, macro, and the values that tell a person") {
  for (const bool big : {false, true}) {
    CAPTURE(big);
    TiffWriter tiff(big);
    tiff.directory(tiled(tiff, "TISSUE-PIXELS",
                         {TiffWriter::ascii(270, kAperio), TiffWriter::ascii(306, "2009:12:29 09:59:15")}));
    tiff.directory(stripped(tiff, "THUMBNAIL-PIXELS", {TiffWriter::ascii(270, kAperio)}));
    tiff.directory(stripped(tiff, "LABEL-PIXELS",
                            {TiffWriter::ascii(270, "Aperio Image Library v11\r\nlabel 387x463")}));
    tiff.directory(stripped(tiff, "MACRO-PIXELS",
                            {TiffWriter::ascii(270, "Aperio Image Library v11\r\nmacro 1280x431")}));
    const Cleaned cleaned = clean(tiff.bytes());
    CHECK(cleaned.plan.vendor == "aperio");
    CHECK(cleaned.layout.directories.size() == 2);
    CHECK(cleaned.file.size() == tiff.bytes().size());
    CHECK(cleaned.file.find("TISSUE-PIXELS") == tiff.bytes().find("TISSUE-PIXELS"));
    CHECK(holds(cleaned.file, "THUMBNAIL-PIXELS"));
    for (const char* gone : {"LABEL-PIXELS", "MACRO-PIXELS", "label 387x463", "YAMADA", "12/29/09",
                             "09:59:15", "hanako", "CPAPERIO", "lesion", "= 77", "2009:12:29"}) {
      CAPTURE(gone);
      CHECK(holds(tiff.bytes(), gone));
      CHECK_FALSE(holds(cleaned.file, gone));
    }
    CHECK(holds(cleaned.file, "AppMag = 20|"));
    CHECK(holds(cleaned.file, "|MPP = 0.4990|"));
    const auto& removed = cleaned.plan.removed;
    for (const char* word : {"label image", "macro image", "date", "Filename", "User", "Barcode"})
      CHECK(std::find(removed.begin(), removed.end(), word) != removed.end());
  }
}

TEST_CASE("an Aperio description keeps its length and the values that are known to be harmless") {
  std::vector<std::string> blanked;
  const std::string text =
      "Aperio\r\n1x1|AppMag = 20|Operator = Hanako|left over|Gamma = 2.2" + std::string("\0junk", 5);
  const std::string cleaned = clean_aperio_description(text, blanked);
  CHECK(cleaned ==
        "Aperio\r\n1x1|AppMag = 20|Operator =       |         |Gamma = 2.2" + std::string(5, '\0'));
  CHECK(blanked == std::vector<std::string>{"Operator", "unnamed text"});
}

TEST_CASE("an NDPI loses its macro image, its label text and its serial number") {
  TiffWriter tiff;
  tiff.directory(stripped(
      tiff, "LEVEL-0",
      {TiffWriter::longs(65420, {1}), TiffWriter::real(65421, 20.0f), TiffWriter::ascii(271, "Hamamatsu"),
       TiffWriter::ascii(65427, "YAMADA-123"), TiffWriter::ascii(65442, "SERIAL-9"),
       TiffWriter::ascii(65449, "Created=2009/12/31"), TiffWriter::ascii(306, "2009:12:31")}));
  tiff.directory(
      stripped(tiff, "MACRO-PIXELS", {TiffWriter::longs(65420, {1}), TiffWriter::real(65421, -1.0f)}));
  tiff.directory(
      stripped(tiff, "MAP-PIXELS", {TiffWriter::longs(65420, {1}), TiffWriter::real(65421, -2.0f)}));
  tiff.directory(stripped(tiff, "LEVEL-1", {TiffWriter::longs(65420, {1}), TiffWriter::real(65421, 10.0f)}));
  const Cleaned cleaned = clean(tiff.bytes());
  CHECK(cleaned.plan.vendor == "hamamatsu");
  CHECK(cleaned.layout.directories.size() == 2);
  CHECK(holds(cleaned.file, "LEVEL-0"));
  CHECK(holds(cleaned.file, "LEVEL-1"));
  CHECK(holds(cleaned.file, "Hamamatsu"));
  for (const char* gone : {"MACRO-PIXELS", "MAP-PIXELS", "YAMADA", "SERIAL", "2009"})
    CHECK_FALSE(holds(cleaned.file, gone));
}

TEST_CASE("a photograph in a TIFF loses EXIF, GPS, XMP, names and further pages") {
  TiffWriter tiff;
  const uint64_t gps = tiff.directory({TiffWriter::ascii(29, "2024:01:31")}, false);
  const uint64_t exif = tiff.directory({TiffWriter::ascii(36867, "2024:01:31 10:00:00"),
                                        {37500, 7, 9, "MAKERNOTE"},
                                        TiffWriter::longs(34853, {gps})},
                                       false);
  tiff.directory(stripped(tiff, "PHOTO-PIXELS",
                          {TiffWriter::ascii(270, "Hanako Yamada"),
                           TiffWriter::ascii(315, "Dr. Artist"),
                           TiffWriter::shorts(274, 6),
                           {700, 1, 12, "<x:xmpmeta/>"},
                           TiffWriter::longs(34665, {exif}),
                           {34675, 7, 11, "ICC-PROFILE"},
                           {50000, 7, 7, "PRIVATE"}}));
  tiff.directory(stripped(tiff, "PAGE-TWO"));
  const Cleaned cleaned = clean(tiff.bytes());
  CHECK(cleaned.plan.vendor == "generic");
  REQUIRE(cleaned.layout.directories.size() == 1);
  CHECK(cleaned.layout.directories[0].entries.size() == 6);  // size, strips, orientation, ICC
  CHECK(holds(cleaned.file, "PHOTO-PIXELS"));
  CHECK(holds(cleaned.file, "ICC-PROFILE"));
  for (const char* gone : {"Hanako", "Artist", "xmpmeta", "2024", "MAKERNOTE", "PRIVATE", "PAGE-TWO"}) {
    CAPTURE(gone);
    CHECK_FALSE(holds(cleaned.file, gone));
  }
}

TEST_CASE("a tiled pyramid keeps its levels, also those in SubIFDs") {
  TiffWriter tiff;
  const uint64_t child =
      tiff.directory(tiled(tiff, "SUB-LEVEL", {TiffWriter::ascii(306, "2024:01:31")}), false);
  tiff.directory(tiled(tiff, "LEVEL-0", {TiffWriter::longs(330, {child})}));
  tiff.directory(tiled(tiff, "LEVEL-1"));
  const Cleaned cleaned = clean(tiff.bytes());
  REQUIRE(cleaned.layout.directories.size() == 2);
  REQUIRE(cleaned.layout.directories[0].children.size() == 1);
  CHECK(cleaned.layout.directories[0].children[0].find(306) == nullptr);
  for (const char* kept : {"LEVEL-0", "LEVEL-1", "SUB-LEVEL"}) CHECK(holds(cleaned.file, kept));
  CHECK_FALSE(holds(cleaned.file, "2024"));
}

TEST_CASE("a file with nothing to remove is not edited, and a cleaned one has nothing left to remove") {
  TiffWriter tiff;
  tiff.directory(tiled(tiff, "LEVEL-0"));
  CHECK(clean(tiff.bytes()).plan.edits.empty());

  TiffWriter slide;
  slide.directory(
      tiled(slide, "TISSUE", {TiffWriter::ascii(270, kAperio), TiffWriter::ascii(305, "software")}));
  slide.directory(stripped(slide, "THUMB"));
  slide.directory(stripped(slide, "LABEL", {TiffWriter::ascii(270, "Aperio\r\nlabel 1x1")}));
  const Cleaned once = clean(slide.bytes());
  CHECK(clean(once.file).plan.edits.empty());
}

TEST_CASE("bytes that a kept image shares with a removed one stay") {
  TiffWriter tiff;
  const uint64_t pixels = tiff.add("SHARED-PIXELS");
  Entries slide = {TiffWriter::shorts(256, 16), TiffWriter::shorts(322, 16), TiffWriter::longs(324, {pixels}),
                   TiffWriter::longs(325, {13}), TiffWriter::ascii(270, kAperio)};
  Entries label = {TiffWriter::shorts(256, 8), TiffWriter::longs(273, {pixels}), TiffWriter::longs(279, {13}),
                   TiffWriter::ascii(270, "Aperio\r\nlabel 1x1")};
  tiff.directory(slide);
  tiff.directory(label);
  const Cleaned cleaned = clean(tiff.bytes());
  CHECK(cleaned.layout.directories.size() == 1);
  CHECK(holds(cleaned.file, "SHARED-PIXELS"));
}

TEST_CASE("a Philips slide loses its label and macro, as pages and as base64 in its XML") {
  TiffWriter tiff;
  const std::string xml =
      "<?xml version=\"1.0\"?><DataObject ObjectType=\"DPUfsImport\"><!-- Hanako --><Attribute "
      "Name=\"PIM_DP_UFS_BARCODE\">"
      "WUFNQURB</Attribute><Attribute Name=\"DICOM_PIXEL_SPACING\">\"0.00025\" "
      "\"0.00025\"</Attribute><Attribute "
      "Name=\"PIM_DP_SCANNED_IMAGES\"><Array><DataObject ObjectType=\"DPScannedImage\"><Attribute "
      "Name=\"PIM_DP_IMAGE_TYPE\">LABELIMAGE</Attribute><Attribute "
      "Name=\"PIM_DP_IMAGE_DATA\">bGFiZWw=</Attribute></DataObject></Array></Attribute></DataObject>";
  tiff.directory(
      tiled(tiff, "LEVEL-0", {TiffWriter::ascii(270, xml), TiffWriter::ascii(305, "Philips DP v1.0")}));
  tiff.directory(stripped(tiff, "LABEL-PIXELS", {TiffWriter::ascii(270, "Label")}));
  tiff.directory(stripped(tiff, "MACRO-PIXELS", {TiffWriter::ascii(270, "Macro -offset=(0,0)")}));
  const Cleaned cleaned = clean(tiff.bytes());
  CHECK(cleaned.plan.vendor == "philips");
  CHECK(cleaned.layout.directories.size() == 1);
  for (const char* kept :
       {"LEVEL-0", "Philips DP v1.0", "\"0.00025\" \"0.00025\"", "LABELIMAGE", "DPUfsImport"})
    CHECK(holds(cleaned.file, kept));
  for (const char* gone : {"LABEL-PIXELS", "MACRO-PIXELS", "Hanako", "WUFNQURB", "bGFiZWw="})
    CHECK_FALSE(holds(cleaned.file, gone));
}

TEST_CASE("a Leica slide keeps its chain of directories, with zeros for the one that shows the whole slide") {
  TiffWriter tiff(true);
  const std::string xml =
      "<scn xmlns=\"http://www.leica-microsystems.com/scn/2010/10/01\"><collection name=\"Yamada\" "
      "sizeX=\"1000\" "
      "sizeY=\"2000\"><barcode>WUFNQURB</barcode><image name=\"im0\" "
      "uuid=\"u-1\"><creationDate>2012-03-06</creationDate>"
      "<device model=\"Leica SCN400\" version=\"1.4\"/><pixels sizeX=\"16\" sizeY=\"16\"><dimension "
      "sizeX=\"16\" "
      "sizeY=\"16\" r=\"0\" ifd=\"0\"/></pixels><view sizeX=\"1000\" sizeY=\"2000\" offsetX=\"0\" "
      "offsetY=\"0\"/></image>"
      "<image name=\"im1\"><pixels><dimension sizeX=\"16\" sizeY=\"16\" ifd=\"1\"/></pixels><view "
      "sizeX=\"500\" "
      "sizeY=\"500\" offsetX=\"100\" "
      "offsetY=\"100\"/><scanSettings><objectiveSettings><objective>20</objective>"
      "</objectiveSettings></scanSettings></image><supplementalImages><supplementalImage type=\"label\" "
      "ifd=\"2\"/>"
      "</supplementalImages></collection></scn>";
  tiff.directory(tiled(tiff, "MACRO-PIXELS", {TiffWriter::ascii(270, xml)}));
  tiff.directory(tiled(tiff, "LEVEL-0", {TiffWriter::ascii(306, "2012:03:06")}));
  tiff.directory(stripped(tiff, "LABEL-PIXELS"));
  const Cleaned cleaned = clean(tiff.bytes());
  CHECK(cleaned.plan.vendor == "leica");
  CHECK(cleaned.layout.directories.size() == 3);
  for (const char* kept :
       {"LEVEL-0", "sizeX=\"1000\"", "ifd=\"2\"", "<objective>20<", "Leica SCN400", "scn/2010/10/01"})
    CHECK(holds(cleaned.file, kept));
  for (const char* gone :
       {"MACRO-PIXELS", "LABEL-PIXELS", "Yamada", "WUFNQURB", "2012-03-06", "u-1", "im0", "2012:03:06"}) {
    CAPTURE(gone);
    CHECK_FALSE(holds(cleaned.file, gone));
  }
}

TEST_CASE("a Leica directory that the description does not speak of loses its pixels") {
  TiffWriter tiff(true);
  const std::string xml =
      "<scn xmlns=\"http://www.leica-microsystems.com/scn/2010/10/01\"><collection sizeX=\"1000\" "
      "sizeY=\"2000\"><image><pixels><dimension ifd=\"0\"/></pixels><view sizeX=\"500\" sizeY=\"500\" "
      "offsetX=\"100\" offsetY=\"100\"/></image></collection></scn>";
  tiff.directory(tiled(tiff, "LEVEL-0", {TiffWriter::ascii(270, xml)}));
  tiff.directory(stripped(tiff, "LABEL-PIXELS"));
  tiff.directory(tiled(tiff, "MACRO-PIXELS"));
  const Cleaned cleaned = clean(tiff.bytes());
  CHECK(cleaned.layout.directories.size() == 3);
  CHECK(holds(cleaned.file, "LEVEL-0"));
  CHECK_FALSE(holds(cleaned.file, "LABEL-PIXELS"));
  CHECK_FALSE(holds(cleaned.file, "MACRO-PIXELS"));
}

TEST_CASE("a label or macro page is known by its name, tiled or not") {
  TiffWriter tiff;
  tiff.directory(tiled(tiff, "LEVEL-0"));
  tiff.directory(tiled(tiff, "LABEL-PIXELS", {TiffWriter::ascii(270, "Label")}));
  tiff.directory(tiled(tiff, "MACRO-PIXELS", {TiffWriter::ascii(270, "Macro")}));
  tiff.directory(tiled(tiff, "LEVEL-1"));
  const Cleaned cleaned = clean(tiff.bytes());
  CHECK(cleaned.layout.directories.size() == 2);
  for (const char* kept : {"LEVEL-0", "LEVEL-1"}) CHECK(holds(cleaned.file, kept));
  for (const char* gone : {"LABEL-PIXELS", "MACRO-PIXELS"}) CHECK_FALSE(holds(cleaned.file, gone));
}

TEST_CASE("a Leica slide whose description has another shape is refused") {
  TiffWriter tiff(true);
  tiff.directory(
      tiled(tiff, "x",
            {TiffWriter::ascii(270, "<scn xmlns=\"http://www.leica-microsystems.com/scn/2010/10/01\"/>")}));
  const std::string file = tiff.bytes();
  CHECK(plan_tiff_cleaning(reader(file), file.size()).error().reason == "BAD_TIFF");
}

TEST_CASE("a Ventana slide loses the picture of its label, its barcodes and its operator") {
  TiffWriter tiff;
  const std::string scan =
      "<iScan Magnification=\"20\" ScanRes=\"0.465\" Z-layers=\"1\" BarCode1D=\"YAMADA\" "
      "UserName='Hanako'>note</iScan>";
  const std::string joints =
      "<EncodeInfo Ver=\"2\"><SlideInfo Rack=\"77\"/><SlideStitchInfo><ImageInfo AOIScanned=\"1\" "
      "Width=\"16\"/></SlideStitchInfo></EncodeInfo>";
  const auto xmp = [](const std::string& text) { return TiffWriter::Entry{700, 1, text.size(), text}; };
  tiff.directory(stripped(tiff, "LABEL-PIXELS", {TiffWriter::ascii(270, "Label Image"), xmp(scan)}));
  tiff.directory(stripped(tiff, "THUMB-PIXELS", {TiffWriter::ascii(270, "Thumbnail")}));
  tiff.directory(
      tiled(tiff, "LEVEL-0", {TiffWriter::ascii(270, "level=0 mag=20 quality=95 who=Hanako"), xmp(joints)}));
  const Cleaned cleaned = clean(tiff.bytes());
  CHECK(cleaned.plan.vendor == "ventana");
  CHECK(cleaned.layout.directories.size() == 2);
  for (const char* kept : {"LEVEL-0", "Magnification=\"20\"", "ScanRes=\"0.465\"", "AOIScanned=\"1\"",
                           "level=0 mag=20 quality=95"})
    CHECK(holds(cleaned.file, kept));
  for (const char* gone :
       {"LABEL-PIXELS", "THUMB-PIXELS", "Label Image", "YAMADA", "Hanako", "note", "\"77\""})
    CHECK_FALSE(holds(cleaned.file, gone));
}

TEST_CASE("a Trestle slide keeps what its tiles need and loses the rest of its description") {
  TiffWriter tiff;
  tiff.directory(
      tiled(tiff, "LEVEL-0",
            {TiffWriter::ascii(305, "MedScan 1.2"),
             TiffWriter::ascii(270, "Objective Power=20;OverlapsXY= 4 4;Patient=Hanako;Date=1/1/2009")}));
  const Cleaned cleaned = clean(tiff.bytes());
  CHECK(cleaned.plan.vendor == "trestle");
  for (const char* kept : {"MedScan 1.2", "Objective Power=20;OverlapsXY= 4 4;Patient="})
    CHECK(holds(cleaned.file, kept));
  for (const char* gone : {"Hanako", "1/1/2009"}) CHECK_FALSE(holds(cleaned.file, gone));
}

TEST_CASE("a TIFF that loops, leaves the file or contradicts itself is refused") {
  const auto reason = [](const std::string& file) {
    const auto plan = plan_tiff_cleaning(reader(file), file.size());
    return plan ? std::string("planned") : plan.error().reason;
  };
  TiffWriter tiff;
  const uint64_t first = tiff.directory(tiled(tiff, "x"));
  std::string loop = tiff.bytes();
  loop.replace(loop.size() - 4, 4, TiffWriter::le(first, 4));
  CHECK(reason(loop) == "BAD_TIFF");
  std::string outside = tiff.bytes();
  outside.replace(outside.size() - 4, 4, TiffWriter::le(1 << 30, 4));
  CHECK(reason(outside) == "BAD_TIFF");
  CHECK(reason(tiff.bytes().substr(0, first + 6)) == "BAD_TIFF");
  CHECK(reason(std::string("II*\0"sv)) == "BAD_TIFF");
}

TEST_CASE("an NDPI beyond 4 GiB is read by the high words behind its directories") {
  // Two directories beyond 4 GiB in a file that exists only where it is read.
  constexpr uint64_t kBase = uint64_t{5} << 30;
  std::map<uint64_t, std::string> pieces;
  const auto le = TiffWriter::le;
  const auto directory = [&](uint64_t at, float lens, uint64_t pixels, uint64_t next) {
    std::string bits(4, '\0');
    std::memcpy(bits.data(), &lens, 4);
    std::string body = le(4, 2);
    body += le(273, 2) + le(4, 2) + le(1, 4) + le(pixels & 0xFFFFFFFF, 4);
    body += le(279, 2) + le(4, 2) + le(1, 4) + le(100, 4);
    body += le(65420, 2) + le(4, 2) + le(1, 4) + le(1, 4);
    body += le(65421, 2) + le(11, 2) + le(1, 4) + bits;
    body += le(next, 8);
    body += le(pixels >> 32, 4) + le(0, 4) + le(0, 4) + le(0, 4);
    pieces[at] = body;
  };
  pieces[0] = std::string("II*\0"sv) + le(kBase, 8) + le(0, 4);
  directory(kBase, 20.0f, kBase + 1000, kBase + 4096);
  directory(kBase + 4096, -1.0f, kBase + 8192, 0);
  const ReadAt read = [&](uint64_t offset, uint64_t size) -> Result<std::string> {
    std::string bytes(size, '\0');
    for (const auto& [at, piece] : pieces)
      for (uint64_t i = 0; i < piece.size(); ++i)
        if (at + i >= offset && at + i < offset + size) bytes[at + i - offset] = piece[i];
    return bytes;
  };
  const auto plan = plan_tiff_cleaning(read, kBase + (1 << 20));
  REQUIRE(plan);
  CHECK(plan->vendor == "hamamatsu");
  const auto zeroed = [&](uint64_t offset) {
    return std::any_of(plan->edits.begin(), plan->edits.end(), [&](const ByteEdit& edit) {
      return edit.bytes.empty() && edit.offset <= offset && offset < edit.offset + edit.size;
    });
  };
  CHECK(zeroed(kBase + 8192));        // the macro's pixels
  CHECK(zeroed(kBase + 4096));        // its directory
  CHECK_FALSE(zeroed(kBase + 1000));  // the slide's pixels
  // The first directory now ends the chain.
  REQUIRE(plan->edits.front().offset == kBase);
  CHECK(plan->edits.front().bytes.substr(2 + 4 * 12, 8) == std::string(8, '\0'));
}

}  // namespace hada::contract
