#include "tests/support/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tests/support/paths.h"

namespace hada::support {

TempDir::TempDir() {
  std::string pattern = (std::filesystem::temp_directory_path() / "hada-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
  path_ = pattern;
}

TempDir::~TempDir() {
  if (std::getenv("HADA_KEEP_TEMP") != nullptr) {
    std::fprintf(stderr, "kept %s\n", path_.c_str());
    return;
  }
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Process::Process(const ProcessOptions& options) {
  std::vector<char*> arguments;
  for (const std::string& a : options.arguments) arguments.push_back(const_cast<char*>(a.c_str()));
  arguments.push_back(nullptr);

  int input[2];
  if (pipe2(input, O_CLOEXEC) != 0) throw std::runtime_error("pipe failed");
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("fork failed");
  if (pid_ == 0) {
    // A test that dies must not leave its server behind.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(input[0], STDIN_FILENO);
    if (!options.log.empty()) {
      const int log = open(options.log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      dup2(log, STDOUT_FILENO);
      dup2(log, STDERR_FILENO);
    }
    for (const auto& [name, value] : options.environment) setenv(name.c_str(), value.c_str(), 1);
    execvp(arguments[0], arguments.data());
    std::fprintf(stderr, "cannot start %s\n", arguments[0]);
    _exit(127);
  }
  close(input[0]);
  const std::string& text = options.standard_input;
  if (write(input[1], text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    std::fprintf(stderr, "the child did not take its input\n");
  close(input[1]);
}

Process::~Process() {
  if (running()) {
    kill(pid_, SIGKILL);
    wait(std::chrono::seconds(10));
  }
}

bool Process::running() { return !wait(std::chrono::milliseconds(0)).has_value(); }

std::optional<int> Process::wait(std::chrono::milliseconds timeout) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (!status_) {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    } else {
      if (std::chrono::steady_clock::now() >= end) return std::nullopt;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  return status_;
}

void Process::signal(int number) {
  if (running()) kill(pid_, number);
}

Finished run(const std::vector<std::string>& arguments, const std::string& standard_input,
             std::chrono::milliseconds timeout, const std::map<std::string, std::string>& environment) {
  const TempDir dir;
  Finished finished;
  {
    Process process({arguments, environment, standard_input, dir / "output"});
    finished.status = process.wait(timeout).value_or(-1);
  }
  finished.output = read_file(dir / "output");
  return finished;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::filesystem::path test_data() {
  const char* set = std::getenv("HADA_TEST_DATA");
  const std::filesystem::path path = set != nullptr ? std::string(set) : source_dir() + "/../shared/data";
  return std::filesystem::exists(path) ? std::filesystem::canonical(path) : std::filesystem::path();
}

}  // namespace hada::support
