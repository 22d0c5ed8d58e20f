// The stream of changes, over a real socket.

#include <doctest/doctest.h>

#include <condition_variable>
#include <deque>
#include <mutex>

#include "client/net/event_watch.h"
#include "hada/v1/admin.pb.h"
#include "hada/v1/case.pb.h"
#include "hada/v1/decision.pb.h"
#include "hada/v1/event.pb.h"
#include "hada/v1/read.pb.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/world.h"

namespace {

using namespace hada;
using namespace hada::support;
using namespace std::chrono_literals;

// One open stream.
class Watch {
 public:
  Watch(const std::string& address, const std::string& token, const std::string& resume = "")
      : channel_(net::Channel::open({address, "", "test"}).value()) {
    v1::WatchEventsRequest request;
    request.set_resume_token(resume);
    handle_ = channel_->watch(
        "/hada.v1.EventService/WatchEvents", request.SerializeAsString(), token,
        [this](const std::string& bytes) {
          v1::Hint hint;
          hint.ParseFromString(bytes);
          const std::lock_guard lock(mutex_);
          if (!hint.resume_token().empty()) resume_ = hint.resume_token();
          hints_.push_back({std::move(hint), std::chrono::steady_clock::now()});
          changed_.notify_all();
        },
        [this](net::Outcome outcome) {
          const std::lock_guard lock(mutex_);
          ended_ = outcome.error ? outcome.error->reason : "OK";
          changed_.notify_all();
        });
  }
  ~Watch() { stop(); }

  void stop() {
    handle_->cancel();
    wait_for_end();
  }
  std::string wait_for_end(std::chrono::milliseconds patience = 10s) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return ended_.has_value(); });
    return ended_.value_or("still open");
  }
  struct Received {
    v1::Hint hint;
    std::chrono::steady_clock::time_point at;
  };
  // The next hint that is no POSITION; nothing after a while.
  std::optional<Received> next(std::chrono::milliseconds patience = 5s) {
    std::unique_lock lock(mutex_);
    const auto until = std::chrono::steady_clock::now() + patience;
    for (;;) {
      if (!changed_.wait_until(lock, until, [&] { return !hints_.empty(); })) return std::nullopt;
      Received first = std::move(hints_.front());
      hints_.pop_front();
      if (first.hint.kind() != v1::HINT_KIND_POSITION) return first;
    }
  }
  // True once the server has said where the stream stands.
  bool begun() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 10s, [&] { return !resume_.empty(); });
  }
  std::string resume() {
    const std::lock_guard lock(mutex_);
    return resume_;
  }

 private:
  std::unique_ptr<net::Channel> channel_;
  std::shared_ptr<net::CallHandle> handle_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Received> hints_;
  std::string resume_;
  std::optional<std::string> ended_;
};

struct Hospital {
  ServerProcess server;
  TempDir dir;
  ApiClient derm_b{server.address()}, derm_c{server.address()}, qa{server.address()},
      coordinator{server.address()};
  std::vector<std::string> cases;

  Hospital() {
    make_people(server);
    std::string error;
    REQUIRE_MESSAGE(write_demo_set((dir / "images").string(), 1, &error, 8) > 0, error);
    const Finished in = ingest(server, dir / "images" / "manifest.csv", dir.path());
    REQUIRE_MESSAGE(in.status == 0, in.output);
    derm_b.as("derm-b");
    derm_c.as("derm-c");
    qa.as("qa-d");
    coordinator.as("coordinator-a");
    v1::ListCasesRequest list;
    list.add_states(v1::CASE_STATE_OPEN);
    list.set_page_size(100);
    const auto page = qa.call<v1::ListCasesResponse>("CaseService/ListCases", list);
    REQUIRE(page);
    for (const v1::Case& value : page->cases()) cases.push_back(value.name());
    REQUIRE(cases.size() >= 4);
  }

  void claim(ApiClient& who, const std::string& name) {
    v1::ClaimCaseRequest request;
    request.set_case_(name);
    request.set_request_id(ApiClient::request_id());
    REQUIRE(who.call<v1::ReadLease>("ReadService/ClaimCase", request));
  }
  void read(ApiClient& who, const std::string& name, const std::string& term) {
    claim(who, name);
    v1::SubmitReadRequest submit;
    submit.set_case_(name);
    submit.set_request_id(ApiClient::request_id());
    submit.mutable_content()->set_gradable(true);
    v1::Diagnosis* diagnosis = submit.mutable_content()->add_differential();
    diagnosis->set_term("terms/" + term);
    diagnosis->set_rank(1);
    diagnosis->set_confidence(4);
    REQUIRE(who.call<v1::Read>("ReadService/SubmitRead", submit));
  }
};

// One hospital for all: making it takes the time.
Hospital& hospital() {
  static Hospital one;
  return one;
}

}  // namespace

