#include "tests/unit/server/handlers/review_world.h"

using namespace hada;
using namespace hada::review_test;

namespace {
const Person ann = derm("ann"), bob = derm("bob", "c"), cem = derm("cem", "c"), dot = derm("dot", "b");
}  // namespace

TEST_CASE("a lease is on a read slot") {
  World world;
  const std::string name = world.add_case();

  SUBCASE("two readers hold slots of one case at the same time, a third finds none") {
    const auto first = world.claim(ann, name), second = world.claim(bob, name);
    REQUIRE(first);
    REQUIRE(second);
    CHECK(first->name() != second->name());
    CHECK(first->case_() == name);
    CHECK(reason(world.claim(cem, name)) == "NO_FREE_SLOT");
    CHECK(world.state(name) == v1::CASE_STATE_READING);
  }
  SUBCASE("it lasts twenty minutes; claiming again renews the same one") {
    const auto first = world.claim(ann, name);
    CHECK(first->expire_time().seconds() == world.clock.now_us() / 1'000'000 + 20 * 60);
    world.clock.advance_seconds(600);
    const auto again = world.claim(ann, name);
    CHECK(again->name() == first->name());
    CHECK(again->expire_time().seconds() == first->expire_time().seconds() + 600);
    CHECK(world.claim(bob, name));
  }
  SUBCASE("an expired one is free for anybody") {
    REQUIRE(world.claim(ann, name));
    REQUIRE(world.claim(bob, name));
    world.clock.advance_seconds(20 * 60 - 1);
    CHECK(reason(world.claim(cem, name)) == "NO_FREE_SLOT");
    world.clock.advance_seconds(1);
    CHECK(world.claim(cem, name));
    CHECK(world.claim(dot, name));
  }
  SUBCASE("a heartbeat extends it, also after its time while nobody has taken it") {
    const auto lease = world.claim(ann, name);
    world.clock.advance_seconds(1000);
    CHECK(world.renew(ann, lease->name()));
    world.clock.advance_seconds(1000);
    REQUIRE(world.claim(bob, name));
    CHECK(reason(world.claim(cem, name)) == "NO_FREE_SLOT");
    world.clock.advance_seconds(3000);
    CHECK(world.renew(ann, lease->name()));
  }
  SUBCASE("it is lost once another has the slot, or to somebody who never had it") {
    const auto lease = world.claim(ann, name);
    REQUIRE(world.claim(bob, name));
    world.clock.advance_seconds(3000);
    const auto taken = world.claim(cem, name);
    REQUIRE(taken);
    CHECK(taken->name() == lease->name());
    CHECK(reason(world.renew(ann, lease->name())) == "LEASE_LOST");
    CHECK(reason(world.renew(dot, lease->name())) == "LEASE_LOST");
    CHECK(reason(world.renew(ann, name + "/slots/nonsense")) == "NO_SUCH_RESOURCE");
  }
  SUBCASE(
      "given back, the slot is free at once; giving it back twice is no error, and takes nothing from "
      "others") {
    const auto lease = world.claim(ann, name);
    REQUIRE(world.claim(bob, name));
    CHECK(world.release(ann, lease->name()));
    CHECK(world.release(ann, lease->name()));
    const auto taken = world.claim(cem, name);
    REQUIRE(taken);
    CHECK(world.release(ann, taken->name()));
    CHECK(world.renew(cem, taken->name()));
  }
  SUBCASE("the same request_id claims once") {
    v1::ClaimCaseRequest request;
    request.set_case_(name);
    request.set_request_id("one");
    const auto first = world.call(claim_case, ann, request);
    world.clock.advance_seconds(60);
    CHECK(world.call(claim_case, ann, request)->SerializeAsString() == first->SerializeAsString());
    request.set_case_(world.add_case());
    CHECK(reason(world.call(claim_case, ann, request)) == "REQUEST_ID_REUSED");
    request.clear_request_id();
    CHECK(reason(world.call(claim_case, ann, request)) == "BAD_FIELD");
  }
  SUBCASE("only a dermatologist for the site may hold one") {
    CHECK(reason(world.claim(qa(), name)) == "ROLE_REQUIRED");
    CHECK(reason(world.claim(derm("eve", "b", "b"), name)) == "NO_SUCH_RESOURCE");
    CHECK(world.claim(derm("eva", "b", "a"), name));
  }
  SUBCASE("none is given while an image waits for its check, but one that is held goes on") {
    const auto lease = world.claim(ann, name);
    const std::string image = world.add_image(name);
    CHECK(reason(world.claim(bob, name)) == "WRONG_STATE");
    CHECK(world.claim(ann, name));
    world.finish(name.substr(6), image, ImageState::Corrupt);
    CHECK(world.claim(bob, name));
  }
  SUBCASE("none is given once the votes are in") {
    world.reads(ann, name, says("psoriasis"));
    world.reads(bob, name, says("psoriasis"));
    CHECK(reason(world.claim(cem, name)) == "WRONG_STATE");
    CHECK(reason(world.claim(ann, name)) == "ALREADY_READ");
  }
}

