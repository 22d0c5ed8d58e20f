#include "server/agreement/cohen_kappa.h"

#include "tests/unit/server/agreement/golden.h"

namespace hada::agreement {
namespace {

CrossTable table_of(const std::vector<std::vector<double>>& rows) {
  CrossTable table(static_cast<int32_t>(rows.size()));
  for (int32_t i = 0; i < table.size; ++i)
    for (int32_t j = 0; j < table.size; ++j)
      table.at(i, j) = rows[static_cast<size_t>(i)][static_cast<size_t>(j)];
  return table;
}

TEST_CASE("Cohen's kappa gives the figures that SAS prints for its example") {
  const CrossTable table = table_of({{0, 4, 1}, {0, 8, 0}, {0, 1, 5}});
  const auto plain = cohen_kappa(table);
  REQUIRE(plain);
  CHECK(rounded(plain->kappa, 4) == 0.4842);
  CHECK(rounded(plain->ase, 4) == 0.1380);
  CHECK(rounded(plain->low, 4) == 0.2137);
  CHECK(rounded(plain->high, 4) == 0.7547);
  CHECK(rounded(plain->ase0, 4) == 0.1484);
  CHECK(rounded(plain->z, 4) == 3.2626);
  const auto linear = cohen_kappa(table, KappaWeights::Linear);
  REQUIRE(linear);
  CHECK(rounded(linear->kappa, 4) == 0.4701);
  CHECK(rounded(linear->ase, 4) == 0.1457);
}

TEST_CASE("Cohen's kappa falls at equal agreement when the categories are uneven") {
  // Both agree on 60 of 100 (Wikipedia, "Cohen's kappa", same percentages but different numbers).
  CHECK(rounded(cohen_kappa(table_of({{45, 15}, {25, 15}}))->kappa, 4) == 0.1304);
  CHECK(rounded(cohen_kappa(table_of({{25, 35}, {5, 35}}))->kappa, 4) == 0.2593);
}

TEST_CASE("Cohen's kappa has no value without cases, and none where both always say one thing") {
  CHECK_FALSE(cohen_kappa(table_of({{0, 0}, {0, 0}})));
  CHECK_FALSE(cohen_kappa(table_of({{9, 0}, {0, 0}})));
  CHECK_FALSE(
      cohen_kappa_jackknife_se(table_of({{9, 0}, {0, 1}})));  // without the one, only one thing is said
}

TEST_CASE("Cohen's kappa equals every golden table") {
  const auto file = golden("cohen_kappa.json");
  if (file.is_null()) return;
  int jackknives = 0;
  for (const auto& entry : file["cases"]) {
    const std::string name = entry["name"], kind = entry.value("weights", "none");
    CAPTURE(name);
    const KappaWeights weights = kind == "linear"      ? KappaWeights::Linear
                                 : kind == "quadratic" ? KappaWeights::Quadratic
                                                       : KappaWeights::None;
    const CrossTable table = table_of(entry["table"].get<std::vector<std::vector<double>>>());
    const auto ours = cohen_kappa(table, weights);
    REQUIRE(ours);
    const auto& theirs = entry["computed"];
    check_near(ours->kappa, theirs["kappa"]);
    check_near(ours->ase, theirs["ase"]);
    check_near(ours->low, theirs["ci_low"]);
    check_near(ours->high, theirs["ci_high"]);
    check_near(ours->ase0, theirs["ase0"]);
    check_near(ours->z, theirs["z"]);
    if (!entry.contains("jackknife")) continue;
    ++jackknives;
    check_near(cohen_kappa_jackknife_se(table, weights).value_or(0), entry["jackknife"]["jackknife_se"]);
  }
  CHECK(file["cases"].size() == 6);
  CHECK(jackknives == 2);
}

}  // namespace
}  // namespace hada::agreement
