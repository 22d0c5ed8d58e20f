// A case goes back to its readers or its site, and comes again.

#include "tests/unit/server/handlers/review_world.h"

using namespace hada;
using namespace hada::review_test;

namespace {

const Person ann = derm("ann"), bob = derm("bob", "c"), cem = derm("cem", "c"), dot = derm("dot", "d");

struct Agreed {
  World world;
  std::string name = world.add_case();
  v1::Read by_ann = world.reads(ann, name, says("psoriasis"));
  v1::Read by_bob = world.reads(bob, name, says("psoriasis"));

  v1::ReturnCaseRequest request(v1::ReturnTo to, v1::RejectCode code) {
    auto request = world.about<v1::ReturnCaseRequest>(name);
    request.set_to(to);
    request.set_code(code);
    request.set_rationale("please look at the second image");
    return request;
  }
  Result<v1::Case> returned(v1::ReturnTo to, v1::RejectCode code, const std::string& reader = "") {
    auto ask = request(to, code);
    if (!reader.empty()) ask.add_readers("users/" + reader);
    return world.call(return_case, qa(), ask);
  }
  v1::Read own(const Person& who) {
    const auto reads = world.list_of_reads(who, name);
    REQUIRE(reads);
    for (const v1::Read& read : reads->reads())
      if (read.reader() == "users/" + who.id) return read;
    FAIL("no read of " << who.id);
    return {};
  }
  void new_image() { world.finish(name.substr(6), world.add_image(name), ImageState::Ready); }
};

}  // namespace

TEST_CASE("a case returned to a reader is theirs to look at again, blind, and goes on after that") {
  Agreed at;
  World& world = at.world;
  world.without_third_read();
  const auto returned = at.returned(v1::RETURN_TO_READER, v1::REJECT_CODE_READ_INCOMPLETE, "ann");
  REQUIRE(returned);
  CHECK(returned->state() == v1::CASE_STATE_RETURNED);
  CHECK(returned->returned().to() == v1::RETURN_TO_READER);

  SUBCASE("the reader sees that, why, and nothing that unblinds") {
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_RETURNED) == std::vector{at.name});
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_MY_READS, {v1::CASE_STATE_RETURNED}) == std::vector{at.name});
    const auto seen = world.get(ann, at.name);
    CHECK(seen->state() == v1::CASE_STATE_RETURNED);
    CHECK(seen->returned().code() == "READ_INCOMPLETE");
    CHECK(seen->returned().comment() == "please look at the second image");
    CHECK_FALSE(seen->has_site_opinion());
    CHECK(seen->decided_term().empty());
    CHECK(seen->etag().empty());
    CHECK(world.list_of_reads(ann, at.name)->reads_size() == 1);
    CHECK(at.own(ann).returned());
    CHECK(world.list_of_decisions(ann, at.name)->decisions_size() == 0);
  }
  SUBCASE("the other reader, who was not asked, sees nothing of it") {
    CHECK(world.listed(bob, v1::WORKLIST_VIEW_RETURNED).empty());
    const auto seen = world.get(bob, at.name);
    CHECK(seen->state() == v1::CASE_STATE_READING);
    CHECK_FALSE(seen->has_returned());
    CHECK_FALSE(seen->has_site_opinion());
  }
  SUBCASE("an amendment votes, and settles the case again") {
    const auto amended = world.amend(ann, at.own(ann), says("eczema"));
    REQUIRE(amended);
    CHECK_FALSE(amended->revisions(1).after_reveal());
    CHECK_FALSE(amended->returned());
    CHECK(world.state(at.name) == v1::CASE_STATE_TO_PANEL);
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_RETURNED).empty());
    CHECK(world.number("SELECT COUNT(*) FROM events WHERE verb = 'resume_reading'") == 1);
    CHECK(world.number("SELECT decision_code + returned_to FROM cases") == 0);
  }
  SUBCASE("a reader may stand by the read") {
    REQUIRE(world.amend(ann, at.own(ann), says("psoriasis")));
    CHECK(world.state(at.name) == v1::CASE_STATE_AGREED);
  }
  SUBCASE("QA takes the return back: nobody is asked any more") {
    REQUIRE(world.call(reopen_case, qa(), world.about<v1::ReopenCaseRequest>(at.name)));
    CHECK(world.state(at.name) == v1::CASE_STATE_AGREED);
    CHECK_FALSE(at.own(ann).returned());
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_RETURNED).empty());
    CHECK(world.call(approve_case, qa(), world.about<v1::ApproveCaseRequest>(at.name)));
  }
  SUBCASE("the decision tells whom") {
    const auto decisions = world.list_of_decisions(qa(), at.name);
    REQUIRE(decisions->decisions_size() == 1);
    CHECK(decisions->decisions(0).kind() == v1::DECISION_KIND_RETURN);
    CHECK(decisions->decisions(0).returned_to() == v1::RETURN_TO_READER);
    REQUIRE(decisions->decisions(0).returned_readers_size() == 1);
    CHECK(decisions->decisions(0).returned_readers(0) == "users/ann");
    CHECK(world.number("SELECT COUNT(*) FROM events WHERE verb = 'return_to_reader'") == 1);
  }
}

