#pragma once

// What the statistics are made of: who said what about which case, as small integers that the caller numbers
// from 0. A "term" is whatever is compared: a term of the vocabulary, a set of tied terms, a release class, a
// tier of risk.
//
// Everything in this folder is a pure function: no IO, no clock, no shared state, any thread. Where a
// statistic has no value (no case, or nothing but one answer) it returns nothing. Indexes out of range are a
// bug of the caller (assert), not an error. The mathematics: docs/statistics.md.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hada::agreement {

struct Vote {
  int32_t case_index = 0;
  int32_t reader = 0;
  int32_t term = 0;
};

// `list` is in ascending order of case_index; a case may have any number of votes, none included, and a
// reader several on one case.
struct Votes {
  int32_t cases = 0;
  int32_t readers = 0;
  int32_t terms = 0;
  std::vector<Vote> list;
};

// Puts the list in order; the votes of one case keep theirs.
void sort_by_case(Votes& votes);

// Of each case, where its votes begin in the list; one more at the end.
std::vector<size_t> case_starts(const Votes& votes);

// The answers to each case without who gave them: Fleiss and Krippendorff need no more. A missing answer is
// left out.
class Ratings {
 public:
  explicit Ratings(int32_t categories) : categories_(categories) {}
  explicit Ratings(const Votes& votes);

  void add_case(std::span<const int32_t> answers);

  int32_t categories() const { return categories_; }
  size_t cases() const { return starts_.size() - 1; }
  std::span<const int32_t> of(size_t case_index) const {
    return {answers_.data() + starts_[case_index], starts_[case_index + 1] - starts_[case_index]};
  }

 private:
  int32_t categories_ = 0;
  std::vector<size_t> starts_{0};
  std::vector<int32_t> answers_;
};

// How often each case counts: 1 where `times` is empty, else its entry. What the bootstrap hands to a
// statistic.
using Times = std::span<const int32_t>;

inline int32_t times_of(Times times, size_t case_index) { return times.empty() ? 1 : times[case_index]; }

}  // namespace hada::agreement
