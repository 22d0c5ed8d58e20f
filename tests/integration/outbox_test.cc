// The workstation's side of a read on its way to the server: on disk first, sent once, across outages and the
// end of the program.

#include "client/net/outbox.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>

#include "client/net/grpc_backend.h"
#include "hada/v1/read.pb.h"
#include "tests/integration/uploader.h"
#include "tests/support/breakable_link.h"
#include "tests/support/server_process.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/world.h"

namespace {

using namespace hada;
using namespace hada::support;
using namespace std::chrono_literals;

struct Clinic {
  Clinic() {
    make_people(server);
    coordinator.as("coordinator-a");
    Raster raster{64, 48, std::vector<uint8_t>(64 * 48 * 3, 120)};
    REQUIRE(write_png(dir / "p.png", raster));
    reader.as("derm-b");
    case_name = another_case();
  }

  // One more, whose read slot derm-b holds.
  std::string another_case() {
    const std::string name =
        bring_in(coordinator, "case " + std::to_string(++cases), read_file(dir / "p.png")).case_();
    v1::ClaimCaseRequest claim;
    claim.set_case_(name);
    claim.set_request_id(ApiClient::request_id());
    REQUIRE(reason(reader.call<v1::ReadLease>("ReadService/ClaimCase", claim)) == "");
    return name;
  }
  v1::ListReadsResponse reads_of(const std::string& name) {
    v1::ListReadsRequest list;
    list.set_parent(name);
    const auto reads = reader.call<v1::ListReadsResponse>("ReadService/ListReads", list);
    REQUIRE(reason(reads) == "");
    return *reads;
  }

  std::string outbox() const { return (dir / "outbox.db").string(); }
  model::ReadContent content() const {
    model::ReadContent content;
    content.gradable = true;
    content.differential.push_back({"terms/psoriasis", 1, 4});
    return content;
  }
  bool has_draft() {
    v1::GetDraftRequest request;
    request.set_case_(case_name);
    const auto draft = reader.call<v1::GetDraftResponse>("ReadService/GetDraft", request);
    REQUIRE(reason(draft) == "");
    return draft->has_content();
  }

