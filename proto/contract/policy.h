#pragma once

// The policy: which agreement rules are on, and every number that the review goes by. Versioned data, so that
// a decision can name what it was taken under, and so that a rule is changed without a new program. Sources
// and meaning: docs/policy.md. Pure; any thread.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "contract/enums.h"
#include "contract/result.h"

namespace hada::contract {

class Vocabulary;

struct Policy {
  std::string version = "1";

  // Blind votes a new case takes, by its tier.
  int32_t votes_default = 2;  // standard
  int32_t votes_test = 3;
  int32_t votes_gold = 3;
  int32_t max_votes = 5;       // QA cannot ask for more
  int32_t min_confidence = 3;  // of 5; a top diagnosis below it agrees with nothing

  int32_t lease_minutes = 20;      // of a read slot, from the last heartbeat
  int32_t leases_per_reader = 10;  // while so many are held, ClaimNext gives no more

  // Rule 1: a pathology diagnosis that maps to a term settles the case once the votes are in.
  bool pathology_settles = true;
  // Rule 3: high risk against not high risk goes to the panel, also against a majority.
  bool risk_split_to_panel = true;
  // Rule 5: a term and its ancestor in one release class agree at the ancestor.
  bool ancestor_agrees = true;
  // Rules 2 and 6: what the first votes leave open asks for one more vote by itself; off, it goes to QA.
  bool third_read_on_disagreement = true;
  // Rule 7: two of three on one term or release class are a majority.
  bool majority_settles = true;
  // Reading cases of one's own site.
  bool own_site_reading = true;

  // The risk tier (1 or 2) from which a term counts as high risk.
  int32_t high_risk_tier = 2;
  // Term id to risk tier 0-2, in place of the vocabulary's.
  std::map<std::string, int32_t> risk_of_term = {};
  // Term id to release class id, in place of the vocabulary's.
  std::map<std::string, std::string> release_class_of_term = {};

  // Percent of the agreed cases that QA looks at before it approves the rest.
  double qa_sample_percent = 10;
  // Percent of a reader's reads that are hidden gold cases, and hidden repeats of their own earlier reads.
  double gold_percent = 4;
  double repeat_percent = 2;
  int32_t repeat_after_days = 28;  // an earlier read comes back no sooner

  // Accuracy on gold, in percent, judged after so many gold cases: below the first the reader is warned,
  // below the second paused.
  int32_t gold_cases_before_judging = 10;
  double gold_warn_percent = 70;
  double gold_pause_percent = 50;

  int32_t votes_of(CaseTier tier) const;

  bool operator==(const Policy&) const = default;
};

// Risk tier 0-2 and release class id of a term under this policy; 0 and empty for a term nobody knows.
int32_t risk_of(const Policy& policy, const Vocabulary& vocabulary, std::string_view term);
bool is_high_risk(const Policy& policy, const Vocabulary& vocabulary, std::string_view term);
std::string release_class_of(const Policy& policy, const Vocabulary& vocabulary, std::string_view term);

// One JSON object with every member. `indent` < 0: on one line.
std::string to_json(const Policy& policy, int indent = -1);

// INVALID_ARGUMENT / BAD_POLICY with metadata `field` and `expected` for what is not an object, and for a
// member that is missing, unknown, of another type or out of range: a server must not apply a policy that it
// only half understands.
Result<Policy> policy_from_json(std::string_view json);

// The same for a policy that was stored by an earlier version of this program: members it did not know yet
// take their defaults.
Result<Policy> stored_policy_from_json(std::string_view json);

// BAD_POLICY where it names a term or a release class that the vocabulary does not have.
Status check_policy(const Policy& policy, const Vocabulary& vocabulary);

struct PolicyChange {
  std::string member;
  std::string before, after;  // as JSON
  bool operator==(const PolicyChange&) const = default;
};
// Members that differ, by name; the entries of a map one by one ("risk_of_term.melanoma"), an absent one as
// "-". The version is left out.
std::vector<PolicyChange> policy_changes(const Policy& before, const Policy& after);

}  // namespace hada::contract
