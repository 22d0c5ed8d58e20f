#include "client/app/view_export.h"

#include <doctest/doctest.h>
#include <png.h>

#include <filesystem>
#include <thread>

using namespace hada;
using namespace hada::app;

namespace {

ViewPicture two_rows() {
  ViewPicture picture;
  picture.width = 3;
  picture.height = 2;
  // The lower row is red, the upper blue.
  for (int i = 0; i < 3; ++i) picture.rgb.insert(picture.rgb.end(), {255, 0, 0});
  for (int i = 0; i < 3; ++i) picture.rgb.insert(picture.rgb.end(), {0, 0, 255});
  return picture;
}

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("hada-export-" + std::to_string(::getpid()));
  ~Folder() { std::filesystem::remove_all(path); }
};

std::vector<model::intent::ViewExported> answers(ViewExporter& exporter) {
  std::vector<model::intent::ViewExported> all;
  while (!exporter.idle())
    for (const auto& answer : exporter.answers()) all.push_back(answer);
  return all;
}

}  // namespace

TEST_CASE("a picture becomes a PNG with its upper row on top and nothing but its pixels") {
  const Result<std::string> png = encode_png(two_rows());
  REQUIRE(png);
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  REQUIRE(png_image_begin_read_from_memory(&image, png->data(), png->size()));
  CHECK(image.width == 3);
  CHECK(image.height == 2);
  image.format = PNG_FORMAT_RGB;
  std::vector<uint8_t> rgb(PNG_IMAGE_SIZE(image));
  REQUIRE(png_image_finish_read(&image, nullptr, rgb.data(), 0, nullptr));
  CHECK(rgb[2] == 255);  // blue
  CHECK(rgb[9] == 255);  // red
  for (const char* chunk : {"tEXt", "iTXt", "zTXt", "tIME", "eXIf"})
    CHECK(png->find(chunk) == std::string::npos);
}

TEST_CASE("a picture whose size and pixels disagree is refused") {
  ViewPicture picture = two_rows();
  picture.rgb.pop_back();
  CHECK_FALSE(encode_png(picture));
  CHECK_FALSE(encode_png({}));
}

TEST_CASE("a saved view is named by the moment alone") {
  std::tm when{};
  when.tm_year = 126;
  when.tm_mon = 10;
  when.tm_mday = 26;
  when.tm_hour = 9;
  when.tm_min = 5;
  when.tm_sec = 7;
  CHECK(view_file_name(when) == "hada-20261126-090507.png");
}

TEST_CASE("two views saved in one moment are two files, and a folder that cannot be is told") {
  const Folder folder;
  {
    ViewExporter exporter(folder.path.string());
    exporter.take(two_rows(), model::ExportTarget::File);
    exporter.take(two_rows(), model::ExportTarget::File);
    const auto done = answers(exporter);
    REQUIRE(done.size() == 2);
    CHECK(done[0].ok);
    CHECK(done[1].ok);
    CHECK(done[0].path != done[1].path);
    CHECK(std::filesystem::exists(done[0].path));
  }
  ViewExporter nowhere("/proc/nowhere");
  nowhere.take(two_rows(), model::ExportTarget::File);
  const auto done = answers(nowhere);
  REQUIRE(done.size() == 1);
  CHECK_FALSE(done[0].ok);
}

TEST_CASE("the chosen folder is taken before any other") {
  CHECK(pictures_folder("/chosen", "/etc/hada/settings.json") == "/chosen");
}
