#include <set>

#include "tests/unit/server/handlers/many_cases.h"
#include "tests/unit/server/handlers/recording_store.h"
#include "tests/unit/server/handlers/review_world.h"

using namespace hada;
using namespace hada::review_test;

namespace {

const Person ann = derm("ann");
const Person everything{
    "eve", "", {{Role::Dermatologist, ""}, {Role::QaReviewer, ""}, {Role::SiteCoordinator, ""}}};
// Grants at single sites: every list is a merge over sites.
const Person piecemeal{"pia",
                       "c",
                       {{Role::Dermatologist, "a"},
                        {Role::Dermatologist, "b"},
                        {Role::QaReviewer, "b"},
                        {Role::QaReviewer, "d"},
                        {Role::SiteCoordinator, "c"}}};

// Every view with every mix of filters: no state, one, several; no kind, one, several; no site, one.
std::vector<v1::ListCasesRequest> every_filter() {
  std::vector<v1::ListCasesRequest> requests;
  for (const auto view : {v1::WORKLIST_VIEW_UNSPECIFIED, v1::WORKLIST_VIEW_TO_READ,
                          v1::WORKLIST_VIEW_MY_READS, v1::WORKLIST_VIEW_TO_ADJUDICATE,
                          v1::WORKLIST_VIEW_TO_APPROVE, v1::WORKLIST_VIEW_RETURNED, v1::WORKLIST_VIEW_PANELS})
    for (const int states : {0, 1, 12})
      for (const int kinds : {0, 1, 2})
        for (const char* site : {"", "sites/b"}) {
          v1::ListCasesRequest request;
          request.set_view(view);
          if (states == 1)
            request.add_states(view == v1::WORKLIST_VIEW_TO_ADJUDICATE ? v1::CASE_STATE_TO_PANEL
                               : view == v1::WORKLIST_VIEW_TO_APPROVE  ? v1::CASE_STATE_AGREED
                                                                       : v1::CASE_STATE_READING);
          if (states == 12)
            for (int s = 1; s <= 12; ++s) request.add_states(static_cast<v1::CaseState>(s));
          if (kinds > 0) request.add_kinds(v1::IMAGE_KIND_DERMOSCOPIC);
          if (kinds > 1) request.add_kinds(v1::IMAGE_KIND_CLINICAL_OVERVIEW);
          request.set_site(site);
          request.set_page_size(20);
          requests.push_back(request);
        }
  return requests;
}

}  // namespace

TEST_CASE("no view, with any filter, walks or sorts a table") {
  World world;
  REQUIRE(add_many_cases(world.store(), 2000));
  RecordingStore recording(world.store());
  world.through(recording);

  std::set<std::string> checked;
  for (const Person& person : {ann, qa(), coordinator(), everything, piecemeal})
    for (const v1::ListCasesRequest& request : every_filter()) {
      const auto page = world.call(list_cases, person, request);
      if (!page) CHECK(page.error().reason == "ROLE_REQUIRED");
      for (const Statement& statement : recording.take()) {
        // The policies are a handful of rows.
        if (statement.sql.find("FROM policies") != std::string::npos || !checked.insert(statement.sql).second)
          continue;
        const auto plan = recording.plan_of(statement);
        REQUIRE(plan);
        REQUIRE_FALSE(plan->empty());
        const bool is_list = statement.sql.find("ORDER BY c.") != std::string::npos;
        for (const std::string& line : *plan) {
          CAPTURE(statement.sql);
          CAPTURE(line);
          CHECK_FALSE(walks_all(line));
          CHECK_FALSE(sorts(line));
          if (!is_list || !line.starts_with("SEARCH c ")) continue;
          // A search by position alone reads every row after it: what the list asks for is in the index.
          for (const std::string column : {"site_id", "state", "kind", "user_id", "shown_state"}) {
            CAPTURE(column);
            const bool asked = statement.sql.find("c." + column + " = :") != std::string::npos;
            CHECK((!asked || line.find(column + "=?") != std::string::npos));
          }
        }
      }
    }
  // Fewer would mean that some filter was not asked for.
  int lists = 0;
  for (const std::string& sql : checked) lists += sql.find("ORDER BY c.") != std::string::npos ? 1 : 0;
  MESSAGE("plans checked: " << checked.size() << ", of lists: " << lists);
  CHECK(lists >= 20);
}

