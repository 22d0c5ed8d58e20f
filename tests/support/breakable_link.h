#pragma once

// A network cable to a server on this machine: bytes both ways, until somebody pulls it. Tests that look at
// what an outage does put it between client and server.

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace hada::support {

enum class Direction { ToServer, ToClient };

class BreakableLink {
 public:
  // Listens on a free port of 127.0.0.1. Throws std::runtime_error when it cannot.
  explicit BreakableLink(int server_port);
  ~BreakableLink();
  BreakableLink(const BreakableLink&) = delete;
  BreakableLink& operator=(const BreakableLink&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  // Every connection is reset at once, and so is every new one.
  void cut();
  void restore();
  // Cuts by itself once this many further bytes have gone that way; the byte after them is lost.
  void cut_after(Direction direction, int64_t bytes);
  bool is_cut() const { return cut_; }
  // What goes that way waits, in order, until `release`.
  void hold(Direction direction);
  void release();

 private:
  struct Pair {
    int client, server;
  };
  void wake();
  void work();
  void accept_one();
  bool carry(int from, int to, Direction direction);
  static void reset(const Pair& pair);

  const int server_port_;
  int port_ = 0;
  int listener_ = -1, wake_[2] = {-1, -1};
  std::atomic<bool> cut_ = false, stopping_ = false;
  std::atomic<bool> held_[2] = {false, false};
  std::atomic<int64_t> left_[2] = {-1, -1};  // -1: no limit
  std::vector<Pair> pairs_;                  // the thread's own
  std::thread thread_;
};

}  // namespace hada::support
