// Many agreed cases, approved together after a look at a sample of them.

#include "server/handlers/sample.h"

#include "tests/unit/server/handlers/recording_store.h"
#include "tests/unit/server/handlers/review_world.h"

using namespace hada;
using namespace hada::review_test;

namespace {

const Person ann = derm("ann"), bob = derm("bob", "c");

struct Round {
  World world;
  std::vector<std::string> names;
  std::map<std::string, v1::Read> by_ann;  // by case

  explicit Round(int cases) {
    for (int i = 0; i < cases; ++i) names.push_back(agreed());
  }
  std::string agreed(const std::string& site = "a") {
    const std::string name = world.add_case({.site = site, .fields = {}, .patient_fields = {}});
    by_ann[name] = world.reads(ann, name, says("psoriasis", 5));
    world.reads(bob, name, says("psoriasis", 3));
    return name;
  }
  Result<v1::Sample> draw(const Person& who = qa()) {
    v1::DrawSampleRequest request;
    request.set_request_id(fresh());
    return world.call(draw_sample, who, request);
  }
  v1::ListSampledCasesResponse sampled(const v1::Sample& sample, const Person& who = qa()) {
    v1::ListSampledCasesRequest request;
    request.set_parent(sample.name());
    const auto response = world.call(list_sampled_cases, who, request);
    REQUIRE(response);
    return *response;
  }
  void approve(const std::string& name) {
    REQUIRE(world.call(approve_case, qa(), world.about<v1::ApproveCaseRequest>(name)));
  }
  void reject(const std::string& name) {
    auto request = world.about<v1::RejectCaseRequest>(name);
    request.set_code(v1::REJECT_CODE_NOT_SKIN);
    REQUIRE(world.call(reject_case, qa(), request));
  }
  v1::ApproveRestRequest rest(const v1::Sample& sample, int approved, int not_approved = 0) {
    v1::ApproveRestRequest request;
    request.set_name(sample.name());
    request.set_approved(approved);
    request.set_not_approved(not_approved);
    request.set_request_id(fresh());
    return request;
  }
  int64_t in_state(CaseState state) {
    return world.number("SELECT COUNT(*) FROM cases WHERE state = :state",
                        {{"state", static_cast<int32_t>(state)}});
  }
};

int left_out(const v1::Sample& sample, const std::string& reason) {
  for (const v1::LeftOut& each : sample.left_out())
    if (each.reason() == reason) return each.cases();
  return 0;
}

}  // namespace

TEST_CASE("a tenth of the agreed cases is drawn, and shown with how far its readers agree") {
  Round round(25);
  const auto sample = round.draw();
  REQUIRE(sample);
  CHECK(sample->waiting() == 3);
  CHECK(sample->rest_waiting() == 22);
  CHECK(sample->percent() == 10);
  const auto cases = round.sampled(*sample);
  REQUIRE(cases.cases_size() == 3);
  CHECK(cases.cases(0).case_().decided_term() == "terms/psoriasis");
  CHECK(cases.cases(0).case_().images_size() == 1);
  CHECK(cases.cases(0).votes() == 2);
  CHECK(cases.cases(0).agreeing() == 2);
  CHECK(cases.cases(0).lowest_confidence() == 3);
  CHECK_FALSE(cases.cases(0).case_().etag().empty());

  SUBCASE("drawing again gives the same, until it is closed") {
    CHECK(round.draw()->name() == sample->name());
    v1::CloseSampleRequest close;
    close.set_name(sample->name());
    close.set_request_id(fresh());
    CHECK(round.world.call(close_sample, qa(), close)->closed());
    CHECK(round.draw()->name() != sample->name());
  }
  SUBCASE("another reviewer neither sees it nor gets its cases") {
    v1::GetSampleRequest get;
    get.set_name(sample->name());
    CHECK(reason(round.world.call(get_sample, qa("other"), get)) == "NO_SUCH_RESOURCE");
    CHECK(reason(round.draw(qa("other"))) == "NOTHING_TO_SAMPLE");
  }
  SUBCASE("the cases of the rest are not opened by it") {
    CHECK(round.world.number("SELECT COUNT(*) FROM case_readers WHERE user_id = 'quinn'") == 3);
  }
}

TEST_CASE("the cases of a sample are opened once; after that, listing them only reads") {
  Round round(25);
  const auto sample = round.draw();
  REQUIRE(sample);
  RecordingStore recording(round.world.store());
  round.world.through(recording);
  const auto first = round.sampled(*sample);
  CHECK(recording.writes() == 1);
  const auto again = round.sampled(*sample);
  CHECK(recording.writes() == 1);
  CHECK(again.cases_size() == 3);
  CHECK(again.SerializeAsString() == first.SerializeAsString());
}

