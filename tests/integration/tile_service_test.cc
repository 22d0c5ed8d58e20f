// TileService through a real server: what a client receives is what the file holds.

#include <doctest/doctest.h>
#include <tiffio.h>
#include <turbojpeg.h>

#include <atomic>
#include <thread>

#include "hada/v1/admin.pb.h"
#include "hada/v1/case.pb.h"
#include "hada/v1/tile.pb.h"
#include "tests/integration/uploader.h"
#include "tests/support/server_process.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/world.h"

using namespace hada;
using namespace hada::support;

namespace {

Result<v1::GetTileResponse> get_tile(ApiClient& client, const std::string& image, int level, int column,
                                     int row) {
  v1::GetTileRequest request;
  request.set_image(image);
  request.set_level(level);
  request.set_column(column);
  request.set_row(row);
  return client.call<v1::GetTileResponse>("TileService/GetTile", request);
}

Result<v1::GetThumbnailResponse> get_thumbnail(ApiClient& client, const std::string& image) {
  v1::GetThumbnailRequest request;
  request.set_image(image);
  return client.call<v1::GetThumbnailResponse>("TileService/GetThumbnail", request);
}

struct Decoded {
  int width = 0, height = 0;
  std::vector<uint8_t> rgb;
};

Decoded decode(const std::string& jpeg) {
  Decoded d;
  tjhandle decoder = tjInitDecompress();
  const auto* bytes = reinterpret_cast<const unsigned char*>(jpeg.data());
  int subsampling = 0, colours = 0;
  REQUIRE(tjDecompressHeader3(decoder, bytes, jpeg.size(), &d.width, &d.height, &subsampling, &colours) == 0);
  d.rgb.resize(static_cast<size_t>(d.width) * static_cast<size_t>(d.height) * 3);
  CHECK(tjDecompress2(decoder, bytes, jpeg.size(), d.rgb.data(), d.width, 0, d.height, TJPF_RGB, 0) == 0);
  tjDestroy(decoder);
  return d;
}

std::string photograph(int width, int height) {
  const TempDir dir;
  Raster raster{width, height, {}};
  raster.rgb.resize(static_cast<size_t>(width) * static_cast<size_t>(height) * 3);
  for (size_t i = 0; i < raster.rgb.size(); ++i) raster.rgb[i] = static_cast<uint8_t>(i * 7 >> 4);
  REQUIRE(write_png(dir / "p.png", raster));
  return read_file(dir / "p.png");
}

}  // namespace

TEST_CASE("every level-0 tile of a real slide reaches the client with the pixels that libtiff decodes") {
  const auto data = test_data();
  if (data.empty()) {
    MESSAGE("SKIPPED: the shared slides are not there");
    return;
  }
  const ServerProcess server;
  make_people(server);
  ApiClient coordinator(server.address()), reader(server.address());
  coordinator.as("coordinator-a");
  reader.as("derm-b");
  const std::filesystem::path path = data / "slides" / "CMU-1-Small-Region.svs";
  const auto committed = bring_in(coordinator, "slide", read_file(path), v1::IMAGE_KIND_HISTOPATHOLOGY_WSI);

  v1::GetImageRequest request;
  request.set_name(committed.image());
  const auto image = reader.call<v1::Image>("CaseService/GetImage", request);
  REQUIRE(reason(image) == "");
  REQUIRE(image->state() == v1::IMAGE_STATE_READY);
  REQUIRE(image->levels_size() == 5);
  const v1::PyramidLevel& base = image->levels(0);
  CHECK(base.width() == 2220);
  CHECK(base.tile_width() == 240);
  CHECK(image->mpp_x() == doctest::Approx(0.499));

  TIFF* tiff = TIFFOpen(path.c_str(), "r");
  REQUIRE(tiff != nullptr);
  uint16_t photometric = 0;
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
  if (photometric == PHOTOMETRIC_YCBCR) TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  std::vector<uint8_t> expected(static_cast<size_t>(TIFFTileSize(tiff)));
  int tiles = 0, different = 0;
  for (int y = 0; y < base.height(); y += base.tile_height())
    for (int x = 0; x < base.width(); x += base.tile_width()) {
      const auto tile = get_tile(reader, committed.image(), 0, x / base.tile_width(), y / base.tile_height());
      REQUIRE(reason(tile) == "");
      REQUIRE(TIFFReadTile(tiff, expected.data(), static_cast<uint32_t>(x), static_cast<uint32_t>(y), 0, 0) >
              0);
      ++tiles;
      if (decode(tile->jpeg()).rgb != expected) ++different;
    }
  TIFFClose(tiff);
  CHECK(tiles == 130);
  CHECK(different == 0);

  const v1::PyramidLevel& last = image->levels(4);
  CHECK(last.width() <= last.tile_width());
  CHECK(last.height() <= last.tile_height());
  for (int level = 1; level < 5; ++level)
    CHECK(reason(get_tile(reader, committed.image(), level, 0, 0)) == "");
}

