#pragma once

// DecisionService (proto/hada/v1/decision.proto).

#include "contract/result.h"
#include "hada/v1/decision.pb.h"
#include "server/core/context.h"

namespace hada::handlers {

Result<v1::Case> adjudicate_case(core::Context& context, const v1::AdjudicateCaseRequest& request);
Result<v1::Case> request_read(core::Context& context, const v1::RequestReadRequest& request);
Result<v1::Case> declare_no_consensus(core::Context& context, const v1::DeclareNoConsensusRequest& request);
Result<v1::Case> approve_case(core::Context& context, const v1::ApproveCaseRequest& request);
Result<v1::Case> reject_case(core::Context& context, const v1::RejectCaseRequest& request);
Result<v1::Case> return_case(core::Context& context, const v1::ReturnCaseRequest& request);
Result<v1::Case> set_image_inclusion(core::Context& context, const v1::SetImageInclusionRequest& request);
Result<v1::Case> reopen_case(core::Context& context, const v1::ReopenCaseRequest& request);
Result<v1::ListDecisionsResponse> list_decisions(core::Context& context,
                                                 const v1::ListDecisionsRequest& request);

}  // namespace hada::handlers
