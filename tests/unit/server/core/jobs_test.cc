#include "server/core/jobs.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <semaphore>
#include <string>
#include <thread>

#include "contract/mutex.h"
#include "tests/support/fake_clock.h"
#include "tests/unit/server/store/temp_store.h"

using namespace hada;
using store::Tx;

namespace {

struct World {
  test::TempStore store{true};
  support::FakeClock clock;

  void enqueue(core::JobQueue& jobs, const std::string& kind, const std::string& subject) {
    REQUIRE(store->write([&](Tx& tx) { return jobs.enqueue(tx, kind, subject); }));
    jobs.notify();
  }
  int64_t open_jobs() {
    int64_t open = -1;
    REQUIRE(store->read([&](Tx& tx) -> Status {
      ASSIGN_OR_RETURN(open, store::count_open_jobs(tx));
      return {};
    }));
    return open;
  }
  // The queue works on threads of its own, so the test has to wait; the clock of the jobs stands still or is
  // turned.
  template <class Condition>
  bool eventually(Condition condition, int64_t turn_us = 0) {
    for (int i = 0; i < 500; ++i) {
      if (condition()) return true;
      if (turn_us) clock.advance_us(turn_us);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
};

Unexpected failure() { return Unexpected(ErrorCode::Internal, "BROKEN", "broken"); }

}  // namespace

TEST_CASE("a job is run once for each row, whoever is waiting") {
  World world;
  std::atomic<int> runs = 0;
  core::JobQueue jobs(*world.store, world.clock);
  jobs.add_handler("k", [&](const std::string&) -> Status {
    ++runs;
    return {};
  });
  for (int i = 0; i < 5; ++i) world.enqueue(jobs, "k", "before");
  REQUIRE(jobs.start(3));
  for (int i = 0; i < 5; ++i) world.enqueue(jobs, "k", "after");
  CHECK(world.eventually([&] { return world.open_jobs() == 0; }));
  CHECK(runs == 10);
}

TEST_CASE("a job that was enqueued in a transaction that failed does not exist") {
  World world;
  core::JobQueue jobs(*world.store, world.clock);
  CHECK(!world.store->write([&](Tx& tx) -> Status {
    RETURN_IF_ERROR(jobs.enqueue(tx, "k", "x"));
    return failure();
  }));
  CHECK(world.open_jobs() == 0);
}

TEST_CASE("a job that fails is tried three times, then given up once") {
  World world;
  std::atomic<int> runs = 0, given_up = 0;
  std::string subject, reason;
  core::JobQueue jobs(*world.store, world.clock);
  jobs.add_handler(
      "k",
      [&](const std::string&) -> Status {
        ++runs;
        return failure();
      },
      [&](const std::string& s, const Error& error) {
        subject = s;
        reason = error.reason;
        ++given_up;
      });
  REQUIRE(jobs.start(2));
  world.enqueue(jobs, "k", "images/x");
  CHECK(world.eventually([&] { return world.open_jobs() == 0; }, core::kSecondUs));
  CHECK(runs == core::JobQueue::kMaxAttempts);
  CHECK(given_up == 1);
  CHECK(subject == "images/x");
  CHECK(reason == "BROKEN");
}

TEST_CASE("an exception is an attempt that failed, not the end of the worker") {
  World world;
  std::atomic<int> runs = 0;
  core::JobQueue jobs(*world.store, world.clock);
  jobs.add_handler("k", [&](const std::string&) -> Status {
    if (++runs == 1) throw std::bad_alloc();
    return {};
  });
  REQUIRE(jobs.start(1));
  world.enqueue(jobs, "k", "x");
  CHECK(world.eventually([&] { return world.open_jobs() == 0; }, core::kSecondUs));
  CHECK(runs == 2);
}

TEST_CASE("what a killed process left running is run again, as often as it takes") {
  World world;
  core::JobQueue dead(*world.store, world.clock);
  world.enqueue(dead, "k", "x");
  for (int kill = 0; kill < 10; ++kill)
    REQUIRE(world.store->write([&](Tx& tx) -> Status {
      RETURN_IF_ERROR(store::release_running_jobs(tx));
      ASSIGN_OR_RETURN(const auto taken, store::take_job(tx, world.clock.now_us(), world.clock.now_us() + 1));
      CHECK(taken.has_value());
      return {};
    }));
  std::atomic<int> runs = 0;
  core::JobQueue jobs(*world.store, world.clock);
  jobs.add_handler("k", [&](const std::string&) -> Status {
    ++runs;
    return {};
  });
  REQUIRE(jobs.start(1));
  CHECK(world.eventually([&] { return world.open_jobs() == 0; }));
  CHECK(runs == 1);
}

TEST_CASE("stopping waits for a running job, but not for ever") {
  World world;
  std::binary_semaphore entered{0}, leave{0};
  core::JobQueue jobs(*world.store, world.clock);
  jobs.add_handler("k", [&](const std::string&) -> Status {
    entered.release();
    leave.acquire();
    return {};
  });
  REQUIRE(jobs.start(1));
  world.enqueue(jobs, "k", "x");
  entered.acquire();
  CHECK_FALSE(jobs.stop(std::chrono::milliseconds(20)));
  leave.release();
  CHECK(jobs.stop(std::chrono::seconds(10)));
  CHECK(world.open_jobs() == 0);
}
