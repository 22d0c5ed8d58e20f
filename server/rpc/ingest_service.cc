#include "hada/v1/ingest.grpc.pb.h"
#include "server/handlers/ingest.h"
#include "server/rpc/services.h"

namespace hada::rpc {
namespace {

class IngestService final : public v1::IngestService::CallbackService {
 public:
  explicit IngestService(Dispatch& dispatch) : dispatch_(dispatch) {}
  HADA_VERB(IngestService, CreateBatch, Batch, create_batch)
  HADA_VERB(IngestService, GetBatch, Batch, get_batch)
  HADA_VERB(IngestService, StartUpload, Upload, start_upload)
  HADA_VERB(IngestService, WriteChunk, Upload, write_chunk)
  HADA_VERB(IngestService, CommitImage, CommitImageResponse, commit_image)
  HADA_VERB(IngestService, ListBatchImages, ListBatchImagesResponse, list_batch_images)

 private:
  Dispatch& dispatch_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_ingest_service(Dispatch& dispatch) {
  return std::make_unique<IngestService>(dispatch);
}

}  // namespace hada::rpc
