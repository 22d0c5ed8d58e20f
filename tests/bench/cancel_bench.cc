// What still arrives for the old place after a jump, against a real server: a screen is asked for, and when
// its first tiles have come, with all places in flight taken, the view jumps away. Target 5: no more tiles
// than were on the wire. The cancellations reach the server: it serves what it had begun, not the rest.
//
//   cancel_bench [jumps]

#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <random>
#include <regex>

#include "tests/bench/bench_slide.h"
#include "tests/bench/bench_table.h"
#include "tests/bench/stream_client.h"

namespace {

using namespace hada;
using namespace hada::bench;

contract::RectD screen_at(const contract::Pyramid& pyramid, std::mt19937& random) {
  const auto pick = [&](int most) { return static_cast<double>(random() % static_cast<unsigned>(most)); };
  const double x = pick(pyramid.front().width - 2048), y = pick(pyramid.front().height - 1280);
  return {x, y, x + 2048, y + 1280};
}

// GetTile calls that the server has served so far, by its own count.
int64_t served_by(const support::ServerProcess& server) {
  const std::string log = server.log();
  const size_t port = log.find("http_port=");
  if (port == std::string::npos) throw std::runtime_error("no HTTP port in: " + log);
  const int number = std::stoi(log.substr(port + 10));
  const std::string text = support::run({"bash", "-c",
                                         "exec 3<>/dev/tcp/127.0.0.1/" + std::to_string(number) +
                                             "; printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3"})
                               .output;
  const std::regex line("hada_calls_total\\{method=\"[^\"]*GetTile\",code=\"0\"\\} (\\d+)");
  std::smatch found;
  return std::regex_search(text, found, line) ? std::stoll(found[1]) : 0;
}

}  // namespace

int main(int argc, char** argv) {
  const int jumps = argc > 1 ? std::atoi(argv[1]) : 200;
  try {
    const BenchSlide slide({"--http", "127.0.0.1:0"});
    StreamClient client(slide.server.address(), {});
    client.log_in("derm-b", support::kPassword);
    std::mt19937 random(5);
    const int64_t served_before = served_by(slide.server);
    int64_t asked = 0, received = 0;
    std::vector<double> on_wire, late, to_new_ms;
    for (int i = 0; i < jumps; ++i) {
      const tiles::ImageId image = client.tiles().open(slide.image, slide.pyramid);
      client.forget_times();
      client.look(image,
                  {tiles::wanted_tiles(slide.pyramid, screen_at(slide.pyramid, random), 1).visible, {}});
      const auto came = [&] { return static_cast<int>(client.times().size()) - client.on_the_wire(); };
      const int begun = static_cast<int>(random() % 8);
      client.wait([&] { return came() >= begun; }, std::chrono::seconds(10));
      const int before = client.on_the_wire();
      const std::map<uint64_t, StreamClient::TileTimes> old = client.times();
      const auto jumped = Clock::now();
      const tiles::Wanted there = tiles::wanted_tiles(slide.pyramid, screen_at(slide.pyramid, random), 1);
      client.look(image, {there.visible, {}});
      if (!client.wait([&] { return client.have(image, there.visible); }, std::chrono::seconds(20)))
        throw std::runtime_error("the new place did not come");
      to_new_ms.push_back(ms_since(jumped));
      int arrived = 0;
      for (const auto& [ticket, was] : old) {
        const auto& now = client.times().at(ticket);
        // What both places want (the coarsest level) is no waste.
        if (was.came == Clock::time_point{} && now.came != Clock::time_point{} && now.cancelled) ++arrived;
      }
      on_wire.push_back(before);
      late.push_back(arrived);
      for (const auto& [ticket, tile] : client.times()) {
        ++asked;
        received += tile.came != Clock::time_point{};
      }
      client.tiles().close(image);
    }
    const double sum_wire = std::accumulate(on_wire.begin(), on_wire.end(), 0.0);
    const double sum_late = std::accumulate(late.begin(), late.end(), 0.0);
    std::printf("%d jumps: %.1f tiles on the wire at the jump, of those %.2f arrived (p95 %.0f, most %.0f)\n",
                jumps, sum_wire / jumps, sum_late / jumps, quantile(late, 0.95), quantile(late, 1));
    const int64_t served = served_by(slide.server) - served_before;
    std::printf(
        "%lld calls were cancelled; the server served %lld of them all the same, the rest it never began\n",
        static_cast<long long>(asked - received), static_cast<long long>(served - received));
    std::printf("the new place sharp after p50 %.1f ms, p95 %.1f ms\n", quantile(to_new_ms, 0.5),
                quantile(to_new_ms, 0.95));
    print_row({"jump, tiles that arrive for the old place (on the wire)", sum_late / jumps, sum_wire / jumps,
               ratio_at_most(1)});
  } catch (const std::exception& e) {
    std::fprintf(stderr, "cancel_bench: %s\n", e.what());
    return 1;
  }
  return 0;
}
