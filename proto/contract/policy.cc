#include "contract/policy.h"

#include <nlohmann/json.hpp>
#include <set>

namespace hada::contract {
namespace {

using Json = nlohmann::json;

struct IntMember {
  const char* name;
  int32_t Policy::*member;
  int32_t low, high;
};
constexpr IntMember kInts[] = {
    {"votes_default", &Policy::votes_default, 1, 9},
    {"max_votes", &Policy::max_votes, 1, 9},
    {"min_confidence", &Policy::min_confidence, 1, 5},
    {"lease_minutes", &Policy::lease_minutes, 1, 24 * 60},
};

struct BoolMember {
  const char* name;
  bool Policy::*member;
};
constexpr BoolMember kBools[] = {
    {"pathology_settles", &Policy::pathology_settles},
    {"risk_split_to_panel", &Policy::risk_split_to_panel},
    {"ancestor_agrees", &Policy::ancestor_agrees},
    {"third_read_on_disagreement", &Policy::third_read_on_disagreement},
    {"majority_settles", &Policy::majority_settles},
    {"own_site_reading", &Policy::own_site_reading},
};

Unexpected bad_policy(const std::string& what) {
  return Unexpected(ErrorCode::InvalidArgument, "BAD_POLICY", "policy: " + what);
}

}  // namespace

std::string to_json(const Policy& policy) {
  Json json = {{"version", policy.version}};
  for (const IntMember& m : kInts) json[m.name] = policy.*m.member;
  for (const BoolMember& m : kBools) json[m.name] = policy.*m.member;
  return json.dump();
}

Result<Policy> policy_from_json(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return bad_policy("expected one JSON object");

  Policy policy;
  std::set<std::string> known = {"version"};
  const auto version = json.find("version");
  if (version == json.end() || !version->is_string()) return bad_policy("version must be a text");
  policy.version = version->get<std::string>();
  if (policy.version.empty() || policy.version.size() > 64)
    return bad_policy("version must have 1-64 characters");

  for (const IntMember& m : kInts) {
    known.insert(m.name);
    const auto it = json.find(m.name);
    if (it == json.end() || !it->is_number_integer())
      return bad_policy(std::string(m.name) + " must be an integer");
    const auto value = it->get<int64_t>();
    if (value < m.low || value > m.high)
      return bad_policy(std::string(m.name) + " must be " + std::to_string(m.low) + "-" +
                        std::to_string(m.high));
    policy.*m.member = static_cast<int32_t>(value);
  }
  for (const BoolMember& m : kBools) {
    known.insert(m.name);
    const auto it = json.find(m.name);
    if (it == json.end() || !it->is_boolean())
      return bad_policy(std::string(m.name) + " must be true or false");
    policy.*m.member = it->get<bool>();
  }
  if (policy.max_votes < policy.votes_default) return bad_policy("max_votes must be at least votes_default");
  for (const auto& [name, value] : json.items())
    if (!known.contains(name)) return bad_policy("a member is unknown");
  return policy;
}

}  // namespace hada::contract
