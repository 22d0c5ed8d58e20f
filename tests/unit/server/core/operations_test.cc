// What operators see: metrics, the HTTP port, the data folder.

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "server/core/data_dir.h"
#include "server/core/http_port.h"
#include "server/core/metrics.h"

using namespace hada;

namespace {

std::string get(int port, const std::string& request) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::send(fd, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size()));
  std::string answer;
  char buffer[512];
  for (ssize_t got; (got = ::recv(fd, buffer, sizeof buffer, 0)) > 0;)
    answer.append(buffer, static_cast<size_t>(got));
  ::close(fd);
  return answer;
}

struct TempFolder {
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hada-core-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~TempFolder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

}  // namespace

TEST_CASE("metrics count calls by method and status") {
  core::Metrics metrics({"/s/A", "/s/B"});
  metrics.count_call(0, 0, 1'500'000);
  metrics.count_call(0, 0, 500'000);
  metrics.count_call(1, 7, 10);
  metrics.count_tile_bytes(1234);
  metrics.add_gauge("hada_depth", "Depth.", [] { return int64_t{5}; });
  const std::string text = metrics.text();
  CHECK(text.find("hada_calls_total{method=\"/s/A\",code=\"0\"} 2\n") != std::string::npos);
  CHECK(text.find("hada_calls_total{method=\"/s/B\",code=\"7\"} 1\n") != std::string::npos);
  CHECK(text.find("hada_call_seconds_total{method=\"/s/A\"} 2.000000\n") != std::string::npos);
  CHECK(text.find("hada_tile_bytes_total 1234\n") != std::string::npos);
  CHECK(text.find("# TYPE hada_depth gauge\nhada_depth 5\n") != std::string::npos);
}

TEST_CASE("the HTTP port answers a balancer") {
  std::atomic<bool> ready = true;
  const auto port = core::HttpPort::start(
      "127.0.0.1:0", {[&] { return ready.load(); }, [] { return std::string("metric 1\n"); }});
  REQUIRE(port);
  CHECK(get((*port)->port(), "GET /readyz HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 200 "));
  CHECK(get((*port)->port(), "GET /metrics HTTP/1.1\r\n\r\n").ends_with("\r\n\r\nmetric 1\n"));
  CHECK(get((*port)->port(), "GET /etc/passwd HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404 "));
  CHECK(get((*port)->port(), std::string(4096, 'x')).starts_with("HTTP/1.1 404 "));
  ready = false;
  CHECK(get((*port)->port(), "GET /readyz HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 503 "));
  CHECK_FALSE(core::HttpPort::start("nonsense", {}));
  CHECK_FALSE(core::HttpPort::start("127.0.0.1:", {}));
}

TEST_CASE("the data folder") {
  TempFolder temp;
  const std::string path = (temp.path / "data").string();
  auto dir = core::DataDir::open(path);
  REQUIRE(dir);
  SUBCASE("is readable by its owner only") {
    struct stat info {};
    REQUIRE(::stat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0700);
    CHECK(std::filesystem::is_directory(dir->blobs_path()));
    CHECK(std::filesystem::is_directory(dir->tmp_path()));
  }
  SUBCASE("serves one server at a time") {
    CHECK(dir->lock().value());
    auto second = core::DataDir::open(path);
    REQUIRE(second);
    CHECK_FALSE(second->lock().value());
    { const core::DataDir gone = std::move(*dir); }
    CHECK(second->lock().value());
  }
  SUBCASE("cannot be made where a file is") {
    std::ofstream(temp.path / "file") << "x";
    CHECK(core::DataDir::open((temp.path / "file").string()).has_value() == false);
  }
}

TEST_CASE("a file is written whole or not at all") {
  TempFolder temp;
  const std::string path = (temp.path / "port").string();
  REQUIRE(core::write_file_atomically(path, "1234\n"));
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  CHECK(line == "1234");
  CHECK_FALSE(std::filesystem::exists(path + ".tmp"));
  CHECK_FALSE(core::write_file_atomically((temp.path / "no" / "port").string(), "x"));
}
