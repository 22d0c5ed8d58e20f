// The workstation's side of a read on its way to the server: on disk first, sent once, across outages and the
// end of the program.

#include "client/net/outbox.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>

#include "client/net/grpc_backend.h"
#include "hada/v1/read.pb.h"
#include "tests/integration/uploader.h"
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
    ApiClient coordinator(server.address());
    coordinator.as("coordinator-a");
    Raster raster{64, 48, std::vector<uint8_t>(64 * 48 * 3, 120)};
    REQUIRE(write_png(dir / "p.png", raster));
    case_name = bring_in(coordinator, "case", read_file(dir / "p.png")).case_();
    reader.as("derm-b");
    v1::ClaimCaseRequest claim;
    claim.set_case_(case_name);
    claim.set_request_id(ApiClient::request_id());
    REQUIRE(reason(reader.call<v1::ReadLease>("ReadService/ClaimCase", claim)) == "");
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
  ApiClient reader{server.address()};
  std::string case_name;
};

// The workstation's backend, logged in as derm-b.
struct Workstation {
  explicit Workstation(const Clinic& clinic) {
    auto created = net::GrpcBackend::create({clinic.server.address(), {}, "test", clinic.outbox()}, mailbox);
    REQUIRE(created);
    backend = std::move(*created);
    backend->submit(model::effect::Login{1, "derm-b", kPassword});
    REQUIRE(answer<model::reply::LoggedIn>(1));
  }
  // The reply to this ticket; nothing after 20 s.
  template <typename Reply>
  std::optional<Reply> answer(model::Ticket ticket) {
    std::optional<Reply> found;
    eventually(
        [&] {
          for (model::Reply& reply : mailbox.take())
            if (auto* one = std::get_if<Reply>(&reply); one && one->ticket == ticket) found = std::move(*one);
          return found.has_value();
        },
        20s);
    return found;
  }
  net::Mailbox mailbox{[] {}};
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
  ApiClient reader(clinic.server.address());
  reader.as("derm-b");
  v1::ListReadsRequest list;
  list.set_parent(clinic.case_name);
  const auto reads = reader.call<v1::ListReadsResponse>("ReadService/ListReads", list);
  REQUIRE(reason(reads) == "");
  CHECK(reads->reads_size() == 1);
}

}  // namespace
