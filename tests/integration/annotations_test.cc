// What readers draw, through the real server and the workstation's own way of speaking to it.

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <numbers>

#include "client/net/convert.h"
#include "client/net/grpc_backend.h"
#include "hada/v1/case.pb.h"
#include "hada/v1/read.pb.h"
#include "tests/integration/uploader.h"
#include "tests/support/server_process.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/world.h"

namespace {

using namespace hada;
using namespace hada::support;
using namespace std::chrono_literals;

constexpr int kSide = 1200;  // of the photograph

// A case with one photograph, and the people who read it.
struct Clinic {
  Clinic() {
    make_people(server);
    ApiClient coordinator(server.address());
    coordinator.as("coordinator-a");
    const TempDir dir;
    REQUIRE(write_png(dir / "p.png", {kSide, kSide, std::vector<uint8_t>(kSide * kSide * 3, 120)}));
    case_name = bring_in(coordinator, "case", read_file(dir / "p.png")).case_();
    derm_b.as("derm-b");
    derm_c.as("derm-c");
    v1::GetCaseRequest get;
    get.set_name(case_name);
    image = derm_b.call<v1::Case>("CaseService/GetCase", get)->images(0).name();
  }
  void claim(ApiClient& who) {
    v1::ClaimCaseRequest request;
    request.set_case_(case_name);
    request.set_request_id(ApiClient::request_id());
    REQUIRE(reason(who.call<v1::ReadLease>("ReadService/ClaimCase", request)) == "");
  }
  Result<v1::SaveDraftResponse> save(ApiClient& who, const v1::ReadContent& content) {
    v1::SaveDraftRequest request;
    request.set_case_(case_name);
    *request.mutable_content() = content;
    request.set_request_id(ApiClient::request_id());
    return who.call<v1::SaveDraftResponse>("ReadService/SaveDraft", request);
  }
  v1::ReadContent draft(ApiClient& who) {
    v1::GetDraftRequest request;
    request.set_case_(case_name);
    const auto draft = who.call<v1::GetDraftResponse>("ReadService/GetDraft", request);
    REQUIRE(reason(draft) == "");
    return draft->content();
  }
  Result<v1::Read> submit(ApiClient& who, const v1::ReadContent& content) {
    v1::SubmitReadRequest request;
    request.set_case_(case_name);
    *request.mutable_content() = content;
    request.set_request_id(ApiClient::request_id());
    return who.call<v1::Read>("ReadService/SubmitRead", request);
  }

  ServerProcess server;
  ApiClient derm_b{server.address()}, derm_c{server.address()};
  std::string case_name, image;
};

// The workstation's backend.
struct Workstation {
  Workstation(const Clinic& clinic, const std::string& user) {
    auto created = net::GrpcBackend::create(
        {clinic.server.address(), {}, "test", (dir / "outbox.db").string()}, mailbox);
    REQUIRE(created);
    backend = std::move(*created);
    ask<model::reply::LoggedIn>(model::effect::Login{++ticket, user, kPassword});
  }
  // The effect carries `ticket`.
  template <typename Reply>
  Reply ask(model::Effect effect) {
    backend->submit(std::move(effect));
    std::optional<Reply> found;
    eventually(
        [&] {
          for (model::Reply& reply : mailbox.take())
            if (auto* one = std::get_if<Reply>(&reply); one && one->ticket == ticket) found = std::move(*one);
          return found.has_value();
        },
        30s);
    REQUIRE(found);
    if (found->error) FAIL(found->error->reason << ": " << found->error->message);
    return std::move(*found);
  }
  std::vector<model::Read> reads(const std::string& case_name) {
    return ask<model::reply::Reads>(model::effect::ListReads{++ticket, case_name}).reads;
  }

  TempDir dir;
  model::Ticket ticket = 0;
  net::Mailbox mailbox{[] {}};
  std::unique_ptr<net::GrpcBackend> backend;
};

model::SharedAnnotation drawn(const std::string& id, const std::string& image, contract::Shape shape,
                              const std::string& note = {}) {
  return std::make_shared<const model::Annotation>(
      model::Annotation{id, image, contract::to_grid(std::move(shape)), "terms/psoriasis", note});
}

model::ReadContent psoriasis() {
  model::ReadContent content;
  content.differential.push_back({"terms/psoriasis", 1, 4});
  return content;
}

// Every point and every note that a read may have, as long in bytes as they get.
model::ReadContent largest(const std::string& image) {
  std::string note;
  for (int i = 0; i < 500; ++i) note += "\xF0\xA0\xAE\xB7";
  model::ReadContent content = psoriasis();
  for (size_t a = 0; a < contract::kMaxAnnotations; ++a) {
    // A star across the image: long steps, three bytes each.
    contract::Path path;
    constexpr size_t kPoints = contract::kMaxAnnotationPoints / contract::kMaxAnnotations;
    for (size_t i = 0; i < kPoints; ++i) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(i) / kPoints;
      const double radius = (i % 2 ? 590 : 200) - static_cast<double>(a) / 64;
      path.push_back({600 + radius * std::cos(angle), 600 + radius * std::sin(angle)});
    }
    content.annotations.list.push_back(
        drawn("annotation-" + std::to_string(a), image, {AnnotationKind::Freehand, {path}}, note));
  }
  return content;
}