TEST_CASE("the rest is approved by one act that names the sample's result") {
  Round round(12);
  const auto sample = round.draw();
  const auto cases = round.sampled(*sample);
  REQUIRE(cases.cases_size() == 2);
  round.approve(cases.cases(0).case_().name());
  CHECK(reason(round.world.call(approve_rest, qa(), round.rest(*sample, 1))) == "SAMPLE_UNDECIDED");

  SUBCASE("all of the sample was approved") {
    round.approve(cases.cases(1).case_().name());
    CHECK(reason(round.world.call(approve_rest, qa(), round.rest(*sample, 1, 1))) == "ETAG_MISMATCH");
    auto request = round.rest(*sample, 2);
    request.set_max_cases(7);
    const auto part = round.world.call(approve_rest, qa(), request);
    REQUIRE(part);
    CHECK(part->rest_approved() == 7);
    CHECK(part->rest_waiting() == 3);
    CHECK_FALSE(part->closed());
    // A repeat of the same request changes nothing twice.
    CHECK(round.world.call(approve_rest, qa(), request)->rest_approved() == 7);
    const auto all = round.world.call(approve_rest, qa(), round.rest(*sample, 2));
    REQUIRE(all);
    CHECK(all->rest_approved() == 10);
    CHECK(all->closed());
    CHECK(round.in_state(CaseState::Approved) == 12);
    CHECK(round.world.number("SELECT COUNT(*) FROM events WHERE verb = 'approve_case'") == 12);
    CHECK(round.world.number("SELECT COUNT(*) FROM decisions WHERE sample <> ''") == 10);
    CHECK(reason(round.world.call(approve_rest, qa(), round.rest(*sample, 2))) == "SAMPLE_CLOSED");
    CHECK(reason(round.draw()) == "NOTHING_TO_SAMPLE");
  }
  SUBCASE("one of it was not: that takes a word why the rest may be approved all the same") {
    round.reject(cases.cases(1).case_().name());
    auto request = round.rest(*sample, 1, 1);
    CHECK(reason(round.world.call(approve_rest, qa(), request)) == "BAD_FIELD");
    request.set_rationale("a stray photograph");
    request.set_request_id(fresh());
    REQUIRE(round.world.call(approve_rest, qa(), request));
    CHECK(round.in_state(CaseState::Approved) == 11);
    const auto decisions = round.world.list_of_decisions(
        qa(), round.names[0] == cases.cases(1).case_().name() ? round.names[1] : round.names[0]);
    CHECK(decisions->decisions(0).kind() == v1::DECISION_KIND_APPROVE);
  }
  SUBCASE("a case that moved on meanwhile is left out, and counted") {
    round.approve(cases.cases(1).case_().name());
    std::vector<std::string> others;
    for (const std::string& name : round.names)
      if (name != cases.cases(0).case_().name() && name != cases.cases(1).case_().name())
        others.push_back(name);
    REQUIRE(round.world.amend(ann, round.by_ann[others[0]], says("melanoma")));
    round.world.add_image(others[1]);
    const auto all = round.world.call(approve_rest, qa(), round.rest(*sample, 2));
    REQUIRE(all);
    CHECK(all->rest_approved() == 8);
    CHECK(left_out(*all, "WRONG_STATE") == 1);
    CHECK(left_out(*all, "IMAGES_PENDING") == 1);
    CHECK(round.world.state(others[1]) == v1::CASE_STATE_AGREED);
  }
}

TEST_CASE("a sample holds no case of one's own site or reading") {
  Round round(3);
  round.agreed("d");
  const Person reader_and_qa{"quinn", "d", {{Role::QaReviewer, ""}, {Role::Dermatologist, ""}}};
  const std::string own = round.world.add_case({.fields = {}, .patient_fields = {}});
  round.world.reads(reader_and_qa, own, says("psoriasis"));
  round.world.reads(ann, own, says("psoriasis"));

  SUBCASE("they are not even looked at") {
    const auto sample = round.draw(reader_and_qa);
    REQUIRE(sample);
    CHECK(sample->waiting() + sample->rest_waiting() == 3);
    CHECK(sample->left_out_size() == 0);
  }
  SUBCASE("however many of them come before") {
    round.world.write([&](store::Tx& tx) -> Status {
      RETURN_IF_ERROR(tx.exec(
          "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2100) "
          "INSERT INTO cases (case_id, seq, site_id, case_key, patient_key, state, read_limit, votes, "
          "ready_images, created_us, updated_us) "
          "SELECT 'old' || n, -n, 'd', 'old' || n, 'p', 4, 2, 2, 1, 0, 0 FROM numbers"));
      RETURN_IF_ERROR(tx.exec("UPDATE cases SET seq = seq + 1000000"));
      RETURN_IF_ERROR(tx.exec("UPDATE reads SET case_seq = case_seq + 1000000"));
      return {};
    });
    const auto sample = round.draw(reader_and_qa);
    REQUIRE(sample);
    CHECK(sample->waiting() + sample->rest_waiting() == 3);
  }
}

TEST_CASE("the sample of somebody who was disabled holds its cases no longer") {
  Round round(4);
  round.world.write([&](store::Tx& tx) -> Status {
    return store::insert_user(tx, {"quinn", "Quinn", "d", "-", false, 1, round.world.clock.now_us(), {}});
  });
  REQUIRE(round.draw());
  CHECK(reason(round.draw(qa("other"))) == "NOTHING_TO_SAMPLE");
  round.world.write([&](store::Tx& tx) -> Status {
    RETURN_IF_ERROR(tx.exec("UPDATE users SET disabled = 1 WHERE user_id = 'quinn'"));
    return {};
  });
  const auto sample = round.draw(qa("other"));
  REQUIRE(sample);
  CHECK(sample->waiting() + sample->rest_waiting() == 4);
}

TEST_CASE("only QA draws a sample, and only where cases wait") {
  Round round(0);
  CHECK(reason(round.draw()) == "NOTHING_TO_SAMPLE");
  CHECK(reason(round.draw(ann)) == "ROLE_REQUIRED");
  v1::DrawSampleRequest request;
  request.set_site("sites/b");
  request.set_request_id(fresh());
  CHECK(reason(round.world.call(draw_sample, Person{"q", "d", {{Role::QaReviewer, "a"}}}, request)) ==
        "ROLE_REQUIRED");
}
