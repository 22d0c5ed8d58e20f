#pragma once

// The policy: which agreement rules are on, and their numbers. Versioned data, so that a decision can name
// what it was taken under, and so that a rule is switched without a new program. Sources:
// docs/architecture.md, workflow.

#include <cstdint>
#include <string>
#include <string_view>

#include "contract/result.h"

namespace hada::contract {

struct Policy {
  std::string version = "1";

  int32_t votes_default = 2;   // blind votes a new case takes
  int32_t max_votes = 5;       // QA cannot ask for more
  int32_t min_confidence = 3;  // of 5; a top diagnosis below it agrees with nothing
  int32_t lease_minutes = 20;  // of a read slot, from the last heartbeat

  // Rule 1: a pathology diagnosis that maps to a term settles the case once the votes are in.
  bool pathology_settles = true;
  // Rule 3: high risk against not high risk goes to the panel, also against a majority.
  bool risk_split_to_panel = true;
  // Rule 5: a term and its ancestor in one release class agree at the ancestor.
  bool ancestor_agrees = false;
  // Rule 6: a disagreement of the first votes asks for one more vote by itself; off, it goes to QA.
  bool third_read_on_disagreement = false;
  // Rule 7: two of three on one term or release class are a majority.
  bool majority_settles = true;

  // Reading cases of one's own site.
  bool own_site_reading = true;

  bool operator==(const Policy&) const = default;
};

// One JSON object with every member.
std::string to_json(const Policy& policy);

// INVALID_ARGUMENT / BAD_POLICY for what is not an object, for a member that is missing, unknown, of another
// type or out of range: a server must not apply a policy that it only half understands.
Result<Policy> policy_from_json(std::string_view json);

}  // namespace hada::contract
