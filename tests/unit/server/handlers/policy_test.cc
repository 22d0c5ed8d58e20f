#include "server/handlers/policy.h"

#include "contract/policy.h"
#include "tests/unit/server/handlers/review_world.h"

namespace {

using namespace hada;
using namespace hada::review_test;

const Person admin{"ada", "", {{Role::Admin, ""}}};

std::string edited(const std::string& version, const std::function<void(contract::Policy&)>& change = {}) {
  contract::Policy policy;
  policy.version = version;
  if (change) change(policy);
  return contract::to_json(policy);
}

struct PolicyWorld : World {
  Result<v1::Policy> get(const std::string& name, const Person& who = admin) {
    v1::GetPolicyRequest request;
    request.set_name(name);
    return call(get_policy, who, request);
  }
  Result<v1::Policy> set(const std::string& json, const std::string& etag, bool validate_only = false,
                         const Person& who = admin) {
    v1::SetPolicyRequest request;
    request.set_json(json);
    request.set_etag(etag);
    request.set_validate_only(validate_only);
    request.set_request_id(fresh());
    return call(handlers::set_policy, who, request);
  }
  std::vector<std::string> versions() {
    std::vector<std::string> names;
    v1::ListPoliciesRequest request;
    request.set_page_size(2);
    do {
      const auto page = call(list_policies, admin, request);
      REQUIRE(page);
      for (const v1::Policy& policy : page->policies()) names.push_back(policy.name());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return names;
  }
};

}  // namespace

TEST_CASE("the policy in force is the program's own until an admin sets one") {
  PolicyWorld world;
  const auto first = world.get("policies/current");
  REQUIRE(first);
  CHECK(first->name() == "policies/1");
  CHECK(first->in_force());
  CHECK(contract::policy_from_json(first->json()).value() == contract::Policy{});
  CHECK(world.versions() == std::vector<std::string>{"policies/1"});
  CHECK(world.get("policies/1")->etag() == first->etag());
  CHECK(reason(world.get("policies/2")) == "NO_SUCH_RESOURCE");

  SUBCASE("what is set is in force, and every version stays to be seen") {
    const auto second = world.set(edited("2", [](auto& p) { p.gold_percent = 5; }), first->etag());
    REQUIRE(second);
    CHECK(second->creator() == "users/ada");
    const auto third = world.set(edited("3"), second->etag());
    REQUIRE(third);
    CHECK(world.versions() == std::vector<std::string>{"policies/3", "policies/2", "policies/1"});
    CHECK(world.get("policies/current")->name() == "policies/3");
    const auto seen = world.get("policies/2");
    CHECK_FALSE(seen->in_force());
    CHECK(seen->etag().empty());
    CHECK(contract::policy_from_json(seen->json())->gold_percent == 5);
    CHECK(world.number("SELECT COUNT(*) FROM events WHERE verb = 'set_policy' AND actor = 'ada'") == 2);
  }
  SUBCASE("who saw another one is refused, and told the etag") {
    REQUIRE(world.set(edited("2"), first->etag()));
    CHECK(reason(world.set(edited("3"), first->etag())) == "ETAG_MISMATCH");
    CHECK(reason(world.set(edited("3"), "")) == "ETAG_MISSING");
    CHECK(world.versions().size() == 2);
  }
  SUBCASE("a version has one content") {
    CHECK(reason(world.set(edited("1"), first->etag())) == "POLICY_EXISTS");
    CHECK(reason(world.set(edited("current"), first->etag())) == "POLICY_EXISTS");
    const auto second = world.set(edited("2"), first->etag());
    const auto third = world.set(edited("3"), second->etag());
    CHECK(reason(world.set(edited("2"), third->etag())) == "POLICY_EXISTS");
  }
  SUBCASE("a policy that is not whole, or names what the vocabulary has not, is refused by field") {
    const auto refused = world.set(edited("2", [](auto& p) { p.lease_minutes = 0; }), first->etag());
    CHECK(reason(refused) == "BAD_POLICY");
    CHECK(refused.error().metadata.at("field") == "lease_minutes");
    const auto unknown = world.set(edited("2",
                                          [](auto& p) {
                                            p.risk_of_term = {{"gout", 2}};
                                          }),
                                   first->etag());
    CHECK(unknown.error().metadata.at("field") == "risk_of_term.gout");
    CHECK(reason(world.set("{\"version\":\"2\"}", first->etag())) == "BAD_POLICY");
    CHECK(world.versions().size() == 1);
  }
  SUBCASE("a dry run checks the same and changes nothing") {
    CHECK(reason(world.set(edited("1"), first->etag(), true)) == "POLICY_EXISTS");
    const auto checked = world.set(edited("2"), first->etag(), true);
    REQUIRE(checked);
    CHECK(checked->name() == "policies/2");
    CHECK_FALSE(checked->in_force());
    CHECK(world.versions().size() == 1);
  }
  SUBCASE("only an admin for all sites sees or sets it") {
    const Person of_a{"abe", "a", {{Role::Admin, "a"}}};
    CHECK(reason(world.get("policies/current", of_a)) == "ROLE_REQUIRED");
    CHECK(reason(world.set(edited("2"), first->etag(), false, qa())) == "ROLE_REQUIRED");
  }
}

TEST_CASE("a policy that was set is what cases are judged by, and decisions name it") {
  PolicyWorld world;
  const Person ann = derm("ann"), bob = derm("bob", "c"), cem = derm("cem", "c");
  const std::string before = world.add_case();
  REQUIRE(world.set(edited("strict", [](auto& p) { p.votes_default = 3; }),
                    world.get("policies/current")->etag()));
  const std::string after = world.add_case();
  world.reads(ann, before, says("psoriasis"));
  world.reads(bob, before, says("psoriasis"));
  CHECK(world.state(before) == v1::CASE_STATE_AGREED);  // its two slots stay two
  world.reads(ann, after, says("psoriasis"));
  world.reads(bob, after, says("psoriasis"));
  CHECK(world.state(after) == v1::CASE_STATE_READING);
  world.reads(cem, after, says("psoriasis"));
  CHECK(world.state(after) == v1::CASE_STATE_AGREED);
  CHECK(world.number("SELECT COUNT(*) FROM events WHERE verb = 'settle_case' AND detail LIKE "
                     "'%\"policy_version\":\"strict\"%'") == 2);
  REQUIRE(world.call(approve_case, qa(), world.about<v1::ApproveCaseRequest>(after)));
  CHECK(world.list_of_decisions(qa(), after)->decisions(0).policy_version() == "strict");
}

TEST_CASE("a tier asks for its votes, and only QA sees it") {
  World world;
  const Person ann = derm("ann"), bob = derm("bob", "c"), cem = derm("cem", "c");
  const auto set_tier = [&](const std::string& name, v1::CaseTier tier) {
    auto request = world.about<v1::SetCaseTierRequest>(name);
    request.set_tier(tier);
    return world.call(set_case_tier, qa(), request);
  };
  const std::string name = world.add_case();
  CHECK(world.get(qa(), name)->tier() == v1::CASE_TIER_STANDARD);
  world.reads(ann, name, says("psoriasis"));

  SUBCASE("a case that is being read takes the votes of its new tier") {
    const auto gold = set_tier(name, v1::CASE_TIER_GOLD);
    REQUIRE(gold);
    CHECK(gold->tier() == v1::CASE_TIER_GOLD);
    CHECK(gold->votes_wanted() == 3);
    world.reads(bob, name, says("psoriasis"));
    CHECK(world.state(name) == v1::CASE_STATE_READING);
    // The third vote is the tier's, not one on top: the three agree.
    world.reads(cem, name, says("psoriasis"));
    CHECK(world.state(name) == v1::CASE_STATE_AGREED);
    SUBCASE("and no reader learns the tier, the outcome being shown") {
      const auto seen = world.get(cem, name);
      CHECK(seen->decided_term() == "terms/psoriasis");
      CHECK(seen->tier() == v1::CASE_TIER_UNSPECIFIED);
    }
  }
  SUBCASE("a third read that was asked for stays one, whatever tier the case has by then") {
    const v1::Read other = world.reads(bob, name, says("eczema"));
    REQUIRE(world.state(name) == v1::CASE_STATE_NEEDS_READ);
    REQUIRE(set_tier(name, v1::CASE_TIER_GOLD));
    REQUIRE(world.amend(bob, other, says("psoriasis")));
    REQUIRE(world.claim(cem, name));
    CHECK(reason(world.submit(cem, name, says("psoriasis"))) == "");
    CHECK(world.state(name) == v1::CASE_STATE_MAJORITY);
  }
  SUBCASE("it never takes fewer, and what is settled stays settled") {
    REQUIRE(set_tier(name, v1::CASE_TIER_TEST));
    CHECK(set_tier(name, v1::CASE_TIER_STANDARD)->votes_wanted() == 3);
    const std::string settled = world.add_case();
    world.reads(ann, settled, says("psoriasis"));
    world.reads(bob, settled, says("psoriasis"));
    CHECK(set_tier(settled, v1::CASE_TIER_GOLD)->votes_wanted() == 2);
    CHECK(world.state(settled) == v1::CASE_STATE_AGREED);
  }
  SUBCASE("it needs the role, a tier and the etag") {
    v1::SetCaseTierRequest request;
    request.set_name(name);
    request.set_request_id(fresh());
    CHECK(reason(world.call(set_case_tier, ann, request)) == "ROLE_REQUIRED");
    CHECK(reason(world.call(set_case_tier, qa(), request)) == "BAD_FIELD");
    request.set_tier(v1::CASE_TIER_GOLD);
    CHECK(reason(world.call(set_case_tier, qa(), request)) == "ETAG_MISSING");
  }
}
