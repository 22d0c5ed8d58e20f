#pragma once

// A slow link between two network namespaces, in userspace: a TUN device in each, and this program carries
// the packets from one to the other at a rate, with a delay, and loses some. (The kernel's own netem is not
// everywhere.) Needs root and /dev/net/tun.

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <deque>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace hada::bench {

struct LinkSpec {
  double bits_per_second = 20e6;
  std::chrono::microseconds one_way{25'000};
  double loss = 0;               // part of the packets, each way
  size_t queue_bytes = 250'000;  // what a router holds before it drops: 100 ms at 20 Mbit/s
};

inline constexpr const char* kServerSide = "10.77.0.1";
inline constexpr const char* kClientSide = "10.77.0.2";

// A network namespace with a name of its own; gone at the end.
class Namespace {
 public:
  explicit Namespace(const std::string& name) : name_(name) {
    must({"ip", "netns", "add", name_});
    must(inside({"ip", "link", "set", "lo", "up"}));
  }
  ~Namespace() { support::run({"ip", "netns", "del", name_}); }
  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;

  std::vector<std::string> inside(std::vector<std::string> arguments) const {
    std::vector<std::string> all = {"ip", "netns", "exec", name_};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
  }
  const std::string& name() const { return name_; }
  static void must(const std::vector<std::string>& arguments) {
    const support::Finished done = support::run(arguments);
    if (done.status != 0) throw std::runtime_error(arguments.front() + ": " + done.output);
  }

 private:
  std::string name_;
};

// One direction.
class Lane {
 public:
  using Clock = std::chrono::steady_clock;

  Lane(const LinkSpec& spec, unsigned seed) : spec_(spec), random_(seed) {}

  // True when the device gave a packet.
  bool take(int from) {
    char bytes[2048];
    const ssize_t size = read(from, bytes, sizeof bytes);
    if (size <= 0) return false;
    const auto now = Clock::now();
    while (!leaving_.empty() && leaving_.front().first <= now) {
      queued_ -= leaving_.front().second;
      leaving_.pop_front();
    }
    if (queued_ + static_cast<size_t>(size) > spec_.queue_bytes) return true;
    sent_ = std::max(sent_, now) + std::chrono::nanoseconds(static_cast<int64_t>(
                                       static_cast<double>(size) * 8e9 / spec_.bits_per_second));
    queued_ += static_cast<size_t>(size);
    leaving_.emplace_back(sent_, static_cast<size_t>(size));
    if (std::uniform_real_distribution<>(0, 1)(random_) >= spec_.loss)
      under_way_.push_back({sent_ + spec_.one_way, std::string(bytes, static_cast<size_t>(size))});
    return true;
  }
  void deliver(int to) {
    for (; !under_way_.empty() && under_way_.front().due <= Clock::now(); under_way_.pop_front())
      if (write(to, under_way_.front().bytes.data(), under_way_.front().bytes.size()) < 0) continue;
  }
  Clock::time_point next() const {
    return under_way_.empty() ? Clock::time_point::max() : under_way_.front().due;
  }

 private:
  struct Packet {
    Clock::time_point due;
    std::string bytes;
  };
  LinkSpec spec_;
  std::mt19937 random_;
  Clock::time_point sent_{};                                  // when the last packet has left the queue
  std::deque<std::pair<Clock::time_point, size_t>> leaving_;  // what is queued for the wire
  size_t queued_ = 0;
  std::deque<Packet> under_way_;
};

// A TUN device inside a namespace. The calling thread ends up in that namespace.
inline int open_tun(const std::string& network, const char* address, const char* peer) {
  const int ns = open(("/var/run/netns/" + network).c_str(), O_RDONLY | O_CLOEXEC);
  if (ns < 0 || setns(ns, CLONE_NEWNET) != 0) throw std::runtime_error("cannot enter " + network);
  close(ns);
  const int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  ifreq request{};
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  std::strncpy(request.ifr_name, "slow0", IFNAMSIZ - 1);
  if (device < 0 || ioctl(device, TUNSETIFF, &request) != 0) throw std::runtime_error("no TUN device");
  Namespace::must({"ip", "addr", "add", address, "peer", peer, "dev", "slow0"});
  Namespace::must({"ip", "link", "set", "slow0", "up"});
  return device;
}

// Carries packets until it is killed. Writes `ready_file` when the link is up.
inline int run_link(const LinkSpec& spec, const std::string& server_side, const std::string& client_side,
                    const std::string& ready_file) {
  const int server = open_tun(server_side, kServerSide, kClientSide);
  const int client = open_tun(client_side, kClientSide, kServerSide);
  // A real link does not wait for a processor; here a late packet would look like a lost one.
  const sched_param first{10};
  sched_setscheduler(0, SCHED_FIFO, &first);
  support::write_file(ready_file, "up");
  Lane down(spec, 1), up(spec, 2);
  for (;;) {
    const auto wait =
        std::min({down.next(), up.next(), Lane::Clock::now() + std::chrono::seconds(1)}) - Lane::Clock::now();
    const auto ns = std::max<int64_t>(0, std::chrono::duration_cast<std::chrono::nanoseconds>(wait).count());
    const timespec timeout = {static_cast<time_t>(ns / 1'000'000'000), static_cast<long>(ns % 1'000'000'000)};
    pollfd fds[] = {{server, POLLIN, 0}, {client, POLLIN, 0}};
    ppoll(fds, 2, &timeout, nullptr);
    while (down.take(server)) {
    }
    while (up.take(client)) {
    }
    down.deliver(client);
    up.deliver(server);
  }
}

}  // namespace hada::bench
