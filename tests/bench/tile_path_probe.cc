// The tile path without gRPC and without threads: look-up in the cache of open images and in the index, one
// read, the JPEG tables spliced in. For callgrind (callgrind_tile_path.sh): the loop is one function, which
// its
// --toggle-collect names.
//
//   tile_path_probe prepare DIR; tile_path_probe serve DIR TILES

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "server/blobs/file_blobs.h"
#include "server/images/build_image.h"
#include "server/images/tile_source.h"
#include "tests/support/process.h"
#include "tests/support/slide_factory/slide_factory.h"

namespace {

using namespace hada;

constexpr int kSide = 4096;

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().reason + ": " + result.error().message);
  return std::move(*result);
}

}  // namespace

// Not in the unnamed namespace, never inlined: callgrind finds it by its name. Walks the tiles of all levels
// in turn; the sum of the sizes keeps the work from being optimised away.
[[gnu::noinline]] size_t serve_tiles(hada::images::TileSource& source, const std::string& image_id,
                                     const std::vector<hada::contract::TileKey>& keys, int tiles,
                                     std::vector<char>& out) {
  size_t bytes = 0;
  for (int i = 0; i < tiles; ++i) {
    auto image = source.open(image_id);
    if (!image) return 0;
    const auto found = hada::images::find_tile(std::move(*image), keys[static_cast<size_t>(i) % keys.size()]);
    if (!found || found->bytes > out.size() || !found->read_into(out.data())) return 0;
    bytes += found->bytes;
  }
  return bytes;
}

namespace {

// A slide in a blob store and its record, so that the measured run begins with them.
void prepare(const std::filesystem::path& dir) {
  const std::filesystem::path slide = dir / "slide.tiff", built = dir / "built";
  std::filesystem::create_directories(built);
  std::string error;
  if (!support::write_big_slide(slide, kSide, kSide, 1, &error)) throw std::runtime_error(error);
  images::StoredImage stored = must(images::build_image(slide, built, {}));
  std::filesystem::copy_file(slide, built / std::string(images::kMainFile));
  const auto blobs = must(blobs::FileBlobs::create(dir / "blobs"));
  std::map<std::string, std::string> hashes;
  for (images::StoredLevel& level : stored.levels) {
    if (!hashes.contains(level.blob)) hashes[level.blob] = must(blobs->adopt(built / level.blob));
    level.blob = hashes[level.blob];
  }
  support::write_file(dir / "record.json", images::to_json(stored));
}

void serve(const std::filesystem::path& dir, int tiles) {
  const images::StoredImage stored =
      must(images::stored_image_from_json(support::read_file(dir / "record.json")));
  const auto blobs = must(blobs::FileBlobs::create(dir / "blobs"));
  images::TileSource source(*blobs, [&](const std::string&) -> Result<images::ImageRecord> {
    return images::ImageRecord{"a", "case", true, stored};
  });
  const std::string image_id = "0123456789abcdef";
  const auto image = must(source.open(image_id));
  std::vector<contract::TileKey> keys;
  for (size_t level = 0; level < image->pyramid.size(); ++level)
    for (int row = 0; row < image->pyramid[level].rows(); ++row)
      for (int column = 0; column < image->pyramid[level].columns(); ++column)
        keys.push_back({static_cast<int32_t>(level), column, row});
  std::vector<char> out(1 << 20);
  const size_t bytes = serve_tiles(source, image_id, keys, tiles, out);
  if (bytes == 0) throw std::runtime_error("a tile was not served");
  std::printf("served %d tiles of %zu, %.1f KiB each\n", tiles, keys.size(),
              static_cast<double>(bytes) / tiles / 1024);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 3 && std::string(argv[1]) == "prepare")
      prepare(argv[2]);
    else if (argc == 4 && std::string(argv[1]) == "serve")
      serve(argv[2], std::max(1, std::atoi(argv[3])));
    else
      throw std::runtime_error("prepare DIR | serve DIR TILES");
  } catch (const std::exception& e) {
    std::fprintf(stderr, "tile_path_probe: %s\n", e.what());
    return 1;
  }
  return 0;
}
