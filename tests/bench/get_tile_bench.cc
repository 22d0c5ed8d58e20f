// GetTile on loopback: tiles a second, latency and the server's CPU a tile, beside a bare gRPC server that
// answers the same method with bytes from memory (what gRPC itself costs, the floor). Both sides and the
// client share the machine, so trust the ratio. Random tiles of all levels of a 20,000 x 20,000 slide;
// session check and deadline are on. Below it the same tiles by index, one pread and splice in this process,
// how long a slide takes to open, and what its ingest cost.
//
//   get_tile_bench [seconds a round] [calls in flight]

#include <fcntl.h>
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <map>
#include <mutex>
#include <numeric>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "hada/v1/case.pb.h"
#include "hada/v1/tile.grpc.pb.h"
#include "server/blobs/file_blobs.h"
#include "server/images/build_image.h"
#include "server/images/tile_source.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/world.h"

namespace {

using namespace hada;
using namespace hada::support;
using Clock = std::chrono::steady_clock;

constexpr int kSide = 20'000, kRounds = 5, kTiles = 4'000;
// performance.md, target 1.
constexpr double kMaxCpuUs = 40, kMaxP50Us = 300, kMaxP99Us = 2000, kMaxOpenMs = 10, kMaxOpenEvictedMs = 50;

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

// Seconds of user and system time of a process so far (fields 14 and 15 of /proc/PID/stat).
double cpu_seconds(pid_t pid) {
  const std::string stat = read_file("/proc/" + std::to_string(pid) + "/stat");
  std::istringstream fields(stat.substr(stat.rfind(')') + 2));
  std::string field;
  double ticks = 0;
  for (int i = 3; i <= 15 && fields >> field; ++i)
    if (i >= 14) ticks += std::stod(field);
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

struct Round {
  double tiles_per_second = 0, p50_us = 0, p99_us = 0, cpu_us = 0, mean_bytes = 0;
};

// Keeps `in_flight` calls going until the time is up.
class Load {
 public:
  Load(const std::string& address, std::string token, std::vector<v1::GetTileRequest> requests)
      : stub_(v1::TileService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))),
        token_(std::move(token)),
        requests_(std::move(requests)) {}

