#pragma once

// A clock that stands still until a test moves it.

#include <atomic>

#include "server/core/clock.h"

namespace hada::support {

class FakeClock : public core::Clock {
 public:
  explicit FakeClock(int64_t now_us = 1'700'000'000'000'000) : now_us_(now_us) {}
  int64_t now_us() const override { return now_us_; }
  void advance_us(int64_t us) { now_us_ += us; }
  void advance_seconds(double seconds) { now_us_ += static_cast<int64_t>(seconds * 1e6); }

 private:
  std::atomic<int64_t> now_us_;
};

}  // namespace hada::support