TEST_CASE("the next case is the oldest that this reader may read") {
  World world;
  world.without_third_read();
  const std::string first = world.add_case(), second = world.add_case(), third = world.add_case();
  world.reads(ann, first, says("psoriasis"));
  CHECK(world.claim_any(ann)->case_() == second);
  CHECK(world.claim_any(ann)->case_() == second);  // still hers
  CHECK(world.claim_any(bob)->case_() == first);
  REQUIRE(world.submit(bob, first, says("eczema")));
  CHECK(world.claim_any(bob)->case_() == second);
  CHECK(world.claim_any(cem)->case_() == third);

  SUBCASE("and there is none when all are read or taken") {
    REQUIRE(world.claim(dot, third));
    CHECK(reason(world.claim_any(derm("eve"))) == "QUEUE_EMPTY");
    world.clock.advance_seconds(1200);
    CHECK(world.claim_any(derm("eve"))->case_() == second);
  }
  SUBCASE("a reader for one site is offered that site's") {
    const std::string other = world.add_case({.site = "b"});
    CHECK(world.claim_any(derm("eve", "c", "b"))->case_() == other);
    CHECK(reason(world.claim_any(derm("eve", "c", "d"))) == "QUEUE_EMPTY");
  }
  SUBCASE("a person without the role is refused") { CHECK(reason(world.claim_any(qa())) == "ROLE_REQUIRED"); }
}

