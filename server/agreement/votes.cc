#include "server/agreement/votes.h"

#include <algorithm>
#include <cassert>

namespace hada::agreement {

void sort_by_case(Votes& votes) {
  std::stable_sort(votes.list.begin(), votes.list.end(),
                   [](const Vote& a, const Vote& b) { return a.case_index < b.case_index; });
}

std::vector<size_t> case_starts(const Votes& votes) {
  std::vector<size_t> starts(static_cast<size_t>(votes.cases) + 1, 0);
  for (size_t i = 0; i < votes.list.size(); ++i) {
    const Vote& vote = votes.list[i];
    assert(vote.case_index >= 0 && vote.case_index < votes.cases);
    assert(vote.reader >= 0 && vote.reader < votes.readers);
    assert(vote.term >= 0 && vote.term < votes.terms);
    assert(i == 0 || votes.list[i - 1].case_index <= vote.case_index);
    ++starts[static_cast<size_t>(vote.case_index) + 1];
  }
  for (size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
  return starts;
}

Ratings::Ratings(const Votes& votes) : categories_(votes.terms), starts_(case_starts(votes)) {
  answers_.reserve(votes.list.size());
  for (const Vote& vote : votes.list) answers_.push_back(vote.term);
}

void Ratings::add_case(std::span<const int32_t> answers) {
  for ([[maybe_unused]] const int32_t answer : answers) assert(answer >= 0 && answer < categories_);
  answers_.insert(answers_.end(), answers.begin(), answers.end());
  starts_.push_back(answers_.size());
}

}  // namespace hada::agreement
