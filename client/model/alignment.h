#pragma once

// The differentials of several readers, aligned by term. For showing only: the server's rules decide.

#include <string>
#include <vector>

#include "client/model/types.h"

namespace hada::contract {
class Vocabulary;
}

namespace hada::model {

// One term, as each reader ranked it.
struct AlignedTerm {
  struct Place {
    int rank = 0;  // 0: not named
    int confidence = 0;
  };
  std::string term;
  std::vector<Place> places;  // one for each read, in their order
  int readers = 0;            // who name it
  std::string within;         // the narrowest other term named that holds this one; empty: none
};

struct Alignment {
  // By how much the readers mean it: inverse ranks summed (1, 1/2, 1/3 ...), ties by the order they are met.
  std::vector<AlignedTerm> terms;
  // Where the first diagnoses of the votes meet in the vocabulary's tree: the term itself where they are one,
  // empty where they have nothing in common or there are fewer than two.
  std::string meet;
  bool meet_is_shared = false;  // every vote has `meet` itself among its first
  std::string release_class;    // id, when all first diagnoses map to one
};

// Each read's last revision; `meet` and `release_class` are of the revisions that vote. Reads without a
// revision must have been left out.
Alignment align(const std::vector<const Read*>& reads, const contract::Vocabulary* vocabulary);

}  // namespace hada::model
