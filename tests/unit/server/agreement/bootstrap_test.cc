#include "server/agreement/bootstrap.h"

#include <numeric>

#include "server/agreement/krippendorff_alpha.h"
#include "tests/unit/server/agreement/golden.h"

namespace hada::agreement {
namespace {

TEST_CASE("The random numbers are SplitMix64's") {
  // The first outputs for seed 1234567, as the reference implementation (Vigna, splitmix64.c) prints them.
  Random random(1234567);
  CHECK(random.next() == 6457827717110365317u);
  CHECK(random.next() == 3203168211198807973u);
  CHECK(random.next() == 9817491932198370423u);
}

TEST_CASE("Numbers below a bound are each as likely") {
  Random random(7);
  std::vector<int> count(6, 0);
  for (int i = 0; i < 60000; ++i) ++count[random.below(6)];
  for (const int n : count) CHECK(std::abs(n - 10000) < 400);  // 4 standard deviations are 365
}

TEST_CASE("Quantiles are interpolated") {
  const std::vector<double> sorted = {1, 2, 3, 4};
  CHECK(quantile(sorted, 0) == 1);
  CHECK(quantile(sorted, 0.5) == 2.5);
  CHECK(quantile(sorted, 0.9) == doctest::Approx(3.7));  // R: quantile(1:4, 0.9)
  CHECK(quantile(sorted, 1) == 4);
}

// A coin with 30 heads in 100.
std::optional<double> mean_of_heads(Times times) {
  double heads = 0;
  for (size_t i = 0; i < 30; ++i) heads += times[i];
  return heads / static_cast<double>(times.size());
}

TEST_CASE("An interval of a mean has the width that theory gives it") {
  const auto interval = bootstrap_interval(100, mean_of_heads, {.draws = 4000, .level = 0.95, .seed = 3});
  REQUIRE(interval);
  // 0.3 +- 1.96 sqrt(0.3 * 0.7 / 100)
  CHECK(interval->low == doctest::Approx(0.21).epsilon(0.06));
  CHECK(interval->high == doctest::Approx(0.39).epsilon(0.04));
}

TEST_CASE("One seed gives one interval, on every machine") {
  Ratings ratings(4);
  for (int i = 0; i < 40; ++i)
    ratings.add_case(std::vector<int32_t>{i % 4, i % 5 == 0 ? (i + 1) % 4 : i % 4, i % 7 == 0 ? 0 : i % 4});
  const Distance distance = nominal_distance(4);
  const auto alpha = [&](Times times) { return krippendorff_alpha(ratings, distance, times); };
  const auto interval = bootstrap_interval(ratings.cases(), alpha, {.draws = 200, .level = 0.95, .seed = 42});
  REQUIRE(interval);
  const double whole = krippendorff_alpha(ratings, distance).value_or(-9);
  CHECK(interval->low < whole);
  CHECK(whole < interval->high);
  // From a second implementation, in Python.
  check_near(interval->low, 0.6395941289758363);
  check_near(interval->high, 0.8648647971933825);
}

TEST_CASE("There is no interval without cases, or where most draws have no value") {
  CHECK_FALSE(bootstrap_interval(0, mean_of_heads));
  int asked = 0;
  const auto seldom = [&](Times) { return ++asked % 3 == 0 ? std::optional<double>(1) : std::nullopt; };
  CHECK_FALSE(bootstrap_interval(5, seldom));
}

}  // namespace
}  // namespace hada::agreement
