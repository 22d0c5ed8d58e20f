#pragma once

// Asks long work to end early. Set from a signal handler (the outer flag) or by the work itself; read by any
// thread.

#include <atomic>

namespace hada::ingest {

class Stop {
 public:
  // `outer` outlives this and may be null.
  explicit Stop(const std::atomic<bool>* outer = nullptr) : outer_(outer) {}

  void set() { own_ = true; }
  bool asked_from_outside() const { return outer_ && *outer_; }
  explicit operator bool() const { return own_ || asked_from_outside(); }

 private:
  const std::atomic<bool>* outer_;
  std::atomic<bool> own_{false};
};

}  // namespace hada::ingest
