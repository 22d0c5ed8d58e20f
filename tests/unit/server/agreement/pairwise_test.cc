#include "server/agreement/pairwise.h"

#include "server/agreement/cohen_kappa.h"
#include "tests/unit/server/agreement/golden.h"

namespace hada::agreement {
namespace {

TEST_CASE("Each pair of readers has its common cases, its agreement and its kappa") {
  // Readers 0 and 1 are the two of the SAS example (rows and columns); reader 2 joins in three cases.
  const std::vector<std::vector<int32_t>> table = {{0, 4, 1}, {0, 8, 0}, {0, 1, 5}};
  Votes votes{0, 4, 3, {}};
  for (int32_t i = 0; i < 3; ++i)
    for (int32_t j = 0; j < 3; ++j)
      for (int32_t n = 0; n < table[static_cast<size_t>(i)][static_cast<size_t>(j)]; ++n) {
        votes.list.push_back({votes.cases, 1, j});  // the order of a case's votes does not matter
        votes.list.push_back({votes.cases, 0, i});
        if (votes.cases < 3) votes.list.push_back({votes.cases, 2, 0});
        ++votes.cases;
      }
  votes.list.push_back({votes.cases++, 3, 0});  // read by nobody else

  const auto pairs = pair_agreement(votes);
  REQUIRE(pairs.size() == 3);
  CHECK(pairs[0].first == 0);
  CHECK(pairs[0].second == 1);
  CHECK(pairs[0].common == 19);
  CHECK(pairs[0].agreed == 13);
  CHECK(rounded(pairs[0].kappa.value_or(-9), 4) == 0.4842);
  CHECK(pairs[1].second == 2);
  CHECK(pairs[1].common == 3);
  CHECK(pairs[1].agreed == 3);
  CHECK_FALSE(pairs[1].kappa);  // both said one thing only
  CHECK(pairs[2].first == 1);
  CHECK(pairs[2].agreed == 0);
  CHECK(pairs[2].kappa.value_or(-9) == 0);
}

TEST_CASE("A reader's second vote on a case does not count, and nobody meets themselves") {
  const auto pairs = pair_agreement(Votes{1, 2, 3, {{0, 0, 1}, {0, 0, 2}, {0, 1, 1}}});
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0].common == 1);
  CHECK(pairs[0].agreed == 1);
}

}  // namespace
}  // namespace hada::agreement
