// Users, sites, sessions, stored requests, events and jobs: the SQL of the accounts' side.

#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "server/store/events.h"
#include "server/store/jobs.h"
#include "server/store/requests.h"
#include "server/store/sessions.h"
#include "server/store/sites.h"
#include "server/store/users.h"
#include "tests/unit/server/store/temp_store.h"

using namespace hada;
using store::Tx;

namespace {

// Runs the body in one transaction that must succeed.
void in_write(test::TempStore& store, const std::function<Status(Tx&)>& body) {
  const Status status = store->write(body);
  CHECK_MESSAGE(status.has_value(), (status ? "" : status.error().message));
}

store::UserRecord user(const std::string& id, std::vector<store::GrantRecord> grants = {}) {
  return {id, "Dr " + id, "", "hash", false, 1, 5, std::move(grants)};
}

}  // namespace

TEST_CASE("users keep their grants") {
  test::TempStore store(true);
  in_write(store, [](Tx& tx) -> Status {
    RETURN_IF_ERROR(store::insert_user(tx, user("b", {{Role::Dermatologist, ""}, {Role::Admin, ""}})));
    RETURN_IF_ERROR(store::insert_user(tx, user("a", {{Role::QaReviewer, "d"}})));
    RETURN_IF_ERROR(store::insert_user(tx, user("c")));
    return {};
  });

  SUBCASE("found by id") {
    in_write(store, [](Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const auto found, store::find_user(tx, "b"));
      REQUIRE(found);
      CHECK(found->display_name == "Dr b");
      CHECK(found->grants == std::vector<store::GrantRecord>{{Role::Dermatologist, ""}, {Role::Admin, ""}});
      ASSIGN_OR_RETURN(const auto nobody, store::find_user(tx, "z"));
      CHECK(!nobody);
      return {};
    });
  }

  SUBCASE("listed page by page") {
    in_write(store, [](Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const auto page, store::list_users(tx, "", 2));
      REQUIRE(page.size() == 2);
      CHECK(page[0].user_id == "a");
      CHECK(page[0].grants.size() == 1);
      CHECK(page[1].grants.size() == 2);
      ASSIGN_OR_RETURN(const auto rest, store::list_users(tx, page[1].user_id, 2));
      REQUIRE(rest.size() == 1);
      CHECK(rest[0].user_id == "c");
      return {};
    });
  }

  SUBCASE("replaced, with a new revision") {
    in_write(store, [](Tx& tx) -> Status {
      RETURN_IF_ERROR(store::replace_grants(tx, "b", {{Role::Researcher, ""}}));
      ASSIGN_OR_RETURN(const auto found, store::find_user(tx, "b"));
      CHECK(found->revision == 2);
      CHECK(found->grants == std::vector<store::GrantRecord>{{Role::Researcher, ""}});
      return {};
    });
  }

  SUBCASE("and admins who can still log in are counted") {
    in_write(store, [](Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const int64_t before, store::count_admins(tx));
      CHECK(before == 1);
      RETURN_IF_ERROR(store::disable_user(tx, "b"));
      ASSIGN_OR_RETURN(const int64_t after, store::count_admins(tx));
      CHECK(after == 0);
      return {};
    });
  }

  SUBCASE("and an id is taken once") {
    const Status status = store->write([](Tx& tx) { return store::insert_user(tx, user("a")); });
    REQUIRE(!status);
    CHECK(status.error().reason == "CONSTRAINT");
  }
}

TEST_CASE("expired sessions are swept a few at a time") {
  test::TempStore store(true);
  in_write(store, [](Tx& tx) -> Status {
    RETURN_IF_ERROR(store::insert_user(tx, user("a")));
    for (int i = 0; i < 5; ++i)
      RETURN_IF_ERROR(store::insert_session(tx, {"token" + std::to_string(i), "a", 0, 10 + i}));
    ASSIGN_OR_RETURN(const int64_t first, store::delete_expired_sessions(tx, 12, 2));
    CHECK(first == 2);
    ASSIGN_OR_RETURN(const int64_t second, store::delete_expired_sessions(tx, 12, 2));
    CHECK(second == 1);
    ASSIGN_OR_RETURN(const auto gone, store::find_session(tx, "token2"));
    CHECK(!gone);
    ASSIGN_OR_RETURN(const auto kept, store::find_session(tx, "token3"));
    CHECK(kept);
    return {};
  });
}

