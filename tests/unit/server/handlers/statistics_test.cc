// The statistics: what QA is told of the readers, and what a reader is told of themselves.

#include "server/handlers/statistics.h"

#include <cmath>

#include "server/store/statistics.h"
#include "tests/unit/server/handlers/many_cases.h"
#include "tests/unit/server/handlers/recording_store.h"
#include "tests/unit/server/handlers/review_world.h"

namespace {

using namespace hada;
using namespace hada::review_test;

const Person kAnn = derm("ann"), kBob = derm("bob"), kCid = derm("cid");

struct Clinic : World {
  Clinic() {
    write([&](store::Tx& tx) -> Status {
      for (const std::string id : {"ann", "bob", "cid", "quinn"})
        RETURN_IF_ERROR(store::insert_user(tx, {id, "Dr " + id, "b", "-", false, 1, clock.now_us(), {}}));
      return {};
    });
    without_third_read();
  }

  // Two readers vote; the case's name.
  std::string voted(const Person& first, const std::string& said, const Person& second,
                    const std::string& other, const std::string& site = "a") {
    const std::string name = add_case({.site = site});
    reads(first, name, said.empty() ? says_ungradable() : says(said));
    reads(second, name, other.empty() ? says_ungradable() : says(other));
    return name;
  }
  Result<v1::Agreement> agreement(const Person& who = qa(), const std::string& site = "", int max_votes = 0) {
    v1::GetAgreementRequest request;
    request.set_site(site);
    request.set_max_votes(max_votes);
    return call(get_agreement, who, request);
  }
  Result<v1::ReaderStatistics> statistics(const Person& who, const std::string& reader = "") {
    v1::GetReaderStatisticsRequest request;
    request.set_reader(reader);
    return call(get_reader_statistics, who, request);
  }
};

void agree(Clinic& clinic, int cases, const std::string& term) {
  for (int i = 0; i < cases; ++i) clinic.voted(kAnn, term, kBob, term);
}

TEST_CASE("QA sees how two readers agree, at each level") {
  Clinic clinic;
  agree(clinic, 4, "psoriasis");
  agree(clinic, 2, "naevus");
  clinic.voted(kAnn, "atopic", kBob, "contact");   // one class, one risk, siblings in the tree
  clinic.voted(kAnn, "melanoma", kBob, "naevus");  // another risk
  clinic.voted(kAnn, "melanoma", kBob, "");        // ungradable: says nothing but at GRADABLE
  clinic.add_case();
  const auto result = clinic.agreement();
  REQUIRE(result);
  CHECK(result->cases() == 9);
  CHECK(result->votes() == 18);
  CHECK_FALSE(result->truncated());
  REQUIRE(result->readers_size() == 2);
  CHECK(result->readers(0).reader() == "users/ann");
  CHECK(result->readers(1).display_name() == "Dr bob");
  CHECK(result->readers(1).votes() == 9);
  REQUIRE(result->levels_size() == 4);
  const auto &term = result->levels(0), &classes = result->levels(1), &risk = result->levels(2),
             &gradable = result->levels(3);
  CHECK(term.cases() == 8);
  CHECK(term.agreed().hits() == 6);
  CHECK(classes.agreed().hits() == 7);
  CHECK(risk.agreed().hits() == 7);
  CHECK(gradable.cases() == 9);
  CHECK(gradable.agreed().hits() == 8);
  REQUIRE(term.pairs_size() == 1);
  CHECK(term.pairs(0).common() == 8);
  CHECK(term.pairs(0).agreed() == 6);
  // By hand: chance agrees on (4 * 4 + 2 * 3) / 64.
  CHECK(term.pairs(0).kappa() == doctest::Approx((0.75 - 22.0 / 64) / (1 - 22.0 / 64)));
  // Alpha by hand: 16 answers: psoriasis 8, naevus 5, atopic, contact, melanoma 1; pairs that differ
  // expected: (256 - 64 - 25 - 3) / 2 = 82.
  CHECK(term.alpha().value() == doctest::Approx(1 - 15 * 2.0 / 82));
  CHECK(term.alpha().low() < term.alpha().value());
  CHECK(term.alpha().high() > term.alpha().value());
  CHECK(term.tree_alpha().value() > term.alpha().value());
  CHECK_FALSE(classes.has_tree_alpha());
  CHECK(term.fleiss_kappa().value() == doctest::Approx((0.75 - 92.0 / 256) / (1 - 92.0 / 256)));
}

TEST_CASE("Classes and risks are the policy's") {
  Clinic clinic;
  agree(clinic, 3, "psoriasis");
  clinic.voted(kAnn, "psoriasis", kBob, "eczema");
  CHECK(clinic.agreement()->levels(1).agreed().hits() == 3);
  clinic.set_policy([](contract::Policy& policy) { policy.release_class_of_term["psoriasis"] = "eczema"; });
  CHECK(clinic.agreement()->levels(1).agreed().hits() == 4);
  CHECK(clinic.agreement()->levels(0).agreed().hits() == 3);
}

TEST_CASE("A third read, asked for where the first two disagree, does not count that twice") {
  Clinic clinic;
  agree(clinic, 3, "psoriasis");
  const std::string split = clinic.voted(kAnn, "psoriasis", kBob, "eczema");
  const auto before = clinic.agreement();
  v1::RequestReadRequest request;
  request.set_name(split);
  request.set_rationale("a third opinion");
  request.set_etag(clinic.get(qa(), split)->etag());
  request.set_request_id(fresh());
  REQUIRE(clinic.call(request_read, qa(), request));
  clinic.reads(kCid, split, says("eczema"));
  const auto after = clinic.agreement();
  REQUIRE(after);
  CHECK(after->readers_size() == 2);
  CHECK(after->levels(0).alpha().value() == before->levels(0).alpha().value());
}

TEST_CASE("Gold, repeats and late reads are no votes") {
  Clinic clinic;
  agree(clinic, 3, "psoriasis");
  const std::string name = clinic.voted(kAnn, "naevus", kBob, "naevus");
  clinic.hidden_read(name, "cid", store::ReadPurpose::Gold, "melanoma");
  clinic.hidden_read(name, "ann", store::ReadPurpose::Repeat, "melanoma");
  const auto result = clinic.agreement();
  REQUIRE(result);
  CHECK(result->readers_size() == 2);
  CHECK(result->levels(0).agreed().hits() == 4);
}

TEST_CASE("QA is told of their sites only, and of nothing they might still read") {
  Clinic clinic;
  clinic.voted(kAnn, "psoriasis", kBob, "psoriasis", "a");
  clinic.voted(kAnn, "psoriasis", kBob, "eczema", "b");
  CHECK(clinic.agreement(qa(), "sites/a")->cases() == 1);
  const Person of_b{"quinn", "d", {{Role::QaReviewer, "b"}}};
  CHECK(clinic.agreement(of_b)->cases() == 1);
  CHECK(clinic.agreement(of_b)->levels(0).agreed().hits() == 0);
  CHECK(reason(clinic.agreement(of_b, "sites/a")) == "ROLE_REQUIRED");
  CHECK(reason(clinic.agreement(qa(), "", -1)) == "BAD_FIELD");
  CHECK(clinic.statistics(of_b, "users/ann")->outcomes(0).proportion().total() == 0);
  CHECK(clinic.statistics(of_b, "users/ann")->reads() == 1);

  // Site b's case waits for a third read: who reads at b is not told that two disagree.
  const std::string asked = clinic.listed(qa(), v1::WORKLIST_VIEW_TO_ADJUDICATE).front();
  v1::RequestReadRequest request;
  request.set_name(asked);
  request.set_rationale("more");
  request.set_etag(clinic.get(qa(), asked)->etag());
  request.set_request_id(fresh());
  REQUIRE(clinic.call(request_read, qa(), request));
  const Person both{"rita", "d", {{Role::QaReviewer, ""}, {Role::Dermatologist, "b"}}};
  CHECK(clinic.agreement(qa())->cases() == 2);
  CHECK(clinic.agreement(both)->cases() == 1);
  CHECK(clinic.statistics(both, "users/ann")->reads() == 1);
  CHECK(clinic.statistics(qa(), "users/ann")->reads() == 2);
}

TEST_CASE("Only as many votes are looked at as asked, the newest") {
  Clinic clinic;
  for (int i = 0; i < 6; ++i) {
    clinic.clock.advance_seconds(60);
    clinic.voted(kAnn, "psoriasis", kBob, i < 3 ? "eczema" : "psoriasis");
  }
  const auto newest = clinic.agreement(qa(), "", 6);
  REQUIRE(newest);
  CHECK(newest->cases() == 3);
  CHECK(newest->truncated());
  CHECK(newest->levels(0).agreed().hits() == 3);
  const auto all = clinic.agreement(qa(), "", 12);
  CHECK(all->cases() == 6);
  CHECK_FALSE(all->truncated());
  CHECK(all->oldest_vote_time().seconds() < newest->oldest_vote_time().seconds());
}

TEST_CASE("A reader's own page tells of the outcomes they were shown, and QA of all that are settled") {
  Clinic clinic;
  agree(clinic, 2, "psoriasis");
  const std::string name = clinic.voted(kAnn, "naevus", kBob, "melanoma");
  v1::AdjudicateCaseRequest request;
  request.set_name(name);
  request.set_term("terms/melanoma");
  request.set_rationale("seen it");
  request.set_etag(clinic.get(qa(), name)->etag());
  request.set_request_id(fresh());
  REQUIRE(clinic.call(adjudicate_case, qa(), request));

  auto own = clinic.statistics(kAnn);
  REQUIRE(own);
  CHECK(own->reads() == 3);
  CHECK(own->display_name() == "Dr ann");
  CHECK(own->outcomes(0).proportion().total() == 0);
  CHECK(own->confusions_size() == 0);
  const auto by_qa = clinic.statistics(qa(), "users/ann");
  REQUIRE(by_qa);
  CHECK(by_qa->outcomes(0).proportion().hits() == 2);
  CHECK(by_qa->outcomes(0).proportion().total() == 3);
  REQUIRE(by_qa->confusions_size() == 1);
  CHECK(by_qa->confusions(0).said(0) == "terms/naevus");
  CHECK(by_qa->confusions(0).outcome() == "terms/melanoma");

  REQUIRE(clinic.get(kAnn, name));  // opening it shows the outcome
  own = clinic.statistics(kAnn, "users/ann");
  CHECK(own->outcomes(0).proportion().total() == 1);
  CHECK(own->confusions_size() == 1);
}

TEST_CASE("A reader learns of hidden reads by tens and not before the next day; QA at once") {
  Clinic clinic;
  std::vector<std::string> names;
  for (int i = 0; i < 12; ++i) names.push_back(clinic.voted(kBob, "psoriasis", kCid, "psoriasis"));
  for (int i = 0; i < 12; ++i)
    clinic.hidden_read(names[static_cast<size_t>(i)], "ann", store::ReadPurpose::Gold,
                       i < 9 ? "psoriasis" : "eczema");
  const std::string again = clinic.voted(kAnn, "naevus", kBob, "naevus");
  clinic.hidden_read(again, "ann", store::ReadPurpose::Repeat, "naevus");

  CHECK(clinic.statistics(kAnn)->gold(0).proportion().total() == 0);
  const auto by_qa = clinic.statistics(qa(), "users/ann");
  CHECK(by_qa->gold(0).proportion().hits() == 9);
  CHECK(by_qa->gold(0).proportion().total() == 12);
  CHECK(by_qa->gold(2).proportion().hits() == 12);  // all of low risk
  CHECK(by_qa->repeats(0).proportion().hits() == 1);
  CHECK(by_qa->median_seconds() == 30);

  clinic.clock.advance_seconds(24 * 3600);
  const auto own = clinic.statistics(kAnn);
  CHECK(own->gold(0).proportion().total() == 10);
  CHECK(own->gold(0).proportion().hits() == 9);
  CHECK(own->repeats(0).proportion().total() == 0);  // one of ten
  CHECK(own->reads() == 14);
}

TEST_CASE("A hidden read counts for the case that it showed a copy of") {
  Clinic clinic;
  const std::string gold = clinic.voted(kBob, "psoriasis", kCid, "psoriasis");
  auto tier = clinic.about<v1::SetCaseTierRequest>(gold);
  tier.set_tier(v1::CASE_TIER_GOLD);
  REQUIRE(clinic.call(set_case_tier, qa(), tier));
  clinic.set_policy([](contract::Policy& policy) {
    policy.gold_percent = 50;
    policy.repeat_percent = 0;
  });
  const std::string plain = clinic.add_case();
  clinic.reads(kAnn, plain, says("naevus"));
  const auto next = clinic.claim_any(kAnn);
  REQUIRE(next);
  REQUIRE(clinic.submit(kAnn, next->case_(), says("eczema")));
  const auto by_qa = clinic.statistics(qa(), "users/ann");
  CHECK(by_qa->reads() == 2);
  CHECK(by_qa->gold(0).proportion().total() == 1);
  CHECK(by_qa->gold(0).proportion().hits() == 0);
}

TEST_CASE("A reader is shown nobody else, and nobody is shown who does not exist") {
  Clinic clinic;
  CHECK(reason(clinic.statistics(kAnn, "users/bob")) == "ROLE_REQUIRED");
  CHECK(reason(clinic.statistics(qa(), "users/nobody")) == "NO_SUCH_RESOURCE");
  CHECK(reason(clinic.statistics(qa(), "ann")) == "BAD_NAME");
  const auto nothing = clinic.statistics(kCid);
  REQUIRE(nothing);
  CHECK(nothing->reads() == 0);
  CHECK(clinic.agreement()->levels_size() == 4);
  CHECK_FALSE(clinic.agreement()->levels(0).has_alpha());
}

TEST_CASE("No query of the statistics scans or sorts a table that grows") {
  World world;
  REQUIRE(add_many_cases(world.store(), 2000));
  RecordingStore recording(world.store());
  REQUIRE(world.store().read([&](store::Tx& tx) -> Status {
    const auto votes = store::statistics::newest_votes(tx, {}, 10);
    REQUIRE(votes);
    CHECK(votes->size() == 10);
    return {};
  }));
  REQUIRE(recording.read([&](store::Tx& tx) -> Status {
    RETURN_IF_ERROR(store::statistics::newest_votes(tx, {5, "r"}, 10));
    RETURN_IF_ERROR(store::statistics::first_votes(tx, "case1", 2));
    RETURN_IF_ERROR(store::statistics::newest_reads(tx, "ann", 10));
    return {};
  }));
  const auto statements = recording.take();
  CHECK(statements.size() == 3);
  for (const Statement& statement : statements) {
    const bool one_case =
        statement.sql.find("r.case_id = :case_id") != std::string::npos;  // a handful of reads
    const auto plan = recording.plan_of(statement);
    REQUIRE(plan);
    for (const std::string& line : *plan) {
      CAPTURE(line);
      CHECK_FALSE(walks_all(line));
      CHECK((one_case || !sorts(line)));
    }
  }
}

}  // namespace
