#include "server/images/stored_image.h"

#include <doctest/doctest.h>

namespace hada::images {
namespace {

StoredImage sample() {
  StoredImage image;
  image.levels = {{{1000, 800, 240, 240, 1.0}, "a1", 4'000'000'000}, {{250, 200, 256, 256, 4.003}, "b2", 0}};
  image.mpp_x = 0.2499;
  image.mpp_y = 0.25;
  image.file_mpp_x = image.file_mpp_y = 0.26;
  image.objective = 40;
  image.vendor = "aperio";
  image.background_rgb = 0xF3F2F1;
  image.icc_blob = "c3";
  image.thumbnail_blob = "d4";
  return image;
}

TEST_CASE("a stored image survives its JSON") {
  const auto back = stored_image_from_json(to_json(sample()));
  REQUIRE(back);
  CHECK(*back == sample());
  CHECK(back->pyramid().at(1).downsample == 4.003);
}

TEST_CASE("JSON that is no stored image is refused") {
  const auto refused = [](const std::string& from, const std::string& to) {
    std::string json = to_json(sample());
    const size_t at = json.find(from);
    REQUIRE(at != std::string::npos);
    json.replace(at, from.size(), to);
    return !stored_image_from_json(json);
  };
  CHECK(!stored_image_from_json(""));
  CHECK(!stored_image_from_json("[]"));
  CHECK(!stored_image_from_json("{}"));
  CHECK(refused("\"width\":1000", "\"width\":0"));
  CHECK(refused("\"width\":1000", "\"width\":4000000000"));
  CHECK(refused("\"width\":1000", "\"width\":\"1000\""));
  CHECK(refused("\"downsample\":4.003", "\"downsample\":1.0"));  // levels must grow coarser
  CHECK(refused("\"downsample\":4.003", "\"downsample\":1e300"));
  CHECK(refused("\"tile_width\":240", "\"tile_width\":-240"));
  CHECK(refused("\"blob\":\"a1\"", "\"blob\":\"\""));
  CHECK(refused("\"levels\":[", "\"levels\":[3,"));
}

TEST_CASE("a vendor's name that is no UTF-8 does not harm") {
  StoredImage image = sample();
  image.vendor = "\xFF\xFE";
  CHECK(stored_image_from_json(to_json(image)));
}

}  // namespace
}  // namespace hada::images
