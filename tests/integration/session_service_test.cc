// Login, sessions and what every call has in common: errors with details, health, reflection, TLS, shutdown.

#include <doctest/doctest.h>
#include <google/protobuf/descriptor.h>

#include <chrono>
#include <future>
#include <map>
#include <sstream>
#include <thread>

#include "hada/v1/admin.pb.h"
#include "hada/v1/case.pb.h"
#include "hada/v1/decision.pb.h"
#include "hada/v1/event.pb.h"
#include "hada/v1/ingest.pb.h"
#include "hada/v1/read.pb.h"
#include "hada/v1/session.pb.h"
#include "hada/v1/statistics.pb.h"
#include "hada/v1/term.pb.h"
#include "hada/v1/tile.pb.h"
#include "tests/support/world.h"

namespace {

using namespace hada;
using namespace hada::support;
using std::chrono::seconds;

Result<v1::GetSessionResponse> session_of(ApiClient& client) {
  return client.call<v1::GetSessionResponse>("SessionService/GetSession", v1::GetSessionRequest());
}

// Any method of any service, as bytes.
net::Outcome raw_call(const std::string& address, const std::string& method, const std::string& request) {
  auto channel = net::Channel::open({address, {}, "test"});
  REQUIRE(channel);
  return (*channel)->call(method, request, "", seconds(20));
}

// Why a stream is refused; empty once it has sent something.
std::string stream_refusal(const std::string& address, const std::string& method, const std::string& token) {
  auto channel = net::Channel::open({address, {}, "test"});
  REQUIRE(channel);
  std::promise<std::string> first, ended;
  bool told = false;  // gRPC runs one callback of a stream at a time
  const auto tell = [&](const std::string& what) {
    if (!std::exchange(told, true)) first.set_value(what);
  };
  const auto handle = (*channel)->watch(
      method, v1::WatchEventsRequest().SerializeAsString(), token, [&](const std::string&) { tell(""); },
      [&](const net::Outcome& outcome) {
        tell(outcome.error ? outcome.error->reason : "ended");
        ended.set_value({});
      });
  const std::string refusal = first.get_future().get();
  handle->cancel();
  ended.get_future().wait();
  return refusal;
}

TEST_CASE("a user logs in and is told who they are") {
  ServerProcess server;
  ApiClient client(server.address());
  REQUIRE(client.login(kAdminUser, kPassword) == "");
  const auto session = session_of(client);
  REQUIRE(session);
  CHECK(session->user().name() == std::string("users/") + kAdminUser);
  REQUIRE(session->user().grants_size() == 1);
  CHECK(session->user().grants(0).role() == v1::ROLE_ADMIN);
  CHECK(!session->user().etag().empty());
  CHECK(!session->server_version().empty());
  const int64_t lasts = session->expire_time().seconds() - time(nullptr);
  CHECK(lasts > 11 * 3600);
  CHECK(lasts <= 12 * 3600);
  CHECK(client.token().size() >= 43);
}

TEST_CASE("a wrong password and an unknown user are refused alike") {
  ServerProcess server;
  ApiClient client(server.address());
  CHECK(client.login(kAdminUser, "wrong password") == "BAD_CREDENTIALS");
  CHECK(client.login("nobody", kPassword) == "BAD_CREDENTIALS");
  CHECK(client.login("../etc", kPassword) == "BAD_CREDENTIALS");
}

TEST_CASE("guessing a password is slowed down after five tries") {
  ServerProcess server;
  ApiClient client(server.address());
  for (int i = 0; i < 5; ++i) CHECK(client.login(kAdminUser, "wrong password") == "BAD_CREDENTIALS");
  v1::LoginRequest request;
  request.set_user_id(kAdminUser);
  request.set_password(kPassword);
  const auto locked = client.call<v1::LoginResponse>("SessionService/Login", request);
  REQUIRE(!locked);
  CHECK(locked.error().code == ErrorCode::ResourceExhausted);
  CHECK(locked.error().reason == "TOO_MANY_ATTEMPTS");
  CHECK(std::stoi(locked.error().metadata.at("retry_after_seconds")) >= 1);
  const bool again = eventually([&] { return client.login(kAdminUser, kPassword).empty(); }, seconds(20));
  CHECK(again);
}

TEST_CASE("a call without a session is refused before anything else is looked at") {
  ServerProcess server;
  ApiClient client(server.address());
  CHECK(reason(session_of(client)) == "NO_SESSION");
  client.set_token("not-a-token");
  CHECK(reason(session_of(client)) == "NO_SESSION");
  client.set_token(std::string(43, 'A'));
  CHECK(reason(session_of(client)) == "NO_SESSION");
  // AIP-211: the request is nonsense too, but that is none of a stranger's business.
  v1::GetCaseRequest nonsense;
  nonsense.set_name("nonsense");
  const auto refused = client.call<v1::Case>("CaseService/GetCase", nonsense);
  REQUIRE(!refused);
  CHECK(refused.error().code == ErrorCode::Unauthenticated);
}

TEST_CASE("a session survives a restart of the server, by SIGTERM and by SIGKILL") {
  ServerProcess server;
  ApiClient client(server.address());
  client.as(kAdminUser);
  server.stop();
  server.start();
  ApiClient after_stop(server.address());
  after_stop.set_token(client.token());
  CHECK(session_of(after_stop));
  server.kill9();
  server.start();
  ApiClient after_kill(server.address());
  after_kill.set_token(client.token());
  CHECK(session_of(after_kill));
}

TEST_CASE("a logout ends that session, and only that one") {
  ServerProcess server;
  ApiClient first(server.address()), second(server.address());
  first.as(kAdminUser);
  second.as(kAdminUser);
  CHECK(session_of(first));
  CHECK(first.call<v1::LogoutResponse>("SessionService/Logout", v1::LogoutRequest()));
  CHECK(reason(session_of(first)) == "NO_SESSION");
  CHECK(first.call<v1::LogoutResponse>("SessionService/Logout", v1::LogoutRequest()));
  CHECK(session_of(second));
}

TEST_CASE("roles open methods, and a role of one kind opens none of another") {
  ServerProcess server;
  make_people(server);
  ApiClient derm(server.address()), admin(server.address()), coordinator(server.address());
  derm.as("derm-b");
  admin.as(kAdminUser);
  coordinator.as("coordinator-a");
  const auto denied = derm.call<v1::ListUsersResponse>("AdminService/ListUsers", v1::ListUsersRequest());
  REQUIRE(!denied);
  CHECK(denied.error().code == ErrorCode::PermissionDenied);
  CHECK(denied.error().reason == "ROLE_REQUIRED");
  // An admin does not read cases in that role.
  CHECK(reason(admin.call<v1::ListCasesResponse>("CaseService/ListCases", v1::ListCasesRequest())) ==
        "ROLE_REQUIRED");
  CHECK(reason(coordinator.call<v1::ListUsersResponse>("AdminService/ListUsers", v1::ListUsersRequest())) ==
        "ROLE_REQUIRED");
  CHECK(derm.call<v1::ListCasesResponse>("CaseService/ListCases", v1::ListCasesRequest()));
  CHECK(coordinator.call<v1::ListTermsResponse>("TermService/ListTerms", v1::ListTermsRequest()));
}

TEST_CASE("every method opens to the roles it is meant for, and to nobody else") {
  struct Methods {
    std::string service, verbs, roles;  // roles: a(dmin) d(ermatologist) q(a) c(oordinator)
  };
  // Written down again, so that no slip in the server's own table goes unseen.
  const std::vector<Methods> all = {
      {"SessionService", "GetSession", "adqc"},
      {"AdminService",
       "CreateSite ListSites CreateUser SetUserRoles SetUserPassword DisableUser ListUsers GetPolicy "
       "ListPolicies SetPolicy",
       "a"},
      {"CaseService", "ListCases GetCase GetImage", "dqc"},
      {"CaseService", "SetCaseTier", "q"},
      {"TileService", "GetTile GetThumbnail", "dqc"},
      {"ReadService", "ClaimCase ClaimNext RenewLease ReleaseLease SaveDraft GetDraft SubmitRead AmendRead",
       "d"},
      {"ReadService", "ListReads", "dq"},
      {"ReadService", "ListComments CreateComment EditComment ResolveComment ReopenComment", "q"},
      {"DecisionService",
       "AdjudicateCase RequestRead DeclareNoConsensus ApproveCase RejectCase ReturnCase SetImageInclusion "
       "ReopenCase GetPanel ConvenePanel AnswerPanel WithdrawPanelAnswer DissolvePanel DrawSample GetSample "
       "ListSampledCases ApproveRest CloseSample",
       "q"},
      {"DecisionService", "ListDecisions", "dqc"},
      {"IngestService", "CreateBatch GetBatch StartUpload WriteChunk CommitImage ListBatchImages", "c"},
      {"StatisticsService", "GetReaderStatistics", "dq"},
      {"StatisticsService", "GetAgreement", "q"},
      {"StatisticsService", "ResumeReading", "q"},
      {"EventService", "WatchEvents", "dqc"},
      {"EventService", "NotePresence", "q"},
      {"TermService", "ListTerms SearchTerms", "adqc"}};
  ServerProcess server;
  make_people(server);
  ApiClient stranger(server.address());
  std::map<char, ApiClient> people;
  for (const auto& [letter, user] :
       std::map<char, std::string>{{'a', kAdminUser}, {'d', "derm-b"}, {'q', "qa-d"}, {'c', "coordinator-a"}})
    people.try_emplace(letter, server.address()).first->second.as(user);

  int methods = 2;  // Login and Logout are for everyone
  for (const Methods& group : all) {
    std::istringstream verbs(group.verbs);
    for (std::string verb; verbs >> verb; ++methods) {
      const std::string method = group.service + "/" + verb;
      CAPTURE(method);
      // Nonsense to every method: whoever may call it is told so, or gets a list.
      const bool streams = verb == "WatchEvents";
      const auto refusal = [&](ApiClient& client) {
        if (streams) return stream_refusal(server.address(), "/hada.v1." + method, client.token());
        return reason(client.call<v1::LogoutResponse>(method, v1::LogoutRequest()));
      };
      CHECK(refusal(stranger) == "NO_SESSION");
      for (auto& person : people) {
        const char letter = person.first;
        CAPTURE(letter);
        CHECK((refusal(person.second) == "ROLE_REQUIRED") == (group.roles.find(letter) == std::string::npos));
      }
    }
  }
  int in_protos = 0;
  for (const auto* file : {v1::Site::descriptor()->file(), v1::Case::descriptor()->file(),
                           v1::Decision::descriptor()->file(), v1::Batch::descriptor()->file(),
                           v1::Read::descriptor()->file(), v1::GetSessionRequest::descriptor()->file(),
                           v1::Term::descriptor()->file(), v1::GetTileRequest::descriptor()->file(),
                           v1::Agreement::descriptor()->file(), v1::Hint::descriptor()->file()})
    for (int s = 0; s < file->service_count(); ++s) in_protos += file->service(s)->method_count();
  CHECK(methods == in_protos);
}

TEST_CASE("the vocabulary comes page by page and is searched in both languages") {
  ServerProcess server;
  ApiClient client(server.address());
  client.as(kAdminUser);
  v1::ListTermsRequest request;
  request.set_page_size(100);
  int terms = 0, classes = 0, pages = 0;
  std::string version;
  do {
    const auto page = client.call<v1::ListTermsResponse>("TermService/ListTerms", request);
    REQUIRE(page);
    terms += page->terms_size();
    classes += page->release_classes_size();
    version = page->vocabulary_version();
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  CHECK(terms >= 300);
  CHECK(classes == 59);
  CHECK(pages == (terms + 99) / 100);
  CHECK(!version.empty());

  for (const char* query : {"melanoma", "母斑"}) {
    v1::SearchTermsRequest search;
    search.set_query(query);
    search.set_page_size(5);
    const auto found = client.call<v1::SearchTermsResponse>("TermService/SearchTerms", search);
    REQUIRE(found);
    CHECK(found->matches_size() > 0);
    CHECK(found->matches_size() <= 5);
  }
  request.set_page_token("bm9uc2Vuc2U");
  CHECK(reason(client.call<v1::ListTermsResponse>("TermService/ListTerms", request)) == "BAD_PAGE_TOKEN");
}

TEST_CASE("errors carry their reason, domain and metadata in the status details") {
  ServerProcess server;
  ApiClient client(server.address());
  client.as(kAdminUser);
  v1::CreateSiteRequest request;
  request.set_site_id("NOT AN ID");
  request.set_display_name("x");
  request.set_request_id(ApiClient::request_id());
  const auto refused = client.call<v1::Site>("AdminService/CreateSite", request);
  REQUIRE(!refused);
  CHECK(refused.error().code == ErrorCode::InvalidArgument);
  CHECK(refused.error().reason == "BAD_FIELD");
  CHECK(refused.error().metadata.at("field") == "site_id");
  CHECK(refused.error().message.find("NOT AN ID") == std::string::npos);
}

TEST_CASE("health and reflection answer without a session") {
  ServerProcess server;
  const auto health = raw_call(server.address(), "/grpc.health.v1.Health/Check", "");
  REQUIRE(!health.error);
  CHECK(health.bytes == std::string("\x08\x01"));  // status: SERVING
  // list_services: "*"
  const auto reflection = raw_call(
      server.address(), "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", "\x3a\x01*");
  REQUIRE(!reflection.error);
  for (const char* service : {"SessionService", "AdminService", "CaseService", "TileService", "ReadService",
                              "DecisionService", "IngestService", "TermService"})
    CHECK(reflection.bytes.find(std::string("hada.v1.") + service) != std::string::npos);
}

TEST_CASE("an address that other machines reach needs a certificate") {
  const TempDir dir;
  REQUIRE(run({program("hada-server"), "migrate", "--data", (dir / "data").string()}).status == 0);
  for (const char* listen : {"0.0.0.0:0", "[::]:0", "127.example.org:0"}) {
    const Finished refused =
        run({program("hada-server"), "serve", "--data", (dir / "data").string(), "--listen", listen}, {},
            seconds(20));
    CHECK(refused.status == 1);
    CHECK(refused.output.find("TLS_REQUIRED") != std::string::npos);
    CHECK(refused.output.find("--tls-cert") != std::string::npos);
  }
  const Finished half =
      run({program("hada-server"), "serve", "--data", (dir / "data").string(), "--tls-cert", "x"}, {},
          seconds(20));
  CHECK(half.status == 1);
  CHECK(half.output.find("BAD_TLS") != std::string::npos);
}

// A self-signed pair for 127.0.0.1.
struct Certificate {
  Certificate(const TempDir& dir, const std::string& name)
      : key((dir / (name + ".key")).string()), cert((dir / (name + ".pem")).string()) {
    const Finished made =
        run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=localhost", "-addext",
             "subjectAltName=DNS:localhost,IP:127.0.0.1"});
    REQUIRE_MESSAGE(made.status == 0, made.output);
  }
  std::string key, cert;
};