TEST_CASE("a case returned to all its readers waits for the last of them") {
  Agreed at;
  World& world = at.world;
  REQUIRE(at.returned(v1::RETURN_TO_READER, v1::REJECT_CODE_READ_INCONSISTENT));
  REQUIRE(world.amend(ann, at.own(ann), says("eczema")));
  CHECK(world.state(at.name) == v1::CASE_STATE_RETURNED);
  CHECK_FALSE(at.own(ann).returned());
  CHECK(world.get(ann, at.name)->state() == v1::CASE_STATE_READING);
  REQUIRE(world.amend(bob, at.own(bob), says("eczema")));
  CHECK(world.state(at.name) == v1::CASE_STATE_AGREED);
  CHECK(world.get(qa(), at.name)->decided_term() == "terms/eczema");
}

TEST_CASE("a return that is taken back after a reader amended leaves what the votes amount to now") {
  Agreed at;
  World& world = at.world;
  world.without_third_read();
  const auto take_back = [&] {
    return world.call(reopen_case, qa(), world.about<v1::ReopenCaseRequest>(at.name));
  };
  SUBCASE("one who was asked") {
    REQUIRE(at.returned(v1::RETURN_TO_READER, v1::REJECT_CODE_READ_INCONSISTENT));
    REQUIRE(world.amend(ann, at.own(ann), says("eczema")));
    CHECK(world.state(at.name) == v1::CASE_STATE_RETURNED);
  }
  SUBCASE("one who was not, while the site was") {
    REQUIRE(at.returned(v1::RETURN_TO_SITE, v1::REJECT_CODE_IMAGE_MISSING));
    REQUIRE(world.amend(ann, at.own(ann), says("eczema")));
  }
  const auto reopened = take_back();
  REQUIRE(reopened);
  CHECK(reopened->state() == v1::CASE_STATE_TO_PANEL);
  CHECK(reopened->decided_term().empty());
  CHECK(world.state(at.name) == v1::CASE_STATE_TO_PANEL);
}

TEST_CASE("a reader who had seen the others is asked too, but does not vote anew") {
  Agreed at;
  World& world = at.world;
  REQUIRE(world.get(ann, at.name)->has_site_opinion());
  REQUIRE(at.returned(v1::RETURN_TO_READER, v1::REJECT_CODE_READ_INCOMPLETE, "ann"));
  CHECK(world.get(ann, at.name)->returned().code() == "READ_INCOMPLETE");
  const auto amended = world.amend(ann, at.own(ann), says("eczema"));
  REQUIRE(amended);
  CHECK(amended->revisions(1).after_reveal());
  CHECK(world.state(at.name) == v1::CASE_STATE_AGREED);
}

