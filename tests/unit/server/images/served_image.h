#pragma once

// An image as build_image makes it, open as the server opens it.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "contract/sha256.h"
#include "server/blobs/file_blobs.h"
#include "server/images/build_image.h"
#include "server/images/jpeg_splice.h"
#include "server/images/tile_source.h"
#include "tests/unit/server/images/test_files.h"

namespace hada::images {

inline std::string read_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Served {
  TempFolder folder;
  std::string path;
  std::unique_ptr<blobs::FileBlobs> blobs;
  StoredImage image;
  std::shared_ptr<const OpenImage> open;

  explicit Served(const std::string& file) : path(file) {
    const std::string out = folder.path / "out";
    std::filesystem::create_directories(out);
    auto built = build_image(path, out, {});
    if (!built) FAIL("not built: " << built.error().reason << ": " << built.error().message);
    image = std::move(*built);
    blobs = std::move(*blobs::FileBlobs::create(folder.path / "blobs"));
    std::filesystem::copy_file(path, out + "/" + std::string(kMainFile));
    std::map<std::string, std::string> hashes;
    const auto take = [&](std::string& name) {
      if (name.empty()) return;
      if (!hashes.contains(name)) hashes[name] = *blobs->adopt(out + "/" + name);
      name = hashes[name];
    };
    for (StoredLevel& level : image.levels) take(level.blob);
    take(image.icc_blob);
    take(image.thumbnail_blob);
    auto opened = OpenImage::load(*blobs, {"site", "case", true, image});
    REQUIRE(opened);
    open = *opened;
  }

  const contract::PyramidLevel& level(size_t i) const { return image.levels[i].geometry; }
  // The level's tiles are those of the file that arrived.
  bool stored_as_it_came(size_t i) const {
    return image.levels[i].blob == contract::sha256_hex(read_bytes(path));
  }

  std::string blob_bytes(const std::string& hash) const {
    const auto blob = *blobs->open(hash);
    std::string bytes(blob->size(), '\0');
    REQUIRE(blob->read_into(0, bytes.size(), bytes.data()));
    return bytes;
  }
  std::string tile_bytes(int32_t i, int32_t column, int32_t row) const {
    const auto found = find_tile(open, {i, column, row});
    REQUIRE(found);
    const auto jpeg = found->read();
    REQUIRE(jpeg);
    return *jpeg;
  }
  Pixels tile(int32_t i, int32_t column, int32_t row) const {
    const std::string jpeg = tile_bytes(i, column, row);
    const auto header = read_jpeg_header(jpeg);
    REQUIRE(header);
    CHECK(header->baseline());
    return decode_jpeg(jpeg);
  }
  Pixels whole_level(size_t i) const {
    const contract::PyramidLevel& g = level(i);
    Pixels all(g.width, g.height);
    for (int32_t row = 0; row < g.rows(); ++row)
      for (int32_t column = 0; column < g.columns(); ++column) {
        const Pixels part = tile(static_cast<int32_t>(i), column, row);
        CHECK(part.width == g.tile_width);
        CHECK(part.height == g.tile_height);
        const auto extent = contract::tile_extent(g, column, row);
        for (int y = 0; y < extent.height; ++y)
          std::copy_n(part.at(0, y), extent.width * 3,
                      all.at(column * g.tile_width, row * g.tile_height + y));
      }
    return all;
  }
  Pixels thumbnail() const { return decode_jpeg(blob_bytes(image.thumbnail_blob)); }
};

// Steps of at most 4x (and a little where sizes are rounded), down to one tile.
inline void check_steps(const Served& served) {
  for (size_t i = 1; i < served.image.levels.size(); ++i) {
    const double step = served.level(i).downsample / served.level(i - 1).downsample;
    CHECK(step > 1);
    CHECK(step < 4.1);
  }
  const contract::PyramidLevel& last = served.level(served.image.levels.size() - 1);
  CHECK(last.columns() == 1);
  CHECK(last.rows() == 1);
}

}  // namespace hada::images
