#pragma once

// hada.v1.SessionService. The verbs' contract is in proto/hada/v1/session.proto.

#include "contract/result.h"
#include "hada/v1/session.pb.h"
#include "server/core/context.h"

namespace hada::handlers {

Result<v1::LoginResponse> login(core::Context& context, const v1::LoginRequest& request);
Result<v1::LogoutResponse> logout(core::Context& context, const v1::LogoutRequest& request);
Result<v1::GetSessionResponse> get_session(core::Context& context, const v1::GetSessionRequest& request);

}  // namespace hada::handlers
