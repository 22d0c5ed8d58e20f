// Target 1: GetTile on loopback, tiles a second, latency and the server's CPU a tile, session check and
// deadline on. Beside it, in rounds that alternate: nginx sending the same tiles cut beforehand to files (the
// practical limit of HTTP), Debian's iipsrv 1.1 on the same slide, and a bare gRPC server that answers with
// bytes from memory (the floor of gRPC's typed API). All share the machine with their client, so trust the
// ratios. The slide has 40,000 x 40,000 pixels: real tissue repeated where HADA_TEST_DATA has it. Below it
// the same tiles by index, one pread and splice in this process, how long a slide takes to open, and what its
// ingest cost.
//
//   get_tile_bench [seconds a round] [calls in flight]

#include <fcntl.h>
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "hada/v1/case.pb.h"
#include "hada/v1/tile.grpc.pb.h"
#include "server/blobs/file_blobs.h"
#include "server/images/build_image.h"
#include "server/images/tile_source.h"
#include "server/images/vips_image.h"
#include "tests/bench/bench_slide.h"
#include "tests/bench/bench_table.h"
#include "tests/bench/channel_load.h"
#include "tests/bench/http_load.h"
#include "tests/bench/tile_load.h"
#include "tests/bench/tile_rivals.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/world.h"

namespace {

using namespace hada;
using namespace hada::support;
using bench::Round;
using Clock = std::chrono::steady_clock;

constexpr int kSide = 40'000, kPatch = 2048, kRounds = 5;
// As the targets were set: random tiles of levels 0 to 5, each level as often. The few tiles of the coarsest
// levels would come out of anybody's cache.
constexpr int kTiles = 4'000, kLevels = 6;
// performance.md, target 1.
constexpr double kMinOfIipsrv = 12, kMinOfNginx = 0.4, kMaxP50Ms = 0.3, kMaxP99Ms = 2, kMaxCpuUs = 40,
                 kMaxOpenMs = 10, kMaxOpenEvictedMs = 50;

// The floor: what a GetTile costs when nothing is looked up, checked or read.
class BareTileService final : public v1::TileService::CallbackService {
 public:
  explicit BareTileService(size_t bytes) : jpeg_(bytes, 'x') {}
  grpc::ServerUnaryReactor* GetTile(grpc::CallbackServerContext* context, const v1::GetTileRequest*,
                                    v1::GetTileResponse* response) override {
    response->set_jpeg(jpeg_);
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  const std::string jpeg_;
};

int serve_bare(const std::string& port_file, size_t bytes) {
  BareTileService service(bytes);
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  write_file(port_file + ".tmp", std::to_string(port));
  std::filesystem::rename(port_file + ".tmp", port_file);
  server->Wait();
  return 0;
}

constexpr const char* kGetTile = "/hada.v1.TileService/GetTile";

std::vector<std::string> serialised(const std::vector<v1::GetTileRequest>& requests) {
  std::vector<std::string> bytes;
  for (const v1::GetTileRequest& request : requests) bytes.push_back(request.SerializeAsString());
  return bytes;
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The most memory the process ever held.
double peak_mib(pid_t pid) {
  const std::string status = read_file("/proc/" + std::to_string(pid) + "/status");
  const size_t line = status.find("VmHWM:");
  return line == std::string::npos ? 0 : std::atof(status.c_str() + line + 6) / 1024;
}

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().reason + ": " + result.error().message);
  return std::move(*result);
}

// The same slide in this process: what the server does besides gRPC.
class LocalSlide {
 public:
  explicit LocalSlide(const TempDir& dir) {
    const std::filesystem::path slide = dir / "slide.tiff", out = dir / "built";
    std::filesystem::create_directories(out);
    image_ = must(images::build_image(slide, out, {}));
    blobs_ = must(blobs::FileBlobs::create(dir / "blobs"));
    std::filesystem::copy_file(slide, out / std::string(images::kMainFile));
    for (images::StoredLevel& level : image_.levels) {
      if (!hashes_.contains(level.blob)) hashes_[level.blob] = must(blobs_->adopt(out / level.blob));
      level.blob = hashes_[level.blob];
    }
    source_ = std::make_unique<images::TileSource>(*blobs_,
                                                   [this](const std::string&) -> Result<images::ImageRecord> {
                                                     return images::ImageRecord{"a", "case", true, image_};
                                                   });
  }

