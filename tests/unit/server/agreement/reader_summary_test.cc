#include "server/agreement/reader_summary.h"

#include "tests/unit/server/agreement/golden.h"

namespace hada::agreement {
namespace {

TEST_CASE("A share has Wilson's interval") {
  // Newcombe, Stat. Med. 17 (1998) 857, table I, method 3: 81 of 263 and 0 of 20.
  const Proportion common = proportion(81, 263);
  CHECK(rounded(common.share, 4) == 0.3080);
  CHECK(rounded(common.low, 4) == 0.2553);
  CHECK(rounded(common.high, 4) == 0.3662);
  const Proportion none = proportion(0, 20);
  CHECK(none.low == 0);
  CHECK(rounded(none.high, 4) == 0.1611);
  CHECK(proportion(0, 0).high == 1);
}

TEST_CASE("A reader's summary counts what equals, ranks what is confused and takes the middle of the times") {
  ReaderRecord record;
  record.gold = {{1, 1}, {1, 2}, {3, 3}, {3, 3}};
  record.repeats = {{1, 1}, {2, 1}};
  record.outcomes = {{1, 1}, {2, 1}, {4, 5}, {4, 5}, {1, 2}};
  record.seconds = {40, 10, 20, 30, 1000};
  const ReaderSummary summary = summarise(record);
  CHECK(summary.gold.hits == 3);
  CHECK(summary.gold.total == 4);
  CHECK(summary.repeats.share == 0.5);
  CHECK(summary.outcomes.hits == 1);
  REQUIRE(summary.confusions.size() == 3);
  CHECK(summary.confusions[0].said == 4);
  CHECK(summary.confusions[0].against == 5);
  CHECK(summary.confusions[0].count == 2);
  CHECK(summary.confusions[1].said == 1);
  CHECK(summarise(record, 2).confusions.size() == 2);
  REQUIRE(summary.speed);
  CHECK(summary.speed->median == 30);
  CHECK(summary.speed->quarter == 20);
  CHECK(summary.speed->three_quarters == 40);
  CHECK_FALSE(summarise({}).speed);
}

}  // namespace
}  // namespace hada::agreement
