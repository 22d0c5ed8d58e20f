#pragma once

// The part of hada.v1.AdminService that keeps the policy (proto/hada/v1/admin.proto). Every verb needs the
// admin role for all sites.

#include "contract/result.h"
#include "hada/v1/admin.pb.h"
#include "server/core/context.h"

namespace hada::handlers {

Result<v1::Policy> get_policy(core::Context& context, const v1::GetPolicyRequest& request);
Result<v1::ListPoliciesResponse> list_policies(core::Context& context,
                                               const v1::ListPoliciesRequest& request);
Result<v1::Policy> set_policy(core::Context& context, const v1::SetPolicyRequest& request);

}  // namespace hada::handlers
