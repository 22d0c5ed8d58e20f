#include "server/core/http_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <charconv>
#include <string_view>
#include <utility>

namespace hada::core {
namespace {

constexpr int kPollMs = 200;  // how soon the thread sees that it shall stop
constexpr size_t kMaxRequestBytes = 4096;

Result<sockaddr_in> parse_address(const std::string& listen) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  const size_t colon = listen.rfind(':');
  uint16_t port = 0;
  const char* end = listen.data() + listen.size();
  const bool good = colon != std::string::npos &&
                    inet_pton(AF_INET, listen.substr(0, colon).c_str(), &address.sin_addr) == 1 &&
                    std::from_chars(listen.data() + colon + 1, end, port).ptr == end &&
                    colon + 1 < listen.size();
  if (!good)
    return Unexpected(ErrorCode::InvalidArgument, "BAD_FIELD", "--http needs an address like 127.0.0.1:9100");
  address.sin_port = htons(port);
  return address;
}

std::string response(int code, std::string_view reason, std::string_view body) {
  return "HTTP/1.1 " + std::to_string(code) + " " + std::string(reason) +
         "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nConnection: "
         "close\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

}  // namespace

Result<std::unique_ptr<HttpPort>> HttpPort::start(const std::string& listen, Pages pages) {
  ASSIGN_OR_RETURN(sockaddr_in address, parse_address(listen));
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  socklen_t length = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (fd < 0 || ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(fd, raw, sizeof address) != 0 || ::listen(fd, 16) != 0 || ::getsockname(fd, raw, &length) != 0) {
    if (fd >= 0) ::close(fd);
    return Unexpected(ErrorCode::Unavailable, "CANNOT_LISTEN", "cannot listen on " + listen);
  }
  return std::unique_ptr<HttpPort>(new HttpPort(fd, ntohs(address.sin_port), std::move(pages)));
}

HttpPort::HttpPort(int fd, int port, Pages pages)
    : fd_(fd), port_(port), pages_(std::move(pages)), thread_([this] { run(); }) {}

HttpPort::~HttpPort() {
  stopping_ = true;
  thread_.join();
  ::close(fd_);
}

void HttpPort::run() {
  while (!stopping_) {
    pollfd waiting{fd_, POLLIN, 0};
    if (::poll(&waiting, 1, kPollMs) <= 0) continue;
    const int connection = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    serve(connection);
    ::close(connection);
  }
}

void HttpPort::serve(int connection) const {
  // A peer that stalls holds the only thread, so it is given a second.
  const timeval limit{1, 0};
  ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  std::string request;
  char buffer[1024];
  while (request.find("\r\n\r\n") == std::string::npos && request.size() < kMaxRequestBytes) {
    const ssize_t got = ::recv(connection, buffer, sizeof buffer, 0);
    if (got <= 0) return;
    request.append(buffer, static_cast<size_t>(got));
  }
  std::string answer;
  if (request.starts_with("GET /readyz "))
    answer =
        pages_.ready() ? response(200, "OK", "ready\n") : response(503, "Service Unavailable", "not ready\n");
  else if (request.starts_with("GET /metrics "))
    answer = response(200, "OK", pages_.metrics());
  else
    answer = response(404, "Not Found", "not found\n");
  for (std::string_view left = answer; !left.empty();) {
    const ssize_t sent = ::send(connection, left.data(), left.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    left.remove_prefix(static_cast<size_t>(sent));
  }
}

}  // namespace hada::core
