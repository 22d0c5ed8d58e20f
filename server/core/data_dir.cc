#include "server/core/data_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

namespace hada::core {
namespace fs = std::filesystem;

namespace {

Unexpected data_dir_error(const std::string& what, const std::string& why) {
  return Unexpected(ErrorCode::Internal, "DATA_DIR", what + ": " + why);
}

}  // namespace

Result<DataDir> DataDir::open(const std::string& path) {
  if (path.empty())
    return Unexpected(ErrorCode::InvalidArgument, "BAD_FIELD", "--data needs the name of a folder");
  std::error_code error;
  const bool fresh = fs::create_directories(path, error);
  if (!error && fresh) fs::permissions(path, fs::perms::owner_all, error);
  DataDir dir(path);
  for (const std::string& folder : {dir.blobs_path(), dir.tmp_path()})
    if (!error) fs::create_directories(folder, error);
  if (error) return data_dir_error("cannot make the data folder", error.message());
  return dir;
}

DataDir::DataDir(DataDir&& other) noexcept
    : path_(std::move(other.path_)), lock_fd_(std::exchange(other.lock_fd_, -1)) {}

DataDir::~DataDir() {
  if (lock_fd_ >= 0) ::close(lock_fd_);
}

Result<bool> DataDir::lock() {
  const std::string path = path_ + "/lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return data_dir_error("cannot open the lock file", std::strerror(errno));
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);
    return false;
  }
  lock_fd_ = fd;
  return true;
}

Status write_file_atomically(const std::string& path, const std::string& content) {
  const std::string temporary = path + ".tmp";
  {
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    file << content;
    file.flush();
    if (!file) return Unexpected(ErrorCode::Internal, "CANNOT_WRITE", "cannot write " + temporary);
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0)
    return Unexpected(ErrorCode::Internal, "CANNOT_WRITE", "cannot write " + path);
  return {};
}

}  // namespace hada::core
