#include "contract/csv.h"

#include <doctest/doctest.h>

namespace hada::contract {
namespace {
using Cells = std::vector<std::string>;
}

TEST_CASE("a CSV file reads as RFC 4180 says") {
  SUBCASE("cells, quotes, commas and doubled quotes") {
    const auto records = parse_csv("a,b,c\r\n1,\"x, y\",\"say \"\"hi\"\"\"\r\n");
    REQUIRE(records.size() == 2);
    CHECK(records[0].cells == Cells{"a", "b", "c"});
    CHECK(records[1].cells == Cells{"1", "x, y", "say \"hi\""});
    CHECK(records[1].line == 2);
  }
  SUBCASE("a line break inside quotes belongs to the cell, and lines are still counted as an editor counts") {
    const auto records = parse_csv("a\n\"one\r\ntwo\nthree\"\nlast\n");
    REQUIRE(records.size() == 3);
    CHECK(records[1].cells == Cells{"one\r\ntwo\nthree"});
    CHECK(records[1].line == 2);
    CHECK(records[2].line == 5);
  }
  SUBCASE("a byte order mark is no part of the first cell") {
    CHECK(parse_csv("\xEF\xBB\xBF"
                    "file,x\n")[0]
              .cells == Cells{"file", "x"});
  }
  SUBCASE("empty lines are left out and counted; a last line needs no line end") {
    const auto records = parse_csv("a,b\n\n\nc,d");
    REQUIRE(records.size() == 2);
    CHECK(records[1] == CsvRecord{4, {"c", "d"}, ""});
  }
  SUBCASE("an empty last cell counts") { CHECK(parse_csv("a,\n,\n")[1].cells == Cells{"", ""}); }
}

TEST_CASE("a broken record says so and the next one is read as usual") {
  SUBCASE("a quote inside a plain cell") {
    const auto records = parse_csv("a,5\" wide\nb,c\n");
    REQUIRE(records.size() == 2);
    CHECK_FALSE(records[0].problem.empty());
    CHECK(records[1] == CsvRecord{2, {"b", "c"}, ""});
  }
  SUBCASE("text after a closing quote") {
    const auto records = parse_csv("\"a\"b,c\nd,e\n");
    CHECK(records[0].problem == "text after a closing quote");
    CHECK(records[1].cells == Cells{"d", "e"});
  }
  SUBCASE("a quote that is never closed") {
    const auto records = parse_csv("ok,1\n\"a,b\nc,d\n");
    REQUIRE(records.size() == 2);
    CHECK(records[1].problem == "a quote that is never closed");
    CHECK(records[1].line == 2);
  }
}

}  // namespace hada::contract
