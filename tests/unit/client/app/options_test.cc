#include "client/app/options.h"

#include <doctest/doctest.h>

#include <vector>

using namespace hada;

namespace {

Result<app::Options> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "hada");
  return app::parse_options(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

TEST_CASE("options are read with a space or an equals sign") {
  const auto options = parse({"--server", "127.0.0.1:9", "--lang=ja", "--theme", "light", "--scale=1.5",
                              "--size", "1920x1080", "--user", "sato", "--password-file=/tmp/p", "--pictures",
                              "/views", "--display-profile", "/tmp/d.icc"});
  REQUIRE(options);
  CHECK(options->server == "127.0.0.1:9");
  CHECK(options->language == Language::Japanese);
  CHECK(options->theme == model::Theme::Light);
  CHECK(options->scale == 1.5);
  CHECK(options->width == 1920);
  CHECK(options->height == 1080);
  CHECK(options->user == "sato");
  CHECK(options->password_file == "/tmp/p");
  CHECK(options->pictures == "/views");
  CHECK(options->display_profile == "/tmp/d.icc");
}

TEST_CASE("what is not given stays open for the settings file") {
  const auto options = parse({});
  REQUIRE(options);
  CHECK_FALSE(options->server);
  CHECK_FALSE(options->language);
  CHECK_FALSE(options->width);
}

TEST_CASE("a wrong option is refused") {
  for (const std::vector<const char*>& arguments :
       std::vector<std::vector<const char*>>{{"--sever", "x"},
                                             {"--server"},
                                             {"--lang", "de"},
                                             {"--theme", "blue"},
                                             {"--scale", "3"},
                                             {"--scale", "1.5x"},
                                             {"--size", "100x100"},
                                             {"--size", "1920"},
                                             {"stray"}}) {
    CAPTURE(arguments.front());
    const auto options = parse(arguments);
    REQUIRE_FALSE(options);
    CHECK(options.error().reason == "BAD_OPTION");
  }
}
