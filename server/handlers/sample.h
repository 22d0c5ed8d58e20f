#pragma once

// The part of DecisionService that approves many agreed cases after a look at a sample of them.

#include "contract/result.h"
#include "hada/v1/decision.pb.h"
#include "server/core/context.h"

namespace hada::handlers {

Result<v1::Sample> draw_sample(core::Context& context, const v1::DrawSampleRequest& request);
Result<v1::Sample> get_sample(core::Context& context, const v1::GetSampleRequest& request);
Result<v1::ListSampledCasesResponse> list_sampled_cases(core::Context& context,
                                                        const v1::ListSampledCasesRequest& request);
Result<v1::Sample> approve_rest(core::Context& context, const v1::ApproveRestRequest& request);
Result<v1::Sample> close_sample(core::Context& context, const v1::CloseSampleRequest& request);

}  // namespace hada::handlers
