// Who learns of what: every verb of the log, every state, every kind of viewer.

#include "server/handlers/event_sight.h"

#include <doctest/doctest.h>

#include <array>

#include "contract/review_rules.h"
#include "server/handlers/case_sight.h"

using namespace hada;
using namespace hada::handlers;

namespace {

constexpr std::array kVerbs = {
    "create_case",       "claim_case",           "release_lease",  "save_draft",      "submit_read",
    "amend_read",        "submit_late_read",     "reveal_case",    "settle_case",     "resume_reading",
    "adjudicate_case",   "declare_no_consensus", "request_read",   "approve_case",    "reject_case",
    "reopen_case",       "return_to_reader",     "return_to_site", "supply_data",     "void_approval",
    "include_image",     "exclude_image",        "set_case_tier",  "commit_image",    "image_ready",
    "image_refused",     "void_decision",        "convene_panel",  "answer_panel",    "withdraw_panel_answer",
    "dissolve_panel",    "create_comment",       "edit_comment",   "resolve_comment", "reopen_comment",
    "a_verb_of_tomorrow"};

bool asks_again(const std::string& verb) { return verb == "return_to_reader" || verb == "supply_data"; }

core::Caller caller_of(const std::string& id, const std::string& home, std::vector<core::Grant> grants) {
  core::Caller caller;
  caller.user_id = id;
  caller.home_site = home;
  caller.grants = std::move(grants);
  return caller;
}

struct Viewer {
  core::Caller caller;
  store::Involvement person;
};

std::vector<Viewer> viewers() {
  std::vector<Viewer> all;
  const std::vector<std::vector<core::Grant>> grants = {
      {},
      {{Role::Dermatologist, ""}},
      {{Role::Dermatologist, "b"}},
      {{Role::QaReviewer, ""}},
      {{Role::SiteCoordinator, "a"}},
      {{Role::SiteCoordinator, "b"}},
      {{Role::Admin, ""}},
      {{Role::Dermatologist, ""}, {Role::QaReviewer, ""}},
      {{Role::Dermatologist, "a"}, {Role::SiteCoordinator, "a"}}};
  for (const auto& roles : grants)
    for (const std::string home : {"a", "d"})
      for (const int bits : {0, 1, 2, 3, 5, 7}) {
        Viewer viewer{caller_of("viewer", home, roles), {}};
        viewer.person.has_read = viewer.person.claimed = (bits & 1) != 0;
        viewer.person.revealed = (bits & 2) != 0;
        viewer.person.returned = (bits & 4) != 0;
        all.push_back(viewer);
      }
  return all;
}

template <typename Check>
void for_every_event(Check check) {
  for (const Viewer& viewer : viewers())
    for (int state = 1; state < kCaseStateCount; ++state)
      for (const char* verb : kVerbs)
        for (const char* actor : {"viewer", "somebody", "system"}) {
          EventCase about{{"a", static_cast<CaseState>(state), "", ReturnTo::Site}, {}, {}};
          about.people["viewer"] = viewer.person;
          about.people["somebody"].has_read = true;
          CAPTURE(verb);
          CAPTURE(actor);
          CAPTURE(state);
          check(viewer, about, store::EventRow{7, actor, verb, "c1"});
        }
}

}  // namespace

TEST_CASE("a hint never goes to whom it could tell something they are blind to") {
  size_t told = 0, kept = 0;
  for_every_event([&](const Viewer& viewer, const EventCase& about, const store::EventRow& event) {
    const auto hint = hint_for(event, about, viewer.caller);
    const Standing standing = standing_of(viewer.caller, about.place, viewer.person);
    const bool own = event.actor == viewer.caller.user_id;
    ++(hint ? told : kept);
    // Asked to look at their read again; or for more data of the site, which is theirs to send.
    const bool handed = (viewer.person.returned && asks_again(event.verb)) ||
                        (viewer.caller.has(Role::SiteCoordinator, "a") && event.verb == "return_to_site" &&
                         about.place.state == CaseState::Returned);
    if (standing.sight == Sight::None) CHECK_FALSE(hint);
    if (standing.sight == Sight::Blind && !own && !handed) CHECK_FALSE(hint);
    // A reader who has not opened the outcome is listed the case as it was.
    if (standing.sight == Sight::Unopened && !standing.staff && !own && !handed) CHECK_FALSE(hint);
    if (!hint) return;
    CHECK(hint->by_caller() == own);
    CHECK(hint->case_() == "cases/c1");
    CHECK(hint->resume_token().empty());
    if (hint->arrived_in() == v1::WORKLIST_VIEW_RETURNED) {
      CHECK_FALSE(own);
      CHECK(handed);
    } else if (hint->arrived_in() != v1::WORKLIST_VIEW_UNSPECIFIED) {
      CHECK_FALSE(own);
      CHECK(viewer.caller.has(Role::QaReviewer, "a"));
      CHECK_FALSE(viewer.person.has_read);
      CHECK(viewer.caller.home_site != "a");
    }
  });
  CHECK(told > 1000);
  CHECK(kept > 1000);
}