TEST_CASE("another reader's copies are not even looked at, in any view") {
  World world;
  REQUIRE(add_many_cases(world.store(), 400));
  world.write([&](store::Tx& tx) -> Status {
    // Every other case is a copy that was made for somebody.
    RETURN_IF_ERROR(tx.exec("UPDATE cases SET planted_for = 'zoe', plant_of = 'case1' WHERE seq % 2 = 0"));
    RETURN_IF_ERROR(tx.exec("DELETE FROM reads WHERE case_seq % 2 = 0"));
    return {};
  });
  RecordingStore recording(world.store());
  world.through(recording);
  const Person zoe = derm("zoe");
  for (const Person& person : {derm("yan"), qa(), coordinator(), everything, piecemeal})
    for (v1::ListCasesRequest request : every_filter()) {
      // A filter that hides what is found is looked at elsewhere.
      if (request.states_size() > 0 || !request.site().empty()) continue;
      request.set_page_size(500);
      const auto page = world.call(list_cases, person, request);
      int looked = 0;
      for (const Statement& statement : recording.take())
        looked += statement.sql.find("WHERE c.seq = :seq") != std::string::npos ? 1 : 0;
      if (!page) continue;
      CAPTURE(person.id);
      CAPTURE(request.ShortDebugString());
      CHECK(looked == page->cases_size());
    }
  v1::ListCasesRequest own;
  own.set_page_size(500);
  const auto by_zoe = world.call(list_cases, zoe, own), by_yan = world.call(list_cases, derm("yan"), own);
  own.add_kinds(v1::IMAGE_KIND_DERMOSCOPIC);
  const auto kind_by_zoe = world.call(list_cases, zoe, own),
             kind_by_yan = world.call(list_cases, derm("yan"), own);
  CHECK(by_zoe->cases_size() > by_yan->cases_size());
  CHECK(kind_by_zoe->cases_size() > kind_by_yan->cases_size());
}

TEST_CASE("a hundred thousand cases are paged through without gap or repeat") {
  World world;
  REQUIRE(add_many_cases(world.store(), 100'000));

  // Walks a list to its end; it must have as many cases as the SQL counts, each once.
  const auto walk = [&](const char* list, const Person& person, v1::ListCasesRequest request,
                        const std::string& count_sql) {
    CAPTURE(list);
    request.set_page_size(500);
    int64_t cases = 0, last = 0;
    bool rising = true;
    do {
      const auto page = world.call(list_cases, person, request);
      REQUIRE(page);
      for (const v1::Case& c : page->cases()) {
        const int64_t number = std::stoll(c.name().substr(std::string("cases/case").size()));
        rising = rising && number > last;
        last = number;
        ++cases;
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    CHECK(rising);
    CHECK(cases == world.number(count_sql));
  };
  v1::ListCasesRequest by_kinds, by_all, to_read, my_reads, to_approve, hidden;
  by_kinds.add_kinds(v1::IMAGE_KIND_DERMOSCOPIC);
  by_kinds.add_kinds(v1::IMAGE_KIND_CLINICAL_OVERVIEW);
  by_all.set_site("sites/c");
  by_all.add_kinds(v1::IMAGE_KIND_HISTOPATHOLOGY_WSI);
  for (const auto state : {v1::CASE_STATE_APPROVED, v1::CASE_STATE_OPEN, v1::CASE_STATE_REJECTED})
    by_all.add_states(state);
  to_read.set_view(v1::WORKLIST_VIEW_TO_READ);
  my_reads.set_view(v1::WORKLIST_VIEW_MY_READS);
  to_approve.set_view(v1::WORKLIST_VIEW_TO_APPROVE);
  hidden.set_site("sites/a");
  hidden.add_states(v1::CASE_STATE_OPEN);

  walk("all", qa(), {}, "SELECT 100000");
  walk("two kinds, of which a case may have both", qa(), by_kinds,
       "SELECT COUNT(DISTINCT case_id) FROM case_kinds WHERE kind IN (1, 3)");
  walk("site, kind and states", qa(), by_all,
       "SELECT COUNT(*) FROM case_kinds WHERE kind = 4 AND site_id = 'c' AND state IN (1, 11, 12)");
  walk("what a reader may read", ann, to_read,
       "SELECT COUNT(*) FROM cases c WHERE readable = 1 AND NOT EXISTS "
       "(SELECT 1 FROM reads r WHERE r.case_id = c.case_id AND r.user_id = 'ann')");
  walk("what a reader has read", ann, my_reads, "SELECT COUNT(*) FROM reads WHERE user_id = 'ann'");
  walk("what a reader may see at all", ann, {},
       "SELECT COUNT(*) FROM cases c WHERE state <= 3 OR EXISTS "
       "(SELECT 1 FROM reads r WHERE r.case_id = c.case_id AND r.user_id = 'ann')");
  walk("what QA of site a may approve", qa("quinn", "a"), to_approve,
       "SELECT COUNT(*) FROM cases WHERE state IN (4, 5, 7, 8, 9, 10) AND site_id <> 'a'");
  // Everybody is blind to the site of an open case; the pages are cut short and still come to an end.
  walk("a filter that matches nothing", everything, hidden, "SELECT 0");
}