  TempDir dir;
  ServerProcess server;
  ApiClient reader{server.address()}, coordinator{server.address()};
  std::string case_name;
  int cases = 0;
};

// The workstation's backend, logged in as derm-b.
struct Workstation {
  explicit Workstation(const Clinic& clinic, const std::string& address = {}) {
    auto created = net::GrpcBackend::create(
        {address.empty() ? clinic.server.address() : address, {}, "test", clinic.outbox()}, mailbox);
    REQUIRE(created);
    backend = std::move(*created);
    backend->submit(model::effect::Login{1, "derm-b", kPassword});
    REQUIRE(answer<model::reply::LoggedIn>(1));
  }
  // The reply to this ticket, if it has come.
  template <typename Reply>
  std::optional<Reply> look_for(model::Ticket ticket) {
    std::optional<Reply> found;
    for (model::Reply& reply : mailbox.take()) {
      if (auto* one = std::get_if<Reply>(&reply); one && one->ticket == ticket) found = std::move(*one);
      if (auto* work = std::get_if<model::reply::UnsettledWork>(&reply)) unsettled = work->list;
    }
    return found;
  }
  // Nothing after 20 s.
  template <typename Reply>
  std::optional<Reply> answer(model::Ticket ticket) {
    std::optional<Reply> found;
    eventually([&] { return (found = look_for<Reply>(ticket)).has_value(); }, 20s);
    return found;
  }
  // Waits until this many are told to be unsettled.
  bool has_unsettled(size_t count) {
    return eventually(
        [&] {
          for (model::Reply& reply : mailbox.take())
            if (auto* work = std::get_if<model::reply::UnsettledWork>(&reply)) unsettled = work->list;
          return unsettled && unsettled->size() == count;
        },
        20s);
  }
  net::Mailbox mailbox{[] {}};
  std::optional<std::vector<model::Unsettled>> unsettled;  // as last told
  std::unique_ptr<net::GrpcBackend> backend;
};

TEST_CASE("a change that cannot be put on disk is not sent, and the reader is told") {
  Clinic clinic;
  Workstation workstation(clinic);
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(clinic.outbox().c_str(), &other) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
  workstation.backend->submit(
      model::effect::SaveDraft{2, clinic.case_name, clinic.content(), ApiClient::request_id()});
  const auto refused = workstation.answer<model::reply::DraftSaved>(2);
  REQUIRE(refused);
  REQUIRE(refused->error);
  CHECK(refused->error->reason == "OUTBOX_FAILED");
  CHECK_FALSE(clinic.has_draft());

  REQUIRE(sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(other);
  workstation.backend->submit(
      model::effect::SaveDraft{3, clinic.case_name, clinic.content(), ApiClient::request_id()});
  const auto saved = workstation.answer<model::reply::DraftSaved>(3);
  REQUIRE(saved);
  CHECK_FALSE(saved->error);
  CHECK(clinic.has_draft());
}

TEST_CASE("a read that was submitted while the server was away outlives the program and is sent once") {
  Clinic clinic;
  const auto waiting = [&] {
    const auto outbox = net::Outbox::open(clinic.outbox());
    REQUIRE(outbox);
    return (*outbox)->entries("users/derm-b")->size();
  };
  {
    Workstation workstation(clinic);
    clinic.server.stop();
    workstation.backend->submit(model::effect::SubmitRead{2, clinic.case_name, clinic.content(),
                                                          model::ReadTelemetry(), ApiClient::request_id()});
    CHECK(eventually([&] { return waiting() == 1; }));
  }
  clinic.server.start();
  const Workstation again(clinic);
  CHECK(eventually([&] { return waiting() == 0; }, 20s));
  clinic.reader.as("derm-b");
  CHECK(clinic.reads_of(clinic.case_name).reads_size() == 1);
}

// An exchange is some hundred bytes each way: before the request, within it, after it and before the answer,
// within the answer.
TEST_CASE("a link that breaks at any step of a submit neither loses the read nor doubles it") {
  Clinic clinic;
  BreakableLink link(clinic.server.port());
  Workstation workstation(clinic, link.address());
  model::Ticket ticket = 10;
  int broken = 0;
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    for (const int64_t bytes : {0, 1, 9, 30, 60, 100, 160, 250, 400}) {
      CAPTURE(static_cast<int>(direction));
      CAPTURE(bytes);
      const std::string name = clinic.another_case();
      link.cut_after(direction, bytes);
      workstation.backend->submit(model::effect::SubmitRead{++ticket, name, clinic.content(),
                                                            model::ReadTelemetry(), ApiClient::request_id()});
      std::optional<model::reply::ReadReply> read;
      // Cut in the middle of it, or answered before so many bytes had passed.
      REQUIRE(eventually(
          [&] {
            read = workstation.look_for<model::reply::ReadReply>(ticket);
            return link.is_cut() || read;
          },
          20s));
      broken += link.is_cut();
      link.restore();
      if (!read) read = workstation.answer<model::reply::ReadReply>(ticket);
      REQUIRE(read);
      CHECK_FALSE(read->error);
      const v1::ListReadsResponse reads = clinic.reads_of(name);
      REQUIRE(reads.reads_size() == 1);
      CHECK(reads.reads(0).revisions_size() == 1);
      CHECK_FALSE(reads.reads(0).late());
    }
  }
  CHECK(broken > 12);
}

TEST_CASE("a read that the server refuses stays until its author settles it, across the end of the program") {
  Clinic clinic;
  // Read on another computer meanwhile.
  v1::SubmitReadRequest elsewhere;
  elsewhere.set_case_(clinic.case_name);
  elsewhere.mutable_content()->set_gradable(true);
  auto* first = elsewhere.mutable_content()->add_differential();
  first->set_term("terms/atopic_dermatitis");
  first->set_rank(1);
  first->set_confidence(3);
  elsewhere.set_request_id(ApiClient::request_id());
  REQUIRE(reason(clinic.reader.call<v1::Read>("ReadService/SubmitRead", elsewhere)) == "");

  {
    Workstation workstation(clinic);
    CHECK(workstation.has_unsettled(0));
    workstation.backend->submit(model::effect::SubmitRead{2, clinic.case_name, clinic.content(),
                                                          model::ReadTelemetry(), ApiClient::request_id()});
    CHECK(workstation.has_unsettled(1));
  }
  Workstation again(clinic);
  REQUIRE(again.has_unsettled(1));
  const model::Unsettled refused = again.unsettled->front();
  CHECK(refused.case_name == clinic.case_name);
  CHECK(refused.error.reason == "ALREADY_READ");
  REQUIRE(refused.work.content.differential.size() == 1);
  CHECK(refused.work.content.differential[0].term == "terms/psoriasis");
  again.backend->submit(model::effect::Settle{refused.id});
  CHECK(again.has_unsettled(0));
}

}  // namespace
