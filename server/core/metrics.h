#pragma once

// Counters for a balancer and Prometheus. Any thread; counting takes no lock.

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hada::core {

class Metrics {
 public:
  static constexpr int kStatusCodes = 17;  // gRPC's 0 to 16

  // One row of counters for each method, in this order.
  explicit Metrics(std::vector<std::string> methods);

  void count_call(size_t method, int status_code, int64_t duration_us);
  void count_tile_bytes(int64_t bytes) { tile_bytes_.fetch_add(bytes, std::memory_order_relaxed); }

  // A value asked for when the text is made. Before serving.
  void add_gauge(std::string name, std::string help, std::function<int64_t()> value);

  // Prometheus' text format 0.0.4.
  std::string text() const;

 private:
  struct Counters {
    std::array<std::atomic<int64_t>, kStatusCodes> calls{};
    std::atomic<int64_t> duration_us{0};
  };
  struct Gauge {
    std::string name, help;
    std::function<int64_t()> value;
  };

  const std::vector<std::string> methods_;
  std::vector<Counters> counters_;
  std::atomic<int64_t> tile_bytes_{0};
  std::vector<Gauge> gauges_;
};

}  // namespace hada::core
