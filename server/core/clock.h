#pragma once

// The server's only source of time, so that tests can turn it.

#include <cstdint>

namespace hada::core {

class Clock {
 public:
  virtual ~Clock() = default;
  // Microseconds since the Unix epoch. Any thread.
  virtual int64_t now_us() const = 0;
};

class SystemClock final : public Clock {
 public:
  int64_t now_us() const override;
};

inline constexpr int64_t kSecondUs = 1'000'000;
inline constexpr int64_t kMinuteUs = 60 * kSecondUs;
inline constexpr int64_t kHourUs = 60 * kMinuteUs;

}  // namespace hada::core
