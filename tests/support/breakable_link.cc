#include "tests/support/breakable_link.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace hada::support {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

// As a cable does it: the other side sees no orderly end.
void reset_socket(int fd) {
  const linger now{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(fd);
}

}  // namespace

BreakableLink::BreakableLink(int server_port) : server_port_(server_port) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (listener_ < 0 || bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener_, 16) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0 || pipe(wake_) != 0)
    throw std::runtime_error("no port for a breakable link");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { work(); });
}

BreakableLink::~BreakableLink() {
  stopping_ = true;
  wake();
  thread_.join();
  close(listener_);
  close(wake_[0]);
  close(wake_[1]);
}

void BreakableLink::cut() {
  cut_ = true;
  wake();
}

void BreakableLink::hold(Direction direction) {
  held_[static_cast<size_t>(direction)] = true;
  wake();
}

void BreakableLink::release() {
  held_[0] = held_[1] = false;
  wake();
}

void BreakableLink::wake() {
  if (write(wake_[1], "x", 1) < 0) std::terminate();
}

void BreakableLink::restore() {
  left_[0] = left_[1] = -1;
  cut_ = false;
}

void BreakableLink::cut_after(Direction direction, int64_t bytes) {
  left_[static_cast<size_t>(direction)] = bytes;
}

void BreakableLink::reset(const Pair& pair) {
  reset_socket(pair.client);
  reset_socket(pair.server);
}

void BreakableLink::accept_one() {
  const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const int server = cut_ ? -1 : socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(server_port_);
  if (server < 0 || connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (server >= 0) close(server);
    reset_socket(client);
    return;
  }
  pairs_.push_back({client, server});
}

// False when the connection is over.
bool BreakableLink::carry(int from, int to, Direction direction) {
  std::array<char, 16384> buffer;
  const ssize_t got = recv(from, buffer.data(), buffer.size(), 0);
  if (got <= 0) return false;
  std::atomic<int64_t>& left = left_[static_cast<size_t>(direction)];
  ssize_t passes = got;
  if (left >= 0) {
    passes = std::min<ssize_t>(got, left);
    left -= passes;
    if (passes < got) cut_ = true;
  }
  for (ssize_t sent = 0; sent < passes;) {
    const ssize_t n = send(to, buffer.data() + sent, static_cast<size_t>(passes - sent), MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += n;
  }
  return passes == got;  // a stream that lacks bytes is over, even if the link is restored at once
}

void BreakableLink::work() {
  while (!stopping_) {
    std::vector<pollfd> polled = {{listener_, POLLIN, 0}, {wake_[0], POLLIN, 0}};
    for (const Pair& pair : pairs_) {
      // A descriptor below zero is not looked at.
      polled.push_back({held_[static_cast<size_t>(Direction::ToServer)] ? -1 : pair.client, POLLIN, 0});
      polled.push_back({held_[static_cast<size_t>(Direction::ToClient)] ? -1 : pair.server, POLLIN, 0});
    }
    if (poll(polled.data(), polled.size(), -1) < 0) continue;
    if (polled[1].revents != 0) {
      char byte;
      if (read(wake_[0], &byte, 1) < 0) return;
    }
    std::vector<Pair> alive;
    for (size_t i = 0; i < pairs_.size(); ++i) {
      const Pair pair = pairs_[i];
      bool on = !cut_;
      if (on && polled[2 + 2 * i].revents != 0) on = carry(pair.client, pair.server, Direction::ToServer);
      if (on && polled[3 + 2 * i].revents != 0) on = carry(pair.server, pair.client, Direction::ToClient);
      if (on && !cut_)
        alive.push_back(pair);
      else
        reset(pair);
    }
    pairs_ = std::move(alive);
    if (cut_) {
      for (const Pair& pair : pairs_) reset(pair);
      pairs_.clear();
    }
    if (polled[0].revents != 0) accept_one();
  }
  for (const Pair& pair : pairs_) reset(pair);
}

}  // namespace hada::support
