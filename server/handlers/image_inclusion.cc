// The part of DecisionService that is about single images.

#include <nlohmann/json.hpp>

#include "contract/names.h"
#include "contract/reason_codes.h"
#include "contract/review_rules.h"
#include "server/core/errors.h"
#include "server/core/etag.h"
#include "server/core/mutation.h"
#include "server/handlers/case_proto.h"
#include "server/handlers/case_sight.h"
#include "server/handlers/decision.h"
#include "server/handlers/independent_qa.h"
#include "server/store/images.h"

namespace hada::handlers {
namespace {

Result<RejectCode> exclusion_of(const v1::SetImageInclusionRequest& request) {
  if (request.included()) return RejectCode::Unspecified;
  const auto code = static_cast<RejectCode>(request.code());
  if (!contract::code_fits(code, contract::CodeUse::ExcludeImage))
    return core::bad_field("code", "a code that fits an image");
  return code;
}

}  // namespace

Result<v1::Case> set_image_inclusion(core::Context& context, const v1::SetImageInclusionRequest& request) {
  ASSIGN_OR_RETURN(const std::string image_id, contract::parse_image_name(request.name()));
  return core::mutate<v1::Case>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::Case> {
        ASSIGN_OR_RETURN(const auto image, store::find_image(tx, image_id));
        if (!image) return core::not_found(request.name());
        ASSIGN_OR_RETURN(store::CaseRow of_case, store::cases::get(tx, image->case_id));
        ASSIGN_OR_RETURN(CaseView view, view_case(context, tx, std::move(of_case)));
        if (view.sight == Sight::None) return core::not_found(request.name());
        RETURN_IF_ERROR(require_independent_qa(context, view));
        if (image->state != ImageState::Ready)
          return core::failed_precondition("IMAGE_NOT_READY", "the image has not passed its check");
        ASSIGN_OR_RETURN(const RejectCode exclusion, exclusion_of(request));
        RETURN_IF_ERROR(core::check_etag(request.etag(), image->revision));
        ASSIGN_OR_RETURN(const CaseState next,
                         contract::next_state(view.row.state, contract::Verb::ReviewImage, Role::QaReviewer,
                                              {.before = view.row.decided_state}));

        if (exclusion == image->exclusion) {  // as it is: no approval is void for that
          RETURN_IF_ERROR(reveal(context, tx, view));
          return opened_case(context, tx, view);
        }

        RETURN_IF_ERROR(store::set_exclusion(tx, image_id, exclusion, image->revision));
        const store::Act act = act_of(context);
        const nlohmann::json detail = {{"code", reject_code_text(exclusion)}};
        RETURN_IF_ERROR(record(context, tx, request.included() ? "include_image" : "exclude_image",
                               request.name(), view.row.case_id, detail.dump()));
        if (next != view.row.state) RETURN_IF_ERROR(store::cases::void_approval(tx, view.row, next, act));
        // Whoever is about to approve must see it first: the case's etag moves on.
        RETURN_IF_ERROR(store::cases::save(tx, view.row, act));
        RETURN_IF_ERROR(reveal(context, tx, view));
        return opened_case(context, tx, view);
      });
}

}  // namespace hada::handlers
