#pragma once

// hada.v1.AdminService. The verbs' contract is in proto/hada/v1/admin.proto. Every verb needs the admin role
// for all sites: an admin of one site could otherwise make themselves an admin of the rest.

#include "contract/result.h"
#include "hada/v1/admin.pb.h"
#include "server/core/context.h"

namespace hada::handlers {

Result<v1::Site> create_site(core::Context& context, const v1::CreateSiteRequest& request);
Result<v1::ListSitesResponse> list_sites(core::Context& context, const v1::ListSitesRequest& request);
// ALREADY_EXISTS / USER_EXISTS.
Result<v1::User> create_user(core::Context& context, const v1::CreateUserRequest& request);
// The last admin keeps the role: FAILED_PRECONDITION / LAST_ADMIN. So also disable_user.
Result<v1::User> set_user_roles(core::Context& context, const v1::SetUserRolesRequest& request);
// Ends the user's sessions.
Result<v1::User> set_user_password(core::Context& context, const v1::SetUserPasswordRequest& request);
Result<v1::User> disable_user(core::Context& context, const v1::DisableUserRequest& request);
Result<v1::ListUsersResponse> list_users(core::Context& context, const v1::ListUsersRequest& request);

}  // namespace hada::handlers
