#include "server/blobs/local_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "server/blobs/fd.h"
#include "server/blobs/io_error.h"

namespace hada::blobs {
namespace {

class LocalFile final : public BlobReader {
 public:
  LocalFile(Fd fd, uint64_t size) : fd_(std::move(fd)), size_(size) {}
  uint64_t size() const override { return size_; }
  Status read_into(uint64_t offset, size_t length, char* out) const override {
    if (offset > size_ || length > size_ - offset)
      return Unexpected(ErrorCode::DataLoss, "SHORT_READ", "a read passed the end of the blob");
    while (length > 0) {
      const ssize_t n = ::pread(fd_.get(), out, length, static_cast<off_t>(offset));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return io_error("read");
      if (n == 0) return Unexpected(ErrorCode::DataLoss, "SHORT_READ", "the blob is shorter than it was");
      out += n;
      offset += static_cast<uint64_t>(n);
      length -= static_cast<size_t>(n);
    }
    return {};
  }

 private:
  Fd fd_;
  uint64_t size_;
};

}  // namespace

Result<std::shared_ptr<const BlobReader>> open_local_file(const std::string& path) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info = {};
  if (!fd || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
    if (!fd && errno != ENOENT) return io_error("open a blob");
    return Unexpected(ErrorCode::NotFound, "NO_SUCH_BLOB", "there is no such blob");
  }
  return std::shared_ptr<const BlobReader>(
      std::make_shared<LocalFile>(std::move(fd), static_cast<uint64_t>(info.st_size)));
}

}  // namespace hada::blobs
