#pragma once

// What hadactl does to bring an image in, in the fewest calls: for tests of the server's side of it.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "contract/sha256.h"
#include "hada/v1/ingest.pb.h"
#include "tests/support/api_client.h"
#include "tests/support/process.h"

namespace hada::support {

inline v1::Batch create_batch(ApiClient& coordinator, const std::string& site = "sites/a") {
  v1::CreateBatchRequest request;
  request.set_site(site);
  request.set_tool_version("test");
  request.set_request_id(ApiClient::request_id());
  const auto batch = coordinator.call<v1::Batch>("IngestService/CreateBatch", request);
  REQUIRE(reason(batch) == "");
  return *batch;
}

inline Result<v1::Upload> start_upload(ApiClient& coordinator, const std::string& batch,
                                       const std::string& sha256, size_t size) {
  v1::StartUploadRequest request;
  request.set_batch(batch);
  request.set_sha256(sha256);
  request.set_size(static_cast<int64_t>(size));
  return coordinator.call<v1::Upload>("IngestService/StartUpload", request);
}

inline Result<v1::Upload> write_chunk(ApiClient& coordinator, const std::string& batch,
                                      const std::string& sha256, size_t offset, const std::string& data) {
  v1::WriteChunkRequest request;
  request.set_batch(batch);
  request.set_sha256(sha256);
  request.set_offset(static_cast<int64_t>(offset));
  request.set_data(data);
  return coordinator.call<v1::Upload>("IngestService/WriteChunk", request);
}

// Uploads the whole and returns its hash.
inline std::string upload(ApiClient& coordinator, const std::string& batch, const std::string& bytes) {
  constexpr size_t kChunk = 1 << 20;
  const std::string sha256 = contract::sha256_hex(bytes);
  auto state = start_upload(coordinator, batch, sha256, bytes.size());
  REQUIRE(reason(state) == "");
  while (!state->complete()) {
    const auto offset = static_cast<size_t>(state->committed_size());
    state = write_chunk(coordinator, batch, sha256, offset, bytes.substr(offset, kChunk));
    REQUIRE(reason(state) == "");
  }
  return sha256;
}

// A row that the unified format takes; ids as the hospital's tool would have made them.
inline v1::CommitImageRequest commit_request(const std::string& batch, const std::string& case_id,
                                             const std::string& sha256, size_t size,
                                             v1::ImageKind kind = v1::IMAGE_KIND_DERMOSCOPIC) {
  v1::CommitImageRequest request;
  request.set_batch(batch);
  request.mutable_row()->set_patient_key(contract::sha256_hex("patient of " + case_id));
  request.mutable_row()->set_case_key(contract::sha256_hex(case_id));
  request.mutable_row()->set_kind(kind);
  (*request.mutable_row()->mutable_fields())["licence"] = "CC-0";
  auto* file = request.add_files();
  file->set_path("image.bin");
  file->set_sha256(sha256);
  file->set_size(static_cast<int64_t>(size));
  request.set_request_id(ApiClient::request_id());
  return request;
}

inline Result<v1::CommitImageResponse> commit(ApiClient& coordinator, const v1::CommitImageRequest& request) {
  return coordinator.call<v1::CommitImageResponse>("IngestService/CommitImage", request);
}

inline std::vector<v1::ListBatchImagesResponse::Entry> batch_images(ApiClient& coordinator,
                                                                    const std::string& batch,
                                                                    int page_size = 100) {
  std::vector<v1::ListBatchImagesResponse::Entry> all;
  v1::ListBatchImagesRequest request;
  request.set_parent(batch);
  request.set_page_size(page_size);
  do {
    const auto page = coordinator.call<v1::ListBatchImagesResponse>("IngestService/ListBatchImages", request);
    REQUIRE(reason(page) == "");
    all.insert(all.end(), page->images().begin(), page->images().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return all;
}

// Waits until no image of the batch is being checked.
inline v1::Batch wait_for_checks(ApiClient& coordinator, const std::string& batch,
                                 std::chrono::seconds patience = std::chrono::seconds(120)) {
  v1::GetBatchRequest request;
  request.set_name(batch);
  v1::Batch last;
  CHECK(eventually(
      [&] {
        const auto answer = coordinator.call<v1::Batch>("IngestService/GetBatch", request);
        REQUIRE(reason(answer) == "");
        last = *answer;
        return last.received() == 0;
      },
      patience));
  return last;
}

// Brings one file in and waits for its check.
inline v1::CommitImageResponse bring_in(ApiClient& coordinator, const std::string& case_id,
                                        const std::string& bytes,
                                        v1::ImageKind kind = v1::IMAGE_KIND_DERMOSCOPIC) {
  const std::string batch = create_batch(coordinator).name();
  const std::string sha256 = upload(coordinator, batch, bytes);
  const auto committed = commit(coordinator, commit_request(batch, case_id, sha256, bytes.size(), kind));
  REQUIRE(reason(committed) == "");
  wait_for_checks(coordinator, batch);
  return *committed;
}

}  // namespace hada::support
