#include "client/ingest/progress_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace hada::ingest {

std::string bytes_text(int64_t bytes) {
  static constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(std::max<int64_t>(bytes, 0));
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < std::size(kUnits)) {
    value /= 1024;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return text.data();
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(std::ceil(std::max(seconds, 0.0)));
  std::array<char, 32> text{};
  if (whole < 3600) {
    std::snprintf(text.data(), text.size(), "%ld:%02ld", whole / 60, whole % 60);
  } else {
    std::snprintf(text.data(), text.size(), "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
  }
  return text.data();
}

std::string ProgressText::line(const Progress& progress, double seconds, int width) {
  const int64_t done = progress.bytes_done, total = std::max<int64_t>(progress.bytes_total, done);
  if (const double elapsed = seconds - last_seconds_; elapsed > 0) {
    const double now = std::max<double>(0, static_cast<double>(done - last_bytes_)) / elapsed;
    // Forgets half of what was before within about three seconds.
    const double keep = std::pow(0.5, elapsed / 3);
    rate_ = rate_ == 0 ? now : rate_ * keep + now * (1 - keep);
    last_seconds_ = seconds;
    last_bytes_ = done;
  }
  std::string text;
  if (width > 0) {
    const auto filled =
        total == 0 ? 0
                   : static_cast<size_t>(width * (static_cast<double>(done) / static_cast<double>(total)));
    text = "[" + std::string(filled, '#') + std::string(static_cast<size_t>(width) - filled, '.') + "] ";
  }
  text += std::to_string(progress.rows_done) + "/" + std::to_string(progress.rows_total) + " images, " +
          bytes_text(done) + " of " + bytes_text(total);
  if (progress.checks_total > 0) {
    return text + ", checked " + std::to_string(progress.checks_done) + "/" +
           std::to_string(progress.checks_total);
  }
  text += ", " + bytes_text(static_cast<int64_t>(rate_)) + "/s";
  if (rate_ >= 1 && done < total)
    text += ", " + duration_text(static_cast<double>(total - done) / rate_) + " left";
  return text;
}

}  // namespace hada::ingest
