#pragma once

// hada.v1.TermService. The verbs' contract is in proto/hada/v1/term.proto.

#include "contract/result.h"
#include "hada/v1/term.pb.h"
#include "server/core/context.h"

namespace hada::handlers {

Result<v1::ListTermsResponse> list_terms(core::Context& context, const v1::ListTermsRequest& request);
Result<v1::SearchTermsResponse> search_terms(core::Context& context, const v1::SearchTermsRequest& request);

}  // namespace hada::handlers
