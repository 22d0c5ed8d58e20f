#include "client/app/display_profile.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/unit/client/render/profiles.h"

using namespace hada;

TEST_CASE("a display profile is read from a file, and refused with a reason when it is none") {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("hada-display-" + std::to_string(getpid()) + ".icc");
  const auto read = [&](const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    return app::read_display_profile(path.string());
  };
  const std::string p3 = test::p3_like_profile();
  const auto good = read(p3);
  REQUIRE(good);
  CHECK(*good == p3);
  for (const std::string& bad :
       {std::string(), std::string("no profile"), p3.substr(0, 200), test::table_profile()}) {
    const auto refused = read(bad);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "BAD_OPTION");
  }
  std::filesystem::remove(path);
  CHECK_FALSE(app::read_display_profile(path.string()));
}
