#include "server/core/sessions.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "server/core/password.h"
#include "server/core/sweeper.h"
#include "server/store/requests.h"
#include "server/store/sessions.h"
#include "server/store/users.h"
#include "tests/support/fake_clock.h"
#include "tests/unit/server/store/temp_store.h"

using namespace hada;
using store::Tx;

namespace {

const std::string kPassword = "correct horse battery";

// argon2id takes a tenth of a second: made once.
const std::string& password_hash() {
  static const std::string hash = core::hash_password(kPassword).value();
  return hash;
}

struct World {
  World() {
    write([](Tx& tx) {
      return store::insert_user(
          tx, {"derm", "Dr Derm", "b", password_hash(), false, 1, 1, {{Role::Dermatologist, ""}}});
    });
  }
  void write(const std::function<Status(Tx&)>& fn) { REQUIRE(store->write(fn).has_value()); }

  test::TempStore store{true};
  support::FakeClock clock;
  core::Sessions sessions{*store, clock};
};

std::string reason(const auto& result) { return result ? "" : result.error().reason; }

}  // namespace

TEST_CASE("a password") {
  CHECK(core::verify_password(password_hash(), kPassword));
  CHECK_FALSE(core::verify_password(password_hash(), kPassword + "x"));
  CHECK_FALSE(core::verify_password("", kPassword));
  CHECK(password_hash().starts_with("$argon2id$"));
  CHECK(password_hash() != core::hash_password(kPassword).value());
  CHECK(reason(core::check_password_rules("1234567")) == "BAD_FIELD");
  CHECK(core::check_password_rules("12345678"));
  CHECK(reason(core::check_password_rules(std::string(1025, 'x'))) == "BAD_FIELD");
}

TEST_CASE("a session") {
  World world;
  const auto session = world.sessions.login("derm", kPassword);
  REQUIRE(session);
  CHECK(session->caller.user_id == "derm");
  CHECK(session->caller.has(Role::Dermatologist));

  SUBCASE("is found by its token, by the database first and then from memory") {
    CHECK(world.sessions.cached(session->token) == nullptr);
    REQUIRE(world.sessions.authenticate(session->token));
    REQUIRE(world.sessions.cached(session->token));
    CHECK(world.sessions.cached(session->token)->home_site == "b");
  }
  SUBCASE("survives a restart of the server") {
    core::Sessions restarted(*world.store, world.clock);
    CHECK(restarted.authenticate(session->token));
  }
  SUBCASE("ends after twelve hours, also in memory") {
    REQUIRE(world.sessions.authenticate(session->token));
    world.clock.advance_us(core::Sessions::kLifetimeUs - 1);
    CHECK(world.sessions.cached(session->token));
    world.clock.advance_us(1);
    CHECK(world.sessions.cached(session->token) == nullptr);
    CHECK(reason(world.sessions.authenticate(session->token)) == "NO_SESSION");
  }
  SUBCASE("ends with a logout, and a second logout is no error") {
    REQUIRE(world.sessions.authenticate(session->token));
    CHECK(world.sessions.logout(session->caller.session_token_hash));
    CHECK(world.sessions.logout(session->caller.session_token_hash));
    CHECK(reason(world.sessions.authenticate(session->token)) == "NO_SESSION");
  }
  SUBCASE("sees changed roles once the user is forgotten") {
    REQUIRE(world.sessions.authenticate(session->token));
    world.write([](Tx& tx) { return store::replace_grants(tx, "derm", {{Role::QaReviewer, ""}}); });
    world.sessions.forget_user("derm");
    const auto caller = world.sessions.authenticate(session->token);
    REQUIRE(caller);
    CHECK((*caller)->has(Role::QaReviewer));
    CHECK_FALSE((*caller)->has(Role::Dermatologist));
  }
  SUBCASE("is useless once its user is disabled") {
    world.write([](Tx& tx) { return store::disable_user(tx, "derm"); });
    world.sessions.forget_user("derm");
    CHECK(reason(world.sessions.authenticate(session->token)) == "NO_SESSION");
    CHECK(reason(world.sessions.login("derm", kPassword)) == "BAD_CREDENTIALS");
  }
  SUBCASE("cannot be opened with what the database holds") {
    CHECK(reason(world.sessions.authenticate(session->caller.session_token_hash)) == "NO_SESSION");
    CHECK(session->caller.session_token_hash != session->token);
  }
  SUBCASE("is swept when it is over") {
    world.clock.advance_us(core::Sessions::kLifetimeUs);
    REQUIRE(core::Sweeper::sweep(*world.store, world.clock));
    world.write([&](Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const auto found, store::find_session(tx, session->caller.session_token_hash));
      CHECK(!found);
      return {};
    });
  }
}

