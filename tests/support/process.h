#pragma once

// A child process of a test: started, watched, ended. Ends only what it started.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace hada::support {

// A folder that is gone at the end of the test. Kept and named on stderr when HADA_KEEP_TEMP is set.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

struct ProcessOptions {
  std::vector<std::string> arguments;              // the program first
  std::map<std::string, std::string> environment;  // added to ours
  std::string standard_input;
  std::filesystem::path log;  // stdout and stderr; empty: inherited
};

class Process {
 public:
  // Throws std::runtime_error when the program cannot be started (tests may throw; doctest reports it).
  explicit Process(const ProcessOptions& options);
  ~Process();  // kill and wait
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  bool running();
  // Exit status, or 128 + signal; nothing when it still runs after `timeout`.
  std::optional<int> wait(std::chrono::milliseconds timeout);
  void signal(int number);

 private:
  pid_t pid_ = -1;
  std::optional<int> status_;
};

struct Finished {
  int status = -1;
  std::string output;  // stdout and stderr
};

// Runs a program to its end. A program that outlives the timeout is killed and has status -1.
Finished run(const std::vector<std::string>& arguments, const std::string& standard_input = {},
             std::chrono::milliseconds timeout = std::chrono::minutes(5),
             const std::map<std::string, std::string>& environment = {});

std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& bytes);

// Calls `condition` every few ms until it is true or the time is up; returns its last answer.
template <typename Condition>
bool eventually(Condition condition, std::chrono::milliseconds timeout = std::chrono::seconds(10)) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

// ../shared/data or $HADA_TEST_DATA; empty where there is none (then print SKIPPED and return).
std::filesystem::path test_data();

}  // namespace hada::support
