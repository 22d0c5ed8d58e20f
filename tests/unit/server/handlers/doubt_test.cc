// The order of QA's worklist by doubt.

#include "server/handlers/doubt.h"

#include <algorithm>

#include "server/store/doubts.h"
#include "server/store/worklist.h"
#include "tests/unit/server/handlers/many_cases.h"
#include "tests/unit/server/handlers/recording_store.h"
#include "tests/unit/server/handlers/review_world.h"

namespace {

using namespace hada;
using namespace hada::review_test;
using Names = std::vector<std::string>;

const Person kAnn = derm("ann"), kBob = derm("bob"), kCid = derm("cid");

struct Court : World {
  Court() { without_third_read(); }
  std::string voted(const std::string& first, const std::string& second, const NewCase& what = {}) {
    const std::string name = add_case(what);
    reads(kAnn, name, says(first));
    reads(kBob, name, says(second));
    return name;
  }
  // Ann and Bob agree on so many cases of a term.
  void agree(int cases, const std::string& term) {
    for (int i = 0; i < cases; ++i) voted(term, term);
  }
  Result<v1::ListCasesResponse> page(v1::WorklistView view, const Person& who = qa(), int size = 50,
                                     const std::string& token = {}, Names kinds = {}) {
    v1::ListCasesRequest request;
    request.set_view(view);
    request.set_order(v1::WORKLIST_ORDER_DOUBT);
    request.set_page_size(size);
    request.set_page_token(token);
    if (!kinds.empty()) request.add_kinds(v1::IMAGE_KIND_DERMOSCOPIC);
    return call(list_cases, who, request);
  }
  Names names(v1::WorklistView view, const Person& who = qa(), Names kinds = {}) {
    const auto response = page(view, who, 50, {}, std::move(kinds));
    if (!response) return {"error " + response.error().reason};
    Names list;
    for (const v1::Case& each : response->cases()) list.push_back(each.name());
    return list;
  }
  void score() { REQUIRE(score_doubt(store(), clock)); }
  int64_t certainty(const std::string& name) {
    return number("SELECT certainty FROM cases WHERE case_id = :id", {{"id", name.substr(6)}});
  }
};

TEST_CASE("QA's list begins with what the votes leave most in doubt; without a score by age, last") {
  Court court;
  for (const char* term : {"psoriasis", "eczema", "naevus"}) court.agree(8, term);
  // Bob sees a melanoma where the others see a naevus, again and again; otherwise he is right.
  for (int i = 0; i < 6; ++i) court.voted("naevus", "melanoma");
  const std::string split = court.voted("psoriasis", "eczema");
  court.score();
  const std::string fresh_one = court.voted("melanoma", "psoriasis");
  const std::string fresh_two = court.voted("melanoma", "psoriasis");

  const Names list = court.names(v1::WORKLIST_VIEW_TO_ADJUDICATE);
  REQUIRE(list.size() >= 9);
  CHECK(list[list.size() - 2] == fresh_one);
  CHECK(list.back() == fresh_two);
  CHECK(court.certainty(fresh_one) == store::doubts::kNotLookedAt);
  // Every place has at least the doubt of the next.
  for (size_t i = 1; i < list.size(); ++i) CHECK(court.certainty(list[i - 1]) <= court.certainty(list[i]));
  CHECK(court.certainty(split) < 900);
  CHECK(list.front() == split);
  // By age, as before.
  const Names by_age = court.listed(qa(), v1::WORKLIST_VIEW_TO_ADJUDICATE);
  CHECK(std::is_sorted(by_age.begin(), by_age.end()));
  CHECK(by_age.size() == list.size());
}

TEST_CASE("What everybody agrees on is in less doubt than what they do not") {
  Court court;
  for (const char* term : {"psoriasis", "eczema"}) court.agree(5, term);
  const std::string agreed = court.voted("naevus", "naevus"), split = court.voted("psoriasis", "eczema");
  const int64_t revision =
      court.number("SELECT revision FROM cases WHERE case_id = :id", {{"id", split.substr(6)}});
  court.score();
  CHECK(court.certainty(agreed) == 1000);
  CHECK(court.certainty(split) == 500);  // both readers are as good, both terms as frequent
  // To approve: the agreed ones; the split one is for adjudication alone.
  CHECK(court.names(v1::WORKLIST_VIEW_TO_APPROVE).size() >= 6);
  // A model changes no case: who decides has seen all there is to see.
  CHECK(court.number("SELECT revision FROM cases WHERE case_id = :id", {{"id", split.substr(6)}}) ==
        revision);
  CHECK(court.state(split) == v1::CASE_STATE_TO_PANEL);
}

TEST_CASE("Pages by doubt meet every case once, and a filter by kind holds") {
  Court court;
  for (int i = 0; i < 7; ++i) court.voted("psoriasis", "eczema");
  const std::string dermoscopic = court.voted("psoriasis", "naevus", {.kinds = {ImageKind::Dermoscopic}});
  court.score();
  Names all;
  std::string token;
  do {
    const auto page = court.page(v1::WORKLIST_VIEW_TO_ADJUDICATE, qa(), 3, token);
    REQUIRE(page);
    for (const v1::Case& each : page->cases()) all.push_back(each.name());
    token = page->next_page_token();
  } while (!token.empty());
  CHECK(all == court.names(v1::WORKLIST_VIEW_TO_ADJUDICATE));
  CHECK(all.size() == 8);
  CHECK(court.names(v1::WORKLIST_VIEW_TO_ADJUDICATE, qa(), {"dermoscopic"}) == Names{dermoscopic});
}

TEST_CASE("Readers are never shown the order, and no other list has it") {
  Court court;
  CHECK(court.names(v1::WORKLIST_VIEW_TO_READ, kAnn) == Names{"error BAD_FIELD"});
  CHECK(court.names(v1::WORKLIST_VIEW_TO_ADJUDICATE, kAnn) == Names{"error ROLE_REQUIRED"});
  CHECK(court.names(v1::WORKLIST_VIEW_UNSPECIFIED) == Names{"error BAD_FIELD"});
  CHECK(reason(court.page(v1::WORKLIST_VIEW_TO_ADJUDICATE, qa(), 1, "nonsense")) == "BAD_PAGE_TOKEN");
}

TEST_CASE("Gold, repeats and late reads teach the model nothing, and ungradable is an answer") {
  Court court;
  const std::string name = court.voted("psoriasis", "eczema");
  court.hidden_read(name, "cid", store::ReadPurpose::Gold, "melanoma");
  const std::string ungradable = court.add_case();
  court.reads(kAnn, ungradable, says_ungradable());
  court.reads(kBob, ungradable, says("psoriasis"));
  court.score();
  CHECK(court.certainty(name) < 1000);
  CHECK(court.certainty(ungradable) < 1000);
}

TEST_CASE("Votes ask for one job, no sooner than some minutes after the last began") {
  Court court;
  const auto jobs = [&] { return court.number("SELECT COUNT(*) FROM jobs WHERE kind = 'score_doubt'"); };
  court.voted("psoriasis", "eczema");
  CHECK(jobs() == 1);
  CHECK(court.number("SELECT lease_until_us FROM jobs") <= court.clock.now_us());
  court.voted("psoriasis", "eczema");
  CHECK(jobs() == 1);  // it waits still
  court.score();
  court.voted("psoriasis", "eczema");
  CHECK(jobs() == 2);
  CHECK(court.number("SELECT MAX(lease_until_us) FROM jobs") == court.clock.now_us() + 5 * core::kMinuteUs);
}

TEST_CASE("No query of the order scans or sorts a table that grows") {
  World world;
  REQUIRE(add_many_cases(world.store(), 2000));
  RecordingStore recording(world.store());
  REQUIRE(score_doubt(recording, world.clock));
  world.through(recording);
  for (const v1::WorklistView view : {v1::WORKLIST_VIEW_TO_ADJUDICATE, v1::WORKLIST_VIEW_TO_APPROVE})
    for (const char* site : {"", "sites/a"}) {
      v1::ListCasesRequest request;
      request.set_view(view);
      request.set_site(site);
      request.set_order(v1::WORKLIST_ORDER_DOUBT);
      REQUIRE(world.call(list_cases, qa(), request));
    }
  bool by_doubt = false;
  for (const Statement& statement : recording.take()) {
    const auto plan = recording.plan_of(statement);
    REQUIRE(plan);
    const bool lists = statement.sql.find("c.certainty, c.seq") != std::string::npos;
    const bool pages = lists || statement.sql.find("v.content, r.created_us") != std::string::npos ||
                       statement.sql.find("SELECT seq, certainty") != std::string::npos;
    by_doubt |= lists;
    for (const std::string& line : *plan) {
      CAPTURE(statement.sql);
      CAPTURE(line);
      if (statement.sql.find("doubt_clock") == std::string::npos) CHECK_FALSE(walks_all(line));
      if (pages) CHECK_FALSE(sorts(line));
    }
  }
  CHECK(by_doubt);
}

}  // namespace
