#pragma once

#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "contract/sha256.h"
#include "server/blobs/blob_store.h"

namespace hada::images {

// Bytes in memory as a blob, which counts how often it is read.
class MemoryBlob final : public blobs::BlobReader {
 public:
  explicit MemoryBlob(std::string bytes) : bytes_(std::move(bytes)) {}
  uint64_t size() const override { return bytes_.size(); }
  Status read_into(uint64_t offset, size_t length, char* out) const override {
    if (offset > bytes_.size() || length > bytes_.size() - offset)
      return Unexpected(ErrorCode::DataLoss, "SHORT_READ", "past the end");
    std::memcpy(out, bytes_.data() + offset, length);
    return {};
  }

 private:
  std::string bytes_;
};

// Blobs in memory; only what reading needs.
class MemoryBlobs final : public blobs::BlobStore {
 public:
  std::string add(std::string bytes) {
    const std::string hash = contract::sha256_hex(bytes);
    blobs_[hash] = std::make_shared<MemoryBlob>(std::move(bytes));
    return hash;
  }
  Result<bool> contains(const blobs::Hash& hash) override { return blobs_.contains(hash); }
  Result<std::shared_ptr<const blobs::BlobReader>> open(const blobs::Hash& hash) override {
    const auto found = blobs_.find(hash);
    if (found == blobs_.end()) return Unexpected(ErrorCode::NotFound, "NO_SUCH_BLOB", "none");
    return found->second;
  }
  Result<blobs::Hash> put(std::string_view bytes) override { return add(std::string(bytes)); }
  Result<blobs::Hash> adopt(const std::string&) override { return refused(); }
  Result<uint64_t> begin_upload(const blobs::Hash&, uint64_t) override { return refused(); }
  Result<blobs::UploadState> upload_state(const blobs::Hash&) override { return refused(); }
  Result<uint64_t> append(const blobs::Hash&, uint64_t, std::string_view) override { return refused(); }
  Status finish(const blobs::Hash&) override { return refused(); }
  Result<std::string> local_path(const blobs::Hash&) override { return refused(); }

 private:
  static Unexpected refused() { return Unexpected(ErrorCode::Unimplemented, "IN_MEMORY", "not in memory"); }
  std::map<std::string, std::shared_ptr<const blobs::BlobReader>> blobs_;
};

}  // namespace hada::images
