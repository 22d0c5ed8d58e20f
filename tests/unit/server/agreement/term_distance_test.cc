#include "server/agreement/term_distance.h"

#include "tests/unit/server/agreement/golden.h"

namespace hada::agreement {
namespace {

// 0 tumour > 1 melanocytic > 2 melanoma > 3 acral melanoma; 1 > 4 naevus; 5 eczema; 6 hangs below 4 and 5.
const TermTree& tree() {
  static const TermTree tree({{}, {0}, {1}, {2}, {1}, {}, {4, 5}});
  return tree;
}

TEST_CASE("The distance of two terms is the way between them by the way over the root") {
  CHECK(tree().between(2, 2) == 0);
  CHECK(tree().between(2, 4) == doctest::Approx(2.0 / 6));  // siblings, three below the root
  CHECK(tree().between(2, 3) == doctest::Approx(1.0 / 7));  // parent and child
  CHECK(tree().between(3, 4) == doctest::Approx(3.0 / 7));
  CHECK(tree().between(0, 3) == doctest::Approx(3.0 / 5));
  CHECK(tree().between(0, 5) == 1);  // nothing in common
}

TEST_CASE("The distance is symmetric, and of several parents the nearest counts") {
  for (int32_t a = 0; a < tree().size(); ++a)
    for (int32_t b = 0; b < tree().size(); ++b) CHECK(tree().between(a, b) == tree().between(b, a));
  CHECK(tree().between(6, 5) == doctest::Approx(1.0 / 3));
  CHECK(tree().between(6, 4) == doctest::Approx(1.0 / 5));
}

TEST_CASE("Tied first places are as far apart as each is from its nearest") {
  const std::vector<std::vector<int32_t>> sets = {{2}, {4}, {2, 4}, {5}};
  const Distance distance = tree().distances(sets);
  CHECK(distance(0, 0) == 0);
  CHECK(distance(0, 1) == doctest::Approx(1.0 / 3));
  CHECK(distance(0, 2) == doctest::Approx(1.0 / 12));  // a quarter of the way
  CHECK(distance(2, 3) == 1);
  CHECK(distance(3, 2) == 1);
}

TEST_CASE(
    "Alpha by tree distance equals nominal alpha in a flat vocabulary, and forgives near misses in a deep "
    "one") {
  Ratings ratings(4);  // the sets above, without the pair
  for (const auto& answers : std::vector<std::vector<int32_t>>{{0, 0}, {0, 1}, {1, 1}, {3, 3}, {0, 3}})
    ratings.add_case(answers);
  const TermTree flat({{}, {}, {}, {}});
  const std::vector<std::vector<int32_t>> single = {{0}, {1}, {2}, {3}};
  const double nominal = krippendorff_alpha(ratings, nominal_distance(4)).value_or(-9);
  check_near(krippendorff_alpha(ratings, flat.distances(single)).value_or(-9), nominal);
  const std::vector<std::vector<int32_t>> sets = {{2}, {4}, {2, 4}, {5}};
  // By hand: counts 4, 3, 0, 3; observed 1/3 + 1, expected 4 * 3 / 3 + 4 * 3 + 3 * 3 = 25.
  check_near(krippendorff_alpha(ratings, tree().distances(sets)).value_or(-9), 1 - 9 * (4.0 / 3) / 25);
}

}  // namespace
}  // namespace hada::agreement
