#include "contract/policy.h"

#include <doctest/doctest.h>

#include <string>

using namespace hada::contract;

TEST_CASE("a policy survives JSON") {
  Policy policy;
  policy.version = "2024-06";
  policy.votes_default = 3;
  policy.max_votes = 7;
  policy.min_confidence = 4;
  policy.lease_minutes = 5;
  policy.pathology_settles = false;
  policy.risk_split_to_panel = false;
  policy.ancestor_agrees = true;
  policy.third_read_on_disagreement = true;
  policy.majority_settles = false;
  policy.own_site_reading = false;
  CHECK(policy_from_json(to_json(policy)).value() == policy);
  CHECK(policy_from_json(to_json(Policy{})).value() == Policy{});
}

TEST_CASE("the first policy is the issue's: two votes, no automatic third") {
  CHECK(Policy{}.votes_default == 2);
  CHECK(Policy{}.min_confidence == 3);
  CHECK(Policy{}.lease_minutes == 20);
  CHECK_FALSE(Policy{}.third_read_on_disagreement);
}

TEST_CASE("a policy that is only half understood is refused") {
  const auto edited = [](const std::string& from, const std::string& to) {
    std::string json = to_json(Policy{});
    const size_t at = json.find(from);
    REQUIRE(at != std::string::npos);
    return json.replace(at, from.size(), to);
  };
  const auto reason = [](const std::string& json) {
    const auto policy = policy_from_json(json);
    return policy ? std::string("accepted") : policy.error().reason;
  };
  CHECK(reason("") == "BAD_POLICY");
  CHECK(reason("[1]") == "BAD_POLICY");
  CHECK(reason("{\"version\":") == "BAD_POLICY");
  CHECK(reason(edited("\"min_confidence\":3", "\"min_confidence\":6")) == "BAD_POLICY");
  CHECK(reason(edited("\"min_confidence\":3", "\"min_confidence\":\"3\"")) == "BAD_POLICY");
  CHECK(reason(edited("\"min_confidence\":3", "\"min_confidence\":3,\"panel\":2")) == "BAD_POLICY");
  CHECK(reason(edited("\"min_confidence\":3,", "")) == "BAD_POLICY");
  CHECK(reason(edited("\"max_votes\":5", "\"max_votes\":1")) == "BAD_POLICY");
  CHECK(reason(edited("true", "1")) == "BAD_POLICY");
}
