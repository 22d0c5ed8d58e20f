#pragma once

// The server's folder: hada.db, blobs/, tmp/, and a lock that keeps a second server out.

#include <string>

#include "contract/result.h"

namespace hada::core {

class DataDir {
 public:
  // Makes the folder (readable by its owner only) and what lies in it. INTERNAL / DATA_DIR.
  static Result<DataDir> open(const std::string& path);
  ~DataDir();
  DataDir(DataDir&& other) noexcept;
  DataDir& operator=(DataDir&&) = delete;

  // Held until this object or the process ends. False when another process has it.
  Result<bool> lock();

  std::string database_path() const { return path_ + "/hada.db"; }
  std::string blobs_path() const { return path_ + "/blobs"; }
  std::string tmp_path() const { return path_ + "/tmp"; }

 private:
  explicit DataDir(std::string path) : path_(std::move(path)) {}
  std::string path_;
  int lock_fd_ = -1;
};

// Writes through a temporary name, so that whoever sees the file sees all of it. INTERNAL / CANNOT_WRITE.
Status write_file_atomically(const std::string& path, const std::string& content);

}  // namespace hada::core
