#pragma once

// Immutable bytes by content. Blobs are shared by hash; who may see them is decided at the image, never here.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "contract/result.h"

namespace hada::blobs {

// Lower-case hexadecimal SHA-256. Anything else is INVALID_ARGUMENT / BAD_HASH in every call.
using Hash = std::string;

// One blob, open for positioned reads from any thread at once.
class BlobReader {
 public:
  virtual ~BlobReader() = default;
  virtual uint64_t size() const = 0;
  // Exactly `length` bytes at `offset` into `out`. DATA_LOSS / SHORT_READ past the end.
  virtual Status read_into(uint64_t offset, size_t length, char* out) const = 0;
};

struct UploadState {
  uint64_t committed = 0;  // bytes on disk
  uint64_t size = 0;       // bytes of the whole blob, as declared
};

class BlobStore {
 public:
  virtual ~BlobStore() = default;

  virtual Result<bool> contains(const Hash& hash) = 0;
  // NOT_FOUND / NO_SUCH_BLOB.
  virtual Result<std::shared_ptr<const BlobReader>> open(const Hash& hash) = 0;
  // Stores bytes under their own hash; durable on return. Repeating it is cheap.
  virtual Result<Hash> put(std::string_view bytes) = 0;
  // Takes a finished local file in under its hash, by rename where it can; durable on return. The file is
  // gone after.
  virtual Result<Hash> adopt(const std::string& path) = 0;

  // Resumable upload of a blob whose hash and size are known beforehand. Survives a restart.
  // Starts it, or finds the one that was started; returns the bytes on disk so far. Another size than before
  // starts it again.
  virtual Result<uint64_t> begin_upload(const Hash& hash, uint64_t size) = 0;
  // NOT_FOUND / NO_SUCH_UPLOAD when none was begun.
  virtual Result<UploadState> upload_state(const Hash& hash) = 0;
  // Appends at `offset`, which must equal the committed size (OUT_OF_RANGE / WRONG_OFFSET, metadata
  // "committed_size"); not past the declared size (OUT_OF_RANGE / TOO_MANY_BYTES). On disk on return.
  virtual Result<uint64_t> append(const Hash& hash, uint64_t offset, std::string_view bytes) = 0;
  // Verifies the hash and moves it in. DATA_LOSS / HASH_MISMATCH deletes the upload.
  virtual Status finish(const Hash& hash) = 0;

  // A path where the blob's bytes can be read by a child process (downloaded first where the store is
  // remote).
  virtual Result<std::string> local_path(const Hash& hash) = 0;
};

}  // namespace hada::blobs
