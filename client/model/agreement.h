#pragma once

// What QA sees at a glance about the reads of a case. For showing only: the server's rules decide
// (contract/review_rules).

#include <string>
#include <vector>

#include "client/model/types.h"

namespace hada::contract {
class Vocabulary;
}

namespace hada::model {

// The revision that votes: the last one written before anything was revealed to its author; the first if none
// is.
const ReadRevision& voting_revision(const Read& read);

// Terms of rank 1, sorted.
std::vector<std::string> top_terms(const ReadContent& content);

struct Agreement {
  int readers = 0;          // reads that vote (not late)
  int ungradable = 0;       // of them, those that say so
  int sharing = 0;          // the most readers who put the same set of terms first; 0 when nobody names one
  bool risk_split = false;  // some put a high-risk term first and some do not
};
Agreement agreement_of(const std::vector<Read>& reads, const contract::Vocabulary* vocabulary);

// How one content differs from an earlier one.
struct ContentChange {
  std::vector<std::string> added, removed;  // terms
  std::vector<std::string> first_before;    // rank 1 before, when it is another now
  bool gradability = false;
  bool other = false;  // confidence, order below the first, flags, note
  bool none() const {
    return added.empty() && removed.empty() && first_before.empty() && !gradability && !other;
  }
};
ContentChange change_between(const ReadContent& before, const ReadContent& after);

}  // namespace hada::model
