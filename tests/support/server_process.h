#pragma once

// A real hada-server on a free port with a data folder of its own.

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "tests/support/process.h"

namespace hada::support {

inline constexpr const char* kAdminUser = "admin";
inline constexpr const char* kPassword = "correct horse battery";  // of every user that tests make

class ServerProcess {
 public:
  // Makes the data folder and the admin, and starts. Throws when it does not come up within 20 s.
  explicit ServerProcess(std::vector<std::string> extra_arguments = {});
  ~ServerProcess();

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  int port() const { return port_; }
  pid_t pid() const { return process_->pid(); }
  bool running() { return process_ && process_->running(); }
  std::filesystem::path data_dir() const { return dir_ / "data"; }
  std::string log() const { return read_file(dir_ / "server.log"); }

  // SIGTERM and wait; SIGKILL and wait.
  void stop();
  void kill9();
  // On the same data and the same port.
  void start();
  // Asks it to end by SIGTERM; the exit status, or nothing after the timeout.
  std::optional<int> terminate(std::chrono::milliseconds timeout);

 private:
  TempDir dir_;
  std::vector<std::string> extra_;
  int port_ = 0;
  std::unique_ptr<Process> process_;
};

// build/bin/<name>.
std::string program(const std::string& name);

}  // namespace hada::support
