#pragma once

// A server in memory, with the faults a test asks for.

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "client/ingest/transport.h"
#include "contract/sha256.h"

namespace hada::ingest {

class FakeTransport : public Transport {
 public:
  // Faults: called before the verb; a result with an error is what the verb answers.
  std::function<Status(const std::string& verb)> before = [](const std::string&) { return Status(); };
  // What the check of an image says, by its first file's hash.
  std::map<std::string, ImageStatus> verdicts;
  int polls_until_checked = 0;

  struct Upload {
    uint64_t size = 0;
    std::string bytes;
  };
  std::map<std::string, Upload> uploads;
  std::map<std::string, std::string> blobs;  // by hash
  struct Image {
    std::string name, batch;
    Commit commit;
    int polls_left = 0;
  };
  std::vector<Image> images;
  int chunks = 0, batches = 0;
  std::set<std::string> request_ids;

  Result<std::string> create_batch(const std::string&) override {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(before("create_batch"));
    return "batches/" + std::to_string(++batches);
  }

  Result<UploadState> start_upload(const std::string&, const std::string& sha256, uint64_t size) override {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(before("start_upload"));
    if (blobs.contains(sha256)) return UploadState{size, true};
    Upload& upload = uploads[sha256];
    upload.size = size;
    return UploadState{upload.bytes.size(), false};
  }

  Result<UploadState> write_chunk(const std::string&, const std::string& sha256, uint64_t offset,
                                  const std::string& bytes) override {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(before("write_chunk"));
    const auto at = uploads.find(sha256);
    if (at == uploads.end())
      return Unexpected(ErrorCode::FailedPrecondition, "NO_SUCH_UPLOAD", "not started");
    Upload& upload = at->second;
    if (offset != upload.bytes.size())
      return Unexpected(ErrorCode::OutOfRange, "WRONG_OFFSET", "wrong offset");
    ++chunks;
    upload.bytes += bytes;
    if (upload.bytes.size() < upload.size) return UploadState{upload.bytes.size(), false};
    const std::string whole = upload.bytes;
    uploads.erase(at);
    if (contract::sha256_hex(whole) != sha256)
      return Unexpected(ErrorCode::DataLoss, "HASH_MISMATCH", "other bytes");
    blobs[sha256] = whole;
    return UploadState{whole.size(), true};
  }

  Result<Committed> commit(const std::string& batch, const Commit& commit) override {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(before("commit"));
    request_ids.insert(commit.request_id);
    for (Image& image : images) {
      if (image.commit.case_key != commit.case_key || image.commit.files[0].sha256 != commit.files[0].sha256)
        continue;
      return Committed{status(image), image.batch != batch || image.commit.request_id != commit.request_id};
    }
    images.push_back({"images/" + std::to_string(images.size()), batch, commit, polls_until_checked});
    return Committed{{images.back().name, ImageState::Received, "", ""}, false};
  }

  Result<std::vector<ImageStatus>> list_images(const std::string& batch) override {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(before("list_images"));
    std::vector<ImageStatus> all;
    for (Image& image : images)
      if (image.batch == batch) all.push_back(status(image));
    return all;
  }

 private:
  ImageStatus status(Image& image) {
    if (image.polls_left-- > 0) return {image.name, ImageState::Received, "", ""};
    const auto verdict = verdicts.find(image.commit.files[0].sha256);
    if (verdict == verdicts.end()) return {image.name, ImageState::Ready, "", ""};
    return {image.name, verdict->second.state, verdict->second.reason, verdict->second.detail};
  }
  std::mutex mutex_;
};

}  // namespace hada::ingest
