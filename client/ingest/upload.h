#pragma once

// Brings one prepared file to the server, in chunks that a broken run continues.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "client/ingest/deidentify.h"
#include "client/ingest/retry.h"
#include "client/ingest/transport.h"

namespace hada::ingest {

inline constexpr uint64_t kChunkBytes = 1 << 20;

// What is going on, for whoever shows it. Written by the workers, read by anyone.
struct Progress {
  std::atomic<int64_t> rows_total{0}, rows_done{0};
  std::atomic<int64_t> bytes_total{0};  // of all rows that may go in
  std::atomic<int64_t> bytes_done{0};   // sent, or there before
  std::atomic<int64_t> bytes_sent{0};
  std::atomic<int64_t> checks_total{0}, checks_done{0};
};

// Files with the same content are sent once in a run, whoever comes first.
class Uploader {
 public:
  Uploader(Transport& transport, std::string batch, RetryPolicy retry, Progress& progress, const Stop& stop);

  // Returns when the file is on the server, whole and verified. Any thread. DATA_LOSS / FILE_CHANGED where
  // the file changed between hashing and sending; CANCELLED on stop; else the server's error.
  Status upload(const PreparedFile& file);

 private:
  Status send(const PreparedFile& file);
  Result<UploadState> start(const PreparedFile& file);

  Transport& transport_;
  const std::string batch_;
  const RetryPolicy retry_;
  Progress& progress_;
  const Stop& stop_;

  std::mutex mutex_;
  std::condition_variable finished_;
  std::map<std::string, bool> known_;  // by hash: true when it is there, false while somebody sends it
};

}  // namespace hada::ingest
