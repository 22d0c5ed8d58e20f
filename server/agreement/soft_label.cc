#include "server/agreement/soft_label.h"

#include <algorithm>
#include <map>
#include <set>

namespace hada::agreement {

std::vector<TermShare> soft_label(std::span<const Differential> votes) {
  std::map<int32_t, double> weight;
  double total = 0;
  for (const Differential& vote : votes) {
    Differential places = vote;
    std::stable_sort(places.begin(), places.end(),
                     [](const RankedTerm& a, const RankedTerm& b) { return a.rank < b.rank; });
    std::set<int32_t> named;
    std::erase_if(places, [&](const RankedTerm& entry) { return !named.insert(entry.term).second; });
    for (size_t first = 0; first < places.size();) {
      size_t last = first;
      double shared = 0;
      while (last < places.size() && places[last].rank == places[first].rank)
        shared += 1.0 / static_cast<double>(++last);
      for (size_t i = first; i < last; ++i)
        weight[places[i].term] += shared / static_cast<double>(last - first);
      total += shared;
      first = last;
    }
  }
  std::vector<TermShare> shares;
  for (const auto& [term, sum] : weight) shares.push_back({term, sum / total});
  std::stable_sort(shares.begin(), shares.end(),
                   [](const TermShare& a, const TermShare& b) { return a.share > b.share; });
  return shares;
}

}  // namespace hada::agreement
