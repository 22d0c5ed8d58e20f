#include "tests/bench/tile_load.h"

#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "tests/support/process.h"

namespace hada::bench {

double cpu_seconds(const std::vector<pid_t>& processes) {
  double ticks = 0;
  for (const pid_t pid : processes) {
    const std::string stat = support::read_file("/proc/" + std::to_string(pid) + "/stat");
    std::istringstream fields(stat.substr(stat.rfind(')') + 2));  // a name may hold spaces
    std::string field;
    for (int i = 3; i <= 15 && fields >> field; ++i)
      if (i >= 14) ticks += std::stod(field);
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

Round summarise(std::vector<double> latencies_us, double seconds, double cpu_seconds, size_t bytes) {
  std::sort(latencies_us.begin(), latencies_us.end());
  const double count = static_cast<double>(latencies_us.size());
  const auto quantile = [&](double q) { return latencies_us[static_cast<size_t>(q * (count - 1))]; };
  return {count / seconds, quantile(0.5), quantile(0.99), cpu_seconds * 1e6 / count,
          static_cast<double>(bytes) / count};
}

Round median(const std::vector<Round>& rounds) {
  const auto of = [&](double Round::*field) {
    std::vector<double> values;
    for (const Round& round : rounds) values.push_back(round.*field);
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
  };
  return {of(&Round::tiles_per_second), of(&Round::p50_us), of(&Round::p99_us), of(&Round::cpu_us),
          of(&Round::mean_bytes)};
}

}  // namespace hada::bench
