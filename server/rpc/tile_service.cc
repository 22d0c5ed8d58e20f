#include "hada/v1/tile.grpc.pb.h"
#include "server/handlers/tile.h"
#include "server/rpc/services.h"

namespace hada::rpc {
namespace {

class TileService final : public v1::TileService::CallbackService {
 public:
  explicit TileService(Dispatch& dispatch) : dispatch_(dispatch) {}
  HADA_VERB(TileService, GetTile, GetTileResponse, get_tile)
  HADA_VERB(TileService, GetThumbnail, GetThumbnailResponse, get_thumbnail)

 private:
  Dispatch& dispatch_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_tile_service(Dispatch& dispatch) {
  return std::make_unique<TileService>(dispatch);
}

}  // namespace hada::rpc
