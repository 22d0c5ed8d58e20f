#include "server/handlers/user_proto.h"

#include "contract/names.h"
#include "server/core/errors.h"
#include "server/core/etag.h"

namespace hada::handlers {

v1::User user_to_proto(const store::UserRecord& user) {
  v1::User out;
  out.set_name(contract::user_name(user.user_id));
  out.set_display_name(user.display_name);
  if (!user.home_site.empty()) out.set_home_site(contract::site_name(user.home_site));
  for (const store::GrantRecord& grant : user.grants) {
    v1::RoleGrant* to = out.add_grants();
    to->set_role(static_cast<v1::Role>(grant.role));
    if (!grant.site_id.empty()) to->set_site(contract::site_name(grant.site_id));
  }
  out.set_disabled(user.disabled);
  out.set_etag(core::make_etag(user.revision));
  return out;
}

Result<std::vector<store::GrantRecord>> grants_from_proto(
    const google::protobuf::RepeatedPtrField<v1::RoleGrant>& grants) {
  std::vector<store::GrantRecord> out;
  for (const v1::RoleGrant& grant : grants) {
    if (grant.role() == v1::ROLE_UNSPECIFIED || !v1::Role_IsValid(grant.role()))
      return core::bad_field("grants.role", "a role");
    store::GrantRecord record{static_cast<Role>(grant.role()), ""};
    if (!grant.site().empty()) {
      const auto site_id = contract::parse_site_name(grant.site());
      if (!site_id) return core::bad_field("grants.site", "sites/{site} or nothing");
      record.site_id = *site_id;
    }
    out.push_back(std::move(record));
  }
  return out;
}

}  // namespace hada::handlers
