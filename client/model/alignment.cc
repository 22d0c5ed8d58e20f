#include "client/model/alignment.h"

#include <algorithm>

#include "client/model/agreement.h"
#include "client/model/model.h"
#include "contract/vocabulary.h"

namespace hada::model {
namespace {

double weight(const AlignedTerm& term) {
  double sum = 0;
  for (const AlignedTerm::Place& place : term.places)
    if (place.rank > 0) sum += 1.0 / place.rank;
  return sum;
}

// The narrowest of the other terms above this one.
std::string holder_of(const AlignedTerm& term, const std::vector<AlignedTerm>& all,
                      const contract::Vocabulary& vocabulary) {
  std::string narrowest;
  for (const AlignedTerm& other : all)
    if (vocabulary.is_ancestor(id_of(other.term), id_of(term.term)) &&
        (narrowest.empty() || vocabulary.is_ancestor(id_of(narrowest), id_of(other.term))))
      narrowest = other.term;
  return narrowest;
}

void find_meeting(const std::vector<const Read*>& reads, const contract::Vocabulary& vocabulary,
                  Alignment& out) {
  std::vector<std::vector<std::string>> tops;
  for (const Read* read : reads) {
    if (read->late) continue;
    std::vector<std::string> top = top_terms(voting_revision(*read).content);
    if (!top.empty()) tops.push_back(std::move(top));
  }
  if (tops.size() < 2) return;
  std::string meet = id_of(tops[0][0]);
  bool one_class = true;
  const contract::Term* first = vocabulary.find(meet);
  for (const auto& top : tops)
    for (const std::string& term : top) {
      meet = vocabulary.lowest_common_ancestor(meet, id_of(term));
      const contract::Term* found = vocabulary.find(id_of(term));
      one_class = one_class && first && found && !first->release_class.empty() &&
                  found->release_class == first->release_class;
    }
  if (one_class) out.release_class = first->release_class;
  if (meet.empty()) return;
  out.meet = "terms/" + meet;
  out.meet_is_shared = std::all_of(tops.begin(), tops.end(), [&](const auto& top) {
    return std::find(top.begin(), top.end(), out.meet) != top.end();
  });
}

}  // namespace

Alignment align(const std::vector<const Read*>& reads, const contract::Vocabulary* vocabulary) {
  Alignment out;
  for (size_t i = 0; i < reads.size(); ++i)
    for (const Diagnosis& d : reads[i]->revisions.back().content.differential) {
      auto at = std::find_if(out.terms.begin(), out.terms.end(),
                             [&](const AlignedTerm& term) { return term.term == d.term; });
      if (at == out.terms.end()) {
        out.terms.push_back({d.term, std::vector<AlignedTerm::Place>(reads.size()), 0, {}});
        at = out.terms.end() - 1;
      }
      at->places[i] = {d.rank, d.confidence};
      ++at->readers;
    }
  std::stable_sort(out.terms.begin(), out.terms.end(),
                   [](const AlignedTerm& a, const AlignedTerm& b) { return weight(a) > weight(b); });
  if (!vocabulary) return out;
  for (AlignedTerm& term : out.terms) term.within = holder_of(term, out.terms, *vocabulary);
  find_meeting(reads, *vocabulary, out);
  return out;
}

}  // namespace hada::model
