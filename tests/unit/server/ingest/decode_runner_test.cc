#include "server/ingest/decode_runner.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "server/images/vips_image.h"
#include "server/ingest/decode_protocol.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/unit/server/ingest/decode_files.h"

namespace hada::ingest {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

// A program in place of hada-server that does `line` (shell) with the answer on descriptor 3.
std::string impostor(const Job& job, const std::string& line) {
  const std::string path = job.path / "impostor";
  {
    std::ofstream script(path);
    script << "#!/bin/sh\n" << line << "\n";
  }
  ::chmod(path.c_str(), 0755);
  return path;
}

support::Raster flat(int width, int height) {
  support::Raster raster{width, height, {}};
  raster.rgb.assign(static_cast<size_t>(width) * static_cast<size_t>(height) * 3, 90);
  return raster;
}

TEST_CASE("a photograph comes back as one JPEG, decoded in a child") {
  const std::string program = server_program();
  if (program.empty()) return;
  const Job job;
  REQUIRE(support::write_png(job.path / "in" / "image.jpg",
                             flat(300, 200)));  // the name lies; the content counts
  const auto outcome = run_decoder(program, job.path, "image.jpg", {});
  REQUIRE(outcome_of(outcome) == "READY");
  REQUIRE(outcome->image.levels.size() == 1);
  CHECK(outcome->image.levels[0].geometry == contract::PyramidLevel{300, 200, 300, 200, 1.0});
  CHECK(fs::exists(job.path / "out" / outcome->image.levels[0].blob));
  CHECK(fs::exists(job.path / "out" / outcome->image.thumbnail_blob));
}

TEST_CASE("files that are not taken have a reason") {
  const std::string program = server_program();
  if (program.empty()) return;
  const Job job;
  const auto reason = [&](const std::string& name, const std::string& bytes) {
    job.put(name, bytes);
    return outcome_of(run_decoder(program, job.path, name, {}));
  };
  CHECK(reason("empty.jpg", "") == "TRUNCATED");
  CHECK(reason("text.jpg", "This is a letter, not a picture.") == "NOT_AN_IMAGE");
  CHECK(reason("a.gif", "GIF89a....") == "UNSUPPORTED_FORMAT");
  CHECK(reason("a.dcm", std::string(128, '\0') + "DICM....") == "UNSUPPORTED_FORMAT");
  CHECK(reason("alone.mrxs", "") == "TRUNCATED");
  CHECK(reason("alone.mrxs", "main file of a slide") == "MISSING_COMPANION");
  CHECK(reason("alone.vms", "[Virtual Microscope Specimen]\nNoLayers=1\n") == "MISSING_COMPANION");

  REQUIRE(support::write_png(job.path / "in" / "whole.png", flat(300, 200)));
  std::ifstream in(job.path / "in" / "whole.png", std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  CHECK(reason("cut.png", whole.substr(0, whole.size() / 2)) == "TRUNCATED");
}

TEST_CASE("limits hold") {
  const std::string program = server_program();
  if (program.empty()) return;
  const Job job;
  DecodeLimits limits;
  SUBCASE("of pixels") {
    REQUIRE(support::write_png(job.path / "in" / "a.png", flat(300, 200)));
    limits.photograph_pixels = 300 * 200 - 1;
    CHECK(outcome_of(run_decoder(program, job.path, "a.png", limits)) == "TOO_LARGE");
  }
  SUBCASE("of a slide's pixels") {
    REQUIRE(support::write_tiled_tiff(job.path / "in" / "a.tif", flat(600, 400)));
    limits.slide_pixels = 600 * 400 - 1;
    CHECK(outcome_of(run_decoder(program, job.path, "a.tif", limits)) == "TOO_LARGE");
  }
  SUBCASE("of a file's size") {
    REQUIRE(support::write_png(job.path / "in" / "a.png", flat(3000, 2500)));
    limits.output_bytes = 1000;
    CHECK(outcome_of(run_decoder(program, job.path, "a.png", limits)) == "TOO_LARGE");
  }
  SUBCASE("of memory") {
    // A progressive JPEG is whole in memory before its first line is: 12,000 x 9,000 coefficients of 2 bytes,
    // thrice.
    VipsImage* black = nullptr;
    REQUIRE(images::start_vips());
    REQUIRE(vips_black(&black, 12'000, 9'000, "bands", 3, nullptr) == 0);
    REQUIRE(vips_jpegsave(black, (job.path / "in" / "a.jpg").c_str(), "interlace", TRUE, nullptr) == 0);
    g_object_unref(black);
    limits.photograph_memory = limits.slide_memory = uint64_t{500} << 20;
    CHECK(outcome_of(run_decoder(program, job.path, "a.jpg", limits)) == "MEMORY_LIMIT");
  }
  SUBCASE("of time") {
    REQUIRE(support::write_jpeg(job.path / "in" / "a.jpg", flat(16'000, 12'000), {.quality = 50}));
    limits.photograph_seconds = 1;
    const auto start = steady_clock::now();
    CHECK(outcome_of(run_decoder(program, job.path, "a.jpg", limits)) == "TIME_LIMIT");
    CHECK(steady_clock::now() - start < std::chrono::seconds(4));
  }
}

TEST_CASE("whatever the child does, the parent gets a value") {
  const Job job;
  job.put("a.jpg", "x");
  const auto outcome_with = [&](const std::string& line, const DecodeLimits& limits = {}) {
    return outcome_of(run_decoder(impostor(job, line), job.path, "a.jpg", limits));
  };
  CHECK(outcome_with("kill -SEGV $$") == "DECODER_CRASHED");
  CHECK(outcome_with("kill -ALRM $$") == "TIME_LIMIT");
  CHECK(outcome_with("kill -XCPU $$") == "TIME_LIMIT");
  CHECK(outcome_with("exit 0") == "DECODER_CRASHED");
  CHECK(outcome_with("echo nonsense >&3") == "DECODER_CRASHED");
  CHECK(outcome_with("yes | head -c 3000000 >&3") == "DECODER_CRASHED");
  CHECK(outcome_with("exit 3") == "error NO_DECODER");
  CHECK(outcome_of(run_decoder("/nonexistent", job.path, "a.jpg", {})) == "error NO_DECODER");

  DecodeLimits short_time;
  short_time.slide_seconds = 1;
  short_time.grace_seconds = 0;
  CHECK(outcome_with("sleep 100", short_time) == "TIME_LIMIT");
}

TEST_CASE("an answer is believed only where it could be one") {
  DecodeOutcome good;
  good.ok = true;
  good.image.levels = {{{300, 200, 300, 200, 1.0}, "image.jpg", 0}};
  good.image.thumbnail_blob = "thumbnail.jpg";
  REQUIRE(from_answer(to_answer(good)));
  const auto refused = [&](const auto& spoil) {
    DecodeOutcome bad = good;
    spoil(bad);
    return !from_answer(to_answer(bad));
  };
  CHECK(refused([](DecodeOutcome& o) { o.image.levels[0].blob = "../../hada.db"; }));
  CHECK(refused([](DecodeOutcome& o) { o.image.levels[0].blob = "/etc/passwd"; }));
  CHECK(refused([](DecodeOutcome& o) { o.image.thumbnail_blob = ".."; }));
  CHECK(refused([](DecodeOutcome& o) { o.image.icc_blob = "a/b"; }));
  CHECK(refused([](DecodeOutcome& o) { o.image.levels.clear(); }));
  CHECK(refused([](DecodeOutcome& o) {
    o.ok = false;
    o.reason = "lower case";
  }));
  CHECK(refused([](DecodeOutcome& o) {
    o.ok = false;
    o.reason = "";
  }));
}

// Two at a time, as the server runs them.
TEST_CASE("every broken, hostile or odd file is named and none takes the parent down") {
  const std::string program = server_program(), folder = real_path("malformed");
  if (program.empty() || folder.empty()) return;
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  CHECK(files.size() >= 470);

  std::atomic<size_t> next = 0;
  std::mutex mutex;
  std::map<std::string, int> counts;
  std::vector<std::string> unnamed;
  double slowest = 0;
  const auto work = [&] {
    while (true) {
      const size_t i = next++;
      if (i >= files.size()) return;
      const Job job;
      const std::string name = "image" + fs::path(files[i]).extension().string();
      job.copy(name, files[i]);
      const auto start = steady_clock::now();
      const std::string outcome = outcome_of(run_decoder(program, job.path, name, {}));
      const double seconds = std::chrono::duration<double>(steady_clock::now() - start).count();
      const std::lock_guard lock(mutex);
      ++counts[outcome];
      slowest = std::max(slowest, seconds);
      if (outcome.find("error") == 0) unnamed.push_back(files[i]);
    }
  };
  std::thread other(work);
  work();
  other.join();
  for (const auto& [outcome, count] : counts) MESSAGE(outcome << ": " << count);
  MESSAGE("slowest: " << slowest << " s");
  CHECK(unnamed.empty());
  CHECK(counts["READY"] > 100);  // many are odd, not broken
  CHECK(slowest < 60);
}

}  // namespace
}  // namespace hada::ingest
