#include "tests/unit/server/handlers/review_world.h"

using namespace hada;
using namespace hada::review_test;

namespace {

const Person ann = derm("ann"), bob = derm("bob", "c"), cem = derm("cem", "c");

std::string agreed_case(World& world) {
  const std::string name = world.add_case();
  world.reads(ann, name, says("psoriasis"));
  world.reads(bob, name, says("psoriasis"));
  return name;
}
std::string disputed_case(World& world) {
  world.without_third_read();
  const std::string name = world.add_case();
  world.reads(ann, name, says("psoriasis"));
  world.reads(bob, name, says("eczema"));
  return name;
}

v1::RejectCaseRequest rejection(World& world, const std::string& name) {
  auto request = world.about<v1::RejectCaseRequest>(name);
  request.set_code(v1::REJECT_CODE_NOT_SKIN);
  return request;
}

v1::AdjudicateCaseRequest adjudication(World& world, const std::string& name, const std::string& term) {
  auto request = world.about<v1::AdjudicateCaseRequest>(name);
  request.set_term("terms/" + term);
  request.set_rationale("scale and site");
  return request;
}

}  // namespace

TEST_CASE("QA approves a decided case") {
  World world;
  const std::string name = agreed_case(world);
  const auto approved = world.call(approve_case, qa(), world.about<v1::ApproveCaseRequest>(name));
  REQUIRE(approved);
  CHECK(approved->state() == v1::CASE_STATE_APPROVED);
  CHECK(approved->decided_term() == "terms/psoriasis");
  CHECK(approved->images_size() == 1);

  SUBCASE("the decision names what it rests on") {
    const auto decisions = world.list_of_decisions(qa(), name);
    REQUIRE(decisions->decisions_size() == 1);
    const v1::Decision& decision = decisions->decisions(0);
    CHECK(decision.kind() == v1::DECISION_KIND_APPROVE);
    CHECK(decision.decider() == "users/quinn");
    CHECK(decision.term() == "terms/psoriasis");
    CHECK(decision.policy_version() == "1");
    CHECK(decision.vocabulary_version() == "test-1");
    REQUIRE(decision.basis_size() == 2);
    CHECK(decision.basis(0).starts_with(name + "/reads/"));
    CHECK(decision.basis(0).ends_with("@1"));
    CHECK(world.number("SELECT COUNT(*) FROM policies WHERE version = '1'") == 1);
    CHECK(world.number("SELECT COUNT(*) FROM events WHERE verb = 'approve_case' AND actor = 'quinn'") == 1);
  }
  SUBCASE("once") {
    CHECK(reason(world.call(approve_case, qa(), world.about<v1::ApproveCaseRequest>(name))) == "WRONG_STATE");
  }
  SUBCASE("and takes it back: the case is in the state it was decided in") {
    const auto reopened = world.call(reopen_case, qa(), world.about<v1::ReopenCaseRequest>(name));
    REQUIRE(reopened);
    CHECK(reopened->state() == v1::CASE_STATE_AGREED);
    CHECK(world.list_of_decisions(qa(), name)->decisions_size() == 2);
    CHECK(world.call(approve_case, qa(), world.about<v1::ApproveCaseRequest>(name)));
  }
  SUBCASE("new pixels void it, in a decision of the system's") {
    world.finish(name.substr(6), world.add_image(name), ImageState::Corrupt);
    CHECK(world.state(name) == v1::CASE_STATE_APPROVED);
    world.finish(name.substr(6), world.add_image(name), ImageState::Ready);
    CHECK(world.state(name) == v1::CASE_STATE_AGREED);
    const auto decisions = world.list_of_decisions(qa(), name);
    REQUIRE(decisions->decisions_size() == 2);
    CHECK(decisions->decisions(1).kind() == v1::DECISION_KIND_REOPEN);
    CHECK(decisions->decisions(1).decider() == "users/system");
    CHECK(world.number("SELECT COUNT(*) FROM events WHERE verb = 'void_approval'") == 1);
  }
}

