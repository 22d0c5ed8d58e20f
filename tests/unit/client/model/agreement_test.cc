#include "client/model/agreement.h"

#include <doctest/doctest.h>

#include "desk.h"

using namespace hada;
using namespace hada::model;
using test::Desk;
using test::differential;

namespace {
const contract::Vocabulary& vocabulary() {
  static const contract::Vocabulary kVocabulary = [] {
    std::vector<contract::Term> terms(3);
    terms[0].id = terms[0].en = terms[0].ja = "melanoma";
    terms[0].risk = 2;
    terms[1].id = terms[1].en = terms[1].ja = "nevus";
    terms[2].id = terms[2].en = terms[2].ja = "psoriasis";
    return contract::Vocabulary::from(std::move(terms), {}, "1").value();
  }();
  return kVocabulary;
}
Read says(const std::string& reader, const std::vector<Diagnosis>& list) {
  return Desk::a_read(reader, differential(list));
}
}  // namespace

TEST_CASE("readers agree when their sets of first terms are equal") {
  const Agreement a = agreement_of({says("1", {{"terms/nevus", 1, 3}, {"terms/psoriasis", 1, 3}}),
                                    says("2", {{"terms/psoriasis", 1, 4}, {"terms/nevus", 1, 2}})},
                                   &vocabulary());
  CHECK(a.readers == 2);
  CHECK(a.sharing == 2);
  CHECK_FALSE(a.risk_split);
}

TEST_CASE("high risk against not high risk is said") {
  const Agreement a = agreement_of(
      {says("1", {{"terms/melanoma", 1, 3}}), says("2", {{"terms/nevus", 1, 4}})}, &vocabulary());
  CHECK(a.sharing == 1);
  CHECK(a.risk_split);
}

TEST_CASE("late reads and revisions after a reveal are not counted") {
  Read late = says("1", {{"terms/nevus", 1, 3}});
  late.late = true;
  Read revised = says("2", {{"terms/nevus", 1, 3}});
  revised.revisions.push_back(
      {2, differential({{"terms/melanoma", 1, 5}}), 0, "seen the pathology", true, {}});
  const Agreement a = agreement_of({late, revised, says("3", {{"terms/nevus", 1, 3}})}, &vocabulary());
  CHECK(a.readers == 2);
  CHECK(a.sharing == 2);
  CHECK(voting_revision(revised).revision == 1);
}

TEST_CASE("ungradable reads are counted as such") {
  ReadContent content;
  content.gradable = false;
  const Agreement a = agreement_of({Desk::a_read("1", content), says("2", {{"terms/nevus", 1, 3}})}, nullptr);
  CHECK(a.ungradable == 1);
  CHECK(a.readers == 2);
}

TEST_CASE("a change between revisions names what came, what went and the first before") {
  const ReadContent before = differential({{"a", 1, 3}, {"b", 2, 3}});
  SUBCASE("terms") {
    const ContentChange change = change_between(before, differential({{"c", 1, 3}, {"a", 2, 3}}));
    CHECK(change.added == std::vector<std::string>{"c"});
    CHECK(change.removed == std::vector<std::string>{"b"});
    CHECK(change.first_before == std::vector<std::string>{"a"});
    CHECK_FALSE(change.other);
  }
  SUBCASE("only confidence") {
    const ContentChange change = change_between(before, differential({{"a", 1, 5}, {"b", 2, 3}}));
    CHECK(change.other);
    CHECK(change.added.empty());
  }
  SUBCASE("nothing") { CHECK(change_between(before, before).none()); }
}