TEST_CASE("a change reaches those who may know of it within a second, and nobody else") {
  Hospital& h = hospital();
  const std::string name = h.cases[0];
  Watch qa(h.server.address(), h.qa.token()), reader(h.server.address(), h.derm_b.token()),
      other(h.server.address(), h.derm_c.token());
  REQUIRE(qa.begun());
  REQUIRE(reader.begun());
  REQUIRE(other.begun());

  h.claim(h.derm_b, name);
  const auto committed = std::chrono::steady_clock::now();
  const auto told = qa.next();
  REQUIRE(told);
  CHECK(told->hint.case_() == name);
  CHECK_FALSE(told->hint.by_caller());
  CHECK(told->at - committed < 1s);
  const auto own = reader.next();
  REQUIRE(own);
  CHECK(own->hint.by_caller());
  CHECK_FALSE(other.next(300ms));

  h.read(h.derm_b, name, "psoriasis");
  h.read(h.derm_c, name, "psoriasis");
  std::optional<v1::Hint> arrival;
  while (const auto hint = qa.next(2s))
    if (hint->hint.arrived_in() != v1::WORKLIST_VIEW_UNSPECIFIED) arrival = hint->hint;
  REQUIRE(arrival);
  CHECK(arrival->arrived_in() == v1::WORKLIST_VIEW_TO_APPROVE);
  // The first reader hears nothing of the second one, nor that the case is settled.
  while (const auto hint = reader.next(300ms)) CHECK(hint->hint.by_caller());
}

TEST_CASE("a stream that breaks goes on without a gap and without a repeat") {
  Hospital& h = hospital();
  auto watch = std::make_unique<Watch>(h.server.address(), h.qa.token());
  REQUIRE(watch->begun());
  h.claim(h.derm_b, h.cases[1]);
  REQUIRE(watch->next());
  const std::string resume = watch->resume();
  watch.reset();
  h.claim(h.derm_c, h.cases[1]);
  h.claim(h.derm_b, h.cases[2]);
  Watch again(h.server.address(), h.qa.token(), resume);
  std::vector<std::string> names;
  while (const auto hint = again.next(500ms)) {
    CHECK(hint->hint.kind() == v1::HINT_KIND_CASE);
    names.push_back(hint->hint.case_());
  }
  CHECK(names == std::vector<std::string>{h.cases[1], h.cases[2]});
  SUBCASE("and nothing comes twice") {
    Watch third(h.server.address(), h.qa.token(), again.resume());
    CHECK_FALSE(third.next(500ms));
  }
}

TEST_CASE("a stream needs a session, and ends with it") {
  Hospital& h = hospital();
  CHECK(Watch(h.server.address(), "").wait_for_end() == "NO_SESSION");
  ApiClient admin(h.server.address());
  admin.as(kAdminUser);
  CHECK(Watch(h.server.address(), admin.token()).wait_for_end() == "ROLE_REQUIRED");

  ApiClient leaving(h.server.address());
  leaving.as("derm-e");
  Watch watch(h.server.address(), leaving.token());
  REQUIRE(watch.begun());
  v1::DisableUserRequest disable;
  disable.set_name("users/derm-e");
  v1::ListUsersRequest list;
  list.set_page_size(100);
  const auto users = admin.call<v1::ListUsersResponse>("AdminService/ListUsers", list);
  REQUIRE(users);
  for (const v1::User& user : users->users())
    if (user.name() == disable.name()) disable.set_etag(user.etag());
  disable.set_request_id(ApiClient::request_id());
  REQUIRE(admin.call<v1::User>("AdminService/DisableUser", disable));
  CHECK(watch.wait_for_end(3s) == "NO_SESSION");
}

TEST_CASE("64 workstations of QA are told of every change") {
  Hospital& h = hospital();
  std::vector<std::unique_ptr<Watch>> watches;
  for (int i = 0; i < 64; ++i) watches.push_back(std::make_unique<Watch>(h.server.address(), h.qa.token()));
  for (const auto& watch : watches) REQUIRE(watch->begun());
  h.claim(h.derm_b, h.cases[3]);
  const auto committed = std::chrono::steady_clock::now();
  for (const auto& watch : watches) {
    const auto hint = watch->next();
    REQUIRE(hint);
    CHECK(hint->hint.case_() == h.cases[3]);
    CHECK(hint->at - committed < 1s);
  }
}

TEST_CASE("the client's watch survives a restart of the server") {
  Hospital& h = hospital();
  auto channel = net::Channel::open({h.server.address(), "", "test"}).value();
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<model::reply::Changed> told;
  net::EventWatch watch(*channel, [&](model::reply::Changed hint) {
    const std::lock_guard lock(mutex);
    told.push_back(std::move(hint));
    changed.notify_all();
  });
  const auto waits_for = [&](auto what) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, 20s, [&] { return std::any_of(told.begin(), told.end(), what); });
  };
  watch.set_token(h.qa.token());
  // The stream needs a moment to begin; what is done before is not its business.
  const auto release_and_claim = [&] {
    v1::ReleaseLeaseRequest release;
    release.set_name(h.cases[3] + "/slots/0");
    release.set_request_id(ApiClient::request_id());
    (void)h.derm_b.call<v1::ReleaseLeaseResponse>("ReadService/ReleaseLease", release);
    h.claim(h.derm_b, h.cases[3]);
  };
  CHECK(eventually([&] {
    release_and_claim();
    const std::lock_guard lock(mutex);
    return !told.empty();
  }));
  h.server.kill9();
  h.server.start();
  // The token is of the server that is gone: the client is told to ask for everything again.
  CHECK(waits_for([](const auto& hint) { return hint.kind == model::reply::ChangeKind::Everything; }));
  watch.set_token("");
}