TEST_CASE("with a certificate it serves TLS on any address") {
  const TempDir dir;
  const Certificate pair(dir, "server");
  const std::string port_file = (dir / "port").string();
  Process server({{program("hada-server"), "serve", "--data", (dir / "data").string(), "--listen",
                   "0.0.0.0:0", "--tls-cert", pair.cert, "--tls-key", pair.key, "--port-file", port_file},
                  {},
                  "",
                  dir / "log"});
  REQUIRE(eventually([&] { return std::filesystem::exists(port_file); }, seconds(20)));
  const std::string address = "127.0.0.1:" + std::to_string(std::stoi(read_file(port_file)));
  auto trusted = net::Channel::open({address, pair.cert, "test"});
  REQUIRE(trusted);
  CHECK(!(*trusted)->call("/grpc.health.v1.Health/Check", "", "", seconds(20)).error);
  auto plain = net::Channel::open({address, {}, "test"});
  REQUIRE(plain);
  CHECK((*plain)->call("/grpc.health.v1.Health/Check", "", "", seconds(2)).error);
}

TEST_CASE("a key that does not belong to the certificate is refused at the start") {
  const TempDir dir;
  const Certificate one(dir, "one"), other(dir, "other");
  const Finished refused = run({program("hada-server"), "serve", "--data", (dir / "data").string(),
                                "--listen", "127.0.0.1:0", "--tls-cert", one.cert, "--tls-key", other.key},
                               {}, seconds(20));
  CHECK(refused.status == 1);
  CHECK(refused.output.find("BAD_TLS") != std::string::npos);
}