TEST_CASE("a submit is a vote") {
  World world;
  const std::string name = world.add_case();

  SUBCASE("two that agree settle the case") {
    const v1::Read read = world.reads(ann, name, says("psoriasis"));
    CHECK(read.reader() == "users/ann");
    CHECK_FALSE(read.late());
    REQUIRE(read.revisions_size() == 1);
    CHECK(read.revisions(0).revision() == 1);
    CHECK_FALSE(read.revisions(0).after_reveal());
    CHECK(world.state(name) == v1::CASE_STATE_READING);
    world.reads(bob, name, says("psoriasis", 3));
    CHECK(world.state(name) == v1::CASE_STATE_AGREED);
    CHECK(world.get(qa(), name)->decided_term() == "terms/psoriasis");
  }
  SUBCASE("two that differ, or of low confidence, ask for a third") {
    world.reads(ann, name, says("psoriasis"));
    world.reads(bob, name, says("psoriasis", 2));
    CHECK(world.state(name) == v1::CASE_STATE_NEEDS_READ);
    world.reads(derm("cem"), name, says("psoriasis", 2));
    CHECK(world.state(name) == v1::CASE_STATE_MAJORITY);
  }
  SUBCASE("or go to QA, where the policy says so") {
    world.without_third_read();
    world.reads(ann, name, says("psoriasis"));
    world.reads(bob, name, says("psoriasis", 2));
    CHECK(world.state(name) == v1::CASE_STATE_TO_PANEL);
    CHECK(world.get(qa(), name)->decided_term().empty());
  }
  SUBCASE("two that cannot grade it settle it too") {
    world.reads(ann, name, says_ungradable());
    world.reads(bob, name, says_ungradable());
    CHECK(world.state(name) == v1::CASE_STATE_UNGRADABLE);
  }
  SUBCASE("a reader votes once") {
    world.reads(ann, name, says("psoriasis"));
    CHECK(reason(world.submit(ann, name, says("psoriasis"))) == "ALREADY_READ");
    CHECK(world.number("SELECT votes FROM cases") == 1);
  }
  SUBCASE("resending it changes nothing twice") {
    REQUIRE(world.claim(ann, name));
    v1::SubmitReadRequest request;
    request.set_case_(name);
    *request.mutable_content() = says("psoriasis");
    request.set_request_id("sent twice");
    CHECK(reason(world.call(submit_read, ann, request)) == "BAD_FIELD");
    request.set_request_id("sent-twice");
    const auto read = world.call(submit_read, ann, request);
    CHECK(world.call(submit_read, ann, request)->name() == read->name());
    CHECK(world.number("SELECT COUNT(*) FROM reads") == 1);
  }
  SUBCASE("whoever never claimed the case does not vote on it") {
    CHECK(reason(world.submit(ann, name, says("psoriasis"))) == "NO_LEASE");
  }
  SUBCASE("it counts after the lease is over while a slot is free") {
    REQUIRE(world.claim(ann, name));
    world.clock.advance_seconds(7200);
    const auto read = world.submit(ann, name, says("psoriasis"));
    REQUIRE(read);
    CHECK_FALSE(read->late());
    CHECK(world.number("SELECT votes FROM cases") == 1);
  }
  SUBCASE("it counts in another slot when its own was taken and given up") {
    const auto lease = world.claim(ann, name);
    world.clock.advance_seconds(7200);
    const auto taken = world.claim(bob, name);
    CHECK(taken->name() == lease->name());
    CHECK_FALSE(world.submit(ann, name, says("psoriasis"))->late());
  }
  SUBCASE("too late, it is kept and shown, and does not vote") {
    REQUIRE(world.claim(ann, name));
    world.clock.advance_seconds(7200);
    world.reads(bob, name, says("psoriasis"));
    world.reads(cem, name, says("psoriasis"));
    const auto late = world.submit(ann, name, says("melanoma"));
    REQUIRE(late);
    CHECK(late->late());
    CHECK(world.state(name) == v1::CASE_STATE_AGREED);
    CHECK(world.number("SELECT votes FROM cases") == 2);
    CHECK(world.list_of_reads(qa(), name)->reads_size() == 3);
    SUBCASE("and may be amended even under an approval, for nothing rests on it") {
      REQUIRE(world.call(approve_case, qa(), world.about<v1::ApproveCaseRequest>(name)));
      CHECK(world.amend(ann, *late, says("naevus")));
      CHECK(world.state(name) == v1::CASE_STATE_APPROVED);
    }
  }
  SUBCASE("it leaves the reader's draft behind no longer") {
    REQUIRE(world.claim(ann, name));
    v1::SaveDraftRequest draft;
    draft.set_case_(name);
    *draft.mutable_content() = says("eczema");
    draft.set_request_id(fresh());
    REQUIRE(world.call(save_draft, ann, draft));
    REQUIRE(world.submit(ann, name, says("psoriasis")));
    CHECK(world.number("SELECT COUNT(*) FROM drafts") == 0);
    draft.set_request_id(fresh());
    CHECK(reason(world.call(save_draft, ann, draft)) == "ALREADY_READ");
  }
  SUBCASE("telemetry and an event are kept, and the event names no opinion") {
    world.reads(ann, name, says("psoriasis"));
    CHECK(world.number("SELECT COUNT(*) FROM read_revisions WHERE telemetry LIKE '%client_version%'") == 1);
    CHECK(world.number("SELECT COUNT(*) FROM events WHERE verb = 'submit_read' AND actor = 'ann'") == 1);
    CHECK(world.number("SELECT COUNT(*) FROM events WHERE detail LIKE '%psoriasis%'") == 0);
  }
}