  std::string tile(const v1::GetTileRequest& r) {
    return must(source_->tile("image", {r.level(), r.column(), r.row()}));
  }

  double open_ms() {
    source_->forget("image");
    const auto start = Clock::now();
    must(source_->open("image"));
    return seconds_since(start) * 1000;
  }

  // Out of the page cache.
  void evict() {
    for (const auto& [name, hash] : hashes_) {
      const int fd = ::open(must(blobs_->local_path(hash)).c_str(), O_RDONLY | O_CLOEXEC);
      ::fsync(fd);
      ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
      ::close(fd);
    }
  }

 private:
  images::StoredImage image_;
  std::unique_ptr<blobs::FileBlobs> blobs_;
  std::map<std::string, std::string> hashes_;
  std::unique_ptr<images::TileSource> source_;
};

struct Pure {
  double us_per_tile = 0, open_ms = 0, open_evicted_ms = 0;
};

Pure run_pure(LocalSlide& slide, const std::vector<v1::GetTileRequest>& requests) {
  Pure pure;
  slide.evict();
  pure.open_evicted_ms = slide.open_ms();
  pure.open_ms = std::min({slide.open_ms(), slide.open_ms(), slide.open_ms()});
  for (int round = 0; round < 3; ++round) {  // the first brings the slide into memory
    const auto start = Clock::now();
    for (const v1::GetTileRequest& r : requests) slide.tile(r);
    pure.us_per_tile = seconds_since(start) * 1e6 / static_cast<double>(requests.size());
  }
  return pure;
}

std::string file_of(const v1::GetTileRequest& r) {
  return "/" + std::to_string(r.level()) + "/" + std::to_string(r.column()) + "_" + std::to_string(r.row()) +
         ".jpg";
}

// Real tissue repeated where there is some, else a drawn patch.
void write_slide(const std::filesystem::path& path) {
  std::string error;
  const std::filesystem::path real = test_data() / "slides" / "CMU-1-Small-Region.svs";
  if (test_data().empty() || !std::filesystem::exists(real)) {
    std::printf("slide: drawn (no CMU-1-Small-Region.svs in HADA_TEST_DATA)\n");
    if (!write_big_slide(path, kSide, kSide, 1, &error)) throw std::runtime_error(error);
    return;
  }
  std::printf("slide: CMU-1-Small-Region repeated\n");
  if (!images::start_vips()) throw std::runtime_error("libvips does not start");
  const images::VipsOwner image = must(images::run_vips(
      [&](VipsImage** out) { return vips_tiffload(real.c_str(), out, "page", 0, nullptr); }));
  const images::VipsOwner crop = must(images::run_vips(
      [&](VipsImage** out) { return vips_crop(image.get(), out, 0, 0, kPatch, kPatch, nullptr); }));
  size_t size = 0;
  const std::unique_ptr<void, decltype(&g_free)> pixels(vips_image_write_to_memory(crop.get(), &size),
                                                        g_free);
  Raster patch{kPatch, kPatch, {}};
  const auto* const bytes = static_cast<const uint8_t*>(pixels.get());
  if (bytes == nullptr || size != size_t{kPatch} * kPatch * 3) throw std::runtime_error("not an RGB slide");
  patch.rgb.assign(bytes, bytes + size);
  if (!write_big_slide(path, kSide, kSide, std::move(patch), &error)) throw std::runtime_error(error);
}

v1::Image ingest_slide(const ServerProcess& server, const TempDir& dir) {
  write_slide(dir / "slide.tiff");
  const auto start = Clock::now();
  v1::Image image = bench::bring_in(server, dir);
  std::printf("ingest: %.0f MiB by hadactl, READY after %.1f s\n",
              static_cast<double>(std::filesystem::file_size(dir / "slide.tiff")) / (1 << 20),
              seconds_since(start));
  return image;
}

std::vector<v1::GetTileRequest> random_tiles(const v1::Image& image) {
  std::mt19937 random(1);
  std::vector<v1::GetTileRequest> requests;
  for (int i = 0; i < kTiles; ++i) {
    v1::GetTileRequest request;
    request.set_image(image.name());
    const int level =
        static_cast<int>(random() % static_cast<unsigned>(std::min(kLevels, image.levels_size())));
    const v1::PyramidLevel& size = image.levels(level);
    const auto pick = [&](int pixels, int tile) {
      return static_cast<int>(random() % static_cast<unsigned>((pixels + tile - 1) / tile));
    };
    request.set_level(level);
    request.set_column(pick(size.width(), size.tile_width()));
    request.set_row(pick(size.height(), size.tile_height()));
    requests.push_back(std::move(request));
  }
  return requests;
}

// A server under load, and the rounds it has had.
struct Contender {
  std::string name;
  std::function<Round()> run;
  std::vector<Round> rounds;
};

void print(const char* name, const Round& round) {
  std::printf("%-18s %8.0f tiles/s   p50 %6.0f us   p99 %6.0f us   server CPU %5.1f us/tile   %.1f KB/tile\n",
              name, round.tiles_per_second, round.p50_us, round.p99_us, round.cpu_us,
              round.mean_bytes / 1024);
}

// nginx with the tiles as files, and iipsrv with the slide; whichever is installed.
class HttpRivals {
 public:
  HttpRivals(const TempDir& dir, LocalSlide& slide, const v1::Image& image,
             const std::vector<v1::GetTileRequest>& requests) {
    std::set<std::string> cut;
    std::vector<std::string> files, queries;
    for (const v1::GetTileRequest& r : requests) {
      files.push_back(file_of(r));
      const v1::PyramidLevel& level = image.levels(r.level());
      const int columns = (level.width() + level.tile_width() - 1) / level.tile_width();
      queries.push_back("/iipsrv?FIF=" + (dir / "slide.tiff").string() +
                        "&JTL=" + std::to_string(image.levels_size() - 1 - r.level()) + "," +
                        std::to_string(r.row() * columns + r.column()));
      const std::filesystem::path path = dir.path() / ("cut" + files.back());
      std::filesystem::create_directories(path.parent_path());
      if (cut.insert(files.back()).second) write_file(path, slide.tile(r));
    }
    add("nginx, files", bench::start_nginx_files(dir / "cut", dir / "nginx"), files);
    add("iipsrv 1.1", bench::start_iipsrv(dir / "iipsrv"), queries);
  }

