#include "client/ingest/upload.h"

#include <thread>

namespace hada::ingest {

void sleep_unless(std::chrono::milliseconds time, const Stop& stop) {
  constexpr std::chrono::milliseconds kStep{20};
  for (auto left = time; left.count() > 0 && !stop; left -= kStep)
    std::this_thread::sleep_for(std::min(left, kStep));
}

Uploader::Uploader(Transport& transport, std::string batch, RetryPolicy retry, Progress& progress,
                   const Stop& stop)
    : transport_(transport),
      batch_(std::move(batch)),
      retry_(std::move(retry)),
      progress_(progress),
      stop_(stop) {}

Status Uploader::upload(const PreparedFile& file) {
  {
    std::unique_lock lock(mutex_);
    for (;;) {
      const auto at = known_.find(file.sha256);
      if (at == known_.end()) break;
      if (at->second) {
        progress_.bytes_done += static_cast<int64_t>(file.size);
        return {};
      }
      finished_.wait(lock);
    }
    known_[file.sha256] = false;
  }
  Status status = send(file);
  {
    const std::lock_guard lock(mutex_);
    // After a failure the next one who has the same content tries again.
    if (status) {
      known_[file.sha256] = true;
    } else {
      known_.erase(file.sha256);
    }
  }
  finished_.notify_all();
  return status;
}

Result<UploadState> Uploader::start(const PreparedFile& file) {
  return with_retries<UploadState>(retry_, stop_,
                                   [&] { return transport_.start_upload(batch_, file.sha256, file.size); });
}

Status Uploader::send(const PreparedFile& file) {
  // How much of this file `bytes_done` counts; taken back when the server wants bytes again.
  uint64_t counted = 0;
  const auto count_to = [&](uint64_t offset) {
    progress_.bytes_done += static_cast<int64_t>(offset) - static_cast<int64_t>(counted);
    counted = offset;
  };
  int restarts = 0, mismatches = 0;
  ASSIGN_OR_RETURN(UploadState state, start(file));
  for (;;) {
    count_to(state.complete ? file.size : std::min(state.committed, file.size));
    if (state.complete) return {};
    const uint64_t size = std::min(kChunkBytes, file.size - counted);
    // A server that has every byte and yet is not done must not keep us here.
    if (size == 0 && ++restarts > 20)
      return Unexpected(ErrorCode::Internal, "UPLOAD_STUCK", "an upload that the server finishes");
    ASSIGN_OR_RETURN(const std::string bytes, file.source->read(counted, size));
    auto written = with_retries<UploadState>(
        retry_, stop_, [&] { return transport_.write_chunk(batch_, file.sha256, counted, bytes); });
    if (written) {
      progress_.bytes_sent += static_cast<int64_t>(size);
      state = *written;
      continue;
    }
    const std::string& reason = written.error().reason;
    // Wrong offset: an earlier answer was lost, or somebody else sends the same. No such upload: it was
    // dropped.
    const bool start_again =
        reason == "WRONG_OFFSET" || reason == "NO_SUCH_UPLOAD" || reason == "HASH_MISMATCH";
    if (reason == "HASH_MISMATCH" && ++mismatches == 2)
      return Unexpected(ErrorCode::DataLoss, "FILE_CHANGED", "a file that does not change while it is sent");
    if (!start_again || ++restarts > 20) return Unexpected(std::move(written).error());
    ASSIGN_OR_RETURN(state, start(file));
  }
}

}  // namespace hada::ingest