TEST_CASE("SIGTERM ends the server within five seconds") {
  ServerProcess server;
  ApiClient client(server.address());
  client.as(kAdminUser);
  const auto status = server.terminate(seconds(5));
  REQUIRE(status);
  CHECK(*status == 0);
}

TEST_CASE("a second server on the same folder is refused") {
  ServerProcess server;
  const Finished second =
      run({program("hada-server"), "serve", "--data", server.data_dir().string(), "--listen", "127.0.0.1:0"});
  CHECK(second.status == 1);
  CHECK(second.output.find("DATA_DIR_IN_USE") != std::string::npos);
}

TEST_CASE("init makes the admin once, and takes no password from the command line") {
  const TempDir dir;
  const auto init = [&](const std::string& password) {
    return run({program("hada-server"), "init", "--data", (dir / "data").string(), "--admin", "boss"},
               password);
  };
  CHECK(init("short\n").status == 1);
  CHECK(init("").status == 1);
  const Finished first = init("long enough\n");
  CHECK(first.status == 0);
  const Finished again = init("another password\n");
  CHECK(again.status == 0);
  CHECK(again.output.find("exists already") != std::string::npos);
  CHECK(run({program("hada-server"), "init", "--data", (dir / "data").string(), "--admin", "boss",
             "--password", "x"})
            .status == 1);
}

TEST_CASE("the log names no user and no secret") {
  ServerProcess server;
  ApiClient client(server.address());
  client.as(kAdminUser);
  const std::string token = client.token();
  CHECK(session_of(client));
  CHECK(client.login("nobody-of-that-name", "a wrong password") == "BAD_CREDENTIALS");
  server.stop();
  const std::string log = server.log();
  CHECK(log.find("event=listening") != std::string::npos);
  REQUIRE(token.size() >= 43);
  for (const std::string& secret : {std::string(kPassword), token, std::string("nobody-of-that-name")})
    CHECK(log.find(secret) == std::string::npos);
}

}  // namespace
