#include "client/net/convert_statistics.h"

#include <doctest/doctest.h>

using namespace hada;

TEST_CASE("agreement reaches the model; what has no value stays without, and a pair of nobody is left out") {
  v1::Agreement sent;
  sent.set_cases(7);
  for (const char* name : {"users/a", "users/b"}) sent.add_readers()->set_reader(name);
  v1::LevelAgreement* level = sent.add_levels();
  level->set_level(v1::AGREEMENT_LEVEL_RISK);
  level->mutable_agreed()->set_hits(5);
  level->mutable_agreed()->set_total(7);
  level->mutable_alpha()->set_value(0.4);
  level->mutable_alpha()->set_low(0.1);
  level->mutable_fleiss_kappa()->set_value(-0.1);
  v1::ReaderPair* pair = level->add_pairs();
  pair->set_second(1);
  pair->set_common(7);
  level->add_pairs()->set_second(9);

  const model::ReaderAgreement got = net::to_model(sent);
  CHECK(got.cases == 7);
  REQUIRE(got.levels.size() == 1);
  CHECK(got.levels[0].level == model::AgreementLevel::Risk);
  CHECK(got.levels[0].agreed.share() == doctest::Approx(5.0 / 7));
  CHECK(got.levels[0].alpha->low == 0.1);
  CHECK_FALSE(got.levels[0].alpha->high);
  CHECK(got.levels[0].fleiss_kappa->value == -0.1);
  CHECK_FALSE(got.levels[0].tree_alpha);
  REQUIRE(got.levels[0].pairs.size() == 1);
  CHECK(got.levels[0].pairs[0].common == 7);
  CHECK_FALSE(got.levels[0].pairs[0].kappa);
}

TEST_CASE("a reader's record reaches the model") {
  v1::ReaderStatistics sent;
  sent.set_reader("users/a");
  sent.set_reads(12);
  v1::LevelProportion* gold = sent.add_gold();
  gold->set_level(v1::AGREEMENT_LEVEL_TERM);
  gold->mutable_proportion()->set_hits(9);
  gold->mutable_proportion()->set_total(10);
  v1::Confusion* confusion = sent.add_confusions();
  confusion->add_said("terms/naevus");
  confusion->set_outcome("terms/melanoma");
  confusion->set_count(2);
  sent.set_median_seconds(41);
  const model::ReaderRecord got = net::to_model(sent);
  CHECK(got.reads == 12);
  REQUIRE(got.gold.size() == 1);
  CHECK(got.gold[0].proportion.hits == 9);
  REQUIRE(got.confusions.size() == 1);
  CHECK(got.confusions[0].said == std::vector<std::string>{"terms/naevus"});
  CHECK(got.median_seconds == 41);
  CHECK(got.repeats.empty());
}