  Round run(pid_t server, std::chrono::milliseconds time, int in_flight) {
    end_ = Clock::now() + time;
    latencies_us_.clear();
    bytes_ = 0;
    live_ = in_flight;
    const auto begun = Clock::now();
    const double cpu_before = cpu_seconds(server);
    std::vector<Call> calls(static_cast<size_t>(in_flight));
    for (Call& call : calls) next(call);
    {
      std::unique_lock lock(mutex_);
      done_.wait(lock, [&] { return live_ == 0; });
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    const double cpu = cpu_seconds(server) - cpu_before;
    std::sort(latencies_us_.begin(), latencies_us_.end());
    const double count = static_cast<double>(latencies_us_.size());
    const auto quantile = [&](double q) { return latencies_us_[static_cast<size_t>(q * (count - 1))]; };
    return {count / seconds, quantile(0.5), quantile(0.99), cpu * 1e6 / count,
            static_cast<double>(bytes_) / count};
  }

 private:
  struct Call {
    std::unique_ptr<grpc::ClientContext> context;
    v1::GetTileResponse response;
    Clock::time_point begun;
  };

  void next(Call& call) {
    if (Clock::now() >= end_) {
      std::lock_guard lock(mutex_);
      if (--live_ == 0) done_.notify_all();
      return;
    }
    call.context = std::make_unique<grpc::ClientContext>();
    call.context->AddMetadata("authorization", "Bearer " + token_);
    call.context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    call.begun = Clock::now();
    const v1::GetTileRequest& request = requests_[position_++ % requests_.size()];
    stub_->async()->GetTile(
        call.context.get(), &request, &call.response, [this, &call](const grpc::Status& status) {
          if (!status.ok()) {
            std::fprintf(stderr, "GetTile failed: %s\n", status.error_message().c_str());
            std::_Exit(1);
          }
          {
            std::lock_guard lock(mutex_);
            latencies_us_.push_back(
                std::chrono::duration<double, std::micro>(Clock::now() - call.begun).count());
            bytes_ += call.response.jpeg().size();
          }
          next(call);
        });
  }

  const std::unique_ptr<v1::TileService::Stub> stub_;
  const std::string token_;
  const std::vector<v1::GetTileRequest> requests_;
  std::atomic<size_t> position_{0};
  Clock::time_point end_;
  std::mutex mutex_;
  std::condition_variable done_;
  std::vector<double> latencies_us_;
  size_t bytes_ = 0;
  int live_ = 0;
};

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

// The same slide and tiles in this process: what the server does besides gRPC.
struct Pure {
  double us_per_tile = 0, open_ms = 0, open_evicted_ms = 0;
};

Pure run_pure(const TempDir& dir, const std::vector<v1::GetTileRequest>& requests) {
  const std::filesystem::path slide = dir / "slide.tiff", out = dir / "built";
  std::filesystem::create_directories(out);
  images::StoredImage image = must(images::build_image(slide, out, {}));
  const auto blobs = must(blobs::FileBlobs::create(dir / "blobs"));
  std::filesystem::copy_file(slide, out / std::string(images::kMainFile));
  std::map<std::string, std::string> hashes;
  for (images::StoredLevel& level : image.levels) {
    if (!hashes.contains(level.blob)) hashes[level.blob] = must(blobs->adopt(out / level.blob));
    level.blob = hashes[level.blob];
  }
  images::TileSource source(*blobs, [&](const std::string&) -> Result<images::ImageRecord> {
    return images::ImageRecord{"a", "case", true, image};
  });
  const auto open_ms = [&] {
    source.forget("image");
    const auto start = Clock::now();
    must(source.open("image"));
    return seconds_since(start) * 1000;
  };
  for (const auto& [name, hash] : hashes) {
    const int fd = ::open(must(blobs->local_path(hash)).c_str(), O_RDONLY | O_CLOEXEC);
    ::fsync(fd);
    ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    ::close(fd);
  }
  Pure pure;
  pure.open_evicted_ms = open_ms();
  pure.open_ms = std::min({open_ms(), open_ms(), open_ms()});
  for (int round = 0; round < 3; ++round) {  // the first brings the slide into memory
    const auto start = Clock::now();
    for (const v1::GetTileRequest& r : requests) must(source.tile("image", {r.level(), r.column(), r.row()}));
    pure.us_per_tile = seconds_since(start) * 1e6 / static_cast<double>(requests.size());
  }
  return pure;
}

v1::Image ingest_slide(const ServerProcess& server, const TempDir& dir) {
  std::string error;
  if (!write_big_slide(dir / "slide.tiff", kSide, kSide, 1, &error)) throw std::runtime_error(error);
  const auto start = Clock::now();
  write_file(dir / "manifest.csv",
             "file,patient_id,case_id,kind,licence,mpp\nslide.tiff,P1,C1,histopathology_wsi,CC-0,0.25\n");
  const Finished in = ingest(server, dir / "manifest.csv", dir.path());
  if (in.status != 0) throw std::runtime_error(in.output);
  ApiClient derm(server.address());
  derm.as("derm-b");
  v1::Image image;
  const bool ready = eventually(
      [&] {
        const auto cases = derm.call<v1::ListCasesResponse>("CaseService/ListCases", v1::ListCasesRequest());
        if (!cases || cases->cases_size() == 0 || cases->cases(0).images_size() == 0) return false;
        v1::GetImageRequest request;
        request.set_name(cases->cases(0).images(0).name());
        const auto found = derm.call<v1::Image>("CaseService/GetImage", request);
        if (found) image = *found;
        return image.levels_size() > 0;
      },
      std::chrono::minutes(5));
  if (!ready) throw std::runtime_error("the slide did not become ready: " + server.log());
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
    const int level = static_cast<int>(random() % static_cast<unsigned>(image.levels_size()));
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

Round median(std::vector<Round> rounds) {
  const auto of = [&](double Round::*field) {
    std::vector<double> values;
    for (const Round& round : rounds) values.push_back(round.*field);
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                     values.end());
    return values[values.size() / 2];
  };
  return {of(&Round::tiles_per_second), of(&Round::p50_us), of(&Round::p99_us), of(&Round::cpu_us),
          of(&Round::mean_bytes)};
}

void print(const char* name, const Round& round) {
  std::printf("%-10s %8.0f tiles/s   p50 %6.0f us   p99 %6.0f us   server CPU %5.1f us/tile   %.1f KB/tile\n",
              name, round.tiles_per_second, round.p50_us, round.p99_us, round.cpu_us,
              round.mean_bytes / 1024);
}

int bench(const std::string& self, std::chrono::milliseconds time, int in_flight) {
  ServerProcess server;
  make_people(server);
  const TempDir dir;
  const v1::Image image = ingest_slide(server, dir);
  ApiClient derm(server.address());
  derm.as("derm-b");
  Load hada(server.address(), derm.token(), random_tiles(image));
  const double mean_bytes = hada.run(server.pid(), time, in_flight).mean_bytes;  // and warms up

  const std::filesystem::path port_file = dir / "bare-port";
  Process bare_server(
      {{self, "--bare", port_file.string(), std::to_string(static_cast<int>(mean_bytes))}, {}, "", {}});
  if (!eventually([&] { return std::filesystem::exists(port_file); }))
    throw std::runtime_error("no bare server");
  Load bare("127.0.0.1:" + read_file(port_file), derm.token(), random_tiles(image));
  bare.run(bare_server.pid(), time, in_flight);

  std::vector<Round> of_hada, of_bare;
  for (int i = 0; i < kRounds; ++i) {
    of_hada.push_back(hada.run(server.pid(), time, in_flight));
    of_bare.push_back(bare.run(bare_server.pid(), time, in_flight));
  }
  const Round ours = median(of_hada), floor = median(of_bare);
  std::printf("%d x %d slide, %d levels, %d calls in flight, medians of %d rounds of %.1f s\n", kSide, kSide,
              image.levels_size(), in_flight, kRounds, std::chrono::duration<double>(time).count());
  print("hada", ours);
  print("bare gRPC", floor);
  std::printf("limits                           p50 %6.0f us   p99 %6.0f us   server CPU %5.1f us/tile\n",
              kMaxP50Us, kMaxP99Us, kMaxCpuUs);
  std::printf("ratio      tiles/s %.2f   CPU %.2f\n", ours.tiles_per_second / floor.tiles_per_second,
              ours.cpu_us / floor.cpu_us);
  const Pure pure = run_pure(dir, random_tiles(image));
  std::printf("index + pread + splice: %.0f tiles/s on one thread, %.1f us of those %.1f\n",
              1e6 / pure.us_per_tile, pure.us_per_tile, ours.cpu_us);
  std::printf(
      "slide open: %.2f ms warm (limit %.0f), %.2f ms evicted (limit %.0f); server memory %.0f MiB at most\n",
      pure.open_ms, kMaxOpenMs, pure.open_evicted_ms, kMaxOpenEvictedMs, peak_mib(server.pid()));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string(argv[1]) == "--bare")
    return serve_bare(argv[2], std::strtoul(argv[3], nullptr, 10));
  const double seconds = argc > 1 ? std::atof(argv[1]) : 1.0;
  const int in_flight = argc > 2 ? std::atoi(argv[2]) : 8;
  try {
    return bench("/proc/self/exe", std::chrono::milliseconds(static_cast<int>(seconds * 1000)), in_flight);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "get_tile_bench: %s\n", e.what());
    return 1;
  }
}
