#include "contract/policy.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "contract/vocabulary.h"

using namespace hada::contract;

namespace {

using Json = nlohmann::json;

Policy unlike_the_default() {
  Policy policy;
  policy.version = "2024-06";
  policy.votes_default = 3;
  policy.votes_test = 4;
  policy.votes_gold = 5;
  policy.max_votes = 7;
  policy.min_confidence = 4;
  policy.lease_minutes = 5;
  policy.leases_per_reader = 3;
  policy.pathology_settles = false;
  policy.risk_split_to_panel = false;
  policy.ancestor_agrees = false;
  policy.third_read_on_disagreement = false;
  policy.majority_settles = false;
  policy.own_site_reading = false;
  policy.high_risk_tier = 1;
  policy.risk_of_term = {{"naevus", 2}};
  policy.release_class_of_term = {{"naevus", "melanoma"}};
  policy.qa_sample_percent = 12.5;
  policy.gold_percent = 3;
  policy.repeat_percent = 1;
  policy.repeat_after_days = 60;
  policy.gold_cases_before_judging = 20;
  policy.gold_warn_percent = 80;
  policy.gold_pause_percent = 60;
  return policy;
}

Json edited(const char* member, const Json& value) {
  Json json = Json::parse(to_json(Policy{}));
  json[member] = value;
  return json;
}

hada::Error refusal(const Json& json) {
  const auto policy = policy_from_json(json.dump());
  return policy ? hada::Error{hada::ErrorCode::Unknown, "accepted", "", {{"field", ""}, {"expected", ""}}}
                : policy.error();
}

}  // namespace

TEST_CASE("a policy survives JSON") {
  const Policy policy = unlike_the_default();
  CHECK(policy_from_json(to_json(policy)).value() == policy);
  CHECK(policy_from_json(to_json(policy, 2)).value() == policy);
  CHECK(policy_from_json(to_json(Policy{})).value() == Policy{});
  // Each member differs: one that JSON left out would not have survived.
  CHECK(policy_changes(Policy{}, policy).size() == Json::parse(to_json(policy)).size() - 1);
}

TEST_CASE("the first policy is workflow.md's") {
  const Policy policy;
  CHECK(policy.votes_of(hada::CaseTier::Standard) == 2);
  CHECK(policy.votes_of(hada::CaseTier::Test) == 3);
  CHECK(policy.votes_of(hada::CaseTier::Gold) == 3);
  CHECK(policy.min_confidence == 3);
  CHECK(policy.lease_minutes == 20);
  CHECK(policy.leases_per_reader == 10);
  CHECK(policy.ancestor_agrees);
  CHECK(policy.third_read_on_disagreement);
  CHECK(policy.qa_sample_percent == 10);
  CHECK((policy.gold_percent >= 3 && policy.gold_percent <= 5));
  CHECK(policy.repeat_percent == 2);
  CHECK(policy.gold_cases_before_judging == 10);
}

TEST_CASE("a policy that is only half understood is refused, by field and with what was expected") {
  const auto reason = [](const std::string& json) {
    const auto policy = policy_from_json(json);
    return policy ? std::string("accepted") : policy.error().reason;
  };
  CHECK(reason("") == "BAD_POLICY");
  CHECK(reason("[1]") == "BAD_POLICY");
  CHECK(reason("{\"version\":") == "BAD_POLICY");

  struct Wrong {
    const char* member;
    Json value;
  };
  for (const Wrong& wrong :
       {Wrong{"min_confidence", 6}, Wrong{"min_confidence", "3"}, Wrong{"min_confidence", 3.5},
        Wrong{"min_confidence", 18446744073709551615u}, Wrong{"panel", 2}, Wrong{"max_votes", 2},
        Wrong{"ancestor_agrees", 1}, Wrong{"version", ""}, Wrong{"version", "a/b"}, Wrong{"gold_percent", -1},
        Wrong{"gold_percent", 101}, Wrong{"gold_percent", 49}, Wrong{"gold_pause_percent", 71},
        Wrong{"risk_of_term", Json::array()}, Wrong{"risk_of_term", Json{{"naevus", 3}}},
        Wrong{"release_class_of_term", Json{{"naevus", 1}}}}) {
    CAPTURE(wrong.member);
    CAPTURE(wrong.value.dump());
    const hada::Error error = refusal(edited(wrong.member, wrong.value));
    CHECK(error.reason == "BAD_POLICY");
    CHECK(error.metadata.at("field") == wrong.member);
    CHECK(!error.metadata.at("expected").empty());
  }
  // Every member is needed.
  const Json whole = Json::parse(to_json(Policy{}));
  for (const auto& member : whole.items()) {
    const std::string name = member.key();
    Json json = whole;
    json.erase(name);
    CAPTURE(name);
    const hada::Error error = refusal(json);
    CHECK(error.reason == "BAD_POLICY");
    CHECK(error.metadata.at("field") == name);
  }
}

