// GetTile over loopback: a big slide, 8 calls in flight, client and server sharing this machine's cores.
// Beside it the same tiles by index, one pread and splice alone, which is the limit of any server that sends
// stored tiles.
//
//   get_tile_bench [side of the slide in pixels, default 20000] [calls, default 40000]
// HADA_BENCH_SLIDE names a slide to use instead of the generated one.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "client/net/channel.h"
#include "contract/sha256.h"
#include "hada/v1/case.pb.h"
#include "hada/v1/ingest.pb.h"
#include "hada/v1/tile.pb.h"
#include "server/blobs/file_blobs.h"
#include "server/images/build_image.h"
#include "server/images/tile_source.h"
#include "tests/support/api_client.h"
#include "tests/support/server_process.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/world.h"

namespace {

using namespace hada;
namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr int kInFlight = 8;
constexpr double kMaxServerCpuUs = 40, kMaxP50Ms = 0.3, kMaxP99Ms = 2;  // performance.md, target 1
constexpr double kMaxOpenWarmMs = 10, kMaxOpenEvictedMs = 50;

double since(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

[[noreturn]] void give_up(const std::string& what) {
  std::fprintf(stderr, "get_tile_bench: %s\n", what.c_str());
  std::exit(1);
}

template <typename T>
T must(Result<T> result, const char* what) {
  if (!result) give_up(std::string(what) + ": " + result.error().reason + " " + result.error().message);
  return std::move(*result);
}

// User and system time of a process so far, in seconds.
double cpu_seconds(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  const std::string text{std::istreambuf_iterator<char>(stat), {}};
  unsigned long user = 0, system = 0;
  // The name, in brackets, may hold anything; fields are counted from after it.
  std::sscanf(text.c_str() + text.rfind(')'), ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
              &system);
  return static_cast<double>(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

// The most memory the process ever held, in MiB.
double peak_mib(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::atof(line.c_str() + 6) / 1024;
  return 0;
}

std::string bring_in(support::ApiClient& client, const fs::path& path) {
  v1::CreateBatchRequest create;
  create.set_site("sites/a");
  create.set_tool_version("bench");
  create.set_request_id(support::ApiClient::request_id());
  const std::string batch = must(client.call<v1::Batch>("IngestService/CreateBatch", create), "batch").name();

  std::ifstream in(path, std::ios::binary);
  contract::Sha256 sha;
  std::string buffer(2 << 20, '\0');
  const auto next = [&] {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    return std::string_view(buffer).substr(0, static_cast<size_t>(in.gcount()));
  };
  for (std::string_view part = next(); !part.empty(); part = next()) sha.update(part);
  in.clear();
  in.seekg(0);
  v1::StartUploadRequest start;
  start.set_batch(batch);
  start.set_sha256(sha.hex());
  start.set_size(static_cast<int64_t>(fs::file_size(path)));
  v1::Upload upload = must(client.call<v1::Upload>("IngestService/StartUpload", start), "upload");
  while (!upload.complete()) {
    v1::WriteChunkRequest chunk;
    chunk.set_batch(batch);
    chunk.set_sha256(sha.hex());
    chunk.set_offset(upload.committed_size());
    chunk.set_data(std::string(next()));
    upload = must(client.call<v1::Upload>("IngestService/WriteChunk", chunk), "chunk");
  }
  v1::CommitImageRequest commit;
  commit.set_batch(batch);
  commit.mutable_row()->set_patient_key(contract::sha256_hex("patient"));
  commit.mutable_row()->set_case_key(contract::sha256_hex("case"));
  commit.mutable_row()->set_kind(v1::IMAGE_KIND_HISTOPATHOLOGY_WSI);
  (*commit.mutable_row()->mutable_fields())["licence"] = "CC-0";
  auto* file = commit.add_files();
  file->set_path("image.tif");
  file->set_sha256(sha.hex());
  file->set_size(start.size());
  commit.set_request_id(support::ApiClient::request_id());
  return must(client.call<v1::CommitImageResponse>("IngestService/CommitImage", commit), "commit").image();
}

v1::Image wait_until_ready(support::ApiClient& client, const std::string& name) {
  v1::GetImageRequest request;
  request.set_name(name);
  while (true) {
    v1::Image image = must(client.call<v1::Image>("CaseService/GetImage", request), "image");
    if (image.state() == v1::IMAGE_STATE_READY) return image;
    if (image.state() != v1::IMAGE_STATE_RECEIVED && image.state() != v1::IMAGE_STATE_CHECKED)
      give_up("the slide was refused: " + image.state_reason());
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

// Random tiles of the six finest levels, as one study of other servers drew them.
std::vector<contract::TileKey> random_keys(const contract::Pyramid& pyramid, size_t count) {
  std::mt19937 random(1);
  std::vector<contract::TileKey> keys;
  const int levels = std::min<int>(6, static_cast<int>(pyramid.size()));
  for (size_t i = 0; i < count; ++i) {
    const int level = static_cast<int>(random() % static_cast<unsigned>(levels));
    const contract::PyramidLevel& l = pyramid[static_cast<size_t>(level)];
    keys.push_back({level, static_cast<int32_t>(random() % static_cast<unsigned>(l.columns())),
                    static_cast<int32_t>(random() % static_cast<unsigned>(l.rows()))});
  }
  return keys;
}

struct Load {
  double seconds = 0;
  std::vector<double> ms;
  size_t bytes = 0;
  double percentile(double p) {
    std::sort(ms.begin(), ms.end());
    return ms[std::min(ms.size() - 1, static_cast<size_t>(p * static_cast<double>(ms.size())))];
  }
};

// Keeps kInFlight calls on the wire until all are answered.
Load run_calls(net::Channel& channel, const std::string& token, const std::string& image,
               const std::vector<contract::TileKey>& keys) {
  std::vector<std::string> requests;
  for (const contract::TileKey& key : keys) {
    v1::GetTileRequest request;
    request.set_image(image);
    request.set_level(key.level);
    request.set_column(key.column);
    request.set_row(key.row);
    requests.push_back(request.SerializeAsString());
  }
  Load load;
  load.ms.resize(keys.size());
  std::atomic<size_t> next = 0, bytes = 0, failed = 0;
  std::mutex mutex;
  std::condition_variable finished;
  size_t done = 0;
  std::function<void()> send = [&] {
    const size_t i = next++;
    if (i >= requests.size()) return;
    const auto start = steady_clock::now();
    channel.start("/hada.v1.TileService/GetTile", requests[i], token, std::chrono::seconds(10),
                  [&, i, start](net::Outcome outcome) {
                    load.ms[i] = since(start) * 1000;
                    if (outcome.error) ++failed;
                    bytes += outcome.bytes.size();
                    send();
                    const std::lock_guard lock(mutex);
                    if (++done == requests.size()) finished.notify_one();
                  });
  };
  const auto start = steady_clock::now();
  for (int i = 0; i < kInFlight; ++i) send();
  std::unique_lock lock(mutex);
  finished.wait(lock, [&] { return done == requests.size(); });
  load.seconds = since(start);
  load.bytes = bytes;
  if (failed > 0) give_up(std::to_string(failed) + " calls failed");
  return load;
}

// The same slide, opened by this process without a server.
struct Pure {
  double tiles_per_second = 0, open_warm_ms = 0, open_evicted_ms = 0;
};

Pure run_pure(const fs::path& slide, const fs::path& dir, const std::vector<contract::TileKey>& keys) {
  fs::create_directories(dir / "out");
  images::StoredImage image = must(images::build_image(slide, dir / "out", {}), "build");
  const auto store = must(blobs::FileBlobs::create(dir / "blobs"), "blobs");
  fs::copy_file(slide, dir / "out" / "main");
  std::map<std::string, std::string> hashes;
  for (images::StoredLevel& level : image.levels) {
    if (!hashes.contains(level.blob))
      hashes[level.blob] = must(store->adopt(dir / "out" / level.blob), "adopt");
    level.blob = hashes[level.blob];
  }
  images::TileSource source(*store, [&](const std::string&) -> Result<images::ImageRecord> {
    return images::ImageRecord{"a", "case", true, image};
  });
  Pure pure;
  const auto open_ms = [&] {
    source.forget("image");
    const auto start = steady_clock::now();
    must(source.open("image"), "open");
    return since(start) * 1000;
  };
  for (const auto& [name, hash] : hashes) {
    const int fd = ::open(must(store->local_path(hash), "path").c_str(), O_RDONLY);
    ::fsync(fd);
    ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    ::close(fd);
  }
  pure.open_evicted_ms = open_ms();
  pure.open_warm_ms = std::min({open_ms(), open_ms(), open_ms()});

  size_t bytes = 0;
  for (int round = 0; round < 2; ++round) {  // the first brings the slide into memory
    const auto start = steady_clock::now();
    for (const contract::TileKey& key : keys) bytes += must(source.tile("image", key), "tile").size();
    pure.tiles_per_second = static_cast<double>(keys.size()) / since(start);
  }
  return bytes == 0 ? Pure{} : pure;
}

}  // namespace

int main(int argc, char** argv) {
  const int side = argc > 1 ? std::atoi(argv[1]) : 20'000;
  const size_t calls = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 40'000;
  const support::TempDir dir;
  fs::path slide = dir / "slide.tif";
  if (const char* given = std::getenv("HADA_BENCH_SLIDE"); given != nullptr)
    slide = given;
  else if (std::string error; !support::write_big_slide(slide, side, side, 1, &error))
    give_up(error);

  support::ServerProcess server;
  support::make_people(server);
  support::ApiClient coordinator(server.address()), reader(server.address());
  coordinator.as("coordinator-a");
  reader.as("derm-b");

  const auto ingest_start = steady_clock::now();
  const std::string name = bring_in(coordinator, slide);
  const double upload_seconds = since(ingest_start);
  const v1::Image image = wait_until_ready(coordinator, name);
  const double ingest_seconds = since(ingest_start);
  const double mib = static_cast<double>(fs::file_size(slide)) / (1 << 20);

  contract::Pyramid pyramid;
  for (const v1::PyramidLevel& l : image.levels())
    pyramid.push_back({l.width(), l.height(), l.tile_width(), l.tile_height(), l.downsample()});
  const auto keys = random_keys(pyramid, calls);

  const auto channel = must(net::Channel::open({server.address(), {}, "bench"}), "channel");
  run_calls(*channel, reader.token(), name, random_keys(pyramid, calls / 4));
  const double cpu_before = cpu_seconds(server.pid()), own_before = cpu_seconds(::getpid());
  Load load = run_calls(*channel, reader.token(), name, keys);
  const double server_us = (cpu_seconds(server.pid()) - cpu_before) * 1e6 / static_cast<double>(calls);
  const double client_us = (cpu_seconds(::getpid()) - own_before) * 1e6 / static_cast<double>(calls);
  const double rate = static_cast<double>(calls) / load.seconds;
  const double server_peak = peak_mib(server.pid());
  const Pure pure = run_pure(slide, dir / "pure", keys);

  std::printf("slide            %d x %d, %zu levels, %.0f MiB\n", image.levels(0).width(),
              image.levels(0).height(), pyramid.size(), mib);
  std::printf("ingest           %.1f s to READY, of which upload %.1f s (%.0f MiB/s)\n", ingest_seconds,
              upload_seconds, mib / upload_seconds);
  std::printf("GetTile          %.0f tiles/s at %d in flight, %.1f KiB a tile\n", rate, kInFlight,
              static_cast<double>(load.bytes) / static_cast<double>(calls) / 1024);
  std::printf("  p50 / p99      %.2f / %.2f ms (limits %.1f / %.0f)\n", load.percentile(0.5),
              load.percentile(0.99), kMaxP50Ms, kMaxP99Ms);
  std::printf("  CPU a tile     server %.1f us (limit %.0f), this client %.1f us\n", server_us,
              kMaxServerCpuUs, client_us);
  std::printf("  server memory  %.0f MiB at most\n", server_peak);
  std::printf("index + pread    %.0f tiles/s on one thread; GetTile reaches %.1f %% of it\n",
              pure.tiles_per_second, 100 * rate / pure.tiles_per_second);
  std::printf("slide open       %.2f ms warm (limit %.0f), %.2f ms evicted (limit %.0f)\n", pure.open_warm_ms,
              kMaxOpenWarmMs, pure.open_evicted_ms, kMaxOpenEvictedMs);
  return 0;
}
