// A fresh screen over a slow link: 50 ms round trip and 20 Mbit/s, then with 1 % loss. A real server in one
// network namespace, the client in another, TLS between them as in a hospital. The time until the screen is
// sharp beside what the link itself needs for those bytes (bytes * 8 / rate + one round trip); when the first
// picture is there; and whether the sharp tiles come from the centre outward. With Linux's usual congestion
// control (cubic) and with BBR, where the kernel has it.
//
//   link_bench [screens]
//
// Needs root (namespaces, /dev/net/tun); says so and ends well where it has none.

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <sstream>

#include "tests/bench/bench_slide.h"
#include "tests/bench/bench_table.h"
#include "tests/bench/slow_link.h"
#include "tests/bench/stream_client.h"

namespace {

using namespace hada;
using namespace hada::bench;
using support::program;

constexpr const char* kSelf = "/proc/self/exe";
constexpr double kTarget = 1.3;

// --- the client, in its namespace
// ---------------------------------------------------------------------------

double distance_from_centre(const contract::Pyramid& pyramid, contract::TileKey key,
                            const contract::RectD& view) {
  const contract::RectD b = contract::tile_bounds(pyramid, key);
  return std::hypot((b.x0 + b.x1 - view.x0 - view.x1) / 2, (b.y0 + b.y1 - view.y0 - view.y1) / 2);
}

// The part of the pairs of sharp tiles that came in the order of their distance from the centre.
double in_order(const contract::Pyramid& pyramid, const contract::RectD& view,
                const std::vector<StreamClient::TileTimes>& sharp) {
  int right = 0, all = 0;
  for (const auto& a : sharp) {
    for (const auto& b : sharp) {
      // A tile apart, so that ties and neighbours do not count.
      if (distance_from_centre(pyramid, a.key, view) + 256 > distance_from_centre(pyramid, b.key, view))
        continue;
      ++all;
      right += a.came <= b.came;
    }
  }
  return all == 0 ? 1 : static_cast<double>(right) / all;
}

// Pans to the right at 60 frames a second: the part of the frames in which every tile in view was sharp.
double pan(StreamClient& client, tiles::ImageId image, const contract::Pyramid& pyramid, double y,
           double speed, bool foresee) {
  constexpr int kFrames = 180;
  contract::RectD view = {500, y, 500 + 1920, y + 1080};
  tiles::MotionTracker tracker;
  int sharp = 0;
  const auto start = Clock::now();
  // The first second only brings the first screen.
  for (int i = -60; i < kFrames; ++i) {
    if (i >= 0) {
      view.x0 = 500 + speed * i / 60;
      view.x1 = view.x0 + 1920;
    }
    const tiles::Motion motion = tracker.update({view, 1}, now_us());
    tiles::Wanted wanted = tiles::wanted_tiles(pyramid, view, 1, foresee ? motion : tiles::Motion{});
    if (!foresee) wanted.prefetch.clear();
    client.look(image, wanted);
    client.upload_all();
    if (i >= 0) sharp += client.have(image, wanted.visible);
    const auto next = start + std::chrono::microseconds((i + 61) * 16'667);
    while (Clock::now() < next)
      client.wait([] { return false; },
                  std::chrono::duration_cast<std::chrono::milliseconds>(next - Clock::now()) +
                      std::chrono::milliseconds(1));
  }
  return static_cast<double>(sharp) / kFrames;
}

// Prints a line for each screen (ms until sharp, until the overview, until the undercoat; bytes; order) and
// for each jump (ms until the first tile, until sharp; bytes).
int run_client(const std::string& address, const std::string& ca, const std::string& image_file, int screens,
               int in_flight) {
  std::istringstream in(support::read_file(image_file));
  std::string image;
  contract::Pyramid pyramid;
  in >> image;
  for (contract::PyramidLevel level;
       in >> level.width >> level.height >> level.tile_width >> level.tile_height >> level.downsample;)
    pyramid.push_back(level);

  tiles::TileLimits limits;
  limits.in_flight = in_flight;
  StreamClient client(address, ca, limits);
  client.log_in("derm-b", support::kPassword);
  std::mt19937 random(11);
  for (int i = 0; i < screens; ++i) {
    const auto pick = [&](int most) { return static_cast<double>(random() % static_cast<unsigned>(most)); };
    const double x = pick(pyramid.front().width - 1920), y = pick(pyramid.front().height - 1080);
    const contract::RectD view = {x, y, x + 1920, y + 1080};
    std::this_thread::sleep_for(std::chrono::milliseconds(700));  // someone reads
    const tiles::ImageId id = client.tiles().open(image, pyramid);
    client.forget_times();
    const tiles::Wanted wanted = tiles::wanted_tiles(pyramid, view, 1);
    const auto start = Clock::now();
    client.look(id, {wanted.visible, {}});
    if (!client.wait([&] { return client.have(id, wanted.visible); }, std::chrono::seconds(60))) return 1;
    const double sharp_ms = ms_since(start);
    double overview_ms = 0, undercoat_ms = 0;
    size_t bytes = 0;
    std::vector<StreamClient::TileTimes> sharp;
    for (const auto& [ticket, tile] : client.times()) {
      bytes += tile.bytes;
      const double ms = ms_between(start, tile.came);
      if (tile.key.level == 0) sharp.push_back(tile);
      if (tile.key.level + 1 == static_cast<int>(pyramid.size())) overview_ms = ms;
      if (tile.key.level > 0) undercoat_ms = std::max(undercoat_ms, ms);
    }
    std::printf("SCREEN %.1f %.1f %.1f %zu %.3f\n", sharp_ms, overview_ms, undercoat_ms, bytes,
                in_order(pyramid, view, sharp));
    // A jump in the middle of a screen: how long the old place's bytes keep the new one waiting.
    const contract::RectD elsewhere = {y, x, y + 1920, x + 1080};
    const tiles::Wanted there = tiles::wanted_tiles(pyramid, elsewhere, 1);
    const contract::RectD third = {x / 2, y / 2, x / 2 + 1920, y / 2 + 1080};
    client.look(id, {tiles::wanted_tiles(pyramid, third, 1).visible, {}});
    client.wait([] { return false; }, std::chrono::milliseconds(150));
    client.forget_times();
    const auto jumped = Clock::now();
    client.look(id, {there.visible, {}});
    if (!client.wait([&] { return client.have(id, there.visible); }, std::chrono::seconds(60))) return 1;
    double first_ms = 1e9;
    bytes = 0;
    for (const auto& [ticket, tile] : client.times()) {
      first_ms = std::min(first_ms, ms_between(jumped, tile.came));
      bytes += tile.bytes;
    }
    std::printf("JUMP %.1f %.1f %zu\n", first_ms, ms_since(jumped), bytes);
    client.tiles().close(id);
  }
  std::printf("PAN");
  double y = 3'000;
  for (const double speed : {600.0, 1800.0}) {
    for (const bool foresee : {true, false}) {
      const tiles::ImageId id = client.tiles().open(image, pyramid);
      std::printf(" %.3f", pan(client, id, pyramid, y += 1'500, speed, foresee));
      client.tiles().close(id);
    }
  }
  std::printf("\n");
  return 0;
}

// --- the whole
// ----------------------------------------------------------------------------------------------

struct Measured {
  std::vector<double> ratio, sharp_ms, overview_ms, undercoat_ms, order, jump_first_ms, jump_ratio, pan;
  double mean_bytes = 0;
};

class LinkBench {
 public:
  LinkBench(BenchSlide& slide, int screens) : slide_(slide), screens_(screens) {
    std::ostringstream out;
    out.precision(17);
    out << slide.image << "\n";
    for (const contract::PyramidLevel& l : slide.pyramid)
      out << l.width << " " << l.height << " " << l.tile_width << " " << l.tile_height << " " << l.downsample
          << "\n";
    support::write_file(slide.dir / "image", out.str());
    Namespace::must({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                     "-nodes", "-keyout", (slide.dir / "key.pem").string(), "-out",
                     (slide.dir / "cert.pem").string(), "-days", "2", "-subj", "/CN=bench", "-addext",
                     std::string("subjectAltName=IP:") + kServerSide});
    slide.server.stop();  // its data goes on in the namespace
  }

  Measured run(const LinkSpec& spec, const std::string& congestion, int in_flight) {
    const std::string id = std::to_string(getpid());
    const Namespace server_side("hada-bench-s" + id), client_side("hada-bench-c" + id);
    const std::filesystem::path ready = slide_.dir / "link-ready", port = slide_.dir / "port";
    std::filesystem::remove(ready);
    std::filesystem::remove(port);
    const support::Process link(
        {{kSelf, "--link", std::to_string(spec.bits_per_second), std::to_string(spec.one_way.count()),
          std::to_string(spec.loss), server_side.name(), client_side.name(), ready.string()},
         {},
         "",
         {}});
    wait_for(ready);
    Namespace::must(server_side.inside({"ip", "route", "replace", std::string(kClientSide) + "/32", "dev",
                                        "slow0", "src", kServerSide, "congctl", congestion}));
    const support::Process server(
        {server_side.inside({program("hada-server"), "serve", "--data", slide_.server.data_dir().string(),
                             "--listen", std::string(kServerSide) + ":0", "--tls-cert",
                             (slide_.dir / "cert.pem").string(), "--tls-key",
                             (slide_.dir / "key.pem").string(), "--port-file", port.string()}),
         {},
         "",
         slide_.dir / "server.log"});
    wait_for(port);
    const support::Finished client = support::run(client_side.inside(
        {std::filesystem::read_symlink(kSelf).string(), "--client",
         std::string(kServerSide) + ":" + std::to_string(std::stoi(support::read_file(port))),
         (slide_.dir / "cert.pem").string(), (slide_.dir / "image").string(), std::to_string(screens_),
         std::to_string(in_flight)}));
    if (client.status != 0) throw std::runtime_error("the client failed: " + client.output);
    Measured measured;
    std::istringstream lines(client.output);
    const auto needed_ms = [&spec](double bytes) {
      return bytes * 8 / spec.bits_per_second * 1e3 + 2 * static_cast<double>(spec.one_way.count()) / 1e3;
    };
    for (std::string line; std::getline(lines, line);) {
      std::istringstream in(line);
      std::string word;
      double sharp = 0, overview = 0, undercoat = 0, bytes = 0, order = 0, first = 0;
      in >> word;
      if (word == "SCREEN" && in >> sharp >> overview >> undercoat >> bytes >> order) {
        measured.ratio.push_back(sharp / needed_ms(bytes));
        measured.sharp_ms.push_back(sharp);
        measured.overview_ms.push_back(overview);
        measured.undercoat_ms.push_back(undercoat);
        measured.order.push_back(order);
        measured.mean_bytes += bytes / screens_;
      } else if (word == "PAN") {
        for (double part = 0; in >> part;) measured.pan.push_back(part);
      } else if (word == "JUMP" && in >> first >> sharp >> bytes) {
        measured.jump_first_ms.push_back(first);
        measured.jump_ratio.push_back(sharp / needed_ms(bytes));
      }
    }
    return measured;
  }

 private:
  static void wait_for(const std::filesystem::path& file) {
    if (!support::eventually([&] { return std::filesystem::exists(file); }, std::chrono::seconds(20)))
      throw std::runtime_error("no " + file.string());
  }

  BenchSlide& slide_;
  int screens_;
};

void print(const std::string& what, const Measured& m) {
  std::printf(
      "%-34s sharp p50 %4.0f ms, p95 %5.0f ms = %.2f x the link for %.0f KB; overview %3.0f ms, undercoat "
      "%3.0f ms; %.0f %% in order\n",
      what.c_str(), quantile(m.sharp_ms, 0.5), quantile(m.sharp_ms, 0.95), quantile(m.ratio, 0.5),
      m.mean_bytes / 1e3, quantile(m.overview_ms, 0.5), quantile(m.undercoat_ms, 0.5),
      100 * quantile(m.order, 0.5));
  std::printf("%-34s first tile %4.0f ms, sharp %.2f x the link\n", "  after a jump amid a screen",
              quantile(m.jump_first_ms, 0.5), quantile(m.jump_ratio, 0.5));
  if (m.pan.size() == 4)
    std::printf(
        "%-34s %.0f %% of the frames wholly sharp at 600 pixels a second (%.0f %% without prefetch), %.0f %% "
        "at 1,800 (%.0f %%)\n",
        "  while panning", 100 * m.pan[0], 100 * m.pan[1], 100 * m.pan[2], 100 * m.pan[3]);
  std::fflush(stdout);
}

bool knows(const std::string& congestion) {
  return (" " + support::read_file("/proc/sys/net/ipv4/tcp_available_congestion_control")).find(congestion) !=
         std::string::npos;
}

int run_all(int screens) {
  if (geteuid() != 0 || access("/dev/net/tun", R_OK | W_OK) != 0) {
    std::printf("SKIPPED: the slow link needs root and /dev/net/tun\n");
    return 0;
  }
  BenchSlide slide;
  LinkBench link(slide, screens);
  for (const double loss : {0.0, 0.01}) {
    for (const char* congestion : {"cubic", "bbr"}) {
      if (!knows(congestion)) continue;
      LinkSpec spec;
      spec.loss = loss;
      for (const int in_flight : {16, 32}) {
        const Measured m = link.run(spec, congestion, in_flight);
        const std::string name = std::string(loss > 0 ? "1 % loss, " : "") + congestion;
        print(name + ", " + std::to_string(in_flight) + " in flight", m);
        if (in_flight == tiles::TileLimits{}.in_flight) {
          print_row({"screen over 20 Mbit/s, 50 ms, " + name + ", x of the link",
                     quantile(m.ratio, 0.5),
                     {},
                     at_most(kTarget)});
        }
      }
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (arguments.size() == 7 && arguments[0] == "--link") {
      LinkSpec spec;
      spec.bits_per_second = std::stod(arguments[1]);
      spec.one_way = std::chrono::microseconds(std::stoll(arguments[2]));
      spec.loss = std::stod(arguments[3]);
      return run_link(spec, arguments[4], arguments[5], arguments[6]);
    }
    if (arguments.size() == 6 && arguments[0] == "--client")
      return run_client(arguments[1], arguments[2], arguments[3], std::stoi(arguments[4]),
                        std::stoi(arguments[5]));
    return run_all(arguments.empty() ? 12 : std::stoi(arguments[0]));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "link_bench: %s\n", e.what());
    return 1;
  }
}