TEST_CASE("what a blind reader is told does not depend on anything but their own acts") {
  // The same event of the reader's own, whatever state others have brought the case into.
  for (const char* verb : kVerbs) {
    const core::Caller reader = caller_of("viewer", "b", {{Role::Dermatologist, ""}});
    std::optional<std::string> first;
    for (int state = 1; state < kCaseStateCount; ++state)
      for (const bool others : {false, true}) {
        EventCase about{{"a", static_cast<CaseState>(state), "", ReturnTo::Unspecified}, {}, {}};
        if (others) about.people["somebody"].has_read = true;
        const auto hint = hint_for({1, "viewer", verb, "c1"}, about, reader);
        const std::string bytes = hint ? hint->SerializeAsString() : "";
        if (!first) first = bytes;
        CHECK(bytes == *first);
      }
  }
}

TEST_CASE("a hidden copy exists for its reader only") {
  EventCase about{{"a", CaseState::Reading, "bea", ReturnTo::Unspecified}, {}, {}};
  for (const Viewer& viewer : viewers())
    CHECK_FALSE(hint_for({1, "bea", "submit_read", "c1"}, about, viewer.caller));
  const core::Caller bea = caller_of("bea", "b", {{Role::Dermatologist, ""}});
  REQUIRE(hint_for({1, "bea", "submit_read", "c1"}, about, bea));
  const EventCase original{{"a", CaseState::Reading, "", ReturnTo::Unspecified}, {}, {}};
  CHECK(hint_for({1, "bea", "submit_read", "c1"}, about, bea)->SerializeAsString() ==
        hint_for({1, "bea", "submit_read", "c1"}, original, bea)->SerializeAsString());
}

TEST_CASE("a case that comes to QA says which list it is in") {
  const core::Caller qa = caller_of("quinn", "d", {{Role::QaReviewer, ""}});
  EventCase about{{"a", CaseState::ToPanel, "", ReturnTo::Unspecified}, {}, {}};
  const store::EventRow settled{1, "system", "settle_case", "c1"};
  REQUIRE(hint_for(settled, about, qa));
  CHECK(hint_for(settled, about, qa)->arrived_in() == v1::WORKLIST_VIEW_TO_ADJUDICATE);
  about.place.state = CaseState::Agreed;
  CHECK(hint_for(settled, about, qa)->arrived_in() == v1::WORKLIST_VIEW_TO_APPROVE);
  SUBCASE("but not to whom may not decide it") {
    const core::Caller colleague = caller_of("quinn", "a", {{Role::QaReviewer, ""}});
    CHECK(hint_for(settled, about, colleague)->arrived_in() == v1::WORKLIST_VIEW_UNSPECIFIED);
    about.people["quinn"].has_read = true;
    CHECK(hint_for(settled, about, qa)->arrived_in() == v1::WORKLIST_VIEW_UNSPECIFIED);
  }
  SUBCASE("and nothing arrives by a claim or a read") {
    CHECK(hint_for({1, "x", "claim_case", "c1"}, about, qa)->arrived_in() == v1::WORKLIST_VIEW_UNSPECIFIED);
    CHECK(hint_for({1, "x", "amend_read", "c1"}, about, qa)->kind() == v1::HINT_KIND_READ);
  }
}

