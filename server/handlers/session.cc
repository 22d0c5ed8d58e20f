#include "server/handlers/session.h"

#include <google/protobuf/util/time_util.h>

#include <optional>

#include "contract/names.h"
#include "server/core/errors.h"
#include "server/core/password.h"
#include "server/core/sessions.h"
#include "server/handlers/reading_standing.h"
#include "server/handlers/user_proto.h"
#include "server/store/policies.h"
#include "server/store/users.h"

namespace hada::handlers {
namespace {

using google::protobuf::util::TimeUtil;

Result<v1::User> load_user(core::Context& context, const std::string& user_id) {
  std::optional<store::UserRecord> user;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(user, store::find_user(tx, user_id));
    return {};
  }));
  if (!user) return core::no_session();
  return user_to_proto(*user);
}

}  // namespace

Result<v1::LoginResponse> login(core::Context& context, const v1::LoginRequest& request) {
  // What cannot be a user or a password is answered as a wrong one: the reply tells nothing about which ids
  // exist.
  if (!contract::is_resource_id(request.user_id()) || request.password().size() > core::kMaxPasswordBytes)
    return core::bad_credentials();
  ASSIGN_OR_RETURN(const core::NewSession session,
                   context.services.sessions.login(request.user_id(), request.password()));
  v1::LoginResponse response;
  ASSIGN_OR_RETURN(*response.mutable_user(), load_user(context, session.caller.user_id));
  response.set_session_token(session.token);
  *response.mutable_expire_time() = TimeUtil::MicrosecondsToTimestamp(session.caller.session_expires_us);
  return response;
}

Result<v1::LogoutResponse> logout(core::Context& context, const v1::LogoutRequest&) {
  if (!context.caller.session_token_hash.empty())
    RETURN_IF_ERROR(context.services.sessions.logout(context.caller.session_token_hash));
  return v1::LogoutResponse();
}

Result<v1::GetSessionResponse> get_session(core::Context& context, const v1::GetSessionRequest&) {
  v1::GetSessionResponse response;
  ASSIGN_OR_RETURN(*response.mutable_user(), load_user(context, context.caller.user_id));
  if (context.caller.has(Role::Dermatologist))
    RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const contract::Policy policy, store::policies::current(tx));
      ASSIGN_OR_RETURN(const store::StandingRow standing,
                       standing_of(context, tx, context.caller.user_id, policy));
      *response.mutable_standing() = standing_message(standing, policy);
      response.mutable_standing()->clear_etag();
      return {};
    }));
  *response.mutable_expire_time() = TimeUtil::MicrosecondsToTimestamp(context.caller.session_expires_us);
  response.set_server_version(context.services.server_version);
  return response;
}

}  // namespace hada::handlers
