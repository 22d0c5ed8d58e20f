#include "server/blobs/file_blobs.h"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "tests/unit/server/blobs/blob_store_contract.h"

namespace hada::blobs {
namespace {

namespace fs = std::filesystem;

struct Folder {
  std::string path;
  Folder() {
    char name[] = "/tmp/hada-blobs-XXXXXX";
    REQUIRE(::mkdtemp(name) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
};

std::unique_ptr<FileBlobs> open_in(const Folder& folder) {
  auto blobs = FileBlobs::create(folder.path + "/blobs");
  REQUIRE(blobs);
  return std::move(*blobs);
}

TEST_CASE("blobs on the local disk") {
  const Folder folder;
  int files = 0;
  check_blob_store_contract([&]() -> std::unique_ptr<BlobStore> { return open_in(folder); },
                            [&](const std::string& bytes) {
                              const std::string path = folder.path + "/file" + std::to_string(++files);
                              std::ofstream(path, std::ios::binary) << bytes;
                              return path;
                            });
}

TEST_CASE("a blob on the local disk") {
  const Folder folder;
  const auto blobs = open_in(folder);
  const std::string bytes(100'000, 'x');
  const Hash hash = *blobs->put(bytes);

  SUBCASE("lies under the first digits of its hash and cannot be written") {
    const std::string path =
        folder.path + "/blobs/" + hash.substr(0, 2) + "/" + hash.substr(2, 2) + "/" + hash;
    CHECK(*blobs->local_path(hash) == path);
    struct stat info = {};
    REQUIRE(::stat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 0222) == 0);
  }
  SUBCASE("leaves nothing else behind") { CHECK(fs::is_empty(folder.path + "/blobs/uploads")); }
  SUBCASE("an adopted file is gone from where it was") {
    const std::string path = folder.path + "/derived";
    std::ofstream(path) << "derived";
    REQUIRE(blobs->adopt(path));
    CHECK_FALSE(fs::exists(path));
  }
}

TEST_CASE("a process that dies while it writes leaves no half of a blob under the blob's name") {
  const Folder folder;
  const std::string bytes(1 << 20, 'x');
  const Hash hash = contract::sha256_hex(bytes);
  for (const bool upload : {false, true}) {
    CAPTURE(upload);
    const auto blobs = open_in(folder);
    const pid_t child = ::fork();
    if (child == 0) {
      // The kernel kills it in the middle of its writes.
      const rlimit small = {100'000, 100'000}, none = {0, 0};
      ::setrlimit(RLIMIT_CORE, &none);
      ::setrlimit(RLIMIT_FSIZE, &small);
      if (upload) {
        (void)blobs->begin_upload(hash, bytes.size());
        (void)blobs->append(hash, 0, bytes);
      } else {
        (void)blobs->put(bytes);
      }
      ::_exit(0);
    }
    REQUIRE(child > 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE((WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ));
    CHECK_FALSE(*open_in(folder)->contains(hash));
  }
  CHECK(*open_in(folder)->put(bytes) == hash);
  CHECK(read_all(*open_in(folder), hash) == bytes);
}

TEST_CASE("a start clears away what nobody will finish") {
  const Folder folder;
  const std::string bytes = "bytes", hash = contract::sha256_hex(bytes),
                    old_hash = contract::sha256_hex("old");
  const std::string uploads = folder.path + "/blobs/uploads/";
  {
    const auto blobs = open_in(folder);
    for (const std::string& h : {hash, old_hash}) {
      REQUIRE(blobs->begin_upload(h, 5));
      REQUIRE(blobs->append(h, 0, "by"));
    }
  }
  std::ofstream(uploads + "0123.put") << "half";
  const auto last_year = fs::file_time_type::clock::now() - std::chrono::hours(24 * 365);
  for (const char* suffix : {".part", ".size"}) fs::last_write_time(uploads + old_hash + suffix, last_year);

  const auto blobs = open_in(folder);
  CHECK_FALSE(fs::exists(uploads + "0123.put"));
  CHECK(blobs->upload_state(hash)->committed == 2);
  CHECK_FALSE(blobs->upload_state(old_hash));
}

TEST_CASE("one upload written by several senders at once") {
  const Folder folder;
  const auto blobs = open_in(folder);
  std::string bytes(64 << 10, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31 >> 3);
  const Hash hash = contract::sha256_hex(bytes);
  REQUIRE(blobs->begin_upload(hash, bytes.size()));

  // Each sends the next piece it believes is wanted; the store lets one in at a time.
  std::atomic<int> accepted = 0;
  std::vector<std::thread> senders;
  for (int i = 0; i < 4; ++i)
    senders.emplace_back([&] {
      while (true) {
        const auto state = blobs->upload_state(hash);
        if (!state || state->committed >= state->size) return;
        if (blobs->append(hash, state->committed, bytes.substr(state->committed, 4096))) ++accepted;
      }
    });
  for (std::thread& sender : senders) sender.join();
  CHECK(accepted == 16);
  CHECK(blobs->finish(hash));
  CHECK(read_all(*blobs, hash) == bytes);
}

}  // namespace
}  // namespace hada::blobs
