#pragma once

// hada.v1.TileService. The verbs' contract is in proto/hada/v1/tile.proto. No SQL once an image is open: who
// may see it is decided from the site that its open index remembers.

#include "contract/result.h"
#include "hada/v1/tile.pb.h"
#include "server/core/context.h"
#include "server/images/tile_source.h"

namespace hada::handlers {

// GetTile up to the reading: rpc/ reads the tile into the message that it sends, so that it is copied once.
Result<images::FoundTile> find_tile(core::Context& context, const v1::GetTileRequest& request);
Result<v1::GetThumbnailResponse> get_thumbnail(core::Context& context,
                                               const v1::GetThumbnailRequest& request);

}  // namespace hada::handlers
