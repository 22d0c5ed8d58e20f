// Target 6: what it takes to make our pyramid of a file, beside `vips tiffsave` alone with the same options:
// wall clock and CPU, medians of rounds that alternate, each in a process of its own. Theirs reads the same
// pixels the way libvips itself would (vips_openslideload, or vips_tiffload).
//
//   transcode_bench [rounds]

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "server/images/pyramid_builder.h"
#include "server/images/slide_reader.h"
#include "tests/bench/bench_table.h"
#include "tests/support/process.h"
#include "tests/support/slide_factory/slide_factory.h"

namespace {

using namespace hada;
using Clock = std::chrono::steady_clock;

constexpr double kMaxRatio = 1.2;  // performance.md, target 6
constexpr int kSide = 8192;

struct Cost {
  double wall = 0, cpu = 0;  // seconds
};

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
}

// In a child, so that each starts libvips anew and what it used can be read off.
Cost cost_of(const std::function<bool()>& work) {
  const auto start = Clock::now();
  const pid_t child = fork();
  if (child == 0) _exit(work() ? 0 : 1);
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0)
    throw std::runtime_error("a transcoding failed");
  return {std::chrono::duration<double>(Clock::now() - start).count(),
          seconds(usage.ru_utime) + seconds(usage.ru_stime)};
}

// As ingest does it: OpenSlide through our reader, or a decoded photograph's pixels from libvips.
bool ours(const std::string& path, const std::string& out_dir, bool slide) {
  if (!images::start_vips()) return false;
  if (!slide) {
    const auto image = images::run_vips([&](VipsImage** out) {
      return vips_tiffload(path.c_str(), out, "access", VIPS_ACCESS_SEQUENTIAL, nullptr);
    });
    return image && images::build_pyramid(image->get(), out_dir, "ours.tif").has_value();
  }
  const auto reader = images::SlideReader::open(path);
  if (!reader) return false;
  const auto image = reader->level0();
  return image && images::build_pyramid(image->get(), out_dir, "ours.tif").has_value();
}

// What `vips tiffsave in out.tif --tile --pyramid --compression jpeg ...` does. OpenSlide's pixels have an
// alpha channel, which a JPEG has not: flattened, as anyone would have to.
bool theirs(const std::string& path, const std::string& out, bool slide) {
  if (VIPS_INIT("transcode_bench") != 0) return false;
  VipsImage* in = nullptr;
  if (slide) {
    VipsImage* rgba = nullptr;
    if (vips_openslideload(path.c_str(), &rgba, "access", VIPS_ACCESS_SEQUENTIAL, nullptr) != 0) return false;
    if (vips_flatten(rgba, &in, nullptr) != 0) return false;
  } else if (vips_tiffload(path.c_str(), &in, "access", VIPS_ACCESS_SEQUENTIAL, nullptr) != 0) {
    return false;
  }
  return vips_tiffsave(in, out.c_str(), "compression", VIPS_FOREIGN_TIFF_COMPRESSION_JPEG, "Q", 92, "tile",
                       TRUE, "tile_width", 256, "tile_height", 256, "pyramid", TRUE, "depth",
                       VIPS_FOREIGN_DZ_DEPTH_ONETILE, "region_shrink", VIPS_REGION_SHRINK_MEAN, "strip", TRUE,
                       nullptr) == 0;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void compare(const std::string& name, const std::string& path, bool slide, int rounds) {
  const support::TempDir dir;
  const std::string out = dir.path().string();
  std::vector<double> wall[2], cpu[2];
  for (int i = 0; i <= rounds; ++i) {
    const Cost mine = cost_of([&] { return ours(path, out, slide); });
    const Cost other = cost_of([&] { return theirs(path, out + "/theirs.tif", slide); });
    if (i == 0) continue;  // brings the file into memory
    wall[0].push_back(mine.wall);
    wall[1].push_back(other.wall);
    cpu[0].push_back(mine.cpu);
    cpu[1].push_back(other.cpu);
  }
  std::printf("%s: %.0f KiB become %.0f KiB, theirs %.0f KiB\n", name.c_str(),
              static_cast<double>(std::filesystem::file_size(path)) / 1024,
              static_cast<double>(std::filesystem::file_size(out + "/ours.tif")) / 1024,
              static_cast<double>(std::filesystem::file_size(out + "/theirs.tif")) / 1024);
  bench::print_row({"transcode " + name + ", wall s (vips tiffsave)", median(wall[0]), median(wall[1]),
                    bench::ratio_at_most(kMaxRatio)});
  bench::print_row({"transcode " + name + ", CPU s (vips tiffsave)", median(cpu[0]), median(cpu[1]),
                    bench::ratio_at_most(kMaxRatio)});
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 5;
  try {
    const support::TempDir dir;
    const std::filesystem::path generated = dir / "generated.tiff";
    std::string error;
    if (!support::write_big_slide(generated, kSide, kSide, 1, &error)) throw std::runtime_error(error);
    compare("8,192 px slide", generated, false, rounds);
    const std::filesystem::path ndpi = support::test_data() / "slides" / "test3-DAPI-2-387.ndpi";
    if (!support::test_data().empty() && std::filesystem::exists(ndpi))
      compare("test3-DAPI-2-387.ndpi", ndpi, true, rounds);
    else
      std::printf("no test3-DAPI-2-387.ndpi in HADA_TEST_DATA: left out\n");
  } catch (const std::exception& e) {
    std::fprintf(stderr, "transcode_bench: %s\n", e.what());
    return 1;
  }
  return 0;
}
