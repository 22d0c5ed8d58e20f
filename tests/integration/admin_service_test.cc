#include <doctest/doctest.h>

#include "hada/v1/admin.pb.h"
#include "hada/v1/session.pb.h"
#include "tests/integration/database.h"
#include "tests/integration/uploader.h"
#include "tests/support/world.h"

namespace {

using namespace hada;
using namespace hada::support;

struct World {
  World() { admin.as(kAdminUser); }
  ServerProcess server;
  ApiClient admin{server.address()};

  Result<v1::Site> create_site(const std::string& id,
                               const std::string& request_id = ApiClient::request_id()) {
    v1::CreateSiteRequest request;
    request.set_site_id(id);
    request.set_display_name("Hospital " + id);
    request.set_request_id(request_id);
    return admin.call<v1::Site>("AdminService/CreateSite", request);
  }

  v1::CreateUserRequest user(const std::string& id, v1::Role role, const std::string& site = "") {
    v1::CreateUserRequest request;
    request.set_user_id(id);
    request.set_display_name("Dr " + id);
    request.set_password(kPassword);
    request.set_request_id(ApiClient::request_id());
    auto* grant = request.add_grants();
    grant->set_role(role);
    if (!site.empty()) grant->set_site(site);
    return request;
  }
  Result<v1::User> create(const v1::CreateUserRequest& request) {
    return admin.call<v1::User>("AdminService/CreateUser", request);
  }
  Result<v1::User> set_roles(const v1::User& user, v1::Role role, const std::string& etag) {
    v1::SetUserRolesRequest request;
    request.set_name(user.name());
    request.add_grants()->set_role(role);
    request.set_etag(etag);
    request.set_request_id(ApiClient::request_id());
    return admin.call<v1::User>("AdminService/SetUserRoles", request);
  }
  Result<v1::User> disable(const v1::User& user) {
    v1::DisableUserRequest request;
    request.set_name(user.name());
    request.set_etag(user.etag());
    request.set_request_id(ApiClient::request_id());
    return admin.call<v1::User>("AdminService/DisableUser", request);
  }
};

Result<v1::GetSessionResponse> session_of(ApiClient& client) {
  return client.call<v1::GetSessionResponse>("SessionService/GetSession", v1::GetSessionRequest());
}

TEST_CASE("sites are made once and listed page by page") {
  World world;
  const std::string request_id = ApiClient::request_id();
  const auto made = world.create_site("tokyo", request_id);
  REQUIRE(made);
  CHECK(made->name() == "sites/tokyo");
  SUBCASE("a repeat of the request returns the same, a second site of the name is refused") {
    CHECK(world.create_site("tokyo", request_id)->etag() == made->etag());
    CHECK(reason(world.create_site("tokyo")) == "SITE_EXISTS");
    CHECK(reason(world.create_site("osaka", request_id)) == "REQUEST_ID_REUSED");
  }
  SUBCASE("an id that is none is refused") {
    for (const char* id : {"", "Tokyo", "a b", "a/b", "a.b", "abcdefghijklmnopqrstuvwxyz0123456"})
      CHECK(reason(world.create_site(id)) == "BAD_FIELD");
  }
  SUBCASE("the list has every site once") {
    for (const char* id : {"kobe", "osaka", "nara", "kyoto"}) REQUIRE(world.create_site(id));
    v1::ListSitesRequest request;
    request.set_page_size(2);
    std::vector<std::string> names;
    do {
      const auto page = world.admin.call<v1::ListSitesResponse>("AdminService/ListSites", request);
      REQUIRE(page);
      CHECK(page->sites_size() <= 2);
      for (const auto& site : page->sites()) names.push_back(site.name());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    CHECK(names ==
          std::vector<std::string>{"sites/kobe", "sites/kyoto", "sites/nara", "sites/osaka", "sites/tokyo"});
  }
}

TEST_CASE("a user is made, logs in, and is listed without a password") {
  World world;
  REQUIRE(world.create_site("b"));
  auto request = world.user("derm.one", v1::ROLE_DERMATOLOGIST, "sites/b");
  request.set_home_site("sites/b");
  const auto made = world.create(request);
  REQUIRE(made);
  CHECK(made->name() == "users/derm.one");
  CHECK(made->home_site() == "sites/b");
  CHECK(made->grants(0).site() == "sites/b");
  ApiClient derm(world.server.address());
  CHECK(derm.login("derm.one", kPassword) == "");
  const auto users =
      world.admin.call<v1::ListUsersResponse>("AdminService/ListUsers", v1::ListUsersRequest());
  REQUIRE(users);
  CHECK(users->users_size() == 2);
  CHECK(users->SerializeAsString().find("argon2") == std::string::npos);
}

TEST_CASE("a user that makes no sense is refused") {
  World world;
  auto request = world.user("derm", v1::ROLE_DERMATOLOGIST);
  SUBCASE("a short password") { request.set_password("1234567"); }
  SUBCASE("an id with capitals") { request.set_user_id("Derm"); }
  SUBCASE("the id of the server itself") { request.set_user_id("system"); }
  SUBCASE("no name") { request.clear_display_name(); }
  SUBCASE("no role in a grant") { request.mutable_grants(0)->clear_role(); }
  SUBCASE("a site that does not exist") { request.mutable_grants(0)->set_site("sites/nowhere"); }
  SUBCASE("a home that does not exist") { request.set_home_site("sites/nowhere"); }
  SUBCASE("no request_id") { request.clear_request_id(); }
  CHECK(reason(world.create(request)) == "BAD_FIELD");
}

TEST_CASE("a user id is taken once") {
  World world;
  const auto request = world.user("derm", v1::ROLE_DERMATOLOGIST);
  REQUIRE(world.create(request));
  CHECK(world.create(request));
  CHECK(reason(world.create(world.user("derm", v1::ROLE_QA_REVIEWER))) == "USER_EXISTS");
}

TEST_CASE("changed roles count from the next call") {
  World world;
  const auto user = world.create(world.user("derm", v1::ROLE_DERMATOLOGIST));
  REQUIRE(user);
  ApiClient derm(world.server.address());
  derm.as("derm");
  CHECK(session_of(derm)->user().grants(0).role() == v1::ROLE_DERMATOLOGIST);
  const auto list_users = [&] {
    return reason(derm.call<v1::ListUsersResponse>("AdminService/ListUsers", v1::ListUsersRequest()));
  };
  CHECK(list_users() == "ROLE_REQUIRED");
  const auto changed = world.set_roles(*user, v1::ROLE_ADMIN, user->etag());
  REQUIRE(changed);
  CHECK(list_users() == "");
  SUBCASE("and a stale etag is a conflict, a missing one a mistake") {
    CHECK(reason(world.set_roles(*user, v1::ROLE_QA_REVIEWER, user->etag())) == "ETAG_MISMATCH");
    CHECK(reason(world.set_roles(*user, v1::ROLE_QA_REVIEWER, "")) == "ETAG_MISSING");
  }
  SUBCASE("and are gone as soon as they are taken away") {
    REQUIRE(world.set_roles(*user, v1::ROLE_QA_REVIEWER, changed->etag()));
    CHECK(list_users() == "ROLE_REQUIRED");
  }
}

TEST_CASE("an admin of one site does not administer the registry") {
  World world;
  REQUIRE(world.create_site("b"));
  REQUIRE(world.create(world.user("local", v1::ROLE_ADMIN, "sites/b")));
  ApiClient local(world.server.address());
  local.as("local");
  CHECK(reason(local.call<v1::ListUsersResponse>("AdminService/ListUsers", v1::ListUsersRequest())) ==
        "ROLE_REQUIRED");
}

TEST_CASE("a new password ends the sessions that the old one opened") {
  World world;
  const auto user = world.create(world.user("derm", v1::ROLE_DERMATOLOGIST));
  REQUIRE(user);
  ApiClient derm(world.server.address());
  derm.as("derm");
  REQUIRE(session_of(derm));
  v1::SetUserPasswordRequest request;
  request.set_name(user->name());
  request.set_password("another password");
  request.set_etag(user->etag());
  request.set_request_id(ApiClient::request_id());
  REQUIRE(world.admin.call<v1::User>("AdminService/SetUserPassword", request));
  CHECK(reason(session_of(derm)) == "NO_SESSION");
  CHECK(derm.login("derm", kPassword) == "BAD_CREDENTIALS");
  CHECK(derm.login("derm", "another password") == "");
}

TEST_CASE("a disabled user is out at once and stays out") {
  World world;
  const auto user = world.create(world.user("derm", v1::ROLE_DERMATOLOGIST));
  REQUIRE(user);
  ApiClient derm(world.server.address());
  derm.as("derm");
  REQUIRE(session_of(derm));
  const auto disabled = world.disable(*user);
  REQUIRE(disabled);
  CHECK(disabled->disabled());
  CHECK(reason(session_of(derm)) == "NO_SESSION");
  CHECK(derm.login("derm", kPassword) == "BAD_CREDENTIALS");
  world.server.kill9();
  world.server.start();
  ApiClient again(world.server.address());
  CHECK(again.login("derm", kPassword) == "BAD_CREDENTIALS");
}

TEST_CASE("every change of the registry and every batch leaves one event, with who did it") {
  World world;
  REQUIRE(world.create_site("a"));
  auto user = world.create(world.user("derm", v1::ROLE_DERMATOLOGIST));
  REQUIRE(user);
  user = world.set_roles(*user, v1::ROLE_SITE_COORDINATOR, user->etag());
  REQUIRE(user);
  ApiClient coordinator(world.server.address());
  coordinator.as("derm");
  const std::string batch = create_batch(coordinator).name();
  const std::string sha256 = upload(coordinator, batch, "a letter");
  REQUIRE(reason(commit(coordinator, commit_request(batch, "case", sha256, 8))) == "");
  wait_for_checks(coordinator, batch);
  v1::SetUserPasswordRequest password;
  password.set_name(user->name());
  password.set_password("another password");
  password.set_etag(user->etag());
  password.set_request_id(ApiClient::request_id());
  user = world.admin.call<v1::User>("AdminService/SetUserPassword", password);
  REQUIRE(user);
  REQUIRE(world.disable(*user));
  world.server.stop();

  const auto events = [&](const std::string& verb, const std::string& actor) {
    return number(world.server.data_dir() / "hada.db",
                  "SELECT count(*) FROM events WHERE verb = '" + verb + "' AND actor = '" + actor + "'");
  };
  for (const char* verb :
       {"login", "create_site", "create_user", "set_user_roles", "set_user_password", "disable_user"}) {
    CAPTURE(verb);
    CHECK(events(verb, kAdminUser) == 1);
  }
  for (const char* verb : {"login", "create_batch", "create_case", "commit_image"}) {
    CAPTURE(verb);
    CHECK(events(verb, "derm") == 1);
  }
  CHECK(events("image_refused", "system") == 1);
}

TEST_CASE("the last admin cannot be lost") {
  World world;
  const auto me = session_of(world.admin)->user();
  CHECK(reason(world.disable(me)) == "LAST_ADMIN");
  CHECK(reason(world.set_roles(me, v1::ROLE_QA_REVIEWER, me.etag())) == "LAST_ADMIN");
  REQUIRE(world.create(world.user("second", v1::ROLE_ADMIN)));
  CHECK(world.set_roles(me, v1::ROLE_QA_REVIEWER, me.etag()));
}

}  // namespace
