#pragma once

// A clock that only moves when told to.

#include <atomic>

#include "server/core/clock.h"

namespace hada::test {

class FakeClock final : public core::Clock {
 public:
  explicit FakeClock(int64_t start_us = 1'700'000'000'000'000) : now_us_(start_us) {}
  int64_t now_us() const override { return now_us_.load(); }
  void advance_us(int64_t us) { now_us_ += us; }

 private:
  std::atomic<int64_t> now_us_;
};

}  // namespace hada::test
