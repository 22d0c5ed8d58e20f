#include "client/ingest/upload.h"

#include <doctest/doctest.h>

#include <thread>

#include "client/ingest/progress_text.h"
#include "tests/unit/client/ingest/fake_transport.h"

namespace hada::ingest {
namespace {

PreparedFile file_of(std::string bytes) {
  PreparedFile file{"image.jpg", nullptr, contract::sha256_hex(bytes), bytes.size()};
  file.source = memory_source(std::move(bytes));
  return file;
}

std::string megabytes(double count) {
  std::string bytes(static_cast<size_t>(count * (1 << 20)), '\0');
  for (size_t i = 0; i < bytes.size(); i += 97) bytes[i] = static_cast<char>(i / 97);
  return bytes;
}

// An uploader whose patience costs no time.
struct Bench {
  FakeTransport server;
  Progress progress;
  Stop stop;
  std::chrono::milliseconds slept{0};
  RetryPolicy retry{.sleep = [this](std::chrono::milliseconds time) { slept += time; }};
  Status upload(const PreparedFile& file) {
    return Uploader(server, "batches/1", retry, progress, stop).upload(file);
  }
};

}  // namespace

TEST_CASE("a file goes up in chunks of one MiB and is counted as it goes") {
  Bench bench;
  const std::string bytes = megabytes(2.5);
  const PreparedFile file = file_of(bytes);
  REQUIRE(bench.upload(file));
  CHECK(bench.server.chunks == 3);
  CHECK(bench.server.blobs.at(file.sha256) == bytes);
  CHECK(bench.progress.bytes_done == static_cast<int64_t>(bytes.size()));
  CHECK(bench.progress.bytes_sent == static_cast<int64_t>(bytes.size()));
}

TEST_CASE("what is there already is not sent again") {
  Bench bench;
  const PreparedFile file = file_of(megabytes(1.5));
  REQUIRE(bench.upload(file));
  REQUIRE(bench.upload(file));
  CHECK(bench.server.chunks == 2);
  CHECK(bench.progress.bytes_sent == static_cast<int64_t>(file.size));
  CHECK(bench.progress.bytes_done == 2 * static_cast<int64_t>(file.size));
}

TEST_CASE("a broken upload continues where the server has bytes") {
  Bench bench;
  const std::string bytes = megabytes(3);
  const PreparedFile file = file_of(bytes);
  bench.server.uploads[file.sha256] = {bytes.size(), bytes.substr(0, (1 << 20) + 12345)};
  REQUIRE(bench.upload(file));
  CHECK(bench.server.blobs.at(file.sha256) == bytes);
  CHECK(bench.progress.bytes_sent == static_cast<int64_t>(bytes.size()) - (1 << 20) - 12345);
  CHECK(bench.progress.bytes_done == static_cast<int64_t>(bytes.size()));
}

TEST_CASE("a server that is away for a while is waited for, with growing patience") {
  Bench bench;
  int failures = 5;
  bench.server.before = [&](const std::string&) -> Status {
    if (failures-- > 0) return Unexpected(ErrorCode::Unavailable, "UNAVAILABLE", "away");
    return {};
  };
  REQUIRE(bench.upload(file_of(megabytes(1))));
  CHECK(bench.slept >= std::chrono::milliseconds(100 + 200 + 400 + 800 + 1600));
  CHECK(bench.slept <= std::chrono::milliseconds(200 + 400 + 800 + 1600 + 3200));
}

TEST_CASE("a server that stays away is given up, and any other error at once") {
  Bench bench;
  bench.retry.give_up = std::chrono::seconds(20);
  bench.server.before = [](const std::string&) -> Status {
    return Unexpected(ErrorCode::Unavailable, "UNAVAILABLE", "away");
  };
  CHECK(bench.upload(file_of("x")).error().reason == "UNAVAILABLE");
  CHECK(bench.slept >= std::chrono::seconds(20));
  CHECK(bench.slept < std::chrono::seconds(40));

  int calls = 0;
  bench.server.before = [&](const std::string&) -> Status {
    ++calls;
    return Unexpected(ErrorCode::ResourceExhausted, "TOO_LARGE", "too large");
  };
  CHECK(bench.upload(file_of("x")).error().reason == "TOO_LARGE");
  CHECK(calls == 1);
}

TEST_CASE("an answer that was lost makes the upload ask where it is") {
  Bench bench;
  const std::string bytes = megabytes(2);
  const PreparedFile file = file_of(bytes);
  // The first chunk arrives but its answer does not, so it is sent again at an offset that is past.
  bool lost = false;
  bench.server.before = [&](const std::string& verb) -> Status {
    if (verb != "write_chunk" || lost) return {};
    lost = true;
    bench.server.uploads.at(file.sha256).bytes = bytes.substr(0, 1 << 20);
    return Unexpected(ErrorCode::Unavailable, "UNAVAILABLE", "cut");
  };
  REQUIRE(bench.upload(file));
  CHECK(bench.server.blobs.at(file.sha256) == bytes);
  CHECK(bench.progress.bytes_done == static_cast<int64_t>(bytes.size()));
}

TEST_CASE("a file that changed after it was hashed is not accepted, after one more try") {
  Bench bench;
  PreparedFile file = file_of(megabytes(1));
  file.sha256 = contract::sha256_hex("something else");
  const Status status = bench.upload(file);
  REQUIRE_FALSE(status);
  CHECK(status.error().reason == "FILE_CHANGED");
  CHECK(bench.server.chunks == 2);
}

TEST_CASE("a server that never finishes an upload does not keep us forever") {
  Bench bench;
  const PreparedFile file = file_of("x");
  bench.server.before = [&](const std::string& verb) -> Status {
    if (verb == "write_chunk") bench.server.uploads.erase(file.sha256);
    return {};
  };
  CHECK(bench.upload(file).error().reason == "NO_SUCH_UPLOAD");
}

TEST_CASE("a stop ends an upload within a chunk, and the rest can follow later") {
  Bench bench;
  const std::string bytes = megabytes(5);
  const PreparedFile file = file_of(bytes);
  bench.server.before = [&](const std::string& verb) -> Status {
    if (verb == "write_chunk" && bench.server.chunks == 2) bench.stop.set();
    return {};
  };
  const Status status = bench.upload(file);
  REQUIRE_FALSE(status);
  CHECK(status.error().code == ErrorCode::Cancelled);
  CHECK(bench.server.chunks == 3);
  Bench later;
  later.server.uploads = bench.server.uploads;
  REQUIRE(later.upload(file));
  CHECK(later.server.chunks == 2);
}

TEST_CASE("the same content from several threads is sent once") {
  Bench bench;
  const PreparedFile file = file_of(megabytes(4));
  Uploader uploader(bench.server, "batches/1", bench.retry, bench.progress, bench.stop);
  std::atomic<int> good{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { good += uploader.upload(file) ? 1 : 0; });
  }
  CHECK(good == 4);
  CHECK(bench.server.chunks == 4);
  CHECK(bench.progress.bytes_done == 4 * static_cast<int64_t>(file.size));
}

