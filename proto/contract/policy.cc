#include "contract/policy.h"

#include <nlohmann/json.hpp>
#include <set>

#include "contract/names.h"
#include "contract/vocabulary.h"

namespace hada::contract {
namespace {

using Json = nlohmann::json;

enum class Missing { Refused, TakesDefault };

struct IntMember {
  const char* name;
  int32_t Policy::*member;
  int32_t low, high;
};
constexpr IntMember kInts[] = {
    {"votes_default", &Policy::votes_default, 1, 9},
    {"votes_test", &Policy::votes_test, 1, 9},
    {"votes_gold", &Policy::votes_gold, 1, 9},
    {"max_votes", &Policy::max_votes, 1, 9},
    {"min_confidence", &Policy::min_confidence, 1, 5},
    {"lease_minutes", &Policy::lease_minutes, 1, 24 * 60},
    {"leases_per_reader", &Policy::leases_per_reader, 1, 100},
    {"high_risk_tier", &Policy::high_risk_tier, 1, 2},
    {"repeat_after_days", &Policy::repeat_after_days, 1, 3650},
    {"gold_cases_before_judging", &Policy::gold_cases_before_judging, 1, 1000},
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

struct PercentMember {
  const char* name;
  double Policy::*member;
};
constexpr PercentMember kPercents[] = {
    {"qa_sample_percent", &Policy::qa_sample_percent},   {"gold_percent", &Policy::gold_percent},
    {"repeat_percent", &Policy::repeat_percent},         {"gold_warn_percent", &Policy::gold_warn_percent},
    {"gold_pause_percent", &Policy::gold_pause_percent},
};

constexpr const char* kRisk = "risk_of_term";
constexpr const char* kClass = "release_class_of_term";

Unexpected bad_policy(const std::string& field, const std::string& expected) {
  return Unexpected(Error{ErrorCode::InvalidArgument,
                          "BAD_POLICY",
                          "policy: " + field + ": expected " + expected,
                          {{"field", field}, {"expected", expected}}});
}

// Whether the member is to be read; a missing one may be none.
Result<bool> is_given(const Json& json, const char* name, const std::string& expected, Missing missing) {
  if (json.contains(name)) return true;
  if (missing == Missing::Refused) return bad_policy(name, expected + " (it is missing)");
  return false;
}

Status read_numbers(const Json& json, Missing missing, Policy& policy) {
  for (const IntMember& m : kInts) {
    const std::string expected =
        "a whole number from " + std::to_string(m.low) + " to " + std::to_string(m.high);
    ASSIGN_OR_RETURN(const bool given, is_given(json, m.name, expected, missing));
    if (!given) continue;
    const Json& value = json[m.name];
    // Unsigned numbers beyond int64 wrap to negative ones, which are out of range as well.
    if (!value.is_number_integer() || value.get<int64_t>() < m.low || value.get<int64_t>() > m.high)
      return bad_policy(m.name, expected);
    policy.*m.member = value.get<int32_t>();
  }
  for (const PercentMember& m : kPercents) {
    ASSIGN_OR_RETURN(const bool given, is_given(json, m.name, "a percentage from 0 to 100", missing));
    if (!given) continue;
    const Json& value = json[m.name];
    if (!value.is_number() || !(value.get<double>() >= 0 && value.get<double>() <= 100))
      return bad_policy(m.name, "a percentage from 0 to 100");
    policy.*m.member = value.get<double>();
  }
  return {};
}

Status read_switches(const Json& json, Missing missing, Policy& policy) {
  for (const BoolMember& m : kBools) {
    ASSIGN_OR_RETURN(const bool given, is_given(json, m.name, "true or false", missing));
    if (!given) continue;
    if (!json[m.name].is_boolean()) return bad_policy(m.name, "true or false");
    policy.*m.member = json[m.name].get<bool>();
  }
  return {};
}

Status read_maps(const Json& json, Missing missing, Policy& policy) {
  const std::string risks = "an object of term ids with risk tiers 0, 1 or 2";
  ASSIGN_OR_RETURN(const bool has_risks, is_given(json, kRisk, risks, missing));
  if (has_risks) {
    if (!json[kRisk].is_object()) return bad_policy(kRisk, risks);
    for (const auto& [term, tier] : json[kRisk].items()) {
      if (!is_resource_id(term) || !tier.is_number_integer() || tier.get<int64_t>() < 0 ||
          tier.get<int64_t>() > 2)
        return bad_policy(kRisk, risks);
      policy.risk_of_term[term] = tier.get<int32_t>();
    }
  }
  const std::string classes = "an object of term ids with release class ids";
  ASSIGN_OR_RETURN(const bool has_classes, is_given(json, kClass, classes, missing));
  if (has_classes) {
    if (!json[kClass].is_object()) return bad_policy(kClass, classes);
    for (const auto& [term, release_class] : json[kClass].items()) {
      if (!is_resource_id(term) || !release_class.is_string() ||
          !is_resource_id(release_class.get<std::string>()))
        return bad_policy(kClass, classes);
      policy.release_class_of_term[term] = release_class.get<std::string>();
    }
  }
  return {};
}

// What a policy cannot want at once.
Status check_together(const Policy& policy) {
  for (const CaseTier tier : {CaseTier::Standard, CaseTier::Test, CaseTier::Gold})
    if (policy.max_votes < policy.votes_of(tier))
      return bad_policy("max_votes", "at least the votes of every tier");
  if (policy.gold_percent + policy.repeat_percent > 50)
    return bad_policy("gold_percent", "with repeat_percent at most half of all reads");
  if (policy.gold_pause_percent > policy.gold_warn_percent)
    return bad_policy("gold_pause_percent", "at most gold_warn_percent");
  return {};
}

Status check_members_are_known(const Json& json) {
  std::set<std::string> known = {"version", kRisk, kClass};
  for (const IntMember& m : kInts) known.insert(m.name);
  for (const BoolMember& m : kBools) known.insert(m.name);
  for (const PercentMember& m : kPercents) known.insert(m.name);
  for (const auto& [name, value] : json.items())
    // A name that is no identifier might be anything: it is not repeated.
    if (!known.contains(name))
      return bad_policy(is_resource_id(name) ? name : "a member", "no member of this name");
  return {};
}

Result<Policy> parse(std::string_view text, Missing missing) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return bad_policy("the policy", "one JSON object");
  RETURN_IF_ERROR(check_members_are_known(json));
  Policy policy;
  const auto version = json.find("version");
  if (version == json.end() || !version->is_string() || !is_resource_id(version->get<std::string>()))
    return bad_policy("version", "1-64 of A-Z, a-z, 0-9, \".\", \"_\" and \"-\", not beginning with a dot");
  policy.version = version->get<std::string>();
  RETURN_IF_ERROR(read_numbers(json, missing, policy));
  RETURN_IF_ERROR(read_switches(json, missing, policy));
  RETURN_IF_ERROR(read_maps(json, missing, policy));
  RETURN_IF_ERROR(check_together(policy));
  return policy;
}

Json json_of(const Policy& policy) {
  Json json = {{"version", policy.version}};
  for (const IntMember& m : kInts) json[m.name] = policy.*m.member;
  for (const BoolMember& m : kBools) json[m.name] = policy.*m.member;
  for (const PercentMember& m : kPercents) json[m.name] = policy.*m.member;
  json[kRisk] = policy.risk_of_term;
  json[kClass] = policy.release_class_of_term;
  return json;
}

// Every value by its path, as JSON.
std::map<std::string, std::string> leaves(const Policy& policy) {
  std::map<std::string, std::string> values;
  const Json json = json_of(policy);
  for (const auto& [name, value] : json.items()) {
    if (!value.is_object()) {
      values[name] = value.dump();
      continue;
    }
    for (const auto& [key, entry] : value.items()) values[name + "." + key] = entry.dump();
  }
  values.erase("version");
  return values;
}

}  // namespace

int32_t Policy::votes_of(CaseTier tier) const {
  if (tier == CaseTier::Test) return votes_test;
  return tier == CaseTier::Gold ? votes_gold : votes_default;
}

int32_t risk_of(const Policy& policy, const Vocabulary& vocabulary, std::string_view term) {
  if (const auto at = policy.risk_of_term.find(std::string(term)); at != policy.risk_of_term.end())
    return at->second;
  const Term* found = vocabulary.find(term);
  return found ? found->risk : 0;
}

bool is_high_risk(const Policy& policy, const Vocabulary& vocabulary, std::string_view term) {
  return risk_of(policy, vocabulary, term) >= policy.high_risk_tier;
}

std::string release_class_of(const Policy& policy, const Vocabulary& vocabulary, std::string_view term) {
  if (const auto at = policy.release_class_of_term.find(std::string(term));
      at != policy.release_class_of_term.end())
    return at->second;
  const Term* found = vocabulary.find(term);
  return found ? found->release_class : std::string();
}

std::string to_json(const Policy& policy, int indent) { return json_of(policy).dump(indent); }

Result<Policy> policy_from_json(std::string_view json) { return parse(json, Missing::Refused); }

Result<Policy> stored_policy_from_json(std::string_view json) { return parse(json, Missing::TakesDefault); }

Status check_policy(const Policy& policy, const Vocabulary& vocabulary) {
  for (const auto& [term, tier] : policy.risk_of_term)
    if (!vocabulary.find(term)) return bad_policy("risk_of_term." + term, "a term of the vocabulary");
  for (const auto& [term, release_class] : policy.release_class_of_term) {
    if (!vocabulary.find(term))
      return bad_policy("release_class_of_term." + term, "a term of the vocabulary");
    if (!vocabulary.find_class(release_class))
      return bad_policy("release_class_of_term." + term, "a release class of the vocabulary");
  }
  return {};
}

std::vector<PolicyChange> policy_changes(const Policy& before, const Policy& after) {
  const auto old_values = leaves(before), new_values = leaves(after);
  std::set<std::string> members;
  for (const auto* values : {&old_values, &new_values})
    for (const auto& [name, value] : *values) members.insert(name);
  const auto value_in = [](const std::map<std::string, std::string>& values, const std::string& name) {
    const auto at = values.find(name);
    return at == values.end() ? std::string("-") : at->second;
  };
  std::vector<PolicyChange> changes;
  for (const std::string& name : members) {
    PolicyChange change{name, value_in(old_values, name), value_in(new_values, name)};
    if (change.before != change.after) changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace hada::contract
