#pragma once

// Blobs on the local disk: DIR/ab/cd/<sha256>, read-only files that never change. Uploads wait in
// DIR/uploads/<sha256>.part beside <sha256>.size. Whatever a call has answered for is on the disk (fsync of
// file and folder), so neither kill -9 nor a power cut takes it back.

#include <memory>
#include <string>

#include "contract/mutex.h"
#include "server/blobs/blob_store.h"

namespace hada::blobs {

class FileBlobs final : public BlobStore {
 public:
  // Makes the folders; removes what a killed process left half written, and uploads untouched for 30 days.
  // One process at a time writes to a folder. Errors: INTERNAL / BLOB_IO.
  static Result<std::unique_ptr<FileBlobs>> create(const std::string& dir);

  Result<bool> contains(const Hash& hash) override;
  Result<std::shared_ptr<const BlobReader>> open(const Hash& hash) override;
  Result<Hash> put(std::string_view bytes) override;
  Result<Hash> adopt(const std::string& path) override;
  Result<uint64_t> begin_upload(const Hash& hash, uint64_t size) override;
  Result<UploadState> upload_state(const Hash& hash) override;
  Result<uint64_t> append(const Hash& hash, uint64_t offset, std::string_view bytes) override;
  Status finish(const Hash& hash) override;
  Result<std::string> local_path(const Hash& hash) override;

 private:
  explicit FileBlobs(std::string dir);
  std::string path_of(const Hash& hash) const;
  std::string part_of(const Hash& hash) const;
  std::string size_file_of(const Hash& hash) const;
  Status move_in(const std::string& from, const Hash& hash);
  Mutex& upload_mutex(const Hash& hash);

  static constexpr size_t kUploadLocks = 64;
  const std::string dir_;
  // Two writers of one upload wait for each other; those of different hashes rarely do.
  Mutex upload_locks_[kUploadLocks];
};

}  // namespace hada::blobs
