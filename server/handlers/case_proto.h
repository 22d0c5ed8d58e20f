#pragma once

// Cases and images as messages, with only what the view allows.

#include "contract/result.h"
#include "hada/v1/case.pb.h"
#include "server/handlers/case_sight.h"
#include "server/store/images.h"

namespace hada::handlers {

// For a list: images by name and kind, no site opinion.
Result<v1::Case> listed_case(store::Tx& tx, const CaseView& view);

// For GetCase and the answers of decisions: images with their levels. A view that is Unopened must be
// revealed before.
Result<v1::Case> opened_case(const core::Context& context, store::Tx& tx, const CaseView& view);

// An image of the view's case: everything but the ICC profile's bytes, and no etag for a blind reader, who
// could follow QA's work by it. INTERNAL / BAD_PYRAMID.
Result<v1::Image> image_message(const CaseView& view, const store::ImageRow& row);

// "IMAGE_QUALITY"; empty for Unspecified.
std::string reject_code_text(RejectCode code);

void set_time(google::protobuf::Timestamp* time, int64_t us);

}  // namespace hada::handlers
