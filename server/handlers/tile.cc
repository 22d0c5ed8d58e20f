#include "server/handlers/tile.h"

#include <memory>
#include <utility>

#include "contract/names.h"
#include "server/core/errors.h"

namespace hada::handlers {
namespace {

using OpenImage = std::shared_ptr<const images::OpenImage>;

// Images are what everyone who may know of the case sees, blind readers too (case_sight.h).
bool may_see(const core::Caller& caller, const std::string& site_id) {
  return caller.has(Role::Dermatologist, site_id) || caller.has(Role::QaReviewer, site_id) ||
         caller.has(Role::SiteCoordinator, site_id);
}

Result<OpenImage> open_image(core::Context& context, const std::string& name, std::string* image_id) {
  ASSIGN_OR_RETURN(*image_id, contract::parse_image_name(name));
  ASSIGN_OR_RETURN(OpenImage image, context.services.tiles.open(*image_id));
  if (!may_see(context.caller, image->record.site_id)) return core::not_found(name);
  return image;
}

}  // namespace

Result<images::FoundTile> find_tile(core::Context& context, const v1::GetTileRequest& request) {
  std::string image_id;
  ASSIGN_OR_RETURN(OpenImage image, open_image(context, request.image(), &image_id));
  return images::find_tile(std::move(image), {request.level(), request.column(), request.row()});
}

Result<v1::GetThumbnailResponse> get_thumbnail(core::Context& context,
                                               const v1::GetThumbnailRequest& request) {
  std::string image_id;
  ASSIGN_OR_RETURN(const OpenImage image, open_image(context, request.image(), &image_id));
  ASSIGN_OR_RETURN(std::string jpeg, context.services.tiles.thumbnail(image_id));
  v1::GetThumbnailResponse response;
  response.set_jpeg(std::move(jpeg));
  return response;
}

}  // namespace hada::handlers
