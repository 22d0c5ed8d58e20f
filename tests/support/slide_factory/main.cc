// hada-demo-images: writes the synthetic demonstration set, or a big slide for benchmarks.
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string>

#include "tests/support/slide_factory/slide_factory.h"

namespace {

constexpr const char* kUsage =
    "usage: hada-demo-images DIR [--seed N]\n"
    "       hada-demo-images --big WIDTHxHEIGHT FILE [--seed N]\n"
    "\n"
    "Draws the synthetic demonstration images and DIR/manifest.csv, or one big tiled slide.\n";

bool parse(const std::string& text, std::uint64_t& value) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && end == text.data() + text.size();
}

}  // namespace

int main(int argc, char** argv) {
  std::string dir;
  std::string big_file;
  std::uint64_t seed = 1;
  std::uint64_t width = 0;
  std::uint64_t height = 0;
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    if (arg == "--help" || arg == "-h") {
      std::fputs(kUsage, stdout);
      return 0;
    }
    bool understood = true;
    if (arg == "--seed" && i + 1 < argc) {
      understood = parse(argv[++i], seed);
    } else if (arg == "--big" && i + 2 < argc) {
      const std::string size = argv[++i];
      const std::size_t cross = size.find('x');
      understood = cross != std::string::npos && parse(size.substr(0, cross), width) &&
                   parse(size.substr(cross + 1), height) && width > 0 && height > 0 && width <= 1000000 &&
                   height <= 1000000;
      big_file = argv[++i];
    } else if (!arg.empty() && arg[0] != '-' && dir.empty()) {
      dir = arg;
    } else {
      understood = false;
    }
    if (!understood) {
      std::fprintf(stderr, "hada-demo-images: cannot make sense of %s\n%s", arg.c_str(), kUsage);
      return 2;
    }
  }
  if (dir.empty() && big_file.empty()) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  std::string error;
  if (!big_file.empty() && !hada::support::write_big_slide(big_file, static_cast<int>(width),
                                                           static_cast<int>(height), seed, &error)) {
    std::fprintf(stderr, "hada-demo-images: %s\n", error.c_str());
    return 1;
  }
  if (!dir.empty()) {
    const int rows = hada::support::write_demo_set(dir, seed, &error);
    if (rows < 0) {
      std::fprintf(stderr, "hada-demo-images: %s\n", error.c_str());
      return 1;
    }
    std::printf("%d images and manifest.csv in %s\n", rows, dir.c_str());
  }
  return 0;
}
