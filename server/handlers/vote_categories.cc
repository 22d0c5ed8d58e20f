#include "server/handlers/vote_categories.h"

#include <algorithm>

#include "server/agreement/term_distance.h"

namespace hada::handlers {
namespace {

constexpr int kRiskTiers = 3;

void sort_unique(std::vector<std::string>& names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

}  // namespace

std::vector<std::string> top_terms(const contract::Vote& vote) {
  std::vector<std::string> terms;
  if (vote.gradable)
    for (const contract::RankedTerm& d : vote.differential)
      if (d.rank == 1) terms.push_back(d.term);
  sort_unique(terms);
  return terms;
}

std::optional<int32_t> Categories::of(const contract::Vote& vote) {
  if (level_ == v1::AGREEMENT_LEVEL_GRADABLE) return number({vote.gradable ? "gradable" : "ungradable"});
  return of_terms(top_terms(vote));
}

std::optional<int32_t> Categories::of_terms(const std::vector<std::string>& terms) {
  if (terms.empty()) return std::nullopt;
  if (level_ == v1::AGREEMENT_LEVEL_TERM) return number(terms);
  std::vector<std::string> classes;
  int risk = 0;
  for (const std::string& id : terms) {
    const std::string release_class = contract::release_class_of(policy_, vocabulary_, id);
    // "/" is in no id: a class is never taken for a term.
    classes.push_back(release_class.empty() ? "terms/" + id : release_class);
    risk = std::max(risk, static_cast<int>(contract::risk_of(policy_, vocabulary_, id)));
  }
  if (level_ == v1::AGREEMENT_LEVEL_RISK) {
    // All tiers in their order, whichever comes first.
    for (int tier = 0; tier < kRiskTiers; ++tier) number({std::to_string(tier)});
    return risk;
  }
  sort_unique(classes);
  return number(std::move(classes));
}

int32_t Categories::number(std::vector<std::string> name) {
  const auto [at, is_new] = numbers_.emplace(std::move(name), count());
  if (is_new) names_.push_back(at->first);
  return at->second;
}

agreement::Distance Categories::distance(const agreement::Ratings& ratings) const {
  return level_ == v1::AGREEMENT_LEVEL_RISK ? agreement::ordinal_distance(ratings)
                                            : agreement::nominal_distance(ratings.categories());
}

agreement::Distance Categories::tree_distance() const {
  std::map<std::string, int32_t> index;
  std::vector<std::vector<int32_t>> parents;
  for (const contract::Term& term : vocabulary_.terms())
    index.emplace(term.id, static_cast<int32_t>(index.size()));
  for (const contract::Term& term : vocabulary_.terms()) {
    parents.emplace_back();
    for (const std::string& parent : term.parents) parents.back().push_back(index.at(parent));
  }
  // A term that this vocabulary no longer has stands alone.
  std::vector<std::vector<int32_t>> sets;
  for (const auto& name : names_) {
    sets.emplace_back();
    for (const std::string& id : name) {
      const auto [at, is_new] = index.emplace(id, static_cast<int32_t>(parents.size()));
      if (is_new) parents.emplace_back();
      sets.back().push_back(at->second);
    }
  }
  return agreement::TermTree(std::move(parents)).distances(sets);
}

}  // namespace hada::handlers
