#include "tests/bench/http_load.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace hada::bench {
namespace {

using Clock = std::chrono::steady_clock;

std::string request_for(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
}

// The value of a header of `head`, without regard to case; empty when it is not there.
std::string_view header(std::string_view head, std::string_view name) {
  for (size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
    const std::string_view line = head.substr(at + 2);
    if (line.size() > name.size() && line[name.size()] == ':' &&
        strncasecmp(line.data(), name.data(), name.size()) == 0) {
      const std::string_view value = line.substr(name.size() + 1);
      return value.substr(value.find_first_not_of(' '));
    }
  }
  return {};
}

class Connection {
 public:
  explicit Connection(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("cannot connect to port " + std::to_string(port));
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~Connection() { close(fd_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int fd() const { return fd_; }

  void send(const std::string& request) {
    if (::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
      throw std::runtime_error("a request was not sent");
    got_ = 0;
    body_at_ = whole_ = 0;
  }

  // Takes what there is; true when the response is whole.
  bool receive() {
    if (got_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);
    const ssize_t n = recv(fd_, buffer_.data() + got_, buffer_.size() - got_, 0);
    if (n <= 0) throw std::runtime_error("the server closed a connection");
    got_ += static_cast<size_t>(n);
    if (whole_ == 0) read_head();
    return whole_ != 0 && got_ >= whole_;
  }

  std::string_view body() const { return std::string_view(buffer_).substr(body_at_, whole_ - body_at_); }

 private:
  void read_head() {
    const std::string_view got(buffer_.data(), got_);
    const size_t end = got.find("\r\n\r\n");
    if (end == std::string_view::npos) return;
    const std::string_view head = got.substr(0, end + 2);
    const std::string_view length = header(head, "content-length");
    if (!head.starts_with("HTTP/1.1 200") || length.empty())
      throw std::runtime_error("not a tile: " + std::string(head));
    body_at_ = end + 4;
    whole_ = body_at_ + std::strtoul(length.data(), nullptr, 10);
  }

  const int fd_;
  std::string buffer_ = std::string(64 << 10, '\0');
  size_t got_ = 0, body_at_ = 0, whole_ = 0;
};

}  // namespace

HttpLoad::HttpLoad(std::vector<int> ports, std::vector<std::string> targets) : ports_(std::move(ports)) {
  for (const std::string& target : targets) requests_.push_back(request_for(target));
}

Round HttpLoad::run(const std::vector<pid_t>& servers, std::chrono::milliseconds time, int connections) {
  struct Caller {
    explicit Caller(int port) : connection(port) {}
    Connection connection;
    Clock::time_point begun;
  };
  std::vector<std::unique_ptr<Caller>> callers;
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  for (int i = 0; i < connections; ++i) {
    callers.push_back(std::make_unique<Caller>(ports_[static_cast<size_t>(i) % ports_.size()]));
    epoll_event event{EPOLLIN, {.ptr = callers.back().get()}};
    epoll_ctl(epoll, EPOLL_CTL_ADD, callers.back()->connection.fd(), &event);
  }
  const auto next = [&](Caller& caller) {
    caller.begun = Clock::now();
    caller.connection.send(requests_[position_++ % requests_.size()]);
  };

  std::vector<double> latencies_us;
  size_t bytes = 0;
  const double cpu_before = cpu_seconds(servers);
  const auto begun = Clock::now(), end = begun + time;
  for (const auto& caller : callers) next(*caller);
  for (int live = connections; live > 0;) {
    epoll_event events[64];
    const int count = epoll_wait(epoll, events, 64, 10'000);
    if (count <= 0) throw std::runtime_error("the server does not answer");
    for (int i = 0; i < count; ++i) {
      Caller& caller = *static_cast<Caller*>(events[i].data.ptr);
      if (!caller.connection.receive()) continue;
      const auto now = Clock::now();
      latencies_us.push_back(std::chrono::duration<double, std::micro>(now - caller.begun).count());
      bytes += caller.connection.body().size();
      if (now < end)
        next(caller);
      else
        --live;
    }
  }
  close(epoll);
  const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  return summarise(std::move(latencies_us), seconds, cpu_seconds(servers) - cpu_before, bytes);
}

std::string http_get(int port, const std::string& target) {
  Connection connection(port);
  connection.send(request_for(target));
  while (!connection.receive()) {
  }
  return std::string(connection.body());
}

}  // namespace hada::bench
