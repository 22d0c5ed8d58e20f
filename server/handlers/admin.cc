#include "server/handlers/admin.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>

#include "contract/names.h"
#include "server/core/access.h"
#include "server/core/clock.h"
#include "server/core/errors.h"
#include "server/core/etag.h"
#include "server/core/mutation.h"
#include "server/core/page_token.h"
#include "server/core/password.h"
#include "server/core/sessions.h"
#include "server/handlers/user_proto.h"
#include "server/store/events.h"
#include "server/store/sessions.h"
#include "server/store/sites.h"
#include "server/store/users.h"

namespace hada::handlers {
namespace {

constexpr size_t kMaxDisplayName = 200;  // bytes

bool is_id(const std::string& id, std::string_view punctuation, size_t longest) {
  return contract::is_resource_id(id) && id.size() <= longest &&
         std::all_of(id.begin(), id.end(), [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  punctuation.find(c) != std::string_view::npos;
         });
}

Status check_display_name(const std::string& name) {
  if (name.empty() || name.size() > kMaxDisplayName) return core::bad_field("display_name", "1 to 200 bytes");
  return {};
}

Status require_admin(const core::Context& context) { return core::require_role(context, Role::Admin, ""); }

Status record(core::Context& context, store::Tx& tx, const std::string& verb, const std::string& subject) {
  RETURN_IF_ERROR(store::record_event(
      tx, {context.caller.user_id, verb, subject, "", "", context.services.clock.now_us()}));
  return {};
}

// BAD_FIELD, because the site was named in a field.
Status check_site_exists(store::Tx& tx, const std::string& field, const std::string& site_id) {
  if (site_id.empty()) return {};
  ASSIGN_OR_RETURN(const auto site, store::find_site(tx, site_id));
  if (!site) return core::bad_field(field, "a site that exists");
  return {};
}

Status check_grant_sites(store::Tx& tx, const std::vector<store::GrantRecord>& grants) {
  for (const store::GrantRecord& grant : grants)
    RETURN_IF_ERROR(check_site_exists(tx, "grants.site", grant.site_id));
  return {};
}

Status check_admin_remains(store::Tx& tx) {
  ASSIGN_OR_RETURN(const int64_t admins, store::count_admins(tx));
  if (admins == 0)
    return core::failed_precondition("LAST_ADMIN", "somebody else must be an admin for all sites first");
  return {};
}

// What the three changes of an existing user have in common: etag, event, the user as it is afterwards, and
// the end of what the session cache knew.
template <class Request>
Result<v1::User> change_user(core::Context& context, const Request& request, const Request& to_hash,
                             const std::string& verb,
                             const std::function<Status(store::Tx&, const std::string& user_id)>& change) {
  ASSIGN_OR_RETURN(const std::string user_id, contract::parse_user_name(request.name()));
  auto user =
      core::mutate<v1::User>(context, to_hash, request.request_id(), [&](store::Tx& tx) -> Result<v1::User> {
        ASSIGN_OR_RETURN(const auto before, store::find_user(tx, user_id));
        if (!before) return core::not_found("user");
        RETURN_IF_ERROR(core::check_etag(request.etag(), before->revision));
        RETURN_IF_ERROR(change(tx, user_id));
        RETURN_IF_ERROR(record(context, tx, verb, contract::user_name(user_id)));
        ASSIGN_OR_RETURN(const auto after, store::find_user(tx, user_id));
        return user_to_proto(*after);
      });
  context.services.sessions.forget_user(user_id);
  return user;
}

v1::Site site_to_proto(const store::SiteRecord& site) {
  v1::Site out;
  out.set_name(contract::site_name(site.site_id));
  out.set_display_name(site.display_name);
  out.set_etag(core::make_etag(site.revision));
  return out;
}

}  // namespace

Result<v1::Site> create_site(core::Context& context, const v1::CreateSiteRequest& request) {
  RETURN_IF_ERROR(require_admin(context));
  if (!is_id(request.site_id(), "-", 32)) return core::bad_field("site_id", "[a-z0-9-]{1,32}");
  RETURN_IF_ERROR(check_display_name(request.display_name()));
  return core::mutate<v1::Site>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::Site> {
        ASSIGN_OR_RETURN(const auto taken, store::find_site(tx, request.site_id()));
        if (taken) return core::already_exists("SITE_EXISTS", "this site id is taken");
        const store::SiteRecord site{request.site_id(), request.display_name(), 1,
                                     context.services.clock.now_us()};
        RETURN_IF_ERROR(store::insert_site(tx, site));
        RETURN_IF_ERROR(record(context, tx, "create_site", contract::site_name(site.site_id)));
        return site_to_proto(site);
      });
}

