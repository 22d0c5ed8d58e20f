#include "tests/bench/tile_rivals.h"

#include <arpa/inet.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <thread>

namespace hada::bench {
namespace {

constexpr const char* kNginx = "/usr/sbin/nginx";
constexpr const char* kIipsrv = "/usr/lib/iipimage-server/iipsrv.fcgi";

int cores() { return static_cast<int>(std::max(2u, std::thread::hardware_concurrency())); }

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  const bool bound = bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                     getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(fd);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

bool listens(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool connected = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return connected;
}

void wait_for(int port, const std::filesystem::path& log) {
  if (!support::eventually([&] { return listens(port); }))
    throw std::runtime_error("a rival did not start: " + support::read_file(log));
}

// One worker is one process of ours (no master), so that it ends with us whatever happens; the client spreads
// its connections over them.
void add_nginx_worker(HttpRival& rival, const std::filesystem::path& work, const std::string& location) {
  const int port = free_port();
  const std::filesystem::path prefix = work / ("nginx" + std::to_string(port));
  std::filesystem::create_directories(prefix);
  const passwd* user = getpwuid(geteuid());
  std::string temp;
  for (const char* name : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
    temp += std::string("  ") + name + "_temp_path " + (prefix / name).string() + ";\n";
  // Temporary folders are closed to nginx's own user, who it becomes where root starts it.
  const std::string as =
      geteuid() == 0 && user ? std::string("user ") + user->pw_name + ";\n" : std::string();
  support::write_file(prefix / "nginx.conf", as + "daemon off;\nmaster_process off;\npid " +
                                                 (prefix / "pid").string() +
                                                 ";\nevents { worker_connections 1024; }\nhttp {\n" + temp +
                                                 "  access_log off;\n  sendfile on;\n"
                                                 "  keepalive_requests 1000000000;\n"
                                                 "  open_file_cache max=20000;\n"
                                                 "  default_type image/jpeg;\n"
                                                 "  server {\n    listen 127.0.0.1:" +
                                                 std::to_string(port) + ";\n" + location + "  }\n}\n");
  rival.processes.push_back(std::make_unique<support::Process>(support::ProcessOptions{
      {kNginx, "-p", prefix.string(), "-c", (prefix / "nginx.conf").string(), "-e", "stderr"},
      {},
      "",
      work / "log"}));
  rival.ports.push_back(port);
  wait_for(port, work / "log");
}

}  // namespace

std::vector<pid_t> HttpRival::pids() const {
  std::vector<pid_t> all;
  for (const auto& process : processes) all.push_back(process->pid());
  return all;
}

std::unique_ptr<HttpRival> start_nginx_files(const std::filesystem::path& root,
                                             const std::filesystem::path& work) {
  if (!std::filesystem::exists(kNginx)) return nullptr;
  std::filesystem::create_directories(work);
  auto rival = std::make_unique<HttpRival>();
  for (int i = 0; i < cores(); ++i)
    add_nginx_worker(*rival, work, "    location / { root " + root.string() + "; }\n");
  return rival;
}

std::unique_ptr<HttpRival> start_iipsrv(const std::filesystem::path& work) {
  if (!std::filesystem::exists(kNginx) || !std::filesystem::exists(kIipsrv)) return nullptr;
  std::filesystem::create_directories(work);
  auto rival = std::make_unique<HttpRival>();
  for (int i = 0; i < cores(); ++i) {
    const int port = free_port();
    const std::string address = "127.0.0.1:" + std::to_string(port);
    rival->processes.push_back(std::make_unique<support::Process>(
        support::ProcessOptions{{kIipsrv, "--bind", address, "--backlog", "1024"}, {}, "", work / "log"}));
    wait_for(port, work / "log");
    // No fastcgi_keep_conn: iipsrv has one thread and would serve one of nginx's connections only.
    add_nginx_worker(*rival, work,
                     "    location /iipsrv {\n      fastcgi_pass " + address +
                         ";\n      fastcgi_param QUERY_STRING $query_string;\n"
                         "      fastcgi_param REQUEST_METHOD $request_method;\n"
                         "      fastcgi_param SERVER_PROTOCOL $server_protocol;\n    }\n");
  }
  return rival;
}

}  // namespace hada::bench
