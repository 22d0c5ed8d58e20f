#include "tests/support/world.h"

#include <stdexcept>

#include "hada/v1/admin.pb.h"
#include "hada/v1/read.pb.h"

namespace hada::support {
namespace {

void create_site(ApiClient& admin, const std::string& id) {
  v1::CreateSiteRequest request;
  request.set_site_id(id);
  request.set_display_name("Site " + id);
  request.set_request_id(ApiClient::request_id());
  if (auto made = admin.call<v1::Site>("AdminService/CreateSite", request);
      !made && made.error().code != ErrorCode::AlreadyExists)
    throw std::runtime_error("CreateSite: " + made.error().message);
}

void create_user(ApiClient& admin, const std::string& id, const std::string& display_name,
                 const std::string& home_site, v1::Role role, const std::string& role_site) {
  v1::CreateUserRequest request;
  request.set_user_id(id);
  request.set_display_name(display_name);
  request.set_home_site(home_site);
  v1::RoleGrant* grant = request.add_grants();
  grant->set_role(role);
  grant->set_site(role_site);
  request.set_password(kPassword);
  request.set_request_id(ApiClient::request_id());
  if (auto made = admin.call<v1::User>("AdminService/CreateUser", request);
      !made && made.error().code != ErrorCode::AlreadyExists)
    throw std::runtime_error("CreateUser: " + made.error().message);
}

}  // namespace

void make_people(const ServerProcess& server) {
  ApiClient admin(server.address());
  admin.as(kAdminUser);
  for (const char* id : {"a", "b", "c", "d"}) create_site(admin, id);
  create_user(admin, "coordinator-a", "Coordinator A", "sites/a", v1::ROLE_SITE_COORDINATOR, "sites/a");
  create_user(admin, "derm-b", "Dr. Aoki", "sites/b", v1::ROLE_DERMATOLOGIST, "");
  create_user(admin, "derm-c", "Dr. Baba", "sites/c", v1::ROLE_DERMATOLOGIST, "");
  create_user(admin, "derm-e", "Dr. Endo", "sites/b", v1::ROLE_DERMATOLOGIST, "");
  create_user(admin, "qa-d", "Dr. Doi", "sites/d", v1::ROLE_QA_REVIEWER, "");
}

void make_reviewers(const ServerProcess& server) {
  ApiClient admin(server.address());
  admin.as(kAdminUser);
  create_user(admin, "qa-b", "Dr. Fukui", "sites/b", v1::ROLE_QA_REVIEWER, "");
  create_user(admin, "qa-e", "Dr. Goto", "sites/d", v1::ROLE_QA_REVIEWER, "");
}

Finished ingest(const ServerProcess& server, const std::filesystem::path& manifest,
                const std::filesystem::path& key_dir, std::vector<std::string> extra) {
  write_file(key_dir / "coordinator.password", std::string(kPassword) + "\n");
  std::vector<std::string> arguments = {program("hadactl"),
                                        "ingest",
                                        manifest.string(),
                                        "--server",
                                        server.address(),
                                        "--user",
                                        "coordinator-a",
                                        "--password-file",
                                        (key_dir / "coordinator.password").string(),
                                        "--site",
                                        "a",
                                        "--key",
                                        (key_dir / "site-a.key").string(),
                                        "--no-progress"};
  arguments.insert(arguments.end(), extra.begin(), extra.end());
  return run(arguments);
}

void vote(const ServerProcess& server, const std::string& user, const std::string& case_name,
          const std::string& term, double active_seconds) {
  ApiClient reader(server.address());
  reader.as(user);
  v1::ClaimCaseRequest claim;
  claim.set_case_(case_name);
  claim.set_request_id(ApiClient::request_id());
  if (const auto lease = reader.call<v1::ReadLease>("ReadService/ClaimCase", claim); !lease)
    throw std::runtime_error("ClaimCase: " + lease.error().message);
  v1::SubmitReadRequest submit;
  submit.set_case_(case_name);
  submit.set_request_id(ApiClient::request_id());
  submit.mutable_telemetry()->set_active_seconds(active_seconds);
  submit.mutable_content()->set_gradable(true);
  v1::Diagnosis* diagnosis = submit.mutable_content()->add_differential();
  diagnosis->set_term("terms/" + term);
  diagnosis->set_rank(1);
  diagnosis->set_confidence(4);
  if (const auto read = reader.call<v1::Read>("ReadService/SubmitRead", submit); !read)
    throw std::runtime_error("SubmitRead: " + read.error().message);
}

}  // namespace hada::support
