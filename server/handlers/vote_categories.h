#pragma once

// What a vote says at each level of agreement, as the small integers that server/agreement counts.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "contract/policy.h"
#include "contract/review_rules.h"
#include "contract/vocabulary.h"
#include "hada/v1/statistics.pb.h"
#include "server/agreement/krippendorff_alpha.h"

namespace hada::handlers {

// The terms of rank 1, sorted; empty for an ungradable vote.
std::vector<std::string> top_terms(const contract::Vote& vote);

// Numbers the answers at one level as they come.
class Categories {
 public:
  // The policy may give a term another release class or risk than the vocabulary does.
  Categories(v1::AgreementLevel level, const contract::Vocabulary& vocabulary, const contract::Policy& policy)
      : level_(level), vocabulary_(vocabulary), policy_(policy) {}

  // Nothing where the vote says nothing at this level.
  std::optional<int32_t> of(const contract::Vote& vote);

  int32_t count() const { return static_cast<int32_t>(names_.size()); }
  // Terms at TERM (several when tied), else whatever the level names.
  const std::vector<std::string>& name(int32_t category) const {
    return names_[static_cast<size_t>(category)];
  }

  // How alpha weighs two answers: 0 or 1, at RISK by the tiers between (needs the ratings, see
  // ordinal_distance).
  agreement::Distance distance(const agreement::Ratings& ratings) const;
  // Between the sets of terms, by the vocabulary's tree. TERM only.
  agreement::Distance tree_distance() const;

 private:
  std::optional<int32_t> of_terms(const std::vector<std::string>& terms);
  int32_t number(std::vector<std::string> name);

  v1::AgreementLevel level_;
  const contract::Vocabulary& vocabulary_;
  const contract::Policy& policy_;
  std::map<std::vector<std::string>, int32_t> numbers_;
  std::vector<std::vector<std::string>> names_;
};

}  // namespace hada::handlers