TEST_CASE("a panel's decision goes with the return of what it rested on") {
  World world;
  world.without_third_read();
  const std::string name = world.add_case();
  const v1::Read by_ann = world.reads(ann, name, says("psoriasis"));
  const v1::Read by_bob = world.reads(bob, name, says("eczema"));
  auto decide = world.about<v1::AdjudicateCaseRequest>(name);
  decide.set_term("terms/eczema");
  decide.set_rationale("so");
  REQUIRE(world.call(adjudicate_case, qa(), decide));
  CHECK(reason(world.amend(ann, by_ann, says("eczema"))) == "DECISION_RESTS_ON_READ");
  auto back = world.about<v1::ReturnCaseRequest>(name);
  back.set_to(v1::RETURN_TO_READER);
  back.set_code(v1::REJECT_CODE_READ_INCONSISTENT);
  REQUIRE(world.call(return_case, qa(), back));

  SUBCASE("amended, the votes settle it") {
    REQUIRE(world.amend(ann, by_ann, says("eczema")));
    CHECK(world.state(name) == v1::CASE_STATE_RETURNED);
    REQUIRE(world.amend(bob, world.list_of_reads(bob, name)->reads(0), says("eczema")));
    CHECK(world.state(name) == v1::CASE_STATE_AGREED);
  }
  SUBCASE("taken back, it stands again") {
    REQUIRE(world.call(reopen_case, qa(), world.about<v1::ReopenCaseRequest>(name)));
    CHECK(world.state(name) == v1::CASE_STATE_PANEL_DECIDED);
    CHECK(reason(world.amend(ann, by_ann, says("eczema"))) == "DECISION_RESTS_ON_READ");
  }
  SUBCASE("taken back once a reader has amended, it does not: the case is decided anew") {
    REQUIRE(world.amend(ann, by_ann, says("naevus")));
    const auto reopened = world.call(reopen_case, qa(), world.about<v1::ReopenCaseRequest>(name));
    REQUIRE(reopened);
    CHECK(reopened->state() == v1::CASE_STATE_TO_PANEL);
    CHECK(reopened->decided_term().empty());
    const auto decisions = world.list_of_decisions(qa(), name);
    REQUIRE(decisions->decisions_size() == 4);
    CHECK(decisions->decisions(2).decider() == "users/quinn");
    CHECK(decisions->decisions(3).kind() == v1::DECISION_KIND_REOPEN);
    CHECK(decisions->decisions(3).decider() == "users/system");
    CHECK(world.number("SELECT COUNT(*) FROM events WHERE verb = 'void_decision'") == 1);
    // No decision rests on the reads any longer.
    REQUIRE(world.amend(bob, by_bob, says("naevus")));
    CHECK(world.state(name) == v1::CASE_STATE_AGREED);
  }
}