TEST_CASE("tiles and thumbnails over the wire") {
  ServerProcess server;
  make_people(server);
  ApiClient coordinator(server.address()), reader(server.address());
  coordinator.as("coordinator-a");
  reader.as("derm-b");
  const std::string bytes = photograph(600, 400);
  const std::string image = bring_in(coordinator, "case", bytes).image();

  SUBCASE("outside the grid, without a name, or of an unknown image there is none") {
    CHECK(reason(get_tile(reader, image, 0, 0, 0)) == "");
    CHECK(reason(get_tile(reader, image, 0, 1, 0)) == "NO_SUCH_TILE");
    CHECK(reason(get_tile(reader, image, 1, 0, 0)) == "NO_SUCH_TILE");
    CHECK(reason(get_tile(reader, image, -1, 0, 0)) == "NO_SUCH_TILE");
    CHECK(reason(get_tile(reader, "../hada.db", 0, 0, 0)) == "BAD_NAME");
    CHECK(reason(get_tile(reader, "images/unknown", 0, 0, 0)) == "NO_SUCH_RESOURCE");
    CHECK(reason(get_thumbnail(reader, "images/unknown")) == "NO_SUCH_RESOURCE");
  }
  SUBCASE("bytes that are no request are refused") {
    v1::GetTileResponse not_a_request;  // its first field is where the image's name would be, in UTF-8
    not_a_request.set_jpeg("\xFF\xD8");
    CHECK(reason(reader.call<v1::GetTileResponse>("TileService/GetTile", not_a_request)) == "BAD_FIELD");
  }
  SUBCASE("a thumbnail is small and shows the whole") {
    const auto thumbnail = get_thumbnail(reader, image);
    REQUIRE(reason(thumbnail) == "");
    const Decoded small = decode(thumbnail->jpeg());
    CHECK(small.width == 256);
    CHECK(small.height == 171);
  }
  SUBCASE("nobody sees them without a session, a reader's role, or of another site's case") {
    ApiClient stranger(server.address());
    CHECK(reason(get_tile(stranger, image, 0, 0, 0)) == "NO_SESSION");
    ApiClient admin(server.address());
    admin.as(kAdminUser);
    CHECK(reason(get_tile(admin, image, 0, 0, 0)) == "ROLE_REQUIRED");
    CHECK(reason(get_tile(coordinator, image, 0, 0, 0)) == "");

    v1::CreateUserRequest other;
    other.set_user_id("coordinator-b");
    other.set_display_name("Coordinator B");
    other.set_home_site("sites/b");
    other.set_password(kPassword);
    other.set_request_id(ApiClient::request_id());
    auto* grant = other.add_grants();
    grant->set_role(v1::ROLE_SITE_COORDINATOR);
    grant->set_site("sites/b");
    REQUIRE(reason(admin.call<v1::User>("AdminService/CreateUser", other)) == "");
    ApiClient foreign(server.address());
    foreign.as("coordinator-b");
    CHECK(reason(get_tile(foreign, image, 0, 0, 0)) == "NO_SUCH_RESOURCE");
    CHECK(reason(get_thumbnail(foreign, image)) == "NO_SUCH_RESOURCE");
  }
  SUBCASE("they are there again after a restart") {
    const auto before = get_tile(reader, image, 0, 0, 0);
    server.stop();
    server.start();
    ApiClient again(server.address());
    again.as("derm-b");
    const auto after = get_tile(again, image, 0, 0, 0);
    REQUIRE(reason(after) == "");
    CHECK(after->jpeg() == before->jpeg());
  }
}

TEST_CASE("many who ask at once get the tiles they asked for") {
  const ServerProcess server;
  make_people(server);
  ApiClient coordinator(server.address()), reader(server.address());
  coordinator.as("coordinator-a");
  reader.as("derm-b");
  const std::string image = bring_in(coordinator, "case", photograph(2300, 1800)).image();
  constexpr int kColumns = 9, kRows = 8, kReaders = 8;  // 256 px tiles
  std::vector<std::string> expected;
  for (int i = 0; i < kColumns * kRows; ++i) {
    const auto tile = get_tile(reader, image, 0, i % kColumns, i / kColumns);
    REQUIRE(reason(tile) == "");
    expected.push_back(tile->jpeg());
  }
  std::atomic<int> wrong{0};
  std::vector<std::thread> readers;
  for (int r = 0; r < kReaders; ++r)
    readers.emplace_back([&, r] {
      ApiClient client(server.address());
      client.set_token(reader.token());
      for (int n = 0; n < kColumns * kRows; ++n) {
        const int i = (n + r * kColumns) % (kColumns * kRows);
        const auto tile = get_tile(client, image, 0, i % kColumns, i / kColumns);
        if (!tile || tile->jpeg() != expected[static_cast<size_t>(i)]) ++wrong;
      }
    });
  for (std::thread& thread : readers) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("an image that is refused has no tiles, and says why") {
  const ServerProcess server;
  make_people(server);
  ApiClient coordinator(server.address()), reader(server.address());
  coordinator.as("coordinator-a");
  reader.as("derm-b");
  const std::string image = bring_in(coordinator, "case", "This is a letter.").image();
  CHECK(reason(get_tile(reader, image, 0, 0, 0)) == "IMAGE_NOT_READY");
  CHECK(reason(get_thumbnail(reader, image)) == "IMAGE_NOT_READY");
}
