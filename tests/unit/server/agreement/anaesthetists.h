#pragma once

// Dawid & Skene 1979, table 1: 45 patients judged fit for anaesthesia in four grades by five observers, the
// first of them three times. "111,1,1,2,1": what observers 1 to 5 said of one patient.

#include <string_view>

#include "server/agreement/votes.h"

namespace hada::agreement {

inline Votes anaesthetists() {
  constexpr std::string_view kTable =
      "111,1,1,1,1 333,4,3,3,4 112,2,1,2,2 222,3,1,2,1 222,3,2,2,2 222,3,3,2,2 122,2,1,1,1 333,3,4,3,3 "
      "222,2,2,2,3 223,2,2,2,3 444,4,4,4,4 222,3,3,4,3 111,1,1,1,1 222,3,2,1,2 112,1,1,1,1 111,2,1,1,1 "
      "111,1,1,1,1 111,1,1,1,1 222,2,2,2,1 222,1,3,2,2 222,2,2,2,2 222,2,2,2,1 222,3,2,2,2 122,2,2,2,2 "
      "111,1,1,1,1 111,1,1,1,1 223,2,2,2,2 111,1,1,1,1 111,1,1,1,1 112,1,1,2,1 111,1,1,1,1 333,3,2,3,3 "
      "111,1,1,1,1 222,2,2,2,2 222,3,2,3,2 334,4,3,4,3 122,2,2,3,2 223,3,2,3,3 333,3,4,3,2 111,1,1,1,1 "
      "111,1,1,1,1 112,2,1,1,1 223,2,2,2,2 112,1,1,1,1 222,2,2,2,2";
  Votes votes{1, 5, 4, {}};
  int32_t observer = 0;
  for (const char c : kTable) {
    if (c == ' ') {
      ++votes.cases;
      observer = 0;
    } else if (c == ',') {
      ++observer;
    } else {
      votes.list.push_back({votes.cases - 1, observer, c - '1'});
    }
  }
  return votes;
}

}  // namespace hada::agreement