TEST_CASE("every change that a reader makes leaves one event") {
  World world;
  const std::string name = world.add_case();
  const auto events = [&](const std::string& verb) {
    return world.number("SELECT COUNT(*) FROM events WHERE verb = :verb AND actor = 'ann' AND case_id = :id",
                        {{"verb", verb}, {"id", name.substr(6)}});
  };
  const auto lease = world.claim(ann, name);
  REQUIRE(lease);
  CHECK(events("claim_case") == 1);
  v1::SaveDraftRequest draft;
  draft.set_case_(name);
  *draft.mutable_content() = says("eczema");
  draft.set_request_id(fresh());
  REQUIRE(world.call(save_draft, ann, draft));
  CHECK(events("save_draft") == 1);
  REQUIRE(world.release(ann, lease->name()));
  CHECK(events("release_lease") == 1);
  REQUIRE(world.claim_any(ann));
  CHECK(events("claim_case") == 2);
  const auto read = world.submit(ann, name, says("psoriasis"));
  REQUIRE(read);
  CHECK(events("submit_read") == 1);
  REQUIRE(world.amend(ann, *read, says("naevus")));
  CHECK(events("amend_read") == 1);
  world.reads(bob, name, says("psoriasis"));
  CHECK(world.number("SELECT COUNT(*) FROM events WHERE case_id = :id AND actor = 'ann'",
                     {{"id", name.substr(6)}}) == 6);
}

TEST_CASE("a draft is the reader's own and outlives the lease") {
  World world;
  const std::string name = world.add_case();
  REQUIRE(world.claim(ann, name));
  v1::GetDraftRequest get;
  get.set_case_(name);
  CHECK_FALSE(world.call(get_draft, ann, get)->has_content());
  v1::SaveDraftRequest save;
  save.set_case_(name);
  save.mutable_content()->set_gradable(true);  // half a read is a draft
  save.mutable_content()->set_note("first");
  save.set_request_id(fresh());
  REQUIRE(world.call(save_draft, ann, save));
  save.mutable_content()->set_note("second");
  save.set_request_id(fresh());
  REQUIRE(world.call(save_draft, ann, save));
  world.clock.advance_seconds(7200);
  REQUIRE(world.claim(bob, name));
  CHECK(world.call(get_draft, ann, get)->content().note() == "second");
  CHECK_FALSE(world.call(get_draft, bob, get)->has_content());
  CHECK(reason(world.call(get_draft, qa(), get)) == "ROLE_REQUIRED");
}