TEST_CASE("a case returned to its site waits for data, then is read again") {
  Agreed at;
  World& world = at.world;
  REQUIRE(at.returned(v1::RETURN_TO_SITE, v1::REJECT_CODE_IMAGE_MISSING));

  SUBCASE("its coordinator sees it and why; other sites' and its readers do not") {
    CHECK(world.listed(coordinator(), v1::WORKLIST_VIEW_RETURNED) == std::vector{at.name});
    CHECK(world.listed(coordinator("cleo", "b"), v1::WORKLIST_VIEW_RETURNED).empty());
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_RETURNED).empty());
    const auto seen = world.get(coordinator(), at.name);
    CHECK(seen->returned().to() == v1::RETURN_TO_SITE);
    CHECK(seen->returned().code() == "IMAGE_MISSING");
    CHECK(seen->returned().comment() == "please look at the second image");
    CHECK_FALSE(world.get(ann, at.name)->has_returned());
  }
  SUBCASE("a coordinator is not shown what waits for readers; QA is shown both") {
    Agreed other;
    REQUIRE(other.returned(v1::RETURN_TO_READER, v1::REJECT_CODE_READ_INCOMPLETE));
    CHECK(other.world.listed(coordinator(), v1::WORKLIST_VIEW_RETURNED).empty());
    CHECK(other.world.listed(qa(), v1::WORKLIST_VIEW_RETURNED) == std::vector{other.name});
  }
  SUBCASE("a coordinator who also reads there sees why, and stays blind") {
    const Person both{"cora", "a", {{Role::SiteCoordinator, "a"}, {Role::Dermatologist, "a"}}};
    CHECK(world.listed(both, v1::WORKLIST_VIEW_RETURNED) == std::vector{at.name});
    CHECK(world.listed(both, v1::WORKLIST_VIEW_RETURNED, {v1::CASE_STATE_RETURNED}) == std::vector{at.name});
    const auto seen = world.get(both, at.name);
    CHECK(seen->state() == v1::CASE_STATE_RETURNED);
    CHECK(seen->returned().to() == v1::RETURN_TO_SITE);
    CHECK(seen->returned().code() == "IMAGE_MISSING");
    CHECK(seen->returned().comment() == "please look at the second image");
    CHECK_FALSE(seen->has_site_opinion());
    CHECK(seen->decided_term().empty());
    CHECK(seen->etag().empty());
  }
  SUBCASE("QA who also read are shown what waits for the site, not what waits for other readers") {
    const Person both{"fay", "c", {{Role::QaReviewer, ""}, {Role::Dermatologist, ""}}};
    CHECK(world.listed(both, v1::WORKLIST_VIEW_RETURNED) == std::vector{at.name});
    Agreed other;
    REQUIRE(other.returned(v1::RETURN_TO_READER, v1::REJECT_CODE_READ_INCOMPLETE));
    CHECK(other.world.listed(both, v1::WORKLIST_VIEW_RETURNED).empty());
    CHECK_FALSE(other.world.get(both, other.name)->has_returned());
  }
  SUBCASE("new pixels empty its slots and ask its readers again") {
    at.new_image();
    CHECK(world.state(at.name) == v1::CASE_STATE_OPEN);
    CHECK(world.number("SELECT votes FROM cases") == 0);
    CHECK(world.listed(ann, v1::WORKLIST_VIEW_RETURNED) == std::vector{at.name});
    CHECK(world.get(ann, at.name)->has_returned());
    CHECK(world.get(ann, at.name)->returned().code().empty());
    CHECK(at.own(ann).late());

    REQUIRE(world.amend(ann, at.own(ann), says("eczema")));
    CHECK(world.state(at.name) == v1::CASE_STATE_READING);
    CHECK_FALSE(at.own(ann).late());
    REQUIRE(world.amend(bob, at.own(bob), says("eczema")));
    CHECK(world.state(at.name) == v1::CASE_STATE_AGREED);
    CHECK(world.number("SELECT COUNT(*) FROM read_slots WHERE read_id <> ''") == 2);
  }
  SUBCASE("another reader may take the slot of one who does not answer, whose read then does not vote") {
    at.new_image();
    CHECK(world.listed(cem, v1::WORKLIST_VIEW_TO_READ) == std::vector{at.name});
    world.reads(cem, at.name, says("naevus"));
    REQUIRE(world.amend(ann, at.own(ann), says("naevus")));
    CHECK(world.state(at.name) == v1::CASE_STATE_AGREED);
    CHECK(world.get(qa(), at.name)->decided_term() == "terms/naevus");
    REQUIRE(world.amend(bob, at.own(bob), says("melanoma")));
    CHECK(at.own(bob).late());
    CHECK(world.state(at.name) == v1::CASE_STATE_AGREED);
    CHECK(world.number("SELECT COUNT(*) FROM reads WHERE late = 0") == 2);
  }
  SUBCASE("a new fact does the same") {
    world.write([&](store::Tx& tx) -> Status {
      store::cases::Arrival arrival;
      arrival.new_case_id = core::new_id();
      arrival.site_id = "a";
      arrival.patient_key = "p1";
      arrival.case_key = "c1";
      arrival.case_fields = {{"duration", "two weeks"}};
      RETURN_IF_ERROR(store::cases::create_or_get(tx, arrival, world.by("cora")));
      return {};
    });
    CHECK(world.state(at.name) == v1::CASE_STATE_OPEN);
    CHECK(at.own(bob).returned());
  }
}

