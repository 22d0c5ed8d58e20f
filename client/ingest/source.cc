#include "client/ingest/source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hada::ingest {
namespace {

class MemorySource : public Source {
 public:
  explicit MemorySource(std::string bytes) : bytes_(std::move(bytes)) {}
  uint64_t size() const override { return bytes_.size(); }
  Result<std::string> read(uint64_t offset, uint64_t size) const override {
    if (offset > bytes_.size() || size > bytes_.size() - offset)
      return Unexpected(ErrorCode::DataLoss, "UNREADABLE", "the file ends too early");
    return bytes_.substr(offset, size);
  }

 private:
  std::string bytes_;
};

class FileSource : public Source {
 public:
  FileSource(int fd, uint64_t size) : fd_(fd), size_(size) {}
  ~FileSource() override { ::close(fd_); }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  uint64_t size() const override { return size_; }
  Result<std::string> read(uint64_t offset, uint64_t size) const override {
    if (offset > size_ || size > size_ - offset)
      return Unexpected(ErrorCode::DataLoss, "UNREADABLE", "the file ends too early");
    std::string bytes(size, '\0');
    for (uint64_t done = 0; done < size;) {
      const ssize_t got = ::pread(fd_, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0)
        return Unexpected(ErrorCode::DataLoss, "UNREADABLE", "the file cannot be read to its end");
      done += static_cast<uint64_t>(got);
    }
    return bytes;
  }

 private:
  int fd_;
  uint64_t size_;
};

class EditedSource : public Source {
 public:
  EditedSource(std::shared_ptr<const Source> below, std::vector<contract::ByteEdit> edits)
      : below_(std::move(below)), edits_(std::move(edits)) {}

  uint64_t size() const override { return below_->size(); }
  Result<std::string> read(uint64_t offset, uint64_t size) const override {
    ASSIGN_OR_RETURN(std::string bytes, below_->read(offset, size));
    const uint64_t end = offset + size;
    // The first edit that ends behind `offset`: they are sorted and do not overlap.
    auto edit = std::partition_point(edits_.begin(), edits_.end(), [&](const contract::ByteEdit& one) {
      return one.offset + one.size <= offset;
    });
    for (; edit != edits_.end() && edit->offset < end; ++edit) {
      const uint64_t from = std::max(edit->offset, offset);
      const uint64_t to = std::min(edit->offset + edit->size, end);
      if (edit->bytes.empty()) {
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(from - offset), to - from, '\0');
      } else {
        bytes.replace(from - offset, to - from, edit->bytes, from - edit->offset, to - from);
      }
    }
    return bytes;
  }

 private:
  std::shared_ptr<const Source> below_;
  std::vector<contract::ByteEdit> edits_;
};

}  // namespace

std::shared_ptr<const Source> memory_source(std::string bytes) {
  return std::make_shared<MemorySource>(std::move(bytes));
}

Result<std::shared_ptr<const Source>> file_source(const std::filesystem::path& path) {
  // O_NONBLOCK: opening a pipe must not wait for its other end.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) {
    if (errno == ENOENT || errno == ENOTDIR)
      return Unexpected(ErrorCode::NotFound, "NO_SUCH_FILE", "a file that exists");
    if (errno == ELOOP) return Unexpected(ErrorCode::InvalidArgument, "NOT_A_FILE", "a file, not a link");
    return Unexpected(ErrorCode::PermissionDenied, "UNREADABLE", "a file that can be read");
  }
  struct stat info {};
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    ::close(fd);
    return Unexpected(ErrorCode::InvalidArgument, "NOT_A_FILE", "a file, not a folder or a device");
  }
  return std::shared_ptr<const Source>(std::make_shared<FileSource>(fd, static_cast<uint64_t>(info.st_size)));
}

std::shared_ptr<const Source> edited_source(std::shared_ptr<const Source> below,
                                            std::vector<contract::ByteEdit> edits) {
  if (edits.empty()) return below;
  return std::make_shared<EditedSource>(std::move(below), std::move(edits));
}

Result<std::string> read_all(const Source& source, uint64_t limit) {
  if (source.size() > limit)
    return Unexpected(ErrorCode::ResourceExhausted, "TOO_LARGE",
                      "a file of at most " + std::to_string(limit >> 20) + " MiB");
  return source.read(0, source.size());
}

}  // namespace hada::ingest
