#include "server/core/metrics.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace hada::core {

Metrics::Metrics(std::vector<std::string> methods)
    : methods_(std::move(methods)), counters_(methods_.size()) {}

void Metrics::count_call(size_t method, int status_code, int64_t duration_us) {
  Counters& counters = counters_[method];
  const auto code = static_cast<size_t>(std::clamp(status_code, 0, kStatusCodes - 1));
  counters.calls[code].fetch_add(1, std::memory_order_relaxed);
  counters.duration_us.fetch_add(duration_us, std::memory_order_relaxed);
}

void Metrics::add_gauge(std::string name, std::string help, std::function<int64_t()> value) {
  gauges_.push_back({std::move(name), std::move(help), std::move(value)});
}

std::string Metrics::text() const {
  std::string out =
      "# HELP hada_calls_total Calls answered, by method and gRPC status code.\n# TYPE hada_calls_total "
      "counter\n";
  for (size_t m = 0; m < methods_.size(); ++m)
    for (int code = 0; code < kStatusCodes; ++code)
      if (const int64_t calls = counters_[m].calls[static_cast<size_t>(code)].load(std::memory_order_relaxed))
        out += "hada_calls_total{method=\"" + methods_[m] + "\",code=\"" + std::to_string(code) + "\"} " +
               std::to_string(calls) + "\n";
  out +=
      "# HELP hada_call_seconds_total Time from arrival to answer, summed.\n"
      "# TYPE hada_call_seconds_total counter\n";
  for (size_t m = 0; m < methods_.size(); ++m)
    if (const int64_t us = counters_[m].duration_us.load(std::memory_order_relaxed)) {
      char seconds[32];
      std::snprintf(seconds, sizeof seconds, "%.6f", static_cast<double>(us) / 1e6);
      out += "hada_call_seconds_total{method=\"" + methods_[m] + "\"} " + seconds + "\n";
    }
  out +=
      "# HELP hada_tile_bytes_total Bytes of tiles sent.\n# TYPE hada_tile_bytes_total counter\n"
      "hada_tile_bytes_total " +
      std::to_string(tile_bytes_.load(std::memory_order_relaxed)) + "\n";
  for (const Gauge& gauge : gauges_)
    out += "# HELP " + gauge.name + " " + gauge.help + "\n# TYPE " + gauge.name + " gauge\n" + gauge.name +
           " " + std::to_string(gauge.value()) + "\n";
  return out;
}

}  // namespace hada::core