TEST_CASE("stored responses are found by user and id, and the oldest are swept") {
  test::TempStore store(true);
  in_write(store, [](Tx& tx) -> Status {
    for (int i = 0; i < 3; ++i)
      RETURN_IF_ERROR(
          store::insert_request(tx, {"a", "r" + std::to_string(i), "/m", "h", std::string("\0x", 2), i}));
    ASSIGN_OR_RETURN(const auto found, store::find_request(tx, "a", "r1"));
    REQUIRE(found);
    CHECK(found->response == std::string("\0x", 2));
    ASSIGN_OR_RETURN(const auto others, store::find_request(tx, "b", "r1"));
    CHECK(!others);
    ASSIGN_OR_RETURN(const int64_t swept, store::delete_requests_before(tx, 2, 10));
    CHECK(swept == 2);
    ASSIGN_OR_RETURN(const auto last, store::find_request(tx, "a", "r2"));
    CHECK(last);
    return {};
  });
}

TEST_CASE("event numbers are in commit order, without gaps, also after a rollback") {
  test::TempStore store(true);
  const auto record = [&](bool fail) {
    int64_t seq = 0;
    (void)store->write([&](Tx& tx) -> Status {
      ASSIGN_OR_RETURN(seq, store::record_event(tx, {"a", "verb", "cases/x", "x", "", 1}));
      if (fail) return Unexpected(ErrorCode::Aborted, "NO", "no");
      return {};
    });
    return seq;
  };
  CHECK(record(false) == 1);
  CHECK(record(true) == 2);
  CHECK(record(false) == 2);
  CHECK(record(false) == 3);
}

TEST_CASE("a job is taken by one worker at a time") {
  test::TempStore store(true);
  in_write(store, [](Tx& tx) -> Status {
    RETURN_IF_ERROR(store::insert_job(tx, {"j2", "k", "second", 0}, 20));
    RETURN_IF_ERROR(store::insert_job(tx, {"j1", "k", "first", 0}, 10));
    ASSIGN_OR_RETURN(const auto first, store::take_job(tx, 100, 130));
    REQUIRE(first);
    CHECK(first->subject == "first");
    CHECK(first->attempts == 1);
    ASSIGN_OR_RETURN(const auto second, store::take_job(tx, 100, 130));
    REQUIRE(second);
    CHECK(second->subject == "second");
    ASSIGN_OR_RETURN(const auto none, store::take_job(tx, 100, 130));
    CHECK(!none);
    return {};
  });

  SUBCASE("until its lease runs out") {
    in_write(store, [](Tx& tx) -> Status {
      RETURN_IF_ERROR(store::extend_job(tx, "j1", 200));
      ASSIGN_OR_RETURN(const auto expired, store::take_job(tx, 131, 160));
      REQUIRE(expired);
      CHECK(expired->job_id == "j2");
      CHECK(expired->attempts == 2);
      return {};
    });
  }

  SUBCASE("or its process is gone, which is not counted against it") {
    in_write(store, [](Tx& tx) -> Status {
      RETURN_IF_ERROR(store::release_running_jobs(tx));
      ASSIGN_OR_RETURN(const auto again, store::take_job(tx, 101, 130));
      REQUIRE(again);
      CHECK(again->attempts == 1);
      return {};
    });
  }

  SUBCASE("and a retry waits for its time") {
    in_write(store, [](Tx& tx) -> Status {
      RETURN_IF_ERROR(store::finish_job(tx, "j2"));
      RETURN_IF_ERROR(store::retry_job(tx, "j1", 150, "REASON"));
      ASSIGN_OR_RETURN(const auto early, store::take_job(tx, 149, 180));
      CHECK(!early);
      ASSIGN_OR_RETURN(const auto late, store::take_job(tx, 150, 180));
      REQUIRE(late);
      CHECK(late->attempts == 2);
      RETURN_IF_ERROR(store::fail_job(tx, "j1", "REASON"));
      ASSIGN_OR_RETURN(const int64_t open, store::count_open_jobs(tx));
      CHECK(open == 0);
      return {};
    });
  }
}