TEST_CASE("who did not answer before others took the slots is waited for no longer") {
  Agreed at;
  World& world = at.world;
  REQUIRE(at.returned(v1::RETURN_TO_SITE, v1::REJECT_CODE_IMAGE_MISSING));
  at.new_image();
  world.reads(cem, at.name, says("naevus"));
  world.reads(dot, at.name, says("naevus"));
  REQUIRE(world.state(at.name) == v1::CASE_STATE_AGREED);

  SUBCASE("a return to another reader goes on with that reader's answer") {
    REQUIRE(at.returned(v1::RETURN_TO_READER, v1::REJECT_CODE_READ_INCOMPLETE, "cem"));
    REQUIRE(world.amend(cem, at.own(cem), says("naevus")));
    CHECK(world.state(at.name) == v1::CASE_STATE_AGREED);
  }
  SUBCASE("nor does it go on when they answer, while a reader who votes is asked") {
    REQUIRE(at.returned(v1::RETURN_TO_READER, v1::REJECT_CODE_READ_INCOMPLETE, "cem"));
    REQUIRE(world.amend(ann, at.own(ann), says("eczema")));
    REQUIRE(world.amend(bob, at.own(bob), says("eczema")));
    CHECK(world.state(at.name) == v1::CASE_STATE_RETURNED);
  }
  SUBCASE("a return to the site waits for the site, whoever answers meanwhile") {
    REQUIRE(at.returned(v1::RETURN_TO_SITE, v1::REJECT_CODE_IMAGE_MISSING));
    REQUIRE(world.amend(ann, at.own(ann), says("eczema")));
    REQUIRE(world.amend(bob, at.own(bob), says("eczema")));
    CHECK(world.state(at.name) == v1::CASE_STATE_RETURNED);
    CHECK(world.listed(coordinator(), v1::WORKLIST_VIEW_RETURNED) == std::vector{at.name});
    at.new_image();
    CHECK(world.state(at.name) == v1::CASE_STATE_OPEN);
  }
}

TEST_CASE("a return names whom, a code that fits, and comes from independent QA") {
  Agreed at;
  World& world = at.world;
  const auto refused = [&](v1::ReturnCaseRequest request) {
    const auto answer = world.call(return_case, qa(), request);
    return answer ? std::string("accepted") : answer.error().metadata.at("field");
  };
  auto request = at.request(v1::RETURN_TO_READER, v1::REJECT_CODE_READ_INCOMPLETE);
  request.set_to(v1::RETURN_TO_UNSPECIFIED);
  CHECK(refused(request) == "to");
  CHECK(refused(at.request(v1::RETURN_TO_READER, v1::REJECT_CODE_IMAGE_MISSING)) == "code");
  CHECK(refused(at.request(v1::RETURN_TO_SITE, v1::REJECT_CODE_READ_INCOMPLETE)) == "code");
  request = at.request(v1::RETURN_TO_SITE, v1::REJECT_CODE_OTHER);
  request.clear_rationale();
  CHECK(refused(request) == "rationale");
  request = at.request(v1::RETURN_TO_SITE, v1::REJECT_CODE_IMAGE_MISSING);
  request.add_readers("users/ann");
  CHECK(refused(request) == "readers");
  request = at.request(v1::RETURN_TO_READER, v1::REJECT_CODE_READ_INCOMPLETE);
  request.add_readers("users/cem");
  CHECK(refused(request) == "readers");
  CHECK(world.state(at.name) == v1::CASE_STATE_AGREED);
  CHECK(world.number("SELECT COUNT(*) FROM reads WHERE returned = 1") == 0);

  request = at.request(v1::RETURN_TO_SITE, v1::REJECT_CODE_IMAGE_MISSING);
  CHECK(reason(world.call(return_case, ann, request)) == "ROLE_REQUIRED");
  CHECK(reason(world.call(return_case, qa("quin", "a"), request)) == "OWN_SITE");
  REQUIRE(world.call(return_case, qa(), request));
  CHECK(reason(at.returned(v1::RETURN_TO_SITE, v1::REJECT_CODE_IMAGE_MISSING)) == "WRONG_STATE");
}
