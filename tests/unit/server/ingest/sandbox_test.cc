#include "server/ingest/sandbox.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <functional>
#include <thread>

#include "tests/unit/server/ingest/decode_files.h"

namespace hada::ingest {
namespace {

constexpr SandboxLimits kLimits = {uint64_t{4} << 30, uint64_t{6} << 30, 1 << 20, 20, 40};

// Runs `act` inside the sandbox; its exit code, or 1000 + the signal that ended it.
int inside(const Job& job, const std::function<int()>& act) {
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) {
    if (!drop_everything(parent, 3, kLimits) || !lock_down(job.path)) ::_exit(99);
    ::_exit(act());
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

int open_result(const std::string& path, int flags) {
  return ::open(path.c_str(), flags, 0600) >= 0 ? 0 : errno;
}

TEST_CASE("the decoder's sandbox") {
  const Job job;
  job.put("file", "bytes");
  const std::string folder = job.path;
  // Written by this process, which is not in the sandbox.
  const std::string secret = folder + "-secret";
  std::ofstream(secret) << "secret";

  SUBCASE("lets it read what arrived and write what it derives") {
    CHECK(inside(job, [&] { return open_result(folder + "/in/file", O_RDONLY); }) == 0);
    CHECK(inside(job, [&] { return open_result(folder + "/out/made", O_RDWR | O_CREAT | O_TRUNC); }) == 0);
    CHECK(inside(job, [&] { return ::unlink((folder + "/out/made").c_str()) == 0 ? 0 : errno; }) == 0);
    CHECK(inside(job, [&] { return open_result(folder + "/tmp/made", O_RDWR | O_CREAT); }) == 0);
  }
  SUBCASE("lets it start threads") {
    CHECK(inside(job, [] {
            int done = 0;
            std::thread([&] { done = 7; }).join();
            return done;
          }) == 7);
  }
  SUBCASE("does not let it change what arrived") {
    CHECK(inside(job, [&] { return open_result(folder + "/in/file", O_WRONLY); }) == EACCES);
    CHECK(inside(job, [&] { return open_result(folder + "/in/file", O_RDONLY | O_TRUNC); }) == EACCES);
    CHECK(inside(job, [&] { return ::truncate((folder + "/in/file").c_str(), 0) == 0 ? 0 : errno; }) ==
          EACCES);
    CHECK(inside(job, [&] { return ::chmod((folder + "/in/file").c_str(), 0777) == 0 ? 0 : errno; }) ==
          EPERM);
  }
  SUBCASE("does not let it see any other file") {
    CHECK(inside(job, [&] { return open_result(secret, O_RDONLY); }) == EACCES);
    CHECK(inside(job, [] { return open_result("/etc/passwd", O_RDONLY); }) == EACCES);
    CHECK(inside(job, [] { return open_result("/tmp", O_RDONLY | O_DIRECTORY); }) == EACCES);
    CHECK(inside(job, [&] { return ::link(secret.c_str(), (folder + "/out/x").c_str()) == 0 ? 0 : errno; }) ==
          EPERM);
  }
  SUBCASE("has no network, no debugger, no other process to signal") {
    CHECK(inside(job, [] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : errno; }) == EPERM);
    CHECK(inside(job, [] { return ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ? 0 : errno; }) == EPERM);
    CHECK(inside(job, [] { return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0 ? 0 : errno; }) ==
          EPERM);
    CHECK(inside(job, [] { return ::kill(::getppid(), 0) == 0 ? 0 : errno; }) == EPERM);
  }
  SUBCASE("ends a child that executes anything") {
    CHECK(inside(job, [] {
            ::execl("/bin/true", "true", nullptr);
            return 0;
          }) == 1000 + SIGSYS);
  }
  SUBCASE("has limits, which it may widen for itself up to the hard ones and for nobody else") {
    CHECK(inside(job, [] {
            rlimit limit = {};
            ::getrlimit(RLIMIT_CORE, &limit);
            return static_cast<int>(limit.rlim_max);
          }) == 0);
    CHECK(inside(job, [] {
            widen(uint64_t{5} << 30, 30);
            rlimit limit = {};
            ::getrlimit(RLIMIT_CPU, &limit);
            return static_cast<int>(limit.rlim_cur);
          }) == 30);
    CHECK(inside(job, [] {
            widen(uint64_t{500} << 30, 30'000);
            rlimit limit = {};
            ::getrlimit(RLIMIT_CPU, &limit);
            return static_cast<int>(limit.rlim_cur);
          }) == 40);
    CHECK(inside(job, [] {
            const rlimit none = {0, 0};
            return ::prlimit(::getppid(), RLIMIT_NOFILE, &none, nullptr) == 0 ? 0 : errno;
          }) == EPERM);
  }
  SUBCASE("keeps no descriptor and no environment") {
    const int ours = ::open("/dev/null", O_RDONLY);
    CHECK(inside(job, [&] { return ::fcntl(ours, F_GETFD) < 0 ? errno : 0; }) == EBADF);
    CHECK(inside(job, [] { return std::getenv("PATH") == nullptr ? 0 : 1; }) == 0);
    ::close(ours);
  }
  SUBCASE("a file that grows too large ends it") {
    CHECK(inside(job, [&] {
            const int fd = ::open((folder + "/out/large").c_str(), O_WRONLY | O_CREAT, 0600);
            const std::string block(1 << 16, 'x');
            for (int i = 0; i < 32; ++i)
              if (::write(fd, block.data(), block.size()) < 0) return errno;
            return 0;
          }) == 1000 + SIGXFSZ);
  }
  std::filesystem::remove(secret);
}

}  // namespace
}  // namespace hada::ingest
