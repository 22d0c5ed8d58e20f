#include "client/app/frame_stats.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

namespace hada::app {
namespace {

// A workstation runs for days; the last hour at 60 frames a second is enough.
constexpr size_t kMaxFrames = 216'000;

void keep(std::vector<float>& values, double value) {
  if (values.size() >= kMaxFrames) values.erase(values.begin(), values.begin() + kMaxFrames / 2);
  values.push_back(static_cast<float>(value));
}

nlohmann::json summary(std::vector<float> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double q) {
    if (values.empty()) return 0.0;
    const size_t i = static_cast<size_t>(std::ceil(q * static_cast<double>(values.size())));
    return std::round(1000.0 * static_cast<double>(values[std::clamp<size_t>(i, 1, values.size()) - 1])) /
           1000.0;
  };
  return {{"count", values.size()}, {"p50", at(0.5)}, {"p95", at(0.95)}, {"p99", at(0.99)}, {"max", at(1)}};
}

}  // namespace

void FrameStats::add(double work_ms, double with_swap_ms, bool panning) {
  keep(frames_, work_ms);
  keep(with_swap_, with_swap_ms);
  if (panning) keep(panning_, work_ms);
}

std::string FrameStats::json() const {
  return nlohmann::json{
      {"frames", summary(frames_)}, {"panning", summary(panning_)}, {"with_swap", summary(with_swap_)}}
      .dump(2);
}

Status replace_file(const std::string& path, const std::string& content) {
  const std::string temporary = path + ".new";
  {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out << content;
    if (!out.flush()) return Unexpected(ErrorCode::Internal, "WRITE_FAILED", "A file could not be written.");
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0)
    return Unexpected(ErrorCode::Internal, "WRITE_FAILED", "A file could not be replaced.");
  return {};
}

}  // namespace hada::app
