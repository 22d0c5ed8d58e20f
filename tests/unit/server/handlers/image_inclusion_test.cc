// Images inside a case: included in what is approved, or left out.

#include "tests/unit/server/handlers/review_world.h"

using namespace hada;
using namespace hada::review_test;

namespace {

const Person ann = derm("ann"), bob = derm("bob", "c");

struct TwoImages {
  World world;
  std::string name = world.add_case(
      {.kinds = {ImageKind::ClinicalOverview, ImageKind::Dermoscopic}, .fields = {}, .patient_fields = {}});

  TwoImages() {
    world.reads(ann, name, says("psoriasis"));
    world.reads(bob, name, says("psoriasis"));
  }
  v1::SetImageInclusionRequest about(int image, bool included,
                                     v1::RejectCode code = v1::REJECT_CODE_UNSPECIFIED) {
    const auto seen = world.get(qa(), name);
    REQUIRE(seen);
    v1::SetImageInclusionRequest request;
    request.set_name(seen->images(image).name());
    request.set_included(included);
    request.set_code(code);
    request.set_etag(seen->images(image).etag());
    request.set_request_id(fresh());
    return request;
  }
  Result<v1::Case> leave_out(int image) {
    return world.call(set_image_inclusion, qa(), about(image, false, v1::REJECT_CODE_IMAGE_QUALITY));
  }
  Result<v1::Case> approve() {
    return world.call(approve_case, qa(), world.about<v1::ApproveCaseRequest>(name));
  }
};

}  // namespace

TEST_CASE("QA leaves an image out with a code; the approval names the others") {
  TwoImages at;
  const auto changed = at.leave_out(0);
  REQUIRE(changed);
  CHECK(changed->state() == v1::CASE_STATE_AGREED);
  CHECK(changed->images(0).exclusion_code() == "IMAGE_QUALITY");
  CHECK(changed->images(1).exclusion_code().empty());
  const auto approved = at.approve();
  REQUIRE(approved);
  const auto decisions = at.world.list_of_decisions(qa(), at.name);
  REQUIRE(decisions->decisions(0).images_size() == 1);
  CHECK(decisions->decisions(0).images(0) == approved->images(1).name());
  CHECK(at.world.number("SELECT COUNT(*) FROM events WHERE verb = 'exclude_image' AND actor = 'quinn'") == 1);

  SUBCASE("a change afterwards voids the approval") {
    const auto back = at.world.call(set_image_inclusion, qa(), at.about(0, true));
    REQUIRE(back);
    CHECK(back->state() == v1::CASE_STATE_AGREED);
    CHECK(back->images(0).exclusion_code().empty());
    const auto now = at.world.list_of_decisions(qa(), at.name);
    REQUIRE(now->decisions_size() == 2);
    CHECK(now->decisions(1).kind() == v1::DECISION_KIND_REOPEN);
    CHECK(now->decisions(1).decider() == "users/system");
    CHECK(now->decisions(1).images_size() == 0);
    REQUIRE(at.approve());
    CHECK(at.world.list_of_decisions(qa(), at.name)->decisions(2).images_size() == 2);
  }
  SUBCASE("readers are told nothing while they are blind, nor by an etag that moves") {
    const auto seen = at.world.get(derm("dan"), at.name);
    CHECK(seen->images(0).exclusion_code().empty());
    CHECK(seen->images(0).etag().empty());
    v1::GetImageRequest request;
    request.set_name(seen->images(0).name());
    CHECK(at.world.call(get_image, derm("dan"), request)->etag().empty());
    CHECK_FALSE(at.world.call(get_image, qa(), request)->etag().empty());
  }
}

TEST_CASE("setting what is set already changes nothing, and voids no approval") {
  TwoImages at;
  REQUIRE(at.leave_out(0));
  REQUIRE(at.approve());
  const auto events = [&] {
    return at.world.number("SELECT COUNT(*) FROM events WHERE verb LIKE '%clude_image' OR verb LIKE 'void%'");
  };
  const int64_t before = events();
  const auto out = at.leave_out(0);
  REQUIRE(out);
  CHECK(out->state() == v1::CASE_STATE_APPROVED);
  CHECK(out->images(0).exclusion_code() == "IMAGE_QUALITY");
  const auto in = at.world.call(set_image_inclusion, qa("other"), at.about(1, true));
  REQUIRE(in);
  CHECK(in->state() == v1::CASE_STATE_APPROVED);
  CHECK(events() == before);
  // Who was answered has been shown the case.
  CHECK(in->decided_term() == "terms/psoriasis");
  CHECK(at.world.number("SELECT COUNT(*) FROM case_readers WHERE user_id = 'other' AND revealed_us > 0") ==
        1);
}

TEST_CASE("a case without any image is not approved") {
  TwoImages at;
  REQUIRE(at.leave_out(0));
  REQUIRE(at.leave_out(1));
  CHECK(reason(at.approve()) == "NO_IMAGES_INCLUDED");
}

TEST_CASE("an approval rests on the reads: none of them changes under it") {
  TwoImages at;
  const auto read = at.world.list_of_reads(qa(), at.name)->reads(0);
  REQUIRE(at.approve());
  CHECK(reason(at.world.amend(ann, read, says("eczema"))) == "DECISION_RESTS_ON_READ");
  REQUIRE(at.world.call(reopen_case, qa(), at.world.about<v1::ReopenCaseRequest>(at.name)));
  CHECK(at.world.amend(ann, read, says("eczema")));
}

TEST_CASE("inclusion is a decision: by independent QA, of the image that was seen, once readers are done") {
  TwoImages at;
  World& world = at.world;
  const auto request = at.about(0, false, v1::REJECT_CODE_DUPLICATE);
  CHECK(reason(world.call(set_image_inclusion, ann, request)) == "ROLE_REQUIRED");
  CHECK(reason(world.call(set_image_inclusion, qa("quin", "a"), request)) == "OWN_SITE");
  CHECK(reason(world.call(set_image_inclusion, qa(), at.about(0, false))) == "BAD_FIELD");
  CHECK(reason(world.call(set_image_inclusion, qa(), at.about(0, false, v1::REJECT_CODE_CONSENT))) ==
        "BAD_FIELD");
  REQUIRE(world.call(set_image_inclusion, qa(), request));
  auto stale = request;
  stale.set_request_id(fresh());
  CHECK(reason(world.call(set_image_inclusion, qa(), stale)) == "ETAG_MISMATCH");
  stale.clear_etag();
  CHECK(reason(world.call(set_image_inclusion, qa(), stale)) == "ETAG_MISSING");

  const std::string open = world.add_case();
  v1::SetImageInclusionRequest early = request;
  early.set_request_id(fresh());
  early.set_name(world.get(qa(), open)->images(0).name());
  early.set_etag(world.get(qa(), open)->images(0).etag());
  CHECK(reason(world.call(set_image_inclusion, qa(), early)) == "WRONG_STATE");
}
