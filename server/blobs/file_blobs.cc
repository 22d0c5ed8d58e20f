#include "server/blobs/file_blobs.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <functional>
#include <vector>

#include "contract/sha256.h"
#include "server/blobs/fd.h"
#include "server/blobs/io_error.h"
#include "server/blobs/local_file.h"

namespace hada::blobs {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kBlobMode = 0440;
constexpr auto kKeepUploads = std::chrono::hours(24 * 30);
constexpr size_t kCopyBytes = size_t{1} << 20;

Unexpected bad_hash() {
  return Unexpected(ErrorCode::InvalidArgument, "BAD_HASH",
                    "a blob's hash must be 64 lower-case hexadecimal digits");
}

Fd open_fd(const std::string& path, int flags, mode_t mode = 0) {
  int fd = -1;
  do {
    fd = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  } while (fd < 0 && errno == EINTR);
  return Fd(fd);
}

Status write_all(int fd, uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return io_error("write");
    bytes.remove_prefix(static_cast<size_t>(n));
    offset += static_cast<uint64_t>(n);
  }
  return {};
}

Status sync_dir(const std::string& dir) {
  const Fd fd = open_fd(dir, O_RDONLY | O_DIRECTORY);
  if (!fd || ::fsync(fd.get()) != 0) return io_error("sync a folder");
  return {};
}

// Makes `dir` durably: the folder that names it is synced too.
Status make_dir(const std::string& dir) {
  if (::mkdir(dir.c_str(), 0750) == 0) return sync_dir(fs::path(dir).parent_path().string());
  if (errno == EEXIST) return {};
  return io_error("make a folder");
}

Result<uint64_t> file_size(const std::string& path, std::string_view missing_reason) {
  struct stat info = {};
  if (::stat(path.c_str(), &info) == 0) return static_cast<uint64_t>(info.st_size);
  if (errno == ENOENT)
    return Unexpected(ErrorCode::NotFound, std::string(missing_reason), "there is no such blob or upload");
  return io_error("look at a file");
}

Result<Hash> hash_file(const std::string& path) {
  const Fd fd = open_fd(path, O_RDONLY);
  if (!fd) return io_error("open a file");
  ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  contract::Sha256 sha;
  std::string buffer(kCopyBytes, '\0');
  while (true) {
    const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error("read a file");
    if (n == 0) return sha.hex();
    sha.update(std::string_view(buffer).substr(0, static_cast<size_t>(n)));
  }
}

Status sync_file(const std::string& path) {
  const Fd fd = open_fd(path, O_RDONLY);
  if (!fd || ::fsync(fd.get()) != 0) return io_error("sync a file");
  return {};
}

std::string random_name() {
  unsigned char bytes[12] = {};
  // 12 bytes never block and never come short once the kernel's pool is up.
  if (::getrandom(bytes, sizeof bytes, 0) != sizeof bytes) std::abort();
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string name;
  for (unsigned char b : bytes) {
    name += kDigits[b >> 4];
    name += kDigits[b & 15];
  }
  return name;
}

