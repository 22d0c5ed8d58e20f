#include "server/handlers/ingest.h"

#include <optional>
#include <utility>

#include "contract/names.h"
#include "contract/sha256.h"
#include "server/blobs/blob_store.h"
#include "server/core/access.h"
#include "server/core/clock.h"
#include "server/core/errors.h"
#include "server/core/ids.h"
#include "server/core/mutation.h"
#include "server/core/page_token.h"
#include "server/handlers/ingest_access.h"
#include "server/store/events.h"
#include "server/store/images.h"
#include "server/store/sites.h"

namespace hada::handlers {
namespace {

constexpr int64_t kMaxUpload = int64_t{64} << 30;
constexpr size_t kMaxChunk = size_t{2} << 20;
constexpr size_t kMaxToolVersion = 64;
constexpr int32_t kDefaultPage = 100, kMaxPage = 1000;

v1::Batch to_proto(const store::BatchRow& row) {
  v1::Batch batch;
  batch.set_name(contract::batch_name(row.batch_id));
  batch.set_site(contract::site_name(row.site_id));
  batch.set_received(static_cast<int32_t>(row.received));
  batch.set_ready(static_cast<int32_t>(row.ready));
  batch.set_refused(static_cast<int32_t>(row.refused));
  return batch;
}

Status check_hash(const std::string& sha256) {
  if (!contract::is_sha256_hex(sha256)) return core::bad_field("sha256", "64 lower-case hexadecimal digits");
  return {};
}

v1::Upload upload_of(const std::string& sha256, uint64_t size, uint64_t committed, bool complete) {
  v1::Upload upload;
  upload.set_sha256(sha256);
  upload.set_size(static_cast<int64_t>(size));
  upload.set_committed_size(static_cast<int64_t>(committed));
  upload.set_complete(complete);
  return upload;
}

// The answer for content that is there already; nullopt when it is not.
Result<std::optional<v1::Upload>> find_complete(blobs::BlobStore& blobs, const std::string& sha256) {
  ASSIGN_OR_RETURN(const bool there, blobs.contains(sha256));
  if (!there) return std::optional<v1::Upload>();
  ASSIGN_OR_RETURN(const auto blob, blobs.open(sha256));
  return std::optional<v1::Upload>(upload_of(sha256, blob->size(), blob->size(), true));
}

}  // namespace

Result<store::BatchRow> require_batch(core::Context& context, const std::string& name) {
  ASSIGN_OR_RETURN(const std::string batch_id, contract::parse_batch_name(name));
  std::optional<store::BatchRow> row;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(row, store::find_batch(tx, batch_id));
    return {};
  }));
  if (!row) return core::not_found("batch");
  RETURN_IF_ERROR(core::require_role(context, Role::SiteCoordinator, row->site_id));
  return *row;
}

Result<v1::Batch> create_batch(core::Context& context, const v1::CreateBatchRequest& request) {
  ASSIGN_OR_RETURN(const std::string site_id, contract::parse_site_name(request.site()));
  RETURN_IF_ERROR(core::require_role(context, Role::SiteCoordinator, site_id));
  if (request.tool_version().size() > kMaxToolVersion)
    return core::bad_field("tool_version", "at most 64 characters");
  store::BatchRow row;
  row.batch_id = core::new_id();
  row.site_id = site_id;
  row.created_by = context.caller.user_id;
  row.tool_version = request.tool_version();
  return core::mutate<v1::Batch>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::Batch> {
        ASSIGN_OR_RETURN(const auto known, store::find_site(tx, site_id));
        if (!known) return core::not_found("site");
        row.created_us = context.services.clock.now_us();
        RETURN_IF_ERROR(store::insert_batch(tx, row));
        RETURN_IF_ERROR(
            store::record_event(tx, {context.caller.user_id, "create_batch",
                                     contract::batch_name(row.batch_id), "", "", row.created_us}));
        return to_proto(row);
      });
}