TEST_CASE("progress is told in images, bytes, rate and time left") {
  CHECK(bytes_text(0) == "0 B");
  CHECK(bytes_text(1536) == "1.5 KiB");
  CHECK(bytes_text(int64_t{5} << 30) == "5.0 GiB");
  CHECK(duration_text(7) == "0:07");
  CHECK(duration_text(61.2) == "1:02");
  CHECK(duration_text(3 * 3600 + 5 * 60) == "3:05:00");
  Progress progress;
  progress.rows_total = 4;
  progress.bytes_total = 40 << 20;
  ProgressText text;
  CHECK(text.line(progress, 0.1, 10) == "[..........] 0/4 images, 0 B of 40.0 MiB, 0 B/s");
  progress.rows_done = 1;
  progress.bytes_done = 10 << 20;
  CHECK(text.line(progress, 1.1, 10) ==
        "[##........] 1/4 images, 10.0 MiB of 40.0 MiB, 10.0 MiB/s, 0:03 left");
  progress.checks_total = 4;
  progress.checks_done = 3;
  progress.rows_done = 4;
  progress.bytes_done = 40 << 20;
  CHECK(text.line(progress, 2.1, 0) == "4/4 images, 40.0 MiB of 40.0 MiB, checked 3/4");
}

}  // namespace hada::ingest
