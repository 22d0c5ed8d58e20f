#include "tests/bench/bench_table.h"

#include <doctest/doctest.h>

namespace hada::bench {

TEST_CASE("a row of the benchmark table") {
  SUBCASE("says the ratio to the peer and whether it meets its target") {
    CHECK(row_text({"tiles/s", 24000, 2000.0, ratio_at_least(12)}) ==
          "BENCH\ttiles/s\t24000\t2000\t12.0x\t>= 12.0x\tyes");
    CHECK(row_text({"tiles/s", 23000, 2000.0, ratio_at_least(12)}) ==
          "BENCH\ttiles/s\t23000\t2000\t11.5x\t>= 12.0x\tNO");
    CHECK(row_text({"seconds", 1.3, 1.0, ratio_at_most(1.2)}) ==
          "BENCH\tseconds\t1.30\t1.00\t1.30x\t<= 1.20x\tNO");
  }
  SUBCASE("compares an absolute target with ours alone") {
    CHECK(row_text({"p50, ms", 0.27, std::nullopt, at_most(0.3)}) ==
          "BENCH\tp50, ms\t0.270\t-\t-\t<= 0.300\tyes");
    CHECK(row_text({"rate", 9, 10.0, at_least(10)}) == "BENCH\trate\t9.00\t10.0\t0.900x\t>= 10.0\tNO");
  }
  SUBCASE("is neither met nor missed without a target or without the peer") {
    CHECK(row_text({"MiB", 50, std::nullopt, no_target()}) == "BENCH\tMiB\t50.0\t-\t-\t-\t-");
    CHECK(row_text({"tiles/s", 24000, std::nullopt, ratio_at_least(12)}) ==
          "BENCH\ttiles/s\t24000\t-\t-\t>= 12.0x\t-");
  }
}

}  // namespace hada::bench
