#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/support/byte_buffer.h>

#include <array>
#include <cstring>

#include "hada/v1/tile.grpc.pb.h"
#include "server/core/errors.h"
#include "server/handlers/tile.h"
#include "server/rpc/services.h"

namespace hada::rpc {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedOutputStream;

bool parse(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite& message) {
  grpc::ByteBuffer copy = bytes;  // shares the bytes; reading consumes it
  return grpc::SerializationTraits<google::protobuf::MessageLite>::Deserialize(&copy, &message).ok();
}

// A GetTileResponse on the wire: the tag of its only field, its length, and the JPEG read to where it is sent
// from. gRPC's own way copies it twice more, into the message and out of it.
Result<grpc::ByteBuffer> response_with(const images::FoundTile& tile) {
  std::array<uint8_t, 16> head;
  uint8_t* end = CodedOutputStream::WriteVarint32ToArray(
      WireFormatLite::MakeTag(v1::GetTileResponse::kJpegFieldNumber,
                              WireFormatLite::WIRETYPE_LENGTH_DELIMITED),
      head.data());
  end = CodedOutputStream::WriteVarint64ToArray(tile.bytes, end);
  const size_t head_bytes = static_cast<size_t>(end - head.data());

  // A small slice holds its bytes within itself, so they are written where they will be sent from.
  const grpc::Slice slice(grpc_slice_malloc(head_bytes + tile.bytes), grpc::Slice::STEAL_REF);
  auto* const out = const_cast<uint8_t*>(slice.begin());
  std::memcpy(out, head.data(), head_bytes);
  RETURN_IF_ERROR(tile.read_into(reinterpret_cast<char*>(out) + head_bytes));
  return grpc::ByteBuffer(&slice, 1);
}

using CallbackService = v1::TileService::WithRawCallbackMethod_GetTile<
    v1::TileService::WithCallbackMethod_GetThumbnail<v1::TileService::Service>>;

class TileService final : public CallbackService {
 public:
  explicit TileService(Dispatch& dispatch) : dispatch_(dispatch) {}
  HADA_VERB(TileService, GetThumbnail, GetThumbnailResponse, get_thumbnail)

  grpc::ServerUnaryReactor* GetTile(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                    grpc::ByteBuffer* response) override {
    static const size_t method = method_index("TileService", "GetTile");
    return dispatch_.run(method, context, [this, request, response](core::Context& ctx) -> Status {
      v1::GetTileRequest asked;
      if (!parse(*request, asked)) return core::bad_field("request", "a GetTileRequest");
      ASSIGN_OR_RETURN(const images::FoundTile tile, handlers::find_tile(ctx, asked));
      ASSIGN_OR_RETURN(*response, response_with(tile));
      dispatch_.metrics().count_tile_bytes(static_cast<int64_t>(tile.bytes));
      return {};
    });
  }

 private:
  Dispatch& dispatch_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_tile_service(Dispatch& dispatch) {
  return std::make_unique<TileService>(dispatch);
}

}  // namespace hada::rpc