TEST_CASE("an unknown user and a wrong password are answered alike") {
  World world;
  CHECK(reason(world.sessions.login("derm", "wrong password")) == "BAD_CREDENTIALS");
  CHECK(reason(world.sessions.login("nobody", kPassword)) == "BAD_CREDENTIALS");
}

TEST_CASE("guessing is slowed down") {
  support::FakeClock clock;
  core::LoginThrottle throttle(clock);
  for (int i = 0; i < core::LoginThrottle::kFreeAttempts; ++i) {
    CHECK(throttle.check("derm"));
    throttle.failed("derm");
  }
  const Status locked = throttle.check("derm");
  REQUIRE(!locked);
  CHECK(locked.error().code == ErrorCode::ResourceExhausted);
  CHECK(locked.error().reason == "TOO_MANY_ATTEMPTS");
  CHECK(locked.error().metadata.at("retry_after_seconds") == "2");

  SUBCASE("for that user only") { CHECK(throttle.check("other")); }
  SUBCASE("until the time is over, and then for twice as long") {
    clock.advance_us(core::LoginThrottle::kFirstLockUs);
    CHECK(throttle.check("derm"));
    throttle.failed("derm");
    CHECK(throttle.check("derm").error().metadata.at("retry_after_seconds") == "4");
  }
  SUBCASE("never for longer than the longest lock") {
    for (int i = 0; i < 60; ++i) throttle.failed("derm");
    clock.advance_us(core::LoginThrottle::kLongestLockUs);
    CHECK(throttle.check("derm"));
  }
  SUBCASE("and a right password clears it") {
    throttle.succeeded("derm");
    CHECK(throttle.check("derm"));
  }
  SUBCASE("and made-up names do not grow the table for ever, nor free the newest lock") {
    clock.advance_us(1);
    for (size_t i = 0; i < 3 * core::LoginThrottle::kMaxUsers; ++i) {
      clock.advance_us(1);
      throttle.failed("made-up-" + std::to_string(i));
    }
    for (int i = 0; i < core::LoginThrottle::kFreeAttempts; ++i) throttle.failed("newest");
    throttle.failed("one-more");
    CHECK(!throttle.check("newest"));
  }
}

TEST_CASE("old stored responses are swept, young ones kept") {
  World world;
  world.write([&](Tx& tx) -> Status {
    RETURN_IF_ERROR(store::insert_request(tx, {"derm", "old", "/m", "h", "x", world.clock.now_us()}));
    RETURN_IF_ERROR(store::insert_request(
        tx, {"derm", "young", "/m", "h", "x", world.clock.now_us() + core::Sweeper::kKeepRequestsUs}));
    return {};
  });
  world.clock.advance_us(core::Sweeper::kKeepRequestsUs + 1);
  CHECK(core::Sweeper::sweep(*world.store, world.clock).value() == false);
  world.write([](Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const auto old, store::find_request(tx, "derm", "old"));
    CHECK(!old);
    ASSIGN_OR_RETURN(const auto young, store::find_request(tx, "derm", "young"));
    CHECK(young);
    return {};
  });
}
