#pragma once

// CaseService (proto/hada/v1/case.proto).

#include "contract/result.h"
#include "hada/v1/case.pb.h"
#include "server/core/context.h"

namespace hada::handlers {

Result<v1::ListCasesResponse> list_cases(core::Context& context, const v1::ListCasesRequest& request);
Result<v1::Case> get_case(core::Context& context, const v1::GetCaseRequest& request);
Result<v1::Image> get_image(core::Context& context, const v1::GetImageRequest& request);
Result<v1::Case> set_case_tier(core::Context& context, const v1::SetCaseTierRequest& request);

}  // namespace hada::handlers