TEST_CASE("QA settles a disagreement") {
  World world;
  const std::string name = disputed_case(world);

  SUBCASE("by a term and a reason") {
    const auto decided = world.call(adjudicate_case, qa(), adjudication(world, name, "eczema"));
    REQUIRE(decided);
    CHECK(decided->state() == v1::CASE_STATE_PANEL_DECIDED);
    CHECK(decided->decided_term() == "terms/eczema");
    CHECK(world.call(approve_case, qa(), world.about<v1::ApproveCaseRequest>(name))->state() ==
          v1::CASE_STATE_APPROVED);
  }
  SUBCASE("not without either") {
    auto request = adjudication(world, name, "eczema");
    request.clear_rationale();
    CHECK(reason(world.call(adjudicate_case, qa(), request)) == "BAD_FIELD");
    request = adjudication(world, name, "scurvy");
    CHECK(reason(world.call(adjudicate_case, qa(), request)) == "BAD_FIELD");
    CHECK(world.state(name) == v1::CASE_STATE_TO_PANEL);
  }
  SUBCASE("or by declaring that there is no consensus") {
    const auto decided =
        world.call(declare_no_consensus, qa(), world.about<v1::DeclareNoConsensusRequest>(name));
    CHECK(decided->state() == v1::CASE_STATE_NO_CONSENSUS);
    CHECK(decided->decided_term().empty());
    CHECK(world.call(approve_case, qa(), world.about<v1::ApproveCaseRequest>(name)));
  }
  SUBCASE("or by a third vote: two of three are a majority") {
    const auto asked = world.call(request_read, qa(), world.about<v1::RequestReadRequest>(name));
    REQUIRE(asked);
    CHECK(asked->state() == v1::CASE_STATE_NEEDS_READ);
    CHECK(asked->votes_wanted() == 3);
    CHECK(reason(world.claim(ann, name)) == "ALREADY_READ");
    world.reads(cem, name, says("psoriasis"));
    CHECK(world.state(name) == v1::CASE_STATE_MAJORITY);
    CHECK(world.get(qa(), name)->decided_term() == "terms/psoriasis");
    REQUIRE(world.call(approve_case, qa(), world.about<v1::ApproveCaseRequest>(name)));
    CHECK(world.list_of_decisions(qa(), name)->decisions(1).basis_size() == 3);
  }
  SUBCASE("a third opinion sends it back to the panel; a majority by class goes to the common ancestor") {
    REQUIRE(world.call(request_read, qa(), world.about<v1::RequestReadRequest>(name)));
    world.reads(cem, name, says("naevus"));
    CHECK(world.state(name) == v1::CASE_STATE_TO_PANEL);
    const std::string classes = world.add_case();
    world.reads(ann, classes, says("atopic"));
    world.reads(bob, classes, says("psoriasis"));
    REQUIRE(world.call(request_read, qa(), world.about<v1::RequestReadRequest>(classes)));
    world.reads(cem, classes, says("contact"));
    CHECK(world.get(qa(), classes)->decided_term() == "terms/eczema");
  }
  SUBCASE("votes are asked for up to the policy's limit") {
    for (const char* reader : {"r1", "r2", "r3"}) {
      REQUIRE(world.call(request_read, qa(), world.about<v1::RequestReadRequest>(name)));
      world.reads(derm(reader), name, says_ungradable());
      if (world.state(name) != v1::CASE_STATE_TO_PANEL) break;
    }
    // psoriasis, eczema and three that cannot grade it: the fifth settles it.
    CHECK(world.state(name) == v1::CASE_STATE_UNGRADABLE);

    const std::string long_dispute = disputed_case(world);
    for (const char* term : {"naevus", "contact", "tumour"}) {
      REQUIRE(world.call(request_read, qa(), world.about<v1::RequestReadRequest>(long_dispute)));
      world.reads(derm(std::string("x-") + term), long_dispute, says(term));
    }
    CHECK(world.state(long_dispute) == v1::CASE_STATE_TO_PANEL);
    CHECK(reason(world.call(request_read, qa(), world.about<v1::RequestReadRequest>(long_dispute))) ==
          "READ_LIMIT");
  }
  SUBCASE("it is not approved or rejected before it is decided") {
    CHECK(reason(world.call(approve_case, qa(), world.about<v1::ApproveCaseRequest>(name))) == "WRONG_STATE");
    CHECK(reason(world.call(reject_case, qa(), rejection(world, name))) == "WRONG_STATE");
  }
}

TEST_CASE("QA rejects with a code") {
  World world;
  const std::string name = agreed_case(world);
  auto request = rejection(world, name);
  request.set_code(v1::REJECT_CODE_UNSPECIFIED);
  CHECK(reason(world.call(reject_case, qa(), request)) == "BAD_FIELD");
  request.set_code(static_cast<v1::RejectCode>(42));
  CHECK(reason(world.call(reject_case, qa(), request)) == "BAD_FIELD");
  request.set_code(v1::REJECT_CODE_NOT_SKIN);
  const auto rejected = world.call(reject_case, qa(), request);
  REQUIRE(rejected);
  CHECK(rejected->state() == v1::CASE_STATE_REJECTED);
  CHECK(rejected->decision_code() == "NOT_SKIN");
  const auto reopened = world.call(reopen_case, qa(), world.about<v1::ReopenCaseRequest>(name));
  CHECK(reopened->state() == v1::CASE_STATE_AGREED);
  CHECK(reopened->decision_code().empty());
}

