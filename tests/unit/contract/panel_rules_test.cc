#include "contract/panel_rules.h"

#include <doctest/doctest.h>

using namespace hada;
using contract::panel_term;

TEST_CASE("a vote is decided by more than half of the members") {
  CHECK(panel_term(PanelMode::Vote, {"a", "b", "a"}) == "a");
  CHECK(panel_term(PanelMode::Vote, {"a", "a"}) == "a");
  SUBCASE("and not by a tie") {
    CHECK(panel_term(PanelMode::Vote, {"a", "b"}).empty());
    CHECK(panel_term(PanelMode::Vote, {"a", "b", "c"}).empty());
  }
  SUBCASE("and not before all have voted") { CHECK(panel_term(PanelMode::Vote, {"a", "", "a"}).empty()); }
}

TEST_CASE("a consensus is what every member names") {
  CHECK(panel_term(PanelMode::Consensus, {"a", "a", "a"}) == "a");
  CHECK(panel_term(PanelMode::Consensus, {"a", "b", "a"}).empty());
  CHECK(panel_term(PanelMode::Consensus, {"a", "a", ""}).empty());
}

TEST_CASE("a panel without members comes to nothing") {
  CHECK(panel_term(PanelMode::Vote, {}).empty());
  CHECK(panel_term(PanelMode::Consensus, {}).empty());
}
