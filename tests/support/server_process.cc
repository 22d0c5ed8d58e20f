#include "tests/support/server_process.h"

#include <signal.h>

#include <stdexcept>

#include "tests/support/paths.h"

namespace hada::support {

std::string program(const std::string& name) { return build_dir() + "/bin/" + name; }

ServerProcess::ServerProcess(std::vector<std::string> extra_arguments) : extra_(std::move(extra_arguments)) {
  const Finished init =
      run({program("hada-server"), "init", "--data", data_dir().string(), "--admin", kAdminUser},
          std::string(kPassword) + "\n");
  if (init.status != 0) throw std::runtime_error("hada-server init failed: " + init.output);
  start();
}

ServerProcess::~ServerProcess() { stop(); }

void ServerProcess::start() {
  const std::filesystem::path port_file = dir_ / "port";
  std::filesystem::remove(port_file);
  std::vector<std::string> arguments = {program("hada-server"), "serve",           "--data",
                                        data_dir().string(),    "--listen",        address(),
                                        "--port-file",          port_file.string()};
  arguments.insert(arguments.end(), extra_.begin(), extra_.end());
  process_ = std::make_unique<Process>(ProcessOptions{arguments, {}, {}, dir_ / "server.log"});
  const bool up = eventually([&] { return std::filesystem::exists(port_file) || !process_->running(); },
                             std::chrono::seconds(20));
  if (!up || !process_->running()) throw std::runtime_error("hada-server did not start: " + log());
  port_ = std::stoi(read_file(port_file));
}

void ServerProcess::stop() {
  if (!process_) return;
  if (!terminate(std::chrono::seconds(10))) kill9();
}

std::optional<int> ServerProcess::terminate(std::chrono::milliseconds timeout) {
  process_->signal(SIGTERM);
  return process_->wait(timeout);
}

void ServerProcess::kill9() {
  process_->signal(SIGKILL);
  process_->wait(std::chrono::seconds(10));
}

}  // namespace hada::support