// One server for all: hashing its people's passwords takes longer than what they draw.
TEST_CASE("a draft's annotations come back, are submitted, and stay when the read is amended") {
  Clinic clinic;
  clinic.claim(clinic.derm_b);
  model::ReadContent content = psoriasis();
  content.annotations.list = {
      drawn("a", clinic.image, {AnnotationKind::Polygon, {{{1, 2}, {600.5, 3}, {9.25, 900}}}}, "境界"),
      drawn("b", clinic.image, {AnnotationKind::Angle, {{{1200, 1200}, {0, 0}, {1200, 0}}}})};
  REQUIRE(reason(clinic.save(clinic.derm_b, net::to_proto(content))) == "");
  CHECK(net::to_model(clinic.draft(clinic.derm_b)) == content);
  const auto read = clinic.submit(clinic.derm_b, net::to_proto(content));
  REQUIRE(reason(read) == "");

  model::ReadContent more = content;
  more.annotations.list.push_back(drawn("c", clinic.image, {AnnotationKind::Point, {{{5, 5}}}}));
  v1::AmendReadRequest amend;
  amend.set_name(read->name());
  *amend.mutable_content() = net::to_proto(more);
  amend.set_reason("a satellite");
  amend.set_etag(read->etag());
  amend.set_request_id(ApiClient::request_id());
  REQUIRE(reason(clinic.derm_b.call<v1::Read>("ReadService/AmendRead", amend)) == "");

  // What was acknowledged outlives the server.
  clinic.server.kill9();
  clinic.server.start();
  const std::vector<model::Read> reads = Workstation(clinic, "derm-b").reads(clinic.case_name);
  REQUIRE(reads.size() == 1);
  REQUIRE(reads[0].revisions.size() == 2);
  CHECK(reads[0].revisions[0].content == content);
  CHECK(reads[0].revisions[1].content == more);

  // Another reader is still blind, and no log line holds what was typed.
  Workstation blind(clinic, "derm-c");
  CHECK(blind.reads(clinic.case_name).empty());
  CHECK(clinic.server.log().find("境界") == std::string::npos);
}

TEST_CASE("what may not be drawn is refused, by the field's name") {
  Clinic clinic;
  clinic.claim(clinic.derm_b);
  model::ReadContent content = psoriasis();
  content.annotations.list = {drawn("a", clinic.image, {AnnotationKind::Rectangle, {{{1, 2}, {3, 4}}}})};
  const v1::ReadContent good = net::to_proto(content);
  const auto refused = [&](const std::function<void(v1::Annotation&)>& change) {
    v1::ReadContent bad = good;
    change(*bad.mutable_annotations(0));
    const auto answer = clinic.save(clinic.derm_b, bad);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().reason == "BAD_FIELD");
    return answer.error().metadata.at("field");
  };
  CHECK(refused([](auto& a) { a.set_id("a b"); }) == "content.annotations.id");
  CHECK(refused([](auto& a) { a.set_image("images/none"); }) == "content.annotations.image");
  CHECK(refused([](auto& a) { a.set_kind(v1::ANNOTATION_KIND_UNSPECIFIED); }) == "content.annotations.kind");
  CHECK(refused([](auto& a) { a.mutable_paths(0)->add_steps(1); }) == "content.annotations.paths.steps");
  CHECK(refused([](auto& a) { a.mutable_paths(0)->set_steps(2, kSide * 64); }) ==
        "content.annotations.paths");
  CHECK(refused([](auto& a) { a.set_term("terms/no_such_term"); }) == "content.annotations.term");
  CHECK(refused([](auto& a) { a.set_note(std::string(501, 'n')); }) == "content.annotations.note");
  CHECK(reason(clinic.save(clinic.derm_b, good)) == "");
}

TEST_CASE("the largest reads go through: draft, submit, settling, and all reads listed") {
  Clinic clinic;
  const model::ReadContent content = largest(clinic.image);
  const auto timed = [](const std::string& what, const auto& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    MESSAGE(what << ": " << took.count() << " ms");
  };
  MESSAGE("the content has " << net::to_proto(content).ByteSizeLong() << " bytes");
  Workstation b(clinic, "derm-b"), c(clinic, "derm-c");
  for (Workstation* who : {&b, &c}) {
    clinic.claim(who == &b ? clinic.derm_b : clinic.derm_c);
    timed("draft saved", [&] {
      who->ask<model::reply::DraftSaved>(
          model::effect::SaveDraft{++who->ticket, clinic.case_name, content, ApiClient::request_id()});
    });
    timed("draft fetched", [&] {
      CHECK(who->ask<model::reply::Draft>(model::effect::GetDraft{++who->ticket, clinic.case_name}).content ==
            content);
    });
    timed("submitted", [&] {
      who->ask<model::reply::ReadReply>(
          model::effect::SubmitRead{++who->ticket, clinic.case_name, content, {}, ApiClient::request_id()});
    });
  }
  timed("two reads listed", [&] {
    const std::vector<model::Read> reads = c.reads(clinic.case_name);
    REQUIRE(reads.size() == 2);
    CHECK(reads[0].revisions.back().content == content);
    CHECK(reads[1].revisions.back().content == content);
  });
}

}  // namespace
