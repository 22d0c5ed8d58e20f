#include "server/agreement/fleiss_kappa.h"

#include "tests/unit/server/agreement/golden.h"

namespace hada::agreement {
namespace {

Ratings from_counts(const std::vector<std::vector<double>>& counts) {
  Ratings ratings(static_cast<int32_t>(counts.front().size()));
  for (const auto& row : counts) {
    std::vector<int32_t> answers;
    for (size_t category = 0; category < row.size(); ++category)
      answers.insert(answers.end(), static_cast<size_t>(row[category]), static_cast<int32_t>(category));
    ratings.add_case(answers);
  }
  return ratings;
}

// Fleiss 1971, table 1: 30 patients, 6 psychiatrists, 5 diagnoses.
const std::vector<std::vector<double>> kFleiss1971 = {
    {0, 0, 0, 6, 0}, {0, 3, 0, 0, 3}, {0, 1, 4, 0, 1}, {0, 0, 0, 0, 6}, {0, 3, 0, 3, 0}, {2, 0, 4, 0, 0},
    {0, 0, 4, 0, 2}, {2, 0, 3, 1, 0}, {2, 0, 0, 4, 0}, {0, 0, 0, 0, 6}, {1, 0, 0, 5, 0}, {1, 1, 0, 4, 0},
    {0, 3, 3, 0, 0}, {1, 0, 0, 5, 0}, {0, 2, 0, 3, 1}, {0, 0, 5, 0, 1}, {3, 0, 0, 1, 2}, {5, 1, 0, 0, 0},
    {0, 2, 0, 4, 0}, {1, 0, 2, 0, 3}, {0, 0, 0, 0, 6}, {0, 1, 0, 5, 0}, {0, 2, 0, 1, 3}, {2, 0, 0, 4, 0},
    {1, 0, 0, 4, 1}, {0, 5, 0, 1, 0}, {4, 0, 0, 0, 2}, {0, 2, 0, 4, 0}, {1, 0, 5, 0, 0}, {0, 0, 0, 0, 6}};

TEST_CASE("Fleiss' kappa gives the figures of Fleiss 1971") {
  const auto kappa = fleiss_kappa(from_counts(kFleiss1971));
  REQUIRE(kappa);
  CHECK(rounded(kappa->kappa, 3) == 0.430);
  CHECK(rounded(kappa->z, 5) == 17.65183);  // R irr 0.84.1, kappam.fleiss
  CHECK(rounded(kappa->kappa_by_category[4], 3) == 0.566);
  CHECK(kappa->case_agreement[1] == doctest::Approx(0.4));
}

TEST_CASE("Fleiss' kappa counts a case as often as told") {
  const auto& rows = kFleiss1971;
  std::vector<int32_t> times(rows.size(), 1);
  times[0] = 0;
  times[1] = 3;
  std::vector<std::vector<double>> repeated(rows.begin() + 1, rows.end());
  repeated.push_back(rows[1]);
  repeated.push_back(rows[1]);
  const auto weighed = fleiss_kappa(from_counts(rows), times),
             spelt_out = fleiss_kappa(from_counts(repeated));
  REQUIRE(weighed);
  check_near(weighed->kappa, spelt_out->kappa);
  check_near(weighed->se0, spelt_out->se0);
}

TEST_CASE("Fleiss' kappa has no value without cases, and none where all say one thing") {
  CHECK_FALSE(fleiss_kappa(Ratings(3)));
  CHECK_FALSE(fleiss_kappa(from_counts({{2, 0}, {2, 0}})));
}

TEST_CASE("Fleiss' kappa equals every golden table") {
  const auto file = golden("fleiss_kappa.json");
  if (file.is_null()) return;
  for (const auto& entry : file["cases"]) {
    const std::string name = entry["name"];
    CAPTURE(name);
    const auto ours = fleiss_kappa(from_counts(entry["counts"].get<std::vector<std::vector<double>>>()));
    REQUIRE(ours);
    const auto& theirs = entry["computed"];
    check_near(ours->kappa, theirs["kappa"]);
    check_near(ours->se0, theirs["se0_fleiss1979"]);
    check_near(ours->z, theirs["z"]);
    check_all_near(ours->share, theirs["p_j"]);
    check_all_near(ours->kappa_by_category, theirs["kappa_j"]);
    check_all_near(ours->case_agreement, theirs["P_i"]);
  }
  CHECK(file["cases"].size() == 2);
}

}  // namespace
}  // namespace hada::agreement
