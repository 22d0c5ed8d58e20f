#include <algorithm>
#include <iostream>

#include "client/ctl/command.h"
#include "client/ctl/session.h"
#include "client/ctl/table.h"
#include "contract/names.h"
#include "contract/text.h"
#include "hada/v1/admin.pb.h"

namespace hada::ctl {
namespace {

using Grants = std::vector<v1::RoleGrant>;

// "dermatologist" for ROLE_DERMATOLOGIST.
std::string role_word(v1::Role role) {
  return contract::ascii_lower(v1::Role_Name(role).substr(std::string_view("ROLE_").size()));
}

Result<Grants> wanted_grants(const Args& args) {
  Grants grants;
  for (const std::string& text : args.all("role")) {
    const size_t at = text.find('@');
    v1::RoleGrant grant;
    for (int number = v1::Role_MIN + 1; number <= v1::Role_MAX; ++number)
      if (role_word(static_cast<v1::Role>(number)) == text.substr(0, at))
        grant.set_role(static_cast<v1::Role>(number));
    if (grant.role() == v1::ROLE_UNSPECIFIED)
      return usage(
          "--role is dermatologist, qa_reviewer, site_coordinator, researcher or admin, with @SITE or "
          "without");
    if (at != std::string::npos) grant.set_site(contract::site_name(text.substr(at + 1)));
    grants.push_back(std::move(grant));
  }
  if (grants.empty()) return usage("at least one --role ROLE or --role ROLE@SITE");
  return grants;
}

// The new password of the person the command is about.
Result<std::string> new_password(const Args& args, const std::string& user) {
  if (args.has("new-password-file")) return read_secret_file(args.get("new-password-file"));
  // With --user, --password-file is the caller's own.
  if (args.has("password-file") && !args.has("user")) return read_secret_file(args.get("password-file"));
  ASSIGN_OR_RETURN(std::string first, ask_secret("New password of " + user + ": "));
  ASSIGN_OR_RETURN(const std::string second, ask_secret("The same again: "));
  if (first != second) return usage("the two passwords differ");
  return first;
}

Result<std::vector<v1::User>> all_users(net::CtlClient& client) {
  std::vector<v1::User> users;
  v1::ListUsersRequest request;
  request.set_page_size(1000);
  do {
    ASSIGN_OR_RETURN(const auto page, client.call<v1::ListUsersResponse>("AdminService/ListUsers", request));
    users.insert(users.end(), page.users().begin(), page.users().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return users;
}

Result<v1::User> find_user(net::CtlClient& client, const std::string& id) {
  ASSIGN_OR_RETURN(const auto users, all_users(client));
  const auto at = std::find_if(users.begin(), users.end(),
                               [&](const v1::User& user) { return user.name() == contract::user_name(id); });
  if (at == users.end()) return Unexpected(ErrorCode::NotFound, "NO_SUCH_RESOURCE", "there is no user " + id);
  return *at;
}

std::string grants_text(const v1::User& user) {
  std::string text;
  for (const v1::RoleGrant& grant : user.grants()) {
    if (!text.empty()) text += ", ";
    text += role_word(grant.role());
    if (!grant.site().empty()) text += "@" + grant.site().substr(std::string_view("sites/").size());
  }
  return text;
}

void print_user(const char* what, const v1::User& user) {
  std::cout << what << ' ' << user.name() << ": " << grants_text(user)
            << (user.disabled() ? " (disabled)" : "") << ".\n";
}

Result<int> add_user(const Args& args, const std::string& id) {
  ASSIGN_OR_RETURN(const Grants grants, wanted_grants(args));
  v1::CreateUserRequest request;
  ASSIGN_OR_RETURN(*request.mutable_password(), new_password(args, id));
  ASSIGN_OR_RETURN(const auto client, connect(args));
  request.set_user_id(id);
  request.set_display_name(args.get("display-name", id));
  if (args.has("home-site")) request.set_home_site(contract::site_name(args.get("home-site")));
  request.mutable_grants()->Assign(grants.begin(), grants.end());
  request.set_request_id(new_request_id());
  ASSIGN_OR_RETURN(const auto user, client->call<v1::User>("AdminService/CreateUser", request));
  print_user("Added", user);
  return kOk;
}

Result<int> list_users(const Args& args) {
  ASSIGN_OR_RETURN(const auto client, connect(args));
  ASSIGN_OR_RETURN(const auto users, all_users(*client));
  Table table = {{"USER", "NAME", "HOME SITE", "ROLES", ""}};
  for (const v1::User& user : users)
    table.push_back({user.name(), contract::printable(user.display_name()), user.home_site(),
                     grants_text(user), user.disabled() ? "disabled" : ""});
  std::cout << format_table(table);
  return kOk;
}

Result<int> set_roles(const Args& args, const std::string& id) {
  ASSIGN_OR_RETURN(const Grants grants, wanted_grants(args));
  ASSIGN_OR_RETURN(const auto client, connect(args));
  ASSIGN_OR_RETURN(const v1::User before, find_user(*client, id));
  v1::SetUserRolesRequest request;
  request.set_name(before.name());
  request.set_etag(before.etag());
  request.mutable_grants()->Assign(grants.begin(), grants.end());
  request.set_request_id(new_request_id());
  ASSIGN_OR_RETURN(const auto user, client->call<v1::User>("AdminService/SetUserRoles", request));
  print_user("Changed", user);
  return kOk;
}

Result<int> set_password(const Args& args, const std::string& id) {
  v1::SetUserPasswordRequest request;
  ASSIGN_OR_RETURN(*request.mutable_password(), new_password(args, id));
  ASSIGN_OR_RETURN(const auto client, connect(args));
  ASSIGN_OR_RETURN(const v1::User before, find_user(*client, id));
  request.set_name(before.name());
  request.set_etag(before.etag());
  request.set_request_id(new_request_id());
  ASSIGN_OR_RETURN(const auto user, client->call<v1::User>("AdminService/SetUserPassword", request));
  print_user("New password for", user);
  return kOk;
}

Result<int> disable_user(const Args& args, const std::string& id) {
  ASSIGN_OR_RETURN(const auto client, connect(args));
  ASSIGN_OR_RETURN(const v1::User before, find_user(*client, id));
  v1::DisableUserRequest request;
  request.set_name(before.name());
  request.set_etag(before.etag());
  request.set_request_id(new_request_id());
  ASSIGN_OR_RETURN(const auto user, client->call<v1::User>("AdminService/DisableUser", request));
  print_user("Disabled", user);
  return kOk;
}

}  // namespace

Result<int> user_command(const Words& words) {
  ASSIGN_OR_RETURN(
      const Args args,
      Args::parse(words, with_connection({{"display-name", "home-site", "role", "new-password-file"}, {}})));
  const auto& positional = args.positional();
  const std::string verb = positional.empty() ? "" : positional[0];
  if (verb == "list" && positional.size() == 1) return list_users(args);
  if (positional.size() != 2)
    return usage("hadactl user add|roles|password|disable NAME, or hadactl user list");
  if (verb == "add") return add_user(args, positional[1]);
  if (verb == "roles") return set_roles(args, positional[1]);
  if (verb == "password") return set_password(args, positional[1]);
  if (verb == "disable") return disable_user(args, positional[1]);
  return usage("hadactl user has no verb " + verb);
}

}  // namespace hada::ctl
