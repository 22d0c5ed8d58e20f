#pragma once

// Immutable bytes by content. Blobs are shared by hash; who may see them is decided at the image, never here.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "contract/result.h"

namespace hada::blobs {

// Lower-case hexadecimal SHA-256.
using Hash = std::string;

// One blob, open for positioned reads from any thread at once.
class BlobReader {
 public:
  virtual ~BlobReader() = default;
  virtual uint64_t size() const = 0;
  // Exactly `length` bytes at `offset`, appended to nothing: replaces `out`. DATA_LOSS / SHORT_READ past the end.
  virtual Status read_at(uint64_t offset, size_t length, std::string& out) const = 0;
};

class BlobStore {
 public:
  virtual ~BlobStore() = default;

  virtual Result<bool> contains(const Hash& hash) = 0;
  // NOT_FOUND / NO_SUCH_BLOB.
  virtual Result<std::shared_ptr<const BlobReader>> open(const Hash& hash) = 0;
  // Stores bytes under their own hash; durable on return. Repeating it is cheap.
  virtual Result<Hash> put(std::string_view bytes) = 0;
  // Takes a finished local file in under its hash, by rename where it can; durable on return. The file is gone after.
  virtual Result<Hash> adopt(const std::string& path) = 0;

  // Resumable upload of a blob whose hash is known beforehand. Survives a restart.
  // Bytes on disk so far; 0 for a new one.
  virtual Result<uint64_t> upload_size(const Hash& hash) = 0;
  // Appends at `offset`, which must equal upload_size (OUT_OF_RANGE / WRONG_OFFSET, metadata "committed_size").
  virtual Result<uint64_t> append(const Hash& hash, uint64_t offset, std::string_view bytes) = 0;
  // Verifies the hash and moves it in. DATA_LOSS / HASH_MISMATCH deletes the upload.
  virtual Status finish(const Hash& hash) = 0;

  // A path where the blob's bytes can be read by a child process (downloaded first where the store is remote).
  virtual Result<std::string> local_path(const Hash& hash) = 0;
};

}  // namespace hada::blobs
