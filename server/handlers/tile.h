#pragma once

// hada.v1.TileService. The verbs' contract is in proto/hada/v1/tile.proto. No SQL once an image is open: who
// may see it is decided from the site that its open index remembers.

#include "contract/result.h"
#include "hada/v1/tile.pb.h"
#include "server/core/context.h"

namespace hada::handlers {

Result<v1::GetTileResponse> get_tile(core::Context& context, const v1::GetTileRequest& request);
Result<v1::GetThumbnailResponse> get_thumbnail(core::Context& context,
                                               const v1::GetThumbnailRequest& request);

}  // namespace hada::handlers
