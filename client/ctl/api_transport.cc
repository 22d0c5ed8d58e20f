#include "client/ctl/api_transport.h"

#include "client/ctl/session.h"
#include "contract/names.h"
#include "hada/v1/ingest.pb.h"

namespace hada::ctl {
namespace {

// A chunk is a MiB; over a slow line that may take its time. The last one waits for the server's own hash and
// fsync of the whole file, which for a slide of many GiB takes minutes.
constexpr std::chrono::minutes kChunkDeadline{10};

ingest::UploadState to_state(const v1::Upload& upload) {
  return {static_cast<uint64_t>(std::max<int64_t>(upload.committed_size(), 0)), upload.complete()};
}

}  // namespace

Result<std::string> ApiTransport::create_batch(const std::string& request_id) {
  v1::CreateBatchRequest request;
  request.set_site(contract::site_name(site_));
  request.set_tool_version(kVersion);
  request.set_request_id(request_id);
  ASSIGN_OR_RETURN(const auto batch, client_.call<v1::Batch>("IngestService/CreateBatch", request));
  return batch.name();
}

Result<ingest::UploadState> ApiTransport::start_upload(const std::string& batch, const std::string& sha256,
                                                       uint64_t size) {
  v1::StartUploadRequest request;
  request.set_batch(batch);
  request.set_sha256(sha256);
  request.set_size(static_cast<int64_t>(size));
  ASSIGN_OR_RETURN(const auto upload,
                   client_.call<v1::Upload>("IngestService/StartUpload", request, kChunkDeadline));
  return to_state(upload);
}

Result<ingest::UploadState> ApiTransport::write_chunk(const std::string& batch, const std::string& sha256,
                                                      uint64_t offset, const std::string& bytes) {
  v1::WriteChunkRequest request;
  request.set_batch(batch);
  request.set_sha256(sha256);
  request.set_offset(static_cast<int64_t>(offset));
  request.set_data(bytes);
  ASSIGN_OR_RETURN(const auto upload,
                   client_.call<v1::Upload>("IngestService/WriteChunk", request, kChunkDeadline));
  return to_state(upload);
}

Result<ingest::Committed> ApiTransport::commit(const std::string& batch, const ingest::Commit& commit) {
  v1::CommitImageRequest request;
  request.set_batch(batch);
  v1::ImageRow& row = *request.mutable_row();
  row.set_patient_key(commit.patient_key);
  row.set_case_key(commit.case_key);
  row.set_lesion_key(commit.lesion_key);
  row.set_kind(static_cast<v1::ImageKind>(commit.kind));
  for (const auto& [name, value] : commit.fields) (*row.mutable_fields())[name] = value;
  for (const ingest::CommitFile& file : commit.files) {
    v1::BundleFile& added = *request.add_files();
    added.set_path(file.path);
    added.set_sha256(file.sha256);
    added.set_size(static_cast<int64_t>(file.size));
  }
  request.set_request_id(commit.request_id);
  ASSIGN_OR_RETURN(const auto response,
                   client_.call<v1::CommitImageResponse>("IngestService/CommitImage", request));
  ingest::Committed committed;
  committed.status = {response.image(), static_cast<ImageState>(response.state()), response.state_reason(),
                      ""};
  committed.already_present = response.already_present();
  return committed;
}

Result<std::vector<ingest::ImageStatus>> ApiTransport::list_images(const std::string& batch) {
  std::vector<ingest::ImageStatus> images;
  v1::ListBatchImagesRequest request;
  request.set_parent(batch);
  request.set_page_size(1000);
  do {
    ASSIGN_OR_RETURN(const auto page,
                     client_.call<v1::ListBatchImagesResponse>("IngestService/ListBatchImages", request));
    for (const auto& entry : page.images())
      images.push_back(
          {entry.image(), static_cast<ImageState>(entry.state()), entry.state_reason(), entry.detail()});
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return images;
}

}  // namespace hada::ctl