TEST_CASE("a panel that waits for somebody is in their list, and in nobody else's") {
  const core::Caller quinn = caller_of("quinn", "d", {{Role::QaReviewer, ""}}),
                     queen = caller_of("queen", "b", {{Role::QaReviewer, ""}}),
                     bea = caller_of("bea", "b", {{Role::Dermatologist, ""}});
  EventCase about{{"a", CaseState::ToPanel, "", ReturnTo::Unspecified}, {}, {"quinn", "convener"}};
  about.people["bea"] = {.claimed = true, .has_read = true};
  for (const char* verb : {"convene_panel", "answer_panel"}) {
    CAPTURE(verb);
    const store::EventRow event{1, "convener", verb, "c1"};
    CHECK(hint_for(event, about, quinn)->arrived_in() == v1::WORKLIST_VIEW_PANELS);
    CHECK(hint_for(event, about, queen)->arrived_in() == v1::WORKLIST_VIEW_UNSPECIFIED);
    CHECK_FALSE(hint_for(event, about, bea));
  }
  SUBCASE("nor does a reader who knows the outcome learn that reviewers talk") {
    about.people["bea"].revealed = true;
    for (const char* verb : {"dissolve_panel", "create_comment", "resolve_comment"}) {
      CHECK_FALSE(hint_for({1, "quinn", verb, "c1"}, about, bea));
      CHECK(hint_for({1, "quinn", verb, "c1"}, about, queen));
    }
    CHECK(hint_for({1, "quinn", "reopen_case", "c1"}, about, bea));
  }
}

TEST_CASE("a case that is handed back") {
  const core::Caller bea = caller_of("bea", "b", {{Role::Dermatologist, ""}}),
                     cyn = caller_of("cyn", "c", {{Role::Dermatologist, ""}}),
                     cora = caller_of("cora", "a", {{Role::SiteCoordinator, "a"}}),
                     qa = caller_of("quinn", "d", {{Role::QaReviewer, ""}});
  EventCase about{{"a", CaseState::Returned, "", ReturnTo::Reader}, {}, {}};
  about.people["bea"] = {.claimed = true, .has_read = true, .returned = true};
  about.people["cyn"] = {.claimed = true, .has_read = true};
  const auto told = [&](const char* verb, const core::Caller& who) {
    return hint_for({1, "quentin", verb, "c1"}, about, who);
  };
  SUBCASE("to a reader is in their list of returned cases, and no other reader learns of it") {
    REQUIRE(told("return_to_reader", bea));
    CHECK(told("return_to_reader", bea)->arrived_in() == v1::WORKLIST_VIEW_RETURNED);
    CHECK_FALSE(told("return_to_reader", cyn));
    CHECK(told("return_to_reader", cora)->arrived_in() == v1::WORKLIST_VIEW_UNSPECIFIED);
    CHECK(told("return_to_reader", qa)->arrived_in() == v1::WORKLIST_VIEW_UNSPECIFIED);
    // Only what asks them: not what others do to it meanwhile.
    CHECK_FALSE(told("include_image", bea));
    CHECK_FALSE(told("set_case_tier", bea));
    CHECK_FALSE(told("amend_read", bea));
  }
  SUBCASE("to the site is in its coordinator's, and no reader learns of it") {
    about.place.returned_to = ReturnTo::Site;
    about.people["bea"].returned = false;
    CHECK_FALSE(told("return_to_site", bea));
    CHECK_FALSE(told("return_to_site", cyn));
    REQUIRE(told("return_to_site", cora));
    CHECK(told("return_to_site", cora)->arrived_in() == v1::WORKLIST_VIEW_RETURNED);
    CHECK(told("return_to_site", qa)->arrived_in() == v1::WORKLIST_VIEW_UNSPECIFIED);
    const core::Caller elsewhere = caller_of("cody", "b", {{Role::SiteCoordinator, "b"}});
    CHECK_FALSE(told("return_to_site", elsewhere));
  }
  SUBCASE("and comes again with new data is all its readers' to look at again") {
    about.place = {"a", CaseState::Open, "", ReturnTo::Unspecified};
    about.people["cyn"].returned = true;
    for (const core::Caller& reader : {bea, cyn}) {
      REQUIRE(told("supply_data", reader));
      CHECK(told("supply_data", reader)->arrived_in() == v1::WORKLIST_VIEW_RETURNED);
    }
    CHECK_FALSE(told("image_ready", bea));
    CHECK_FALSE(told("commit_image", bea));
  }
}

TEST_CASE("what changes nothing on anybody's screen is not followed") {
  CHECK_FALSE(is_followed({1, "a", "save_draft", "c1"}));
  CHECK_FALSE(is_followed({1, "a", "reveal_case", "c1"}));
  CHECK_FALSE(is_followed({1, "a", "login", ""}));
  CHECK(is_followed({1, "a", "submit_read", "c1"}));
}
