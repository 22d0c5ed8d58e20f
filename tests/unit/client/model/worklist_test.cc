#include "client/model/worklist.h"

#include <doctest/doctest.h>

#include <string>

using namespace hada;
using namespace hada::model;

namespace {
std::vector<CaseRow> rows(int first, int count) {
  std::vector<CaseRow> list;
  for (int i = first; i < first + count; ++i) {
    CaseRow row;
    row.name = "cases/" + std::to_string(i);
    list.push_back(std::move(row));
  }
  return list;
}
Worklist three_pages() {
  Worklist list;
  list.put_page(0, "", rows(0, 100), "t1");
  list.put_page(1, "t1", rows(100, 100), "t2");
  list.put_page(2, "t2", rows(200, 50), "");
  return list;
}
}  // namespace

TEST_CASE("rows are found across pages") {
  const Worklist list = three_pages();
  CHECK(list.row_count() == 250);
  CHECK(list.complete());
  CHECK(list.row(0).name == "cases/0");
  CHECK(list.row(99).name == "cases/99");
  CHECK(list.row(100).name == "cases/100");
  CHECK(list.row(249).name == "cases/249");
  CHECK(list.pages_of(95, 105).begin == 0);
  CHECK(list.pages_of(95, 105).end == 2);
  CHECK(list.pages_of(240, 9999).end == 3);
  CHECK(list.pages_of(250, 260).end == 0);
}

TEST_CASE("a hundred thousand rows are addressed without a walk over the pages") {
  Worklist list;
  for (int page = 0; page < 1000; ++page)
    list.put_page(static_cast<size_t>(page), "t" + std::to_string(page), rows(page * 100, 100),
                  "t" + std::to_string(page + 1));
  CHECK(list.row_count() == 100000);
  CHECK(list.row(77777).name == "cases/77777");
  CHECK_FALSE(list.complete());
}

TEST_CASE("a refreshed page whose end did not move leaves the rest alone") {
  Worklist list = three_pages();
  list.put_page(0, "", rows(0, 100), "t1");
  CHECK_FALSE(list.pages[1].stale);
  CHECK(list.row_count() == 250);
}

TEST_CASE("a page whose end moved makes the next one stale under its new token") {
  Worklist list = three_pages();
  list.put_page(0, "", rows(1, 100), "t1b");  // case 0 has gone
  CHECK(list.pages[1].stale);
  CHECK(list.pages[1].token == "t1b");
  CHECK_FALSE(list.pages[2].stale);
  list.put_page(1, "t1b", rows(101, 100), "t2b");
  CHECK_FALSE(list.pages[1].stale);
  CHECK(list.pages[2].stale);
}

TEST_CASE("a page that became the last drops those after it") {
  Worklist list = three_pages();
  list.put_page(0, "", rows(0, 20), "");
  CHECK(list.pages.size() == 1);
  CHECK(list.row_count() == 20);
  CHECK(list.complete());
}

TEST_CASE("an empty page in the middle holds no row") {
  Worklist list = three_pages();
  list.put_page(1, "t1", {}, "t2");
  CHECK(list.row_count() == 150);
  CHECK(list.row(100).name == "cases/200");
}

TEST_CASE("the selection follows its case, and falls to the row that took its place") {
  Worklist list = three_pages();
  list.selected = 40;
  list.selected_name = "cases/40";
  list.put_page(0, "", rows(10, 100), "t1");
  CHECK(list.selected == 30);
  CHECK(list.selected_name == "cases/40");
  list.put_page(0, "", rows(50, 60), "t1");
  CHECK(list.selected == 30);
  CHECK(list.selected_name == "cases/80");
  list.put_page(0, "", {}, "");
  CHECK(list.selected_name.empty());
}
