#pragma once

// Users and roles between the store and the protocol.

#include <google/protobuf/repeated_field.h>

#include <vector>

#include "contract/result.h"
#include "hada/v1/session.pb.h"
#include "server/store/users.h"

namespace hada::handlers {

// Never the password hash.
v1::User user_to_proto(const store::UserRecord& user);

// INVALID_ARGUMENT / BAD_FIELD for an unknown role or a site that is not a name. Whether the sites exist is
// not asked.
Result<std::vector<store::GrantRecord>> grants_from_proto(
    const google::protobuf::RepeatedPtrField<v1::RoleGrant>& grants);

}  // namespace hada::handlers