TEST_CASE("an amendment is a new revision") {
  World world;
  world.without_third_read();
  const std::string name = world.add_case();
  const v1::Read read = world.reads(ann, name, says("eczema"));

  SUBCASE("the old one stays") {
    const auto amended = world.amend(ann, read, says("psoriasis"));
    REQUIRE(amended);
    REQUIRE(amended->revisions_size() == 2);
    CHECK(amended->revisions(0).content().differential(0).term() == "terms/eczema");
    CHECK(amended->revisions(1).content().differential(0).term() == "terms/psoriasis");
    CHECK(amended->revisions(1).reason() == "looked again");
    CHECK(amended->etag() != read.etag());
  }
  SUBCASE("it needs a reason and the etag of what it saw") {
    v1::AmendReadRequest request;
    request.set_name(read.name());
    *request.mutable_content() = says("psoriasis");
    request.set_request_id(fresh());
    CHECK(reason(world.call(amend_read, ann, request)) == "BAD_FIELD");
    request.set_reason("looked again");
    CHECK(reason(world.call(amend_read, ann, request)) == "ETAG_MISSING");
    request.set_etag(read.etag());
    REQUIRE(world.call(amend_read, ann, request));
    request.set_request_id(fresh());
    CHECK(reason(world.call(amend_read, ann, request)) == "ETAG_MISMATCH");
  }
  SUBCASE("it is for the reader's own read; another's does not exist") {
    CHECK(reason(world.amend(bob, read, says("psoriasis"))) == "NO_SUCH_RESOURCE");
  }
  SUBCASE("before anything was revealed it votes: before the other vote") {
    REQUIRE(world.amend(ann, read, says("psoriasis")));
    world.reads(bob, name, says("psoriasis"));
    CHECK(world.state(name) == v1::CASE_STATE_AGREED);
  }
  SUBCASE("and after it, changing the case's state both ways") {
    const v1::Read other = world.reads(bob, name, says("psoriasis"));
    CHECK(world.state(name) == v1::CASE_STATE_TO_PANEL);
    const auto amended = world.amend(ann, read, says("psoriasis"));
    REQUIRE(amended);
    CHECK_FALSE(amended->revisions(1).after_reveal());
    CHECK(world.state(name) == v1::CASE_STATE_AGREED);
    REQUIRE(world.amend(ann, *amended, says("naevus")));
    CHECK(world.state(name) == v1::CASE_STATE_TO_PANEL);
    CHECK(world.number("SELECT COUNT(*) FROM events WHERE verb = 'settle_case'") == 3);
  }
  SUBCASE("once the reader has opened the settled case, it is kept and does not vote") {
    world.reads(bob, name, says("psoriasis"));
    REQUIRE(world.get(ann, name));
    const auto amended = world.amend(ann, read, says("psoriasis"));
    REQUIRE(amended);
    CHECK(amended->revisions(1).after_reveal());
    CHECK(world.state(name) == v1::CASE_STATE_TO_PANEL);
    SUBCASE("the other reader, still blind, may yet change it; the vote before the reveal counts") {
      const auto list = world.list_of_reads(qa(), name);
      for (const v1::Read& r : list->reads())
        if (r.reader() == "users/bob") REQUIRE(world.amend(bob, r, says("eczema")));
      CHECK(world.state(name) == v1::CASE_STATE_AGREED);
      CHECK(world.get(qa(), name)->decided_term() == "terms/eczema");
    }
  }
  SUBCASE("while votes are still coming in, looking at the case reveals nothing") {
    REQUIRE(world.get(ann, name));
    REQUIRE(world.list_of_reads(ann, name));
    CHECK_FALSE(world.amend(ann, read, says("psoriasis"))->revisions(1).after_reveal());
  }
  SUBCASE("it is refused once a decision rests on the read") {
    world.reads(bob, name, says("eczema"));
    REQUIRE(world.call(approve_case, qa(), world.about<v1::ApproveCaseRequest>(name)));
    CHECK(reason(world.amend(ann, read, says("psoriasis"))) == "DECISION_RESTS_ON_READ");
    SUBCASE("and allowed again when QA took it back") {
      REQUIRE(world.call(reopen_case, qa(), world.about<v1::ReopenCaseRequest>(name)));
      CHECK(world.amend(ann, read, says("psoriasis")));
      CHECK(world.state(name) == v1::CASE_STATE_TO_PANEL);
    }
  }
  SUBCASE("a request for a third read is such a decision") {
    world.reads(bob, name, says("psoriasis"));
    REQUIRE(world.call(request_read, qa(), world.about<v1::RequestReadRequest>(name)));
    CHECK(reason(world.amend(ann, read, says("psoriasis"))) == "DECISION_RESTS_ON_READ");
  }
  SUBCASE("a decider who had seen the older revision is told") {
    world.reads(bob, name, says("eczema"));
    const auto request = world.about<v1::ApproveCaseRequest>(name);
    REQUIRE(world.amend(ann, read, says("eczema", 5)));
    CHECK(reason(world.call(approve_case, qa(), request)) == "ETAG_MISMATCH");
  }
}
