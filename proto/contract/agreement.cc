// evaluate() of review_rules.h: the agreement rules, in workflow.md's order and numbering.

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "contract/policy.h"
#include "contract/review_rules.h"
#include "contract/vocabulary.h"

namespace hada::contract {
namespace {

// A gradable vote, reduced to what the rules look at.
struct Top {
  std::set<std::string> terms;  // all of rank 1
  int32_t confidence = 0;       // the lowest among them
  bool high_risk = false;       // the top set's risk is its highest
  std::string release_class;    // the one class all of them fall into; empty where there is none
};

Top top_of(const Vote& vote, const Policy& policy, const Vocabulary& vocabulary) {
  Top top;
  for (const RankedTerm& d : vote.differential) {
    if (d.rank != 1) continue;
    const std::string release_class = release_class_of(policy, vocabulary, d.term);
    if (top.terms.empty()) {
      top.confidence = d.confidence;
      top.release_class = release_class;
    } else {
      top.confidence = std::min(top.confidence, d.confidence);
      if (release_class != top.release_class) top.release_class.clear();
    }
    top.high_risk = top.high_risk || is_high_risk(policy, vocabulary, d.term);
    top.terms.insert(d.term);
  }
  return top;
}

// One term for all of these; empty where they have no ancestor in common.
std::string common_term(const std::set<std::string>& terms, const Vocabulary& vocabulary) {
  std::string common;
  for (const std::string& term : terms) {
    common = common.empty() ? term : vocabulary.lowest_common_ancestor(common, term);
    if (common.empty()) break;
  }
  return common;
}

bool risk_is_split(const std::vector<Top>& tops) {
  return std::any_of(tops.begin(), tops.end(),
                     [&](const Top& t) { return t.high_risk != tops.front().high_risk; });
}

bool all_confident(const std::vector<Top>& tops, const Policy& policy) {
  return std::all_of(tops.begin(), tops.end(),
                     [&](const Top& t) { return t.confidence >= policy.min_confidence; });
}

// What votes that share a top set are called. A tie is called by its common ancestor where that is still one
// class of the release; a group above that ("skin neoplasm" for melanoma or naevus) would say less than the
// votes do, so such a case carries its soft label only.
std::string name_of(const std::set<std::string>& terms, const Policy& policy, const Vocabulary& vocabulary) {
  std::string term = common_term(terms, vocabulary);
  if (terms.size() > 1 && release_class_of(policy, vocabulary, term).empty()) term.clear();
  return term;
}

// Rule 4. The same tie in every vote agrees too.
std::optional<Outcome> same_top(const std::vector<Top>& tops, const Policy& policy,
                                const Vocabulary& vocabulary) {
  for (const Top& t : tops)
    if (t.terms != tops.front().terms) return std::nullopt;
  if (!all_confident(tops, policy)) return std::nullopt;
  return Outcome{CaseState::Agreed, name_of(tops.front().terms, policy, vocabulary), "same_top"};
}

// Rule 5: one of the named terms is an ancestor of all others, and all are of one release class.
std::optional<Outcome> ancestor_top(const std::vector<Top>& tops, const Policy& policy,
                                    const Vocabulary& vocabulary) {
  std::set<std::string> named;
  for (const Top& t : tops) {
    if (t.terms.size() != 1 || t.release_class.empty() || t.release_class != tops.front().release_class)
      return std::nullopt;
    named.insert(*t.terms.begin());
  }
  const std::string ancestor = common_term(named, vocabulary);
  if (!named.contains(ancestor) || !all_confident(tops, policy)) return std::nullopt;
  return Outcome{CaseState::Agreed, ancestor, "ancestor_top"};
}

// Rule 7's last part: more than half of all votes on one top set (a tie shared by more than half, whose terms
// may lie in several classes, is one too), else in one release class.
std::optional<Outcome> majority(const std::vector<Top>& tops, size_t votes, const Policy& policy,
                                const Vocabulary& vocabulary) {
  std::map<std::set<std::string>, size_t> by_terms;
  std::map<std::string, std::vector<const Top*>> by_class;
  for (const Top& t : tops) {
    if (2 * ++by_terms[t.terms] > votes)
      return Outcome{CaseState::Majority, name_of(t.terms, policy, vocabulary), "majority_term"};
    if (!t.release_class.empty()) by_class[t.release_class].push_back(&t);
  }
  for (const auto& [release_class, members] : by_class) {
    if (2 * members.size() <= votes) continue;
    std::set<std::string> named;
    for (const Top* t : members) named.insert(t->terms.begin(), t->terms.end());
    return Outcome{CaseState::Majority, common_term(named, vocabulary), "majority_class"};
  }
  return std::nullopt;
}

Outcome to_panel(std::string rule) { return {CaseState::ToPanel, "", std::move(rule)}; }

}  // namespace

Outcome evaluate(const Ballot& ballot, const Policy& policy, const Vocabulary& vocabulary) {
  const size_t votes = ballot.votes.size();
  if (votes == 0) return to_panel("no_votes");

  // Rule 1.
  if (policy.pathology_settles && !ballot.pathology_term.empty())
    return {CaseState::Pathology, ballot.pathology_term, "pathology"};

  std::vector<Top> tops;
  for (const Vote& vote : ballot.votes)
    if (vote.gradable) tops.push_back(top_of(vote, policy, vocabulary));
  const size_t ungradable = votes - tops.size();

  // Rule 2, and its majority in rule 7.
  if (tops.empty()) return {CaseState::Ungradable, "", "all_ungradable"};
  if (votes >= 3 && 2 * ungradable > votes) return {CaseState::Ungradable, "", "majority_ungradable"};

  // Rule 3, and again in rule 7.
  if (policy.risk_split_to_panel && risk_is_split(tops)) return to_panel("risk_split");

  // Rules 4 and 5 need every vote.
  if (!ballot.third_read && ungradable == 0) {
    if (auto agreed = same_top(tops, policy, vocabulary)) return *agreed;
    if (policy.ancestor_agrees)
      if (auto agreed = ancestor_top(tops, policy, vocabulary)) return *agreed;
  }

  // Rule 7.
  if (votes >= 3) {
    if (policy.majority_settles)
      if (auto settled = majority(tops, votes, policy, vocabulary)) return *settled;
    return to_panel("no_majority");
  }

  // Rule 6, and the second half of rule 2.
  const std::string rule = ungradable > 0 ? "one_ungradable" : "disagreement";
  if (policy.third_read_on_disagreement && !ballot.third_read) return {CaseState::NeedsRead, "", rule};
  return to_panel(rule);
}

}  // namespace hada::contract