// Writes a small file under its final name, durably.
Status write_file(const std::string& path, std::string_view bytes) {
  const std::string temporary = path + "." + random_name() + ".tmp";
  {
    const Fd fd = open_fd(temporary, O_WRONLY | O_CREAT | O_EXCL, 0640);
    if (!fd) return io_error("make a file");
    Status written = write_all(fd.get(), 0, bytes);
    if (written && ::fsync(fd.get()) != 0) written = io_error("sync a file");
    if (!written) {
      ::unlink(temporary.c_str());
      return written;
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return io_error("rename a file");
  return sync_dir(fs::path(path).parent_path().string());
}

// Removes what a killed process was writing, and uploads that nobody has come back to.
void clean_uploads(const std::string& dir) {
  std::error_code error;
  const auto long_ago = fs::file_time_type::clock::now() - kKeepUploads;
  for (const auto& entry : fs::directory_iterator(dir, error)) {
    std::error_code ignored;
    const std::string suffix = entry.path().extension().string();
    const bool half_written = suffix == ".put" || suffix == ".tmp";
    if (half_written || entry.last_write_time(ignored) < long_ago) fs::remove(entry.path(), ignored);
  }
}

}  // namespace

FileBlobs::FileBlobs(std::string dir) : dir_(std::move(dir)) {}

Result<std::unique_ptr<FileBlobs>> FileBlobs::create(const std::string& dir) {
  std::error_code error;
  fs::create_directories(dir, error);
  const std::string absolute = fs::absolute(dir, error).lexically_normal().string();
  RETURN_IF_ERROR(make_dir(absolute + "/uploads"));
  clean_uploads(absolute + "/uploads");
  return std::unique_ptr<FileBlobs>(new FileBlobs(absolute));
}

std::string FileBlobs::path_of(const Hash& hash) const {
  return dir_ + "/" + hash.substr(0, 2) + "/" + hash.substr(2, 2) + "/" + hash;
}
std::string FileBlobs::part_of(const Hash& hash) const { return dir_ + "/uploads/" + hash + ".part"; }
std::string FileBlobs::size_file_of(const Hash& hash) const { return dir_ + "/uploads/" + hash + ".size"; }

Mutex& FileBlobs::upload_mutex(const Hash& hash) {
  return upload_locks_[std::hash<Hash>{}(hash) % kUploadLocks];
}

Result<bool> FileBlobs::contains(const Hash& hash) {
  if (!contract::is_sha256_hex(hash)) return bad_hash();
  struct stat info = {};
  if (::stat(path_of(hash).c_str(), &info) == 0) return true;
  if (errno == ENOENT) return false;
  return io_error("look at a blob");
}

Result<std::shared_ptr<const BlobReader>> FileBlobs::open(const Hash& hash) {
  if (!contract::is_sha256_hex(hash)) return bad_hash();
  return open_local_file(path_of(hash));
}

// The file at `from` is complete and synced; it becomes the blob.
Status FileBlobs::move_in(const std::string& from, const Hash& hash) {
  const std::string outer = dir_ + "/" + hash.substr(0, 2);
  const std::string inner = outer + "/" + hash.substr(2, 2);
  RETURN_IF_ERROR(make_dir(outer));
  RETURN_IF_ERROR(make_dir(inner));
  if (::chmod(from.c_str(), kBlobMode) != 0) return io_error("protect a blob");
  if (::rename(from.c_str(), path_of(hash).c_str()) != 0) return io_error("rename a blob");
  return sync_dir(inner);
}

Result<Hash> FileBlobs::put(std::string_view bytes) {
  const Hash hash = contract::sha256_hex(bytes);
  ASSIGN_OR_RETURN(const bool there, contains(hash));
  if (there) return hash;
  const std::string temporary = dir_ + "/uploads/" + random_name() + ".put";
  Status status;
  {
    const Fd fd = open_fd(temporary, O_WRONLY | O_CREAT | O_EXCL, 0640);
    if (!fd) return io_error("make a file");
    status = write_all(fd.get(), 0, bytes);
    if (status && ::fsync(fd.get()) != 0) status = io_error("sync a file");
  }
  if (status) status = move_in(temporary, hash);
  if (!status) {
    ::unlink(temporary.c_str());
    return Unexpected(std::move(status).error());
  }
  return hash;
}

Result<Hash> FileBlobs::adopt(const std::string& path) {
  ASSIGN_OR_RETURN(const Hash hash, hash_file(path));
  ASSIGN_OR_RETURN(const bool there, contains(hash));
  if (there) {
    ::unlink(path.c_str());
    return hash;
  }
  const std::string temporary = dir_ + "/uploads/" + random_name() + ".put";
  if (::rename(path.c_str(), temporary.c_str()) != 0) {
    if (errno != EXDEV) return io_error("take a file in");
    std::error_code error;
    fs::copy_file(path, temporary, error);
    if (error) {
      ::unlink(temporary.c_str());
      errno = error.value();
      return io_error("copy a file in");
    }
    ::unlink(path.c_str());
  }
  Status status = sync_file(temporary);
  if (status) status = move_in(temporary, hash);
  if (!status) {
    ::unlink(temporary.c_str());
    return Unexpected(std::move(status).error());
  }
  return hash;
}

Result<uint64_t> FileBlobs::begin_upload(const Hash& hash, uint64_t size) {
  if (!contract::is_sha256_hex(hash)) return bad_hash();
  MutexLock lock(upload_mutex(hash));
  if (auto state = upload_state(hash)) {
    if (state->size == size) return state->committed;
  } else if (state.error().code != ErrorCode::NotFound) {
    return Unexpected(std::move(state).error());
  }
  ::unlink(part_of(hash).c_str());
  RETURN_IF_ERROR(write_file(size_file_of(hash), std::to_string(size)));
  return uint64_t{0};
}

Result<UploadState> FileBlobs::upload_state(const Hash& hash) {
  if (!contract::is_sha256_hex(hash)) return bad_hash();
  const Fd fd = open_fd(size_file_of(hash), O_RDONLY);
  if (!fd) {
    if (errno != ENOENT) return io_error("open an upload");
    return Unexpected(ErrorCode::NotFound, "NO_SUCH_UPLOAD", "this upload was not started");
  }
  char text[32] = {};
  const ssize_t n = ::pread(fd.get(), text, sizeof text, 0);
  UploadState state;
  if (n <= 0 || std::from_chars(text, text + n, state.size).ec != std::errc())
    return Unexpected(ErrorCode::NotFound, "NO_SUCH_UPLOAD", "this upload was not started");
  auto committed = file_size(part_of(hash), "NO_SUCH_UPLOAD");
  if (committed)
    state.committed = *committed;
  else if (committed.error().code != ErrorCode::NotFound)
    return Unexpected(std::move(committed).error());
  return state;
}

Result<uint64_t> FileBlobs::append(const Hash& hash, uint64_t offset, std::string_view bytes) {
  if (!contract::is_sha256_hex(hash)) return bad_hash();
  MutexLock lock(upload_mutex(hash));
  ASSIGN_OR_RETURN(const UploadState state, upload_state(hash));
  if (offset != state.committed) {
    Error error{ErrorCode::OutOfRange, "WRONG_OFFSET", "continue at committed_size", {}};
    error.metadata["committed_size"] = std::to_string(state.committed);
    return Unexpected(std::move(error));
  }
  if (bytes.size() > state.size - std::min(state.size, offset))
    return Unexpected(ErrorCode::OutOfRange, "TOO_MANY_BYTES", "the chunk passes the declared size");
  if (bytes.empty()) return offset;

  const std::string part = part_of(hash);
  const Fd fd = open_fd(part, O_WRONLY | O_CREAT, 0640);
  if (!fd) return io_error("open an upload");
  if (Status written = write_all(fd.get(), offset, bytes); !written) {
    // What was not acknowledged goes away again, so that a full disk gets its bytes back.
    if (::ftruncate(fd.get(), static_cast<off_t>(offset)) != 0) ::unlink(part.c_str());
    return Unexpected(std::move(written).error());
  }
  if (::fdatasync(fd.get()) != 0) {
    // After a failed sync nothing about the file is certain: it starts again.
    const Unexpected error = io_error("sync an upload");
    ::unlink(part.c_str());
    return error;
  }
  if (offset == 0) RETURN_IF_ERROR(sync_dir(dir_ + "/uploads"));
  return offset + bytes.size();
}

Status FileBlobs::finish(const Hash& hash) {
  MutexLock lock(upload_mutex(hash));
  ASSIGN_OR_RETURN(const bool there, contains(hash));
  const std::string part = part_of(hash);
  const std::string size_file = size_file_of(hash);
  if (!there) {
    ASSIGN_OR_RETURN(const UploadState state, upload_state(hash));
    if (state.committed != state.size)
      return Unexpected(ErrorCode::FailedPrecondition, "UPLOAD_INCOMPLETE", "bytes are missing");
    if (state.size == 0) (void)open_fd(part, O_WRONLY | O_CREAT, 0640);
    ASSIGN_OR_RETURN(const Hash found, hash_file(part));
    if (found != hash) {
      ::unlink(part.c_str());
      ::unlink(size_file.c_str());
      return Unexpected(ErrorCode::DataLoss, "HASH_MISMATCH", "the bytes that arrived have another SHA-256");
    }
    RETURN_IF_ERROR(sync_file(part));
    RETURN_IF_ERROR(move_in(part, hash));
  }
  ::unlink(part.c_str());
  ::unlink(size_file.c_str());
  return {};
}

Result<std::string> FileBlobs::local_path(const Hash& hash) {
  ASSIGN_OR_RETURN(const bool there, contains(hash));
  if (!there) return Unexpected(ErrorCode::NotFound, "NO_SUCH_BLOB", "there is no such blob");
  return path_of(hash);
}

}  // namespace hada::blobs
