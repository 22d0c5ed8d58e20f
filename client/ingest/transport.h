#pragma once

// The server as ingest sees it. client/ctl implements it over gRPC; unit tests in memory. Every verb may be
// called from several threads, blocks, and may be repeated: the server does nothing twice.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "contract/enums.h"
#include "contract/result.h"

namespace hada::ingest {

struct UploadState {
  uint64_t committed = 0;  // bytes that need not be sent again
  bool complete = false;
};

struct CommitFile {
  std::string path, sha256;
  uint64_t size = 0;
};

// An image with its metadata, ready to be added to its case. Keys are pseudonyms (site_key.h).
struct Commit {
  std::string patient_key, case_key, lesion_key;
  ImageKind kind = ImageKind::Unspecified;
  std::map<std::string, std::string> fields;
  std::vector<CommitFile> files;
  std::string request_id;
};

// Where an image stands.
struct ImageStatus {
  std::string image;  // images/{image}
  ImageState state = ImageState::Unspecified;
  std::string reason, detail;  // for QUARANTINED and CORRUPT
};

struct Committed {
  ImageStatus status;
  bool already_present = false;
};

class Transport {
 public:
  virtual ~Transport() = default;
  // batches/{batch}
  virtual Result<std::string> create_batch(const std::string& request_id) = 0;
  virtual Result<UploadState> start_upload(const std::string& batch, const std::string& sha256,
                                           uint64_t size) = 0;
  virtual Result<UploadState> write_chunk(const std::string& batch, const std::string& sha256,
                                          uint64_t offset, const std::string& bytes) = 0;
  virtual Result<Committed> commit(const std::string& batch, const Commit& commit) = 0;
  // Every image that the batch brought.
  virtual Result<std::vector<ImageStatus>> list_images(const std::string& batch) = 0;
};

}  // namespace hada::ingest
