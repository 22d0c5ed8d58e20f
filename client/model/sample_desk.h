#pragma once

// QA's look at a sample of agreed cases, and the approval of the rest.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/model/types.h"

namespace hada::model {

struct SampleDesk {
  bool loading = true;
  std::optional<ApiError> error;  // why there is none
  std::optional<Sample> value;
  std::vector<SampledCase> cases;
  std::set<std::string> approving;  // names of cases whose approval is on its way
  bool approving_rest = false;
  std::string rationale;  // of the approval that is going on
};

// A case of the sample that is still to be decided.
inline bool waits(const SampledCase& sampled) {
  return sampled.value.state == CaseState::Agreed || sampled.value.state == CaseState::Majority;
}
// The rest may be approved: every sampled case is decided, and some of the rest wait.
bool may_approve_rest(const SampleDesk& desk, const std::string& rationale);

}  // namespace hada::model
