#include "client/tiles/decoder.h"

#include <doctest/doctest.h>
#include <turbojpeg.h>

#include <atomic>
#include <future>
#include <random>

using namespace hada;
using tiles::Decoder;
using tiles::HalfSizes;
using tiles::Pixels;

namespace {

// A picture whose left half is red and whose right half is blue.
std::string make_jpeg(int width, int height, int subsampling = TJSAMP_444) {
  std::string rgb;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      rgb += x < width / 2 ? std::string("\xFF\0\0", 3) : std::string("\0\0\xFF", 3);
  const tjhandle handle = tjInitCompress();
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  tjCompress2(handle, reinterpret_cast<const unsigned char*>(rgb.data()), width, 0, height, TJPF_RGB, &bytes,
              &size, subsampling, 95, 0);
  std::string jpeg(reinterpret_cast<char*>(bytes), size);
  tjFree(bytes);
  tjDestroy(handle);
  return jpeg;
}

bool near(const uint8_t* pixel, int r, int g, int b) {
  return std::abs(pixel[0] - r) < 6 && std::abs(pixel[1] - g) < 6 && std::abs(pixel[2] - b) < 6 &&
         pixel[3] == 255;
}

}  // namespace

TEST_CASE("a JPEG becomes RGBA rows from the top left") {
  const auto pixels = tiles::decode_jpeg(make_jpeg(64, 32), HalfSizes::None);
  REQUIRE(pixels);
  CHECK(pixels->width == 64);
  CHECK(pixels->height == 32);
  CHECK(pixels->levels == 1);
  CHECK(near(pixels->level(0), 255, 0, 0));
  CHECK(near(pixels->level(0) + 4 * 63, 0, 0, 255));
}

TEST_CASE("half sizes are the mean of two by two, down to one pixel") {
  const auto pixels = tiles::decode_jpeg(make_jpeg(64, 48), HalfSizes::All);
  REQUIRE(pixels);
  CHECK(pixels->levels == 7);  // 64x48, 32x24, 16x12, 8x6, 4x3, 2x1, 1x1
  CHECK(near(pixels->level(1), 255, 0, 0));
  CHECK(near(pixels->level(5) + 4, 0, 0, 255));
  CHECK(near(pixels->level(6), 128, 0, 128));
  CHECK(pixels->bytes() == 4u * (64 * 48 + 32 * 24 + 16 * 12 + 8 * 6 + 4 * 3 + 2 + 1));
}

TEST_CASE("damage that loses pixels is an error, never half a picture") {
  const std::string whole = make_jpeg(256, 256);
  for (const size_t length : {size_t{0}, size_t{1}, size_t{20}, whole.size() / 2, whole.size() - 40}) {
    CAPTURE(length);
    const auto result = tiles::decode_jpeg(whole.substr(0, length), HalfSizes::All);
    REQUIRE_FALSE(result);
    CHECK(result.error().reason == "CORRUPT_TILE");
  }
  CHECK_FALSE(tiles::decode_jpeg("not a picture at all", HalfSizes::None));
}

TEST_CASE("a picture of absurd size is refused before memory is taken") {
  std::string jpeg = make_jpeg(16, 16);
  const size_t frame = jpeg.find("\xFF\xC0");
  REQUIRE(frame != std::string::npos);
  for (const size_t at : {5u, 6u, 7u, 8u}) jpeg[frame + at] = '\xFF';  // height and width 65,535
  CHECK_FALSE(tiles::decode_jpeg(jpeg, HalfSizes::None));
}

TEST_CASE("no change of bytes crashes the decoder") {
  const std::string whole = make_jpeg(64, 64, TJSAMP_420);
  std::mt19937 random(7);
  int refused = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string jpeg = whole;
    for (int n = 0; n < 1 + i % 5; ++n) jpeg[random() % jpeg.size()] = static_cast<char>(random());
    const auto result = tiles::decode_jpeg(jpeg, HalfSizes::One);
    if (!result) ++refused;
  }
  CHECK(refused > 0);
}

TEST_CASE("jobs are done newest first") {
  Decoder decoder(1);
  const auto jpeg = std::make_shared<const std::string>(make_jpeg(16, 16));
  std::promise<void> started, gate, finished;
  std::vector<int> order;
  decoder.submit({jpeg, HalfSizes::None, [&](Result<Pixels>) {
                    started.set_value();
                    gate.get_future().wait();
                  }});
  started.get_future().wait();  // the only worker is busy from here on
  for (int i = 1; i <= 3; ++i) {
    decoder.submit({jpeg, HalfSizes::None, [&, i](Result<Pixels> pixels) {
                      CHECK(pixels.has_value());
                      order.push_back(i);
                      if (order.size() == 3) finished.set_value();
                    }});
  }
  gate.set_value();
  finished.get_future().wait();
  CHECK(order == std::vector<int>{3, 2, 1});
}

TEST_CASE("a decoder that ends drops what waits and joins its threads") {
  std::atomic<int> done = 0;
  {
    Decoder decoder(2);
    const auto jpeg = std::make_shared<const std::string>(make_jpeg(256, 256));
    for (int i = 0; i < 500; ++i) decoder.submit({jpeg, HalfSizes::All, [&](Result<Pixels>) { ++done; }});
  }
  CHECK(done <= 500);
}
