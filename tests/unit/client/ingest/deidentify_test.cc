#include "client/ingest/deidentify.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "client/ingest/site_key.h"
#include "contract/content_type.h"
#include "contract/image_metadata.h"
#include "contract/sha256.h"
#include "tests/unit/client/ingest/pictures.h"
#include "tests/unit/client/ingest/temp_folder.h"

namespace hada::ingest {
namespace {

namespace fs = std::filesystem;

Result<PreparedImage> prepare(const fs::path& folder, const std::string& file, bool vouched = false) {
  ASSIGN_OR_RETURN(const Bundle bundle, find_bundle(folder, file));
  return deidentify(bundle, {vouched, "hadactl test"}, Stop());
}

std::string bytes_of(const PreparedFile& file) {
  const auto bytes = read_all(*file.source, uint64_t{1} << 40);
  REQUIRE(bytes);
  return *bytes;
}

bool removed(const PreparedImage& image, const std::string& what) {
  return std::find(image.removed.begin(), image.removed.end(), what) != image.removed.end();
}

bool has(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

std::string with_comment(std::string jpeg, const std::string& comment) {
  jpeg.insert(2, "\xFF\xFE" + std::string(1, '\0') + static_cast<char>(comment.size() + 2) + comment);
  return jpeg;
}

}  // namespace

TEST_CASE("a photograph leaves without its comment and under another name, its pixels untouched") {
  const TempFolder folder;
  const std::string jpeg = encode_jpeg(gradient(40, 30, 7));
  folder.write("Yamada Hanako.jpg", with_comment(jpeg, "Yamada Hanako 1970-01-01"));
  const auto image = prepare(folder.path(), "Yamada Hanako.jpg");
  REQUIRE(image);
  REQUIRE(image->files.size() == 1);
  const PreparedFile& file = image->files[0];
  CHECK(file.path == "image.jpg");
  CHECK(bytes_of(file) == jpeg);
  CHECK(file.sha256 == contract::sha256_hex(jpeg));
  CHECK(file.size == jpeg.size());
  CHECK(image->deidentification == "113100; removed: comment; hadactl test");
}

TEST_CASE("the same content has the same bundle hash, whatever it was called") {
  const TempFolder folder;
  const std::string jpeg = encode_jpeg(gradient(8, 8, 1));
  folder.write("a.jpg", jpeg);
  folder.write("b.jpeg", with_comment(jpeg, "other comment"));
  folder.write("c.jpg", encode_jpeg(gradient(8, 8, 200)));
  CHECK(bundle_hash(prepare(folder.path(), "a.jpg")->files) ==
        bundle_hash(prepare(folder.path(), "b.jpeg")->files));
  CHECK(bundle_hash(prepare(folder.path(), "a.jpg")->files) !=
        bundle_hash(prepare(folder.path(), "c.jpg")->files));
}

TEST_CASE("a stop ends the work") {
  const TempFolder folder;
  folder.write("a.jpg", encode_jpeg(gradient(8, 8, 1)));
  const auto bundle = find_bundle(folder.path(), "a.jpg");
  Stop stop;
  stop.set();
  CHECK(deidentify(*bundle, {false, "t"}, stop).error().code == ErrorCode::Cancelled);
}

TEST_CASE("an edited source reads the same in any pieces") {
  std::string text(1000, 'x');
  for (size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + i % 26);
  std::string wanted = text;
  wanted.replace(100, 3, "123");
  wanted.replace(103, 200, std::string(200, '\0'));
  wanted.replace(999, 1, "!");
  const auto source = edited_source(memory_source(text), {{100, 3, "123"}, {103, 200, {}}, {999, 1, "!"}});
  for (const uint64_t piece : {1, 7, 64, 1000}) {
    std::string read;
    for (uint64_t at = 0; at < 1000; at += piece)
      read += *source->read(at, std::min<uint64_t>(piece, 1000 - at));
    CHECK(read == wanted);
  }
  CHECK_FALSE(source->read(999, 2));
}

TEST_CASE("a real Aperio slide keeps its pixels and loses its label, macro, names and dates") {
  const fs::path data = test_data() / "slides";
  if (!fs::exists(data / "CMU-1-Small-Region.svs")) {
    MESSAGE("SKIPPED: CMU-1-Small-Region.svs");
    return;
  }
  const auto image = prepare(data, "CMU-1-Small-Region.svs");
  REQUIRE(image);
  for (const char* what :
       {"label image", "macro image", "Date", "Time", "User", "Filename", "ScanScope ID"}) {
    CAPTURE(what);
    CHECK(removed(*image, what));
  }
  const TempFolder folder;
  const auto path = folder.write("image.svs", bytes_of(image->files[0]));
  CHECK(fs::file_size(path) == fs::file_size(data / "CMU-1-Small-Region.svs"));
  const SlideView before = view_slide(data / "CMU-1-Small-Region.svs"), after = view_slide(path);
  REQUIRE(before.error == "");
  REQUIRE(after.error == "");
  CHECK(has(before.associated, "label"));
  CHECK(after.associated == std::vector<std::string>{"thumbnail"});
  CHECK(after.width == before.width);
  CHECK(after.pixels == before.pixels);
  for (const char* kept :
       {"openslide.mpp-x=0.499", "openslide.objective-power=20", "openslide.vendor=aperio"}) {
    CAPTURE(kept);
    CHECK(has(before.properties, kept) == has(after.properties, kept));
  }
  const std::string bytes = read_bytes(path);
  for (const char* gone :
       {"12/29/09", "09:59:15", "b414003d", "CPAPERIOCS", "Filename = CMU-1", "label 387x463"}) {
    CAPTURE(gone);
    CHECK(bytes.find(gone) == std::string::npos);
  }
}

TEST_CASE("a real NDPI and real tiled TIFFs keep every pixel") {
  const fs::path data = test_data() / "slides";
  for (const char* name : {"test3-DAPI-2-387.ndpi", "CMU-1-small.tiff", "CMU-1-Small-Region.jpeg.tiff",
                           "boxes.tiff", "small.svs"}) {
    CAPTURE(name);
    if (!fs::exists(data / name)) {
      MESSAGE("SKIPPED: " << name);
      continue;
    }
    const auto image = prepare(data, name);
    if (!image) MESSAGE(image.error().message);
    REQUIRE(image);
    const TempFolder folder;
    const auto path = folder.write(image->files[0].path, bytes_of(image->files[0]));
    const SlideView before = view_slide(data / name), after = view_slide(path);
    CHECK(after.error == before.error);
    CHECK(after.width == before.width);
    CHECK(after.pixels == before.pixels);
    CHECK_FALSE(has(after.associated, "label"));
    CHECK_FALSE(has(after.associated, "macro"));
  }
}

TEST_CASE("every real photograph decodes to the same pixels after it was stripped") {
  const fs::path data = test_data();
  if (!fs::exists(data / "skin")) {
    MESSAGE("SKIPPED: skin photographs");
    return;
  }
  int looked_at = 0, with_metadata = 0;
  for (const char* part :
       {"skin/pad_ufes_20", "skin/isic2017", "malformed/exif-samples", "malformed/pillow"}) {
    for (const auto& entry : fs::recursive_directory_iterator(data / part)) {
      if (!entry.is_regular_file()) continue;
      const std::string bytes = read_bytes(entry.path());
      const auto type = contract::sniff(bytes);
      const bool jpeg = type == contract::ContentType::Jpeg;
      if (!jpeg && type != contract::ContentType::Png) continue;
      CAPTURE(entry.path().filename().string());
      const auto stripped = jpeg ? contract::strip_jpeg(bytes) : contract::strip_png(bytes);
      if (!stripped) continue;
      ++looked_at;
      if (!stripped->removed.empty()) ++with_metadata;
      CHECK((jpeg ? decode_jpeg(bytes) : decode_png(bytes)) ==
            (jpeg ? decode_jpeg(stripped->bytes) : decode_png(stripped->bytes)));
      for (const char* gone :
           {"GPS", "Nikon", "Canon", "http://ns.adobe.com/xap/1.0/", "Photoshop 3.0", "Raw profile type"})
        if (stripped->bytes.size() < 2'000'000) CHECK(stripped->bytes.find(gone) == std::string::npos);
      // A GPS block in EXIF has a tag of its own; none may be left, and only the orientation may be.
      CHECK(stripped->bytes.find("Exif") ==
            (stripped->orientation != 1 && jpeg ? stripped->bytes.find("Exif") : std::string::npos));
    }
  }
  CHECK(looked_at > 60);
  CHECK(with_metadata > 30);
}

TEST_CASE("the orientation of every real sample survives the stripping") {
  const fs::path data = test_data() / "malformed/exif-samples/jpg/orientation";
  if (!fs::exists(data)) {
    MESSAGE("SKIPPED: exif-samples");
    return;
  }
  int turned = 0;
  for (const auto& entry : fs::directory_iterator(data)) {
    const std::string bytes = read_bytes(entry.path());
    const auto stripped = contract::strip_jpeg(bytes);
    if (!stripped) continue;
    const size_t exif = bytes.find("Exif");
    if (exif == std::string::npos) continue;
    CHECK(stripped->orientation == contract::exif_orientation(std::string_view(bytes).substr(exif + 6)));
    if (stripped->orientation != 1) ++turned;
  }
  CHECK(turned >= 7);
}

TEST_CASE("no malformed file makes the cleaner fail in another way than by saying so") {
  const fs::path data = test_data() / "malformed";
  if (!fs::exists(data)) {
    MESSAGE("SKIPPED: malformed");
    return;
  }
  int prepared = 0, refused = 0;
  for (const auto& entry : fs::recursive_directory_iterator(data)) {
    if (!entry.is_regular_file()) continue;
    const auto image = prepare(entry.path().parent_path(), entry.path().filename().string());
    image ? ++prepared : ++refused;
    if (!image) CHECK_FALSE(image.error().message.empty());
  }
  MESSAGE(prepared << " malformed files could be cleaned, " << refused << " not");
  CHECK(prepared + refused > 400);
  CHECK(prepared > 100);
}

TEST_CASE("a slide of a vendor whose label cannot be removed waits for the coordinator's word") {
  const TempFolder folder;
  folder.write("sakura.svslide", std::string("SQLite format 3\0and so on", 25));
  const auto refused = prepare(folder.path(), "sakura.svslide");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == "CANNOT_DEIDENTIFY");
  CHECK(refused.error().message.find("--already-deidentified") != std::string::npos);
  const auto vouched = prepare(folder.path(), "sakura.svslide", true);
  REQUIRE(vouched);
  CHECK(vouched->deidentification == "113100 as the sender vouches; removed: nothing; hadactl test");
}

}  // namespace hada::ingest
