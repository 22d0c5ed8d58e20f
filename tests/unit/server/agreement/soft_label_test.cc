#include "server/agreement/soft_label.h"

#include "tests/unit/server/agreement/golden.h"

namespace hada::agreement {
namespace {

TEST_CASE("A soft label weighs places 1, 1/2, 1/3 and sums them over the votes") {
  const std::vector<Differential> votes = {{{7, 1}, {8, 2}, {9, 3}}, {{8, 1}}, {}};
  const auto label = soft_label(votes);
  REQUIRE(label.size() == 3);
  const double total = 1 + 1.0 / 2 + 1.0 / 3 + 1;
  CHECK(label[0].term == 8);
  check_near(label[0].share, 1.5 / total);
  CHECK(label[1].term == 7);
  check_near(label[1].share, 1 / total);
  check_near(label[2].share, 1.0 / 3 / total);
}

TEST_CASE("Ties share the weights of the places they take") {
  // SCIN's own example of a weighted label reads 0.41, 0.41, 0.18.
  const std::vector<Differential> votes = {{{1, 1}, {2, 1}, {3, 2}}};
  const auto label = soft_label(votes);
  REQUIRE(label.size() == 3);
  CHECK(rounded(label[0].share, 2) == 0.41);
  CHECK(rounded(label[1].share, 2) == 0.41);
  CHECK(rounded(label[2].share, 2) == 0.18);
}

TEST_CASE("A soft label reads ranks, not the order of the list, and a term once") {
  const std::vector<Differential> votes = {{{5, 2}, {4, 1}, {4, 3}}};
  const auto label = soft_label(votes);
  REQUIRE(label.size() == 2);
  CHECK(label[0].term == 4);
  check_near(label[0].share, 2.0 / 3);
  CHECK(soft_label(std::vector<Differential>{{}, {}}).empty());
}

}  // namespace
}  // namespace hada::agreement
