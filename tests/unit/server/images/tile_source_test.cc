#include "server/images/tile_source.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "tests/unit/server/images/memory_blob.h"
#include "tests/unit/server/images/tiff_writer.h"

namespace hada::images {
namespace {

using std::string_literals::operator""s;

const std::string kTables = "\xFF\xD8\xFF\xDB\x00\x05\x00QQ\xFF\xD9"s;
const std::string kAdobe =
    "\xFF\xEE\x00\x0E"
    "Adobe\x00\x64\x00\x00\x00\x00\x00"s;

// Two tiles of 16 px side by side; each says which it is.
std::string two_tiles(uint64_t* directory, int photometric = 2, const std::string& second = "\xFF\xD8two"s) {
  TiffWriter writer;
  const std::string first = "\xFF\xD8one"s;
  const uint64_t a = writer.add_bytes(first), b = writer.add_bytes(second);
  const uint64_t tables = writer.add_bytes(kTables);
  const uint64_t offsets = writer.add_numbers({a, b}, 4);
  const uint64_t lengths = writer.add_numbers({first.size(), second.size()}, 4);
  *directory = writer.add_directory({{256, 3, 1, 30},
                                     {257, 3, 1, 16},
                                     {258, 3, 1, 8},
                                     {259, 3, 1, 7},
                                     {262, 3, 1, static_cast<uint64_t>(photometric)},
                                     {277, 3, 1, 3},
                                     {322, 3, 1, 16},
                                     {323, 3, 1, 16},
                                     {324, 4, 2, offsets},
                                     {325, 4, 2, lengths},
                                     {347, 7, kTables.size(), tables}});
  return writer.bytes();
}

struct Fixture {
  MemoryBlobs blobs;
  StoredImage image;
  bool ready = true;
  std::atomic<int> loads = 0;

  Fixture() {
    uint64_t directory = 0;
    const std::string tiff = blobs.add(two_tiles(&directory));
    image.levels = {{{30, 16, 16, 16, 1.0}, tiff, directory},
                    {{15, 8, 15, 8, 2.0}, blobs.add("\xFF\xD8whole"s), 0}};
    image.thumbnail_blob = blobs.add("thumbnail");
  }
  TileSource::Loader loader() {
    return [this](const std::string& id) -> Result<ImageRecord> {
      ++loads;
      if (id.starts_with("none")) return Unexpected(ErrorCode::NotFound, "NO_SUCH_RESOURCE", "none");
      return ImageRecord{"site-a", "case-1", ready, ready ? image : StoredImage{}};
    };
  }
};

TEST_CASE("a tile is the stored bytes with the tables spliced in") {
  Fixture f;
  TileSource source(f.blobs, f.loader());
  const std::string prefix = "\xFF\xD8"s + kAdobe + "\xFF\xDB\x00\x05\x00QQ"s;
  CHECK(*source.tile("x", {0, 0, 0}) == prefix + "one");
  CHECK(*source.tile("x", {0, 1, 0}) == prefix + "two");
  CHECK(*source.tile("x", {1, 0, 0}) == "\xFF\xD8whole"s);
  CHECK(*source.thumbnail("x") == "thumbnail");

  SUBCASE("outside the grid there is none") {
    for (const contract::TileKey key :
         {contract::TileKey{0, 2, 0}, {0, 0, 1}, {0, -1, 0}, {2, 0, 0}, {-1, 0, 0}})
      CHECK(source.tile("x", key).error().reason == "NO_SUCH_TILE");
  }
}

TEST_CASE("an image is opened once and kept") {
  Fixture f;
  TileSource source(f.blobs, f.loader());
  for (int i = 0; i < 5; ++i) CHECK(source.tile("x", {0, 0, 0}));
  CHECK(f.loads == 1);

  SUBCASE("until its row changes") {
    source.forget("x");
    CHECK(source.cached_bytes() == 0);
    CHECK(source.tile("x", {0, 0, 0}));
    CHECK(f.loads == 2);
  }
  SUBCASE("also when many ask at once") {
    Fixture g;
    TileSource other(g.blobs, g.loader());
    std::vector<std::thread> readers;
    for (int i = 0; i < 8; ++i)
      readers.emplace_back([&] {
        for (int n = 0; n < 200; ++n) CHECK(other.tile("x", {0, n % 2, 0}));
      });
    for (std::thread& reader : readers) reader.join();
    CHECK(g.loads == 1);
  }
}

TEST_CASE("the cache holds its budget, least recently used first") {
  Fixture f;
  TileSource measure(f.blobs, f.loader());
  REQUIRE(measure.open("x"));
  const size_t one = measure.cached_bytes();
  TileSource source(f.blobs, f.loader(), one * 2 + one / 2);
  for (const char* id : {"a", "b", "a", "c"}) REQUIRE(source.open(id));
  CHECK(source.cached_bytes() == 2 * one);
  f.loads = 0;
  REQUIRE(source.open("a"));
  REQUIRE(source.open("c"));
  CHECK(f.loads == 0);
  REQUIRE(source.open("b"));
  CHECK(f.loads == 1);
}

TEST_CASE("an image that is not ready has no tiles yet, and is asked for again") {
  Fixture f;
  f.ready = false;
  TileSource source(f.blobs, f.loader());
  CHECK(source.tile("x", {0, 0, 0}).error().reason == "IMAGE_NOT_READY");
  CHECK(source.thumbnail("x").error().reason == "IMAGE_NOT_READY");
  CHECK((*source.open("x"))->record.site_id == "site-a");
  f.ready = true;
  CHECK(source.tile("x", {0, 0, 0}));
  CHECK(source.tile("none", {0, 0, 0}).error().code == ErrorCode::NotFound);
}

TEST_CASE("a record that its blob does not bear out is refused when it is opened") {
  Fixture f;
  TileSource source(f.blobs, f.loader());
  const auto reason = [&] { return source.open("x").error().reason; };
  SUBCASE("another size") { f.image.levels[0].geometry.width = 31; }
  SUBCASE("another tile size") { f.image.levels[0].geometry.tile_width = 15; }
  SUBCASE("no such directory") { f.image.levels[0].directory = 3; }
  SUBCASE("a tile that is not stored") {
    uint64_t directory = 0;
    f.image.levels[0].blob = f.blobs.add(two_tiles(&directory, 2, ""));
    f.image.levels[0].directory = directory;
  }
  SUBCASE("one JPEG for more than one tile") { f.image.levels[1].geometry.tile_width = 4; }
  SUBCASE("no such blob") { f.image.levels[1].blob = std::string(64, '0'); }
  CHECK_FALSE(reason().empty());
}

TEST_CASE("a stored tile that is no JPEG is not sent") {
  Fixture f;
  uint64_t directory = 0;
  f.image.levels[0].blob = f.blobs.add(two_tiles(&directory, 2, "not a JPEG"));
  f.image.levels[0].directory = directory;
  TileSource source(f.blobs, f.loader());
  CHECK(source.tile("x", {0, 1, 0}).error().reason == "BAD_TILE");
}

}  // namespace
}  // namespace hada::images