TEST_CASE("a policy stored by an earlier version still loads, and its switches stay as they were") {
  const std::string stored =
      R"({"ancestor_agrees":false,"lease_minutes":20,"majority_settles":true,"max_votes":5,)"
      R"("min_confidence":3,"own_site_reading":true,"pathology_settles":true,"risk_split_to_panel":true,)"
      R"("third_read_on_disagreement":false,"version":"1","votes_default":2})";
  CHECK(policy_from_json(stored).error().reason == "BAD_POLICY");
  Policy expected;
  expected.ancestor_agrees = false;
  expected.third_read_on_disagreement = false;
  CHECK(stored_policy_from_json(stored).value() == expected);
  CHECK(stored_policy_from_json(R"({"version":"1","lease_minutes":0})").error().reason == "BAD_POLICY");
}

TEST_CASE("what a policy says of a term goes before the vocabulary") {
  const Vocabulary vocabulary =
      Vocabulary::from({{"naevus", "naevus", "母斑", {}, {}, {}, "", 0, "naevus"},
                        {"melanoma", "melanoma", "悪性黒色腫", {}, {}, {}, "", 2, "melanoma"},
                        {"dysplastic", "dysplastic naevus", "異型母斑", {}, {}, {"naevus"}, "", 1, "naevus"}},
                       {{"naevus", "naevus", "母斑"}, {"melanoma", "melanoma", "悪性黒色腫"}}, "test")
          .value();
  Policy policy;
  CHECK(risk_of(policy, vocabulary, "dysplastic") == 1);
  CHECK_FALSE(is_high_risk(policy, vocabulary, "dysplastic"));
  CHECK(is_high_risk(policy, vocabulary, "melanoma"));
  CHECK(release_class_of(policy, vocabulary, "dysplastic") == "naevus");
  CHECK(risk_of(policy, vocabulary, "unheard of") == 0);
  CHECK(release_class_of(policy, vocabulary, "unheard of").empty());

  policy.high_risk_tier = 1;
  CHECK(is_high_risk(policy, vocabulary, "dysplastic"));
  policy = {};
  policy.risk_of_term = {{"dysplastic", 2}, {"melanoma", 0}};
  policy.release_class_of_term = {{"dysplastic", "melanoma"}};
  CHECK(is_high_risk(policy, vocabulary, "dysplastic"));
  CHECK_FALSE(is_high_risk(policy, vocabulary, "melanoma"));
  CHECK(release_class_of(policy, vocabulary, "dysplastic") == "melanoma");
  CHECK(check_policy(policy, vocabulary));

  policy.risk_of_term = {{"unheard_of", 2}};
  CHECK(check_policy(policy, vocabulary).error().metadata.at("field") == "risk_of_term.unheard_of");
  policy.risk_of_term.clear();
  policy.release_class_of_term = {{"naevus", "unheard_of"}};
  CHECK(check_policy(policy, vocabulary).error().metadata.at("field") == "release_class_of_term.naevus");
}

TEST_CASE("what differs between two policies is told by member, without the version") {
  Policy before, after;
  after.version = "2";
  CHECK(policy_changes(before, after).empty());
  before.risk_of_term = {{"a", 1}, {"b", 2}};
  after.risk_of_term = {{"b", 2}, {"c", 0}};
  after.gold_percent = 5;
  CHECK(policy_changes(before, after) == std::vector<PolicyChange>{{"gold_percent", "4.0", "5.0"},
                                                                   {"risk_of_term.a", "1", "-"},
                                                                   {"risk_of_term.c", "-", "0"}});
}