  void join(std::vector<Contender>& contenders, std::chrono::milliseconds time, int in_flight) {
    for (Rival& rival : rivals_)
      contenders.push_back(
          {rival.name,
           [&rival, time, in_flight] { return rival.load.run(rival.server->pids(), time, in_flight); },
           {}});
  }

 private:
  struct Rival {
    std::string name;
    std::unique_ptr<bench::HttpRival> server;
    bench::HttpLoad load;
  };
  void add(const char* name, std::unique_ptr<bench::HttpRival> server, std::vector<std::string> targets) {
    if (!server) {
      std::printf("%s is not installed (third_party/packages-bench.txt): left out\n", name);
      return;
    }
    bench::HttpLoad load(server->ports, std::move(targets));
    rivals_.push_back({name, std::move(server), std::move(load)});
  }
  std::vector<Rival> rivals_;
};

int bench_all(const std::string& self, std::chrono::milliseconds time, int in_flight) {
  ServerProcess server;
  make_people(server);
  const TempDir dir;
  const v1::Image image = ingest_slide(server, dir);
  const std::vector<v1::GetTileRequest> requests = random_tiles(image);
  ApiClient derm(server.address());
  derm.as("derm-b");
  bench::ChannelLoad hada(server.address(), kGetTile, derm.token(), serialised(requests));
  const double mean_bytes = hada.run({server.pid()}, time, in_flight).mean_bytes;  // and warms up

  const std::filesystem::path port_file = dir / "bare-port";
  Process bare_server(
      {{self, "--bare", port_file.string(), std::to_string(static_cast<int>(mean_bytes))}, {}, "", {}});
  if (!eventually([&] { return std::filesystem::exists(port_file); }))
    throw std::runtime_error("no bare server");
  bench::ChannelLoad bare("127.0.0.1:" + read_file(port_file), kGetTile, derm.token(), serialised(requests));
  LocalSlide slide(dir);
  HttpRivals rivals(dir, slide, image, requests);

  std::vector<Contender> contenders = {
      {"hada", [&] { return hada.run({server.pid()}, time, in_flight); }, {}},
      {"bare gRPC", [&] { return bare.run({bare_server.pid()}, time, in_flight); }, {}}};
  rivals.join(contenders, time, in_flight);
  for (const Contender& contender : contenders) contender.run();  // warms up
  for (int i = 0; i < kRounds; ++i)
    for (Contender& contender : contenders) contender.rounds.push_back(contender.run());

  std::printf("%d x %d slide, %d levels, %d calls in flight, medians of %d rounds of %.1f s\n", kSide, kSide,
              image.levels_size(), in_flight, kRounds, std::chrono::duration<double>(time).count());
  std::map<std::string, Round> medians;
  for (const Contender& contender : contenders) {
    medians[contender.name] = bench::median(contender.rounds);
    print(contender.name.c_str(), medians[contender.name]);
  }
  const Pure pure = run_pure(slide, requests);
  const Round ours = medians["hada"];
  std::printf("index + pread + splice: %.0f tiles/s on one thread, %.1f us of those %.1f\n",
              1e6 / pure.us_per_tile, pure.us_per_tile, ours.cpu_us);
  std::printf("server memory %.0f MiB at most\n", peak_mib(server.pid()));

  const auto theirs = [&](const char* name, double Round::*field, double unit = 1) -> std::optional<double> {
    const auto found = medians.find(name);
    if (found == medians.end()) return std::nullopt;
    return found->second.*field / unit;
  };
  const double rate = ours.tiles_per_second;
  bench::print_row({"GetTile, tiles/s (iipsrv 1.1)", rate, theirs("iipsrv 1.1", &Round::tiles_per_second),
                    bench::ratio_at_least(kMinOfIipsrv)});
  bench::print_row({"GetTile, tiles/s (nginx, files)", rate, theirs("nginx, files", &Round::tiles_per_second),
                    bench::ratio_at_least(kMinOfNginx)});
  bench::print_row({"GetTile, tiles/s (bare gRPC)", rate, theirs("bare gRPC", &Round::tiles_per_second),
                    bench::no_target()});
  bench::print_row({"GetTile, p50, ms (nginx, files)", ours.p50_us / 1000,
                    theirs("nginx, files", &Round::p50_us, 1000), bench::at_most(kMaxP50Ms)});
  bench::print_row({"GetTile, p99, ms (nginx, files)", ours.p99_us / 1000,
                    theirs("nginx, files", &Round::p99_us, 1000), bench::at_most(kMaxP99Ms)});
  bench::print_row({"GetTile, server CPU a tile, us (nginx, files)", ours.cpu_us,
                    theirs("nginx, files", &Round::cpu_us), bench::at_most(kMaxCpuUs)});
  bench::print_row({"slide open, warm, ms", pure.open_ms, std::nullopt, bench::at_most(kMaxOpenMs)});
  bench::print_row(
      {"slide open, evicted, ms", pure.open_evicted_ms, std::nullopt, bench::at_most(kMaxOpenEvictedMs)});
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string(argv[1]) == "--bare")
    return serve_bare(argv[2], std::strtoul(argv[3], nullptr, 10));
  const double seconds = argc > 1 ? std::atof(argv[1]) : 1.0;
  const int in_flight = argc > 2 ? std::atoi(argv[2]) : 8;
  try {
    return bench_all("/proc/self/exe", std::chrono::milliseconds(static_cast<int>(seconds * 1000)),
                     in_flight);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "get_tile_bench: %s\n", e.what());
    return 1;
  }
}