Result<v1::ListSitesResponse> list_sites(core::Context& context, const v1::ListSitesRequest& request) {
  RETURN_IF_ERROR(require_admin(context));
  ASSIGN_OR_RETURN(const int32_t size, core::page_size(request.page_size(), 100, 1000));
  ASSIGN_OR_RETURN(const std::string after, core::decode_page_token(request.page_token(), "sites"));
  std::vector<store::SiteRecord> sites;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(sites, store::list_sites(tx, after, size + 1));
    return {};
  }));
  v1::ListSitesResponse response;
  if (sites.size() > static_cast<size_t>(size)) {
    sites.pop_back();
    response.set_next_page_token(core::encode_page_token(sites.back().site_id, "sites"));
  }
  for (const store::SiteRecord& site : sites) *response.add_sites() = site_to_proto(site);
  return response;
}

Result<v1::User> create_user(core::Context& context, const v1::CreateUserRequest& request) {
  RETURN_IF_ERROR(require_admin(context));
  // Events of the server's own carry the actor "system".
  if (!is_id(request.user_id(), "._-", 64) || request.user_id() == "system")
    return core::bad_field("user_id", "[a-z0-9._-]{1,64}, not system");
  RETURN_IF_ERROR(check_display_name(request.display_name()));
  RETURN_IF_ERROR(core::check_password_rules(request.password()));
  store::UserRecord user{request.user_id(), request.display_name(), "", "", false, 1, 0, {}};
  if (!request.home_site().empty()) {
    ASSIGN_OR_RETURN(user.home_site, contract::parse_site_name(request.home_site()));
  }
  ASSIGN_OR_RETURN(user.grants, grants_from_proto(request.grants()));
  ASSIGN_OR_RETURN(user.password_hash, core::hash_password(request.password()));

  v1::CreateUserRequest to_hash = request;
  to_hash.clear_password();
  return core::mutate<v1::User>(
      context, to_hash, request.request_id(), [&](store::Tx& tx) -> Result<v1::User> {
        ASSIGN_OR_RETURN(const auto taken, store::find_user(tx, user.user_id));
        if (taken) return core::already_exists("USER_EXISTS", "this user id is taken");
        RETURN_IF_ERROR(check_site_exists(tx, "home_site", user.home_site));
        RETURN_IF_ERROR(check_grant_sites(tx, user.grants));
        user.created_us = context.services.clock.now_us();
        RETURN_IF_ERROR(store::insert_user(tx, user));
        RETURN_IF_ERROR(record(context, tx, "create_user", contract::user_name(user.user_id)));
        ASSIGN_OR_RETURN(const auto stored, store::find_user(tx, user.user_id));
        return user_to_proto(*stored);
      });
}

Result<v1::User> set_user_roles(core::Context& context, const v1::SetUserRolesRequest& request) {
  RETURN_IF_ERROR(require_admin(context));
  ASSIGN_OR_RETURN(const auto grants, grants_from_proto(request.grants()));
  return change_user(context, request, request, "set_user_roles",
                     [&](store::Tx& tx, const std::string& user_id) -> Status {
                       RETURN_IF_ERROR(check_grant_sites(tx, grants));
                       RETURN_IF_ERROR(store::replace_grants(tx, user_id, grants));
                       return check_admin_remains(tx);
                     });
}

Result<v1::User> set_user_password(core::Context& context, const v1::SetUserPasswordRequest& request) {
  RETURN_IF_ERROR(require_admin(context));
  RETURN_IF_ERROR(core::check_password_rules(request.password()));
  ASSIGN_OR_RETURN(const std::string hash, core::hash_password(request.password()));
  v1::SetUserPasswordRequest to_hash = request;
  to_hash.clear_password();
  return change_user(context, request, to_hash, "set_user_password",
                     [&](store::Tx& tx, const std::string& user_id) -> Status {
                       RETURN_IF_ERROR(store::set_password_hash(tx, user_id, hash));
                       return store::delete_sessions_of(tx, user_id);
                     });
}

Result<v1::User> disable_user(core::Context& context, const v1::DisableUserRequest& request) {
  RETURN_IF_ERROR(require_admin(context));
  return change_user(context, request, request, "disable_user",
                     [&](store::Tx& tx, const std::string& user_id) -> Status {
                       RETURN_IF_ERROR(store::disable_user(tx, user_id));
                       RETURN_IF_ERROR(store::delete_sessions_of(tx, user_id));
                       return check_admin_remains(tx);
                     });
}

Result<v1::ListUsersResponse> list_users(core::Context& context, const v1::ListUsersRequest& request) {
  RETURN_IF_ERROR(require_admin(context));
  ASSIGN_OR_RETURN(const int32_t size, core::page_size(request.page_size(), 100, 1000));
  ASSIGN_OR_RETURN(const std::string after, core::decode_page_token(request.page_token(), "users"));
  std::vector<store::UserRecord> users;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(users, store::list_users(tx, after, size + 1));
    return {};
  }));
  v1::ListUsersResponse response;
  if (users.size() > static_cast<size_t>(size)) {
    users.pop_back();
    response.set_next_page_token(core::encode_page_token(users.back().user_id, "users"));
  }
  for (const store::UserRecord& user : users) *response.add_users() = user_to_proto(user);
  return response;
}

}  // namespace hada::handlers
