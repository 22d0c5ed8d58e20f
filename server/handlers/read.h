#pragma once

// ReadService (proto/hada/v1/read.proto).

#include "contract/result.h"
#include "hada/v1/read.pb.h"
#include "server/core/context.h"

namespace hada::handlers {

Result<v1::ReadLease> claim_case(core::Context& context, const v1::ClaimCaseRequest& request);
Result<v1::ReadLease> claim_next(core::Context& context, const v1::ClaimNextRequest& request);
Result<v1::ReadLease> renew_lease(core::Context& context, const v1::RenewLeaseRequest& request);
Result<v1::ReleaseLeaseResponse> release_lease(core::Context& context,
                                               const v1::ReleaseLeaseRequest& request);
Result<v1::SaveDraftResponse> save_draft(core::Context& context, const v1::SaveDraftRequest& request);
Result<v1::GetDraftResponse> get_draft(core::Context& context, const v1::GetDraftRequest& request);
Result<v1::Read> submit_read(core::Context& context, const v1::SubmitReadRequest& request);
Result<v1::Read> amend_read(core::Context& context, const v1::AmendReadRequest& request);
Result<v1::ListReadsResponse> list_reads(core::Context& context, const v1::ListReadsRequest& request);

}  // namespace hada::handlers
