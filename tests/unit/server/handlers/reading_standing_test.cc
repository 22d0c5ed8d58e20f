// What follows from a reader's accuracy on the hidden gold cases.

#include "server/handlers/reading_standing.h"

#include "server/handlers/session.h"
#include "server/handlers/statistics.h"
#include "server/store/statistics.h"
#include "tests/unit/server/handlers/many_cases.h"
#include "tests/unit/server/handlers/recording_store.h"
#include "tests/unit/server/handlers/review_world.h"

namespace {

using namespace hada;
using namespace hada::review_test;

const Person kAnn = derm("ann"), kBob = derm("bob"), kCid = derm("cid");

struct Ward : World {
  Ward() {
    write([&](store::Tx& tx) -> Status {
      for (const std::string id : {"ann", "bob", "quinn"})
        RETURN_IF_ERROR(store::insert_user(tx, {id, "Dr " + id, "b", "-", false, 1, clock.now_us(), {}}));
      return {};
    });
    set_policy([](contract::Policy& policy) { policy.gold_percent = policy.repeat_percent = 0; });
  }
  // Ann reads so many gold cases, some of them right.
  void gold(int right, int wrong) {
    for (int i = 0; i < right + wrong; ++i) {
      const std::string name = add_case();
      reads(kBob, name, says("psoriasis"));
      reads(kCid, name, says("psoriasis"));
      hidden_read(name, "ann", store::ReadPurpose::Gold, i < right ? "psoriasis" : "eczema");
    }
  }
  void next_day() { clock.advance_seconds(24 * 3600); }
  // Ann asks for another case.
  std::string claims() { return reason(claim(kAnn, add_case())); }
  v1::ReaderStanding standing(const Person& who = kAnn) {
    v1::GetReaderStatisticsRequest request;
    request.set_reader("users/ann");
    const auto statistics = call(get_reader_statistics, who, request);
    REQUIRE(statistics);
    return statistics->standing();
  }
  Result<v1::ReaderStanding> resume(const Person& who, const std::string& etag,
                                    const std::string& reader = "users/ann") {
    v1::ResumeReadingRequest request;
    request.set_reader(reader);
    request.set_etag(etag);
    request.set_request_id(fresh());
    return call(resume_reading, who, request);
  }
  int64_t events(const std::string& verb) {
    return number("SELECT COUNT(*) FROM events WHERE verb = :verb AND subject = 'users/ann'",
                  {{"verb", verb}});
  }
};

TEST_CASE("A reader below the policy is warned, then paused") {
  Ward ward;
  CHECK(ward.standing().standing() == v1::READING_STANDING_NOT_JUDGED);
  CHECK(ward.standing().judged_from() == 10);
  ward.gold(6, 4);
  ward.next_day();
  CHECK(ward.claims().empty());
  CHECK(ward.standing().standing() == v1::READING_STANDING_WARNED);
  CHECK(ward.standing().gold().hits() == 6);
  CHECK(ward.standing().gold().total() == 10);
  CHECK(ward.standing().warn_percent() == 70);
  CHECK(ward.events("judge_reading") == 1);

  ward.gold(1, 9);
  CHECK(ward.claims().empty());  // not before the next day
  ward.next_day();
  CHECK(ward.claims() == "READING_PAUSED");
  CHECK(ward.standing().gold().hits() == 7);
  CHECK(ward.standing().gold().total() == 20);
  CHECK(ward.events("judge_reading") == 2);
}

TEST_CASE("A paused reader is given nothing more, and finishes what they hold") {
  Ward ward;
  ward.gold(4, 6);
  ward.add_case();
  const auto lease = ward.claim_any(kAnn);
  REQUIRE(lease);
  ward.clock.advance_seconds(24 * 3600 - 600);
  const auto renewed = ward.renew(kAnn, lease->name());
  REQUIRE(renewed);
  ward.clock.advance_seconds(700);
  CHECK(ward.standing().standing() == v1::READING_STANDING_PAUSED);
  CHECK(reason(ward.claim(kAnn, lease->case_())).empty());
  CHECK(reason(ward.claim(kAnn, ward.add_case())) == "READING_PAUSED");
  REQUIRE(ward.submit(kAnn, lease->case_(), says("naevus")));
  CHECK(ward.claims() == "READING_PAUSED");
  CHECK(reason(ward.claim_any(kAnn)) == "READING_PAUSED");
  CHECK(ward.events("judge_reading") == 1);  // refusals do not take it back, nor tell it twice
  v1::GetSessionRequest request;
  const auto session = ward.call(get_session, kAnn, request);
  REQUIRE(session);
  CHECK(session->standing().standing() == v1::READING_STANDING_PAUSED);
  CHECK_FALSE(ward.call(get_session, qa(), request)->has_standing());

  const std::string etag = ward.standing(qa()).etag();
  CHECK(reason(ward.resume(kBob, etag)) == "ROLE_REQUIRED");
  CHECK(reason(ward.resume({"ann", "b", {{Role::QaReviewer, ""}}}, etag)) == "OWN_STANDING");
  CHECK(reason(ward.resume(qa(), "old")) == "ETAG_MISMATCH");
  CHECK(reason(ward.resume(qa(), "")) == "ETAG_MISSING");
  CHECK(reason(ward.resume(qa(), etag, "users/nobody")) == "NO_SUCH_RESOURCE");
  const auto resumed = ward.resume(qa(), etag);
  REQUIRE(resumed);
  CHECK(resumed->standing() == v1::READING_STANDING_NOT_JUDGED);
  CHECK(resumed->has_resume_time());
  CHECK(ward.events("resume_reader") == 1);
  CHECK(reason(ward.resume(qa(), resumed->etag())) == "WRONG_STATE");
  CHECK(ward.claims().empty());

  // Judged anew, from what is read from now on.
  ward.gold(9, 1);
  ward.next_day();
  CHECK(ward.claims().empty());
  CHECK(ward.standing().standing() == v1::READING_STANDING_GOOD);
  CHECK(ward.standing().gold().total() == 10);
}

TEST_CASE("No single read shows itself as gold: judged in tens, and not before the next day") {
  Ward ward;
  ward.gold(0, 9);
  ward.next_day();
  CHECK(ward.claims().empty());
  ward.gold(0, 1);
  CHECK(ward.claims().empty());
  CHECK(ward.standing(qa()).standing() == v1::READING_STANDING_NOT_JUDGED);
  ward.next_day();
  CHECK(ward.claims() == "READING_PAUSED");
  // An eleventh, right or wrong, changes nothing by itself.
  ward.gold(9, 0);
  ward.next_day();
  CHECK(ward.standing().gold().total() == 10);
}

TEST_CASE("The limits are the policy's, from when it is changed") {
  Ward ward;
  ward.gold(6, 4);
  ward.next_day();
  CHECK(ward.claims().empty());
  ward.set_policy([](contract::Policy& policy) {
    policy.gold_warn_percent = 80;
    policy.gold_pause_percent = 65;
  });
  CHECK(ward.claims() == "READING_PAUSED");
  ward.set_policy([](contract::Policy& policy) { policy.gold_cases_before_judging = 11; });
  CHECK(ward.claims().empty());
  CHECK(ward.standing().standing() == v1::READING_STANDING_NOT_JUDGED);
  ward.set_policy([](contract::Policy& policy) {
    policy.gold_cases_before_judging = 1;
    policy.gold_pause_percent = 60;  // exactly: not below
  });
  CHECK(ward.claims().empty());
  CHECK(ward.standing().standing() == v1::READING_STANDING_WARNED);
  CHECK(ward.events("judge_reading") == 4);
}

TEST_CASE("A read that calls a gold case ungradable is not judged, as on the page") {
  Ward ward;
  ward.gold(9, 0);
  const std::string name = ward.add_case();
  ward.reads(kBob, name, says("psoriasis"));
  ward.reads(kCid, name, says("psoriasis"));
  ward.hidden_read(name, "ann", store::ReadPurpose::Gold, "eczema");
  ward.write([&](store::Tx& tx) -> Status {
    RETURN_IF_ERROR(
        tx.exec("UPDATE read_revisions SET content = '{\"gradable\":false}' WHERE read_id = "
                "(SELECT read_id FROM reads WHERE case_id = :id AND purpose = 2)",
                {{"id", name.substr(6)}}));
    return {};
  });
  ward.next_day();
  CHECK(ward.standing().gold().hits() == 9);
  CHECK(ward.standing().gold().total() == 9);
  CHECK(ward.standing().standing() == v1::READING_STANDING_NOT_JUDGED);
}

TEST_CASE("Judging walks over the reader's gold only") {
  World world;
  REQUIRE(add_many_cases(world.store(), 2000));
  RecordingStore recording(world.store());
  world.through(recording);
  REQUIRE(world.claim_any(kAnn));
  const int first = recording.writes();
  (void)recording.take();
  REQUIRE(world.claim_any(kAnn));
  CHECK(recording.writes() == first + 1);  // judged already: the claim alone writes
  REQUIRE(recording.read([&](store::Tx& tx) -> Status {
    RETURN_IF_ERROR(store::statistics::gold_reads(tx, "ann", 5, 10, 10));
    return {};
  }));
  for (const Statement& statement : recording.take()) {
    if (statement.sql.find("r.purpose = 2") == std::string::npos &&
        statement.sql.find("reader_standings") == std::string::npos)
      continue;
    const auto plan = recording.plan_of(statement);
    REQUIRE(plan);
    if (statement.sql.find("r.purpose = 2") != std::string::npos)
      CHECK(plan->front().find("reads_gold_by_user") != std::string::npos);
    for (const std::string& line : *plan) {
      CAPTURE(line);
      CHECK_FALSE(walks_all(line));
      CHECK_FALSE(sorts(line));
    }
  }
}

}  // namespace