TEST_CASE("whoever decides is a QA reviewer, not of the case's site, and has not read it") {
  World world;
  const std::string name = agreed_case(world);
  const auto request = [&] { return world.about<v1::ApproveCaseRequest>(name); };
  CHECK(reason(world.call(approve_case, ann, request())) == "ROLE_REQUIRED");
  CHECK(reason(world.call(approve_case, coordinator(), request())) == "ROLE_REQUIRED");
  CHECK(reason(world.call(approve_case, Person{"q", "d", {{Role::QaReviewer, "b"}}}, request())) ==
        "NO_SUCH_RESOURCE");
  CHECK(reason(world.call(approve_case, qa("quin", "a"), request())) == "OWN_SITE");
  const Person reader_and_qa{"ann", "b", {{Role::QaReviewer, ""}, {Role::Dermatologist, ""}}};
  CHECK(reason(world.call(approve_case, reader_and_qa, request())) == "OWN_READ");
  CHECK(world.state(name) == v1::CASE_STATE_AGREED);

  SUBCASE("a late read is a read") {
    const std::string other = world.add_case();
    REQUIRE(world.claim(cem, other));
    world.clock.advance_seconds(7200);
    world.reads(ann, other, says("psoriasis"));
    world.reads(bob, other, says("psoriasis"));
    REQUIRE(world.submit(cem, other, says("psoriasis"))->late());
    const Person late{"cem", "c", {{Role::QaReviewer, ""}, {Role::Dermatologist, ""}}};
    CHECK(reason(world.call(approve_case, late, world.about<v1::ApproveCaseRequest>(other))) == "OWN_READ");
  }
}

TEST_CASE("a decision is about the case the decider saw, and made once") {
  World world;
  const std::string name = agreed_case(world);
  auto request = world.about<v1::ApproveCaseRequest>(name);

  SUBCASE("no etag, or a stale one, is refused") {
    const std::string etag = request.etag();
    request.clear_etag();
    CHECK(reason(world.call(approve_case, qa(), request)) == "ETAG_MISSING");
    REQUIRE(world.call(reject_case, qa("other"), rejection(world, name)));
    request.set_etag(etag);
    const auto refused = world.call(approve_case, qa(), request);
    CHECK(reason(refused) == "ETAG_MISMATCH");
    CHECK(refused.error().code == ErrorCode::Aborted);
  }
  SUBCASE("sent twice, it happens once") {
    const auto first = world.call(approve_case, qa(), request);
    CHECK(world.call(approve_case, qa(), request)->SerializeAsString() == first->SerializeAsString());
    CHECK(world.number("SELECT COUNT(*) FROM decisions") == 1);
    request.set_request_id("");
    CHECK(reason(world.call(approve_case, qa(), request)) == "BAD_FIELD");
  }
  SUBCASE("while an image is being checked nothing is approved") {
    const std::string image = world.add_image(name);
    CHECK(reason(world.call(approve_case, qa(), world.about<v1::ApproveCaseRequest>(name))) ==
          "IMAGES_PENDING");
    world.finish(name.substr(6), image, ImageState::Corrupt);
    CHECK(world.call(approve_case, qa(), world.about<v1::ApproveCaseRequest>(name)));
  }
  SUBCASE("a failed decision leaves nothing behind") {
    const int64_t events = world.number("SELECT COUNT(*) FROM events");
    auto bad = world.about<v1::RejectCaseRequest>(name);
    CHECK_FALSE(world.call(reject_case, qa(), bad));
    CHECK(world.number("SELECT COUNT(*) FROM events") == events);
    CHECK(world.number("SELECT COUNT(*) FROM decisions") == 0);
  }
}

TEST_CASE("decisions are listed oldest first, by pages") {
  World world;
  const std::string name = agreed_case(world);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(world.call(approve_case, qa(), world.about<v1::ApproveCaseRequest>(name)));
    REQUIRE(world.call(reopen_case, qa(), world.about<v1::ReopenCaseRequest>(name)));
  }
  v1::ListDecisionsRequest request;
  request.set_parent(name);
  request.set_page_size(4);
  const auto first = world.call(list_decisions, qa(), request);
  REQUIRE(first->decisions_size() == 4);
  CHECK(first->decisions(0).kind() == v1::DECISION_KIND_APPROVE);
  CHECK(first->decisions(1).kind() == v1::DECISION_KIND_REOPEN);
  request.set_page_token(first->next_page_token());
  const auto rest = world.call(list_decisions, qa(), request);
  CHECK(rest->decisions_size() == 2);
  CHECK(rest->next_page_token().empty());
  CHECK(world.list_of_decisions(coordinator(), name)->decisions_size() == 6);
}
