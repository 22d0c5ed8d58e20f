#include "client/model/agreement.h"

#include <algorithm>
#include <map>

#include "contract/vocabulary.h"

namespace hada::model {
namespace {

constexpr int kHighRisk = 2;

bool names(const ReadContent& content, const std::string& term) {
  return std::any_of(content.differential.begin(), content.differential.end(),
                     [&](const Diagnosis& d) { return d.term == term; });
}

int risk_of(const std::string& term, const contract::Vocabulary& vocabulary) {
  const contract::Term* found = vocabulary.find(term.substr(term.rfind('/') + 1));
  return found ? found->risk : 0;
}

}  // namespace

const ReadRevision& voting_revision(const Read& read) {
  for (auto it = read.revisions.rbegin(); it != read.revisions.rend(); ++it)
    if (!it->after_reveal) return *it;
  return read.revisions.front();
}

std::vector<std::string> top_terms(const ReadContent& content) {
  std::vector<std::string> top;
  if (!content.gradable) return top;
  for (const Diagnosis& diagnosis : content.differential)
    if (diagnosis.rank == 1) top.push_back(diagnosis.term);
  std::sort(top.begin(), top.end());
  return top;
}

Agreement agreement_of(const std::vector<Read>& reads, const contract::Vocabulary* vocabulary) {
  Agreement result;
  std::map<std::vector<std::string>, int> shares;
  bool high = false, not_high = false;
  for (const Read& read : reads) {
    if (read.late || read.revisions.empty()) continue;
    ++result.readers;
    const ReadContent& content = voting_revision(read).content;
    if (!content.gradable) {
      ++result.ungradable;
      continue;
    }
    const std::vector<std::string> top = top_terms(content);
    if (top.empty()) continue;
    result.sharing = std::max(result.sharing, ++shares[top]);
    if (!vocabulary) continue;
    const bool is_high = std::any_of(top.begin(), top.end(), [&](const std::string& term) {
      return risk_of(term, *vocabulary) >= kHighRisk;
    });
    (is_high ? high : not_high) = true;
  }
  result.risk_split = high && not_high;
  return result;
}

ContentChange change_between(const ReadContent& before, const ReadContent& after) {
  ContentChange change;
  if (before == after) return change;
  for (const Diagnosis& d : after.differential)
    if (!names(before, d.term)) change.added.push_back(d.term);
  for (const Diagnosis& d : before.differential)
    if (!names(after, d.term)) change.removed.push_back(d.term);
  if (const auto first = top_terms(before); !first.empty() && first != top_terms(after))
    change.first_before = first;
  change.gradability =
      before.gradable != after.gradable || before.ungradable_reason != after.ungradable_reason;
  change.other =
      change.added.empty() && change.removed.empty() && change.first_before.empty() && !change.gradability;
  return change;
}

}  // namespace hada::model