Result<v1::Batch> get_batch(core::Context& context, const v1::GetBatchRequest& request) {
  ASSIGN_OR_RETURN(const store::BatchRow row, require_batch(context, request.name()));
  return to_proto(row);
}

Result<v1::Upload> start_upload(core::Context& context, const v1::StartUploadRequest& request) {
  RETURN_IF_ERROR(require_batch(context, request.batch()));
  RETURN_IF_ERROR(check_hash(request.sha256()));
  if (request.size() <= 0) return core::bad_field("size", "the file's bytes, at least 1");
  if (request.size() > kMaxUpload)
    return Unexpected(ErrorCode::ResourceExhausted, "TOO_LARGE", "a file may have at most 64 GiB");
  blobs::BlobStore& blobs = context.services.blobs;
  ASSIGN_OR_RETURN(auto complete, find_complete(blobs, request.sha256()));
  if (complete) return std::move(*complete);
  const auto size = static_cast<uint64_t>(request.size());
  ASSIGN_OR_RETURN(const uint64_t committed, blobs.begin_upload(request.sha256(), size));
  if (committed < size) return upload_of(request.sha256(), size, committed, false);
  // All bytes had arrived when the server went down.
  RETURN_IF_ERROR(blobs.finish(request.sha256()));
  return upload_of(request.sha256(), size, size, true);
}

Result<v1::Upload> write_chunk(core::Context& context, const v1::WriteChunkRequest& request) {
  RETURN_IF_ERROR(require_batch(context, request.batch()));
  RETURN_IF_ERROR(check_hash(request.sha256()));
  if (request.offset() < 0) return core::bad_field("offset", "at least 0");
  if (request.data().size() > kMaxChunk) return core::bad_field("data", "at most 2 MiB");
  blobs::BlobStore& blobs = context.services.blobs;
  const auto state = blobs.upload_state(request.sha256());
  if (!state) {
    // The last chunk's answer was lost, or somebody else brought the same content.
    ASSIGN_OR_RETURN(auto complete, find_complete(blobs, request.sha256()));
    if (complete) return std::move(*complete);
    if (state.error().code != ErrorCode::NotFound) return Unexpected(state.error());
    return core::failed_precondition("NO_SUCH_UPLOAD", "this upload was not started");
  }
  ASSIGN_OR_RETURN(const uint64_t committed,
                   blobs.append(request.sha256(), static_cast<uint64_t>(request.offset()), request.data()));
  const bool complete = committed == state->size;
  if (complete) RETURN_IF_ERROR(blobs.finish(request.sha256()));
  return upload_of(request.sha256(), state->size, committed, complete);
}

Result<v1::ListBatchImagesResponse> list_batch_images(core::Context& context,
                                                      const v1::ListBatchImagesRequest& request) {
  ASSIGN_OR_RETURN(const store::BatchRow batch, require_batch(context, request.parent()));
  ASSIGN_OR_RETURN(const int32_t size, core::page_size(request.page_size(), kDefaultPage, kMaxPage));
  ASSIGN_OR_RETURN(const std::string after, core::decode_page_token(request.page_token(), batch.batch_id));
  std::vector<store::ImageRow> rows;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(rows, store::images_of_batch(tx, batch.batch_id, after, size + 1));
    return {};
  }));
  v1::ListBatchImagesResponse response;
  const bool more = rows.size() > static_cast<size_t>(size);
  if (more) rows.pop_back();
  for (const store::ImageRow& row : rows) {
    auto* entry = response.add_images();
    entry->set_image(contract::image_name(row.image_id));
    entry->set_state(static_cast<v1::ImageState>(row.state));
    entry->set_state_reason(row.state_reason);
    entry->set_detail(row.detail);
  }
  if (more) response.set_next_page_token(core::encode_page_token(rows.back().image_id, batch.batch_id));
  return response;
}

}  // namespace hada::handlers
