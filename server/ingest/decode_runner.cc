#include "server/ingest/decode_runner.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <vector>

#include "server/blobs/fd.h"
#include "server/ingest/decode_protocol.h"

namespace hada::ingest {
namespace {

using SteadyClock = std::chrono::steady_clock;
using blobs::Fd;

constexpr size_t kMaxAnswer = 1 << 20;
Unexpected cannot_run(const char* what) {
  return Unexpected(ErrorCode::Internal, "NO_DECODER",
                    std::string("the decoder child cannot be run: ") + what);
}

struct SpawnAttributes {
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;
  SpawnAttributes() {
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_init(&actions);
  }
  ~SpawnAttributes() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
};

Result<pid_t> spawn(const std::string& program, const std::vector<std::string>& arguments, int answer_fd) {
  std::vector<char*> argv = {const_cast<char*>("hada-server")};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  char* environment[] = {nullptr};

  SpawnAttributes spawn;
  ::posix_spawn_file_actions_addopen(&spawn.actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&spawn.actions, 1, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&spawn.actions, 2, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_adddup2(&spawn.actions, answer_fd, kAnswerFd);
  sigset_t none, all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&spawn.attributes, &none);
  ::posix_spawnattr_setsigdefault(&spawn.attributes, &all);
  ::posix_spawnattr_setpgroup(&spawn.attributes, 0);
  ::posix_spawnattr_setflags(&spawn.attributes,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  pid_t pid = 0;
  if (::posix_spawn(&pid, program.c_str(), &spawn.actions, &spawn.attributes, argv.data(), environment) != 0)
    return cannot_run("it does not start");
  return pid;
}

// Reads until the child closes its end. False when the time ran out.
bool read_answer(int fd, SteadyClock::time_point deadline, std::string& answer) {
  char buffer[4096];
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
    if (left <= 0) return false;
    pollfd waiting = {fd, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::min<int64_t>(left, 60'000)));
    if (ready < 0 && errno != EINTR) return false;
    if (ready <= 0) continue;
    const ssize_t n = ::read(fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    if (answer.size() < kMaxAnswer) answer.append(buffer, static_cast<size_t>(n));
  }
}

DecodeOutcome refused(const char* reason, const char* detail) {
  DecodeOutcome outcome;
  outcome.reason = reason;
  outcome.detail = detail;
  return outcome;
}

DecodeOutcome died_of(int signal) {
  switch (signal) {
    case SIGALRM:
    case SIGXCPU:
      return refused("TIME_LIMIT", "decoding the file takes longer than is allowed");
    case SIGXFSZ:
      return refused("TOO_LARGE", "what the file decodes to is larger than is allowed");
    default:
      return refused("DECODER_CRASHED", "decoding the file crashed the decoder");
  }
}

}  // namespace

Result<DecodeOutcome> run_decoder(const std::string& program, const std::string& job_dir,
                                  const std::string& main_path, const DecodeLimits& limits) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return cannot_run("no pipe");
  const Fd ours(ends[0]);
  Fd theirs(ends[1]);
  ASSIGN_OR_RETURN(const pid_t pid,
                   spawn(program, to_arguments({::getpid(), job_dir, main_path, limits}), theirs.get()));
  theirs.reset();

  std::string answer;
  const auto deadline =
      SteadyClock::now() + std::chrono::seconds(limits.slide_seconds + limits.grace_seconds);
  const bool in_time = read_answer(ours.get(), deadline, answer);
  // Whatever it left behind goes with it, also when it closed its pipe and stays on.
  ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return cannot_run("it is lost");

  if (!in_time) return died_of(SIGALRM);
  if (const auto outcome = from_answer(answer)) return *outcome;
  if (WIFSIGNALED(status)) return died_of(WTERMSIG(status));
  if (WIFEXITED(status) && (WEXITSTATUS(status) == 2 || WEXITSTATUS(status) == 3))
    return cannot_run("its sandbox is refused");
  return died_of(SIGABRT);
}

}  // namespace hada::ingest
