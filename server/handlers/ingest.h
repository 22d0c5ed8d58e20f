#pragma once

// hada.v1.IngestService. The verbs' contract is in proto/hada/v1/ingest.proto. Every verb needs the
// coordinator role for the batch's site.

#include "contract/result.h"
#include "hada/v1/ingest.pb.h"
#include "server/core/context.h"

namespace hada::handlers {

Result<v1::Batch> create_batch(core::Context& context, const v1::CreateBatchRequest& request);
Result<v1::Batch> get_batch(core::Context& context, const v1::GetBatchRequest& request);
// RESOURCE_EXHAUSTED / TOO_LARGE above 64 GiB.
Result<v1::Upload> start_upload(core::Context& context, const v1::StartUploadRequest& request);
// FAILED_PRECONDITION / NO_SUCH_UPLOAD without a start; OUT_OF_RANGE / WRONG_OFFSET; DATA_LOSS /
// HASH_MISMATCH.
Result<v1::Upload> write_chunk(core::Context& context, const v1::WriteChunkRequest& request);
// INVALID_ARGUMENT / BAD_FIELD names the column; FAILED_PRECONDITION / BLOB_MISSING where a file was not
// uploaded. A repeat under the same request_id answers the same whichever batch of the site it comes with.
Result<v1::CommitImageResponse> commit_image(core::Context& context, const v1::CommitImageRequest& request);
Result<v1::ListBatchImagesResponse> list_batch_images(core::Context& context,
                                                      const v1::ListBatchImagesRequest& request);

}  // namespace hada::handlers
