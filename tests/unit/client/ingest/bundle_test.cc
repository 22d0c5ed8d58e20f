#include "client/ingest/bundle.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/unit/client/ingest/temp_folder.h"

namespace hada::ingest {
namespace {

const std::string kJpeg = "\xFF\xD8\xFF\xE0 and so on";

std::vector<std::string> names(const Bundle& bundle) {
  std::vector<std::string> all;
  for (const BundleFile& file : bundle.files) all.push_back(file.path);
  return all;
}

std::string reason(const TempFolder& folder, const std::string& file) {
  const auto bundle = find_bundle(folder.path(), file);
  return bundle ? "found" : bundle.error().reason;
}

}  // namespace

TEST_CASE("a photograph is one file, under a name that keeps only what the content says it is") {
  const TempFolder folder;
  folder.write("ward 7/Yamada.png.jpg", "\x89PNG\r\n\x1A\n....");
  folder.write("b.JPG", kJpeg);
  folder.write("c.svs", std::string("II*\0\x08\0\0\0........", 16));
  const auto png = find_bundle(folder.path(), "ward 7/Yamada.png.jpg");
  REQUIRE(png);
  CHECK(png->type == contract::ContentType::Png);
  CHECK(names(*png) == std::vector<std::string>{"image.png"});
  CHECK(png->size() == 12);
  CHECK(names(*find_bundle(folder.path(), "b.JPG")) == std::vector<std::string>{"image.jpg"});
  CHECK(names(*find_bundle(folder.path(), "c.svs")) == std::vector<std::string>{"image.svs"});
}

TEST_CASE("what is missing, empty, no file or of no kind that is taken is told apart") {
  const TempFolder folder;
  folder.write("empty.jpg", "");
  folder.write("text.jpg", "not a picture");
  folder.write("anim.gif", "GIF89a....");
  std::filesystem::create_directory(folder.path() / "folder.jpg");
  ::mkfifo((folder.path() / "pipe.jpg").c_str(), 0600);
  CHECK(reason(folder, "none.jpg") == "NO_SUCH_FILE");
  CHECK(reason(folder, "text.jpg/none.jpg") == "NO_SUCH_FILE");
  CHECK(reason(folder, "empty.jpg") == "EMPTY_FILE");
  CHECK(reason(folder, "text.jpg") == "UNSUPPORTED_FORMAT");
  CHECK(reason(folder, "anim.gif") == "UNSUPPORTED_FORMAT");
  CHECK(reason(folder, "folder.jpg") == "NOT_A_FILE");
  CHECK(reason(folder, "pipe.jpg") == "NOT_A_FILE");
  CHECK(find_bundle(folder.path(), "anim.gif").error().message.find("GIF") != std::string::npos);
}

TEST_CASE("nothing outside the manifest's folder is opened, by path or by link") {
  const TempFolder outside, folder;
  outside.write("secret.jpg", kJpeg);
  folder.write("inside.jpg", kJpeg);
  std::filesystem::create_symlink(outside.path() / "secret.jpg", folder.path() / "link.jpg");
  std::filesystem::create_symlink(outside.path(), folder.path() / "linked");
  std::filesystem::create_symlink("inside.jpg", folder.path() / "near.jpg");
  CHECK(reason(folder, "link.jpg") == "OUTSIDE_FOLDER");
  CHECK(reason(folder, "linked/secret.jpg") == "OUTSIDE_FOLDER");
  CHECK(reason(folder, "../" + outside.path().filename().string() + "/secret.jpg") == "OUTSIDE_FOLDER");
  CHECK(reason(folder, (outside.path() / "secret.jpg").string()) == "OUTSIDE_FOLDER");
  CHECK(reason(folder, "near.jpg") == "found");  // a link that stays inside is a file like any other
  // A folder whose name only begins like ours is outside.
  const std::string beside = folder.path().string() + "-beside";
  std::filesystem::create_directory(beside);
  std::ofstream(beside + "/x.jpg") << kJpeg;
  std::filesystem::create_symlink(beside, folder.path() / "beside");
  CHECK(reason(folder, "beside/x.jpg") == "OUTSIDE_FOLDER");
  std::filesystem::remove_all(beside);
}

TEST_CASE("a MIRAX slide is its main file, its ini, its index and its data files") {
  const TempFolder folder;
  folder.write("s/Yamada.mrxs", kJpeg);
  folder.write("s/Yamada/Slidedat.ini",
               "\xEF\xBB\xBF[HIERARCHICAL]\r\nINDEXFILE = "
               "Index.dat\r\n[DATAFILE]\r\nFILE_COUNT=2\r\nFILE_0=Data0000.dat\r\n"
               "FILE_1=Data0001.dat\r\n");
  folder.write("s/Yamada/Index.dat", "index");
  folder.write("s/Yamada/Data0000.dat", "data");
  SUBCASE("all there") {
    folder.write("s/Yamada/Data0001.dat", "data");
    folder.write("s/Yamada/notes.txt", "not named by the index, so not sent");
    const auto bundle = find_bundle(folder.path(), "s/Yamada.mrxs");
    REQUIRE(bundle);
    CHECK(bundle->kind == BundleKind::Mirax);
    CHECK(names(*bundle) == std::vector<std::string>{"image.mrxs", "image/Slidedat.ini", "image/Index.dat",
                                                     "image/Data0000.dat", "image/Data0001.dat"});
  }
  SUBCASE("a data file is missing") { CHECK(reason(folder, "s/Yamada.mrxs") == "BAD_BUNDLE"); }
  SUBCASE("the folder is missing") {
    folder.write("alone.mrxs", kJpeg);
    CHECK(reason(folder, "alone.mrxs") == "BAD_BUNDLE");
  }
  SUBCASE("the ini names a file elsewhere") {
    folder.write("s/other.dat", "x");
    folder.write("s/Yamada/Slidedat.ini",
                 "[HIERARCHICAL]\nINDEXFILE=../other.dat\n[DATAFILE]\nFILE_COUNT=1\nFILE_0=Data0000.dat\n");
    CHECK(reason(folder, "s/Yamada.mrxs") == "BAD_BUNDLE");
  }
  SUBCASE("a data file is a link to elsewhere") {
    const TempFolder outside;
    outside.write("secret", "x");
    std::filesystem::create_symlink(outside.path() / "secret", folder.path() / "s/Yamada/Data0001.dat");
    CHECK(reason(folder, "s/Yamada.mrxs") == "OUTSIDE_FOLDER");
  }
}

TEST_CASE("a VMS slide travels under new names, and its index says them") {
  const TempFolder folder;
  folder.write("Yamada.vms",
               "[Virtual Microscope "
               "Specimen]\r\nNoLayers=1\r\nNoJpegColumns=2\r\nNoJpegRows=1\r\nImageFile=Yamada.jpg\r\n"
               "ImageFile(1,0)=Yamada(1,0).jpg\r\nMapFile=Yamada_map.jpg\r\nOptimisationFile=Yamada.opt\r\n"
               "MacroImage=Yamada_macro.jpg\r\n");
  for (const char* name : {"Yamada.jpg", "Yamada(1,0).jpg", "Yamada_map.jpg", "Yamada_macro.jpg"})
    folder.write(name, kJpeg);
  const auto bundle = find_bundle(folder.path(), "Yamada.vms");
  REQUIRE(bundle);
  CHECK(bundle->kind == BundleKind::Vms);
  // The macro image is not taken along; the optimisation file, which is not there, is not missed.
  CHECK(names(*bundle) == std::vector<std::string>{"image.vms", "image-0.jpg", "image-1.jpg", "image-2.jpg"});
  CHECK(bundle->index.get("Virtual Microscope Specimen", "ImageFile(1,0)") == "image-1.jpg");
  CHECK(bundle->index.get("Virtual Microscope Specimen", "MapFile") == "image-2.jpg");
  std::filesystem::remove(folder.path() / "Yamada_map.jpg");
  CHECK(reason(folder, "Yamada.vms") == "BAD_BUNDLE");
}

}  // namespace hada::ingest
