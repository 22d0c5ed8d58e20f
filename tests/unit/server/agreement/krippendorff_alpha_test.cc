#include "server/agreement/krippendorff_alpha.h"

#include <algorithm>
#include <map>

#include "tests/unit/server/agreement/golden.h"

namespace hada::agreement {
namespace {

// Rows are readers, columns cases, 0 is missing; the values are 1 to 5, categories 0 to 4.
using Rows = std::vector<std::vector<int32_t>>;

Ratings ratings_of(const Rows& rows) {
  Ratings ratings(5);
  for (size_t column = 0; column < rows.front().size(); ++column) {
    std::vector<int32_t> answers;
    for (const auto& row : rows)
      if (row[column] > 0) answers.push_back(row[column] - 1);
    ratings.add_case(answers);
  }
  return ratings;
}

const std::vector<double> kValues = {1, 2, 3, 4, 5};

std::map<std::string, double> alphas(const Ratings& ratings) {
  return {{"nominal", krippendorff_alpha(ratings, nominal_distance(5)).value_or(-9)},
          {"ordinal", krippendorff_alpha(ratings, ordinal_distance(ratings)).value_or(-9)},
          {"interval", krippendorff_alpha(ratings, interval_distance(kValues)).value_or(-9)},
          {"ratio", krippendorff_alpha(ratings, ratio_distance(kValues)).value_or(-9)}};
}

TEST_CASE("Krippendorff's alpha gives the published figures, with missing answers") {
  // Krippendorff 2011, section E: 4 readers, 12 cases.
  auto ours = alphas(ratings_of({{1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0},
                                 {1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3},
                                 {0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0},
                                 {1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0}}));
  CHECK(rounded(ours["nominal"], 3) == 0.743);
  CHECK(rounded(ours["ordinal"], 3) == 0.815);
  CHECK(rounded(ours["interval"], 3) == 0.849);
  CHECK(rounded(ours["ratio"], 3) == 0.797);
  // Wikipedia, "Krippendorff's alpha": 3 readers, 15 cases.
  ours = alphas(ratings_of({{0, 0, 0, 0, 0, 3, 4, 1, 2, 1, 1, 3, 3, 0, 3},
                            {1, 0, 2, 1, 3, 3, 4, 3, 0, 0, 0, 0, 0, 0, 0},
                            {0, 0, 2, 1, 3, 4, 4, 0, 2, 1, 1, 3, 3, 0, 4}}));
  CHECK(rounded(ours["nominal"], 3) == 0.691);
  CHECK(rounded(ours["interval"], 3) == 0.811);
}

TEST_CASE("Krippendorff's alpha counts a case as often as told") {
  const Rows rows = {{1, 2, 3, 1}, {1, 3, 3, 2}};
  const Rows repeated = {{2, 2, 3, 1}, {3, 3, 3, 2}};
  const std::vector<int32_t> times = {0, 2, 1, 1};
  check_near(krippendorff_alpha(ratings_of(rows), nominal_distance(5), times).value_or(-9),
             krippendorff_alpha(ratings_of(repeated), nominal_distance(5)).value_or(9));
}

TEST_CASE("Krippendorff's alpha has no value without two answers to one case, and none where all are one") {
  CHECK_FALSE(krippendorff_alpha(ratings_of({{1, 0, 3}, {0, 2, 0}}), nominal_distance(5)));
  CHECK_FALSE(krippendorff_alpha(ratings_of({{1, 1}, {1, 1}}), nominal_distance(5)));
}

TEST_CASE("Krippendorff's alpha equals every golden table") {
  const auto file = golden("krippendorff_alpha.json");
  if (file.is_null()) return;
  for (const auto& entry : file["cases"]) {
    const std::string name = entry["name"];
    CAPTURE(name);
    Rows rows;
    for (const auto& row : entry["data"]) {
      rows.emplace_back();
      for (const auto& value : row) rows.back().push_back(value.is_null() ? 0 : value.get<int32_t>());
    }
    const auto ours = alphas(ratings_of(rows));
    for (const char* metric : {"nominal", "ordinal", "interval", "ratio"}) {
      CAPTURE(metric);
      check_near(ours.at(metric), entry["computed"][metric]);
    }
  }
  CHECK(file["cases"].size() == 2);
}

}  // namespace
}  // namespace hada::agreement
