#include "server/core/executor.h"

#include <doctest/doctest.h>

#include <atomic>
#include <semaphore>
#include <vector>

using namespace hada;
using core::Executor;

namespace {

// Holds the executor's only thread until told to let go, so that the queue fills in a known order.
struct Gate {
  std::binary_semaphore entered{0}, leave{0};
  void close(Executor& executor) {
    REQUIRE(executor.try_post([this] {
      entered.release();
      leave.acquire();
    }));
    entered.acquire();
  }
};

std::vector<int> order_of(Executor::Order order) {
  std::vector<int> ran;
  Gate gate;
  Executor executor(1, 8, order);
  gate.close(executor);
  for (int i = 0; i < 4; ++i) REQUIRE(executor.try_post([&ran, i] { ran.push_back(i); }));
  CHECK(executor.depth() == 4);
  gate.leave.release();
  executor.stop();
  return ran;
}

}  // namespace

TEST_CASE("the oldest task runs first") {
  CHECK(order_of(Executor::Order::OldestFirst) == std::vector{0, 1, 2, 3});
}

TEST_CASE("of tiles, the newest runs first") {
  CHECK(order_of(Executor::Order::NewestFirst) == std::vector{3, 2, 1, 0});
}

TEST_CASE("a full queue refuses at once") {
  Gate gate;
  Executor executor(1, 2, Executor::Order::OldestFirst);
  gate.close(executor);
  std::atomic<int> ran = 0;
  CHECK(executor.try_post([&] { ++ran; }));
  CHECK(executor.try_post([&] { ++ran; }));
  CHECK_FALSE(executor.try_post([&] { ++ran; }));
  gate.leave.release();
  executor.stop();
  CHECK(ran == 2);
}

TEST_CASE("stopping runs what is queued and takes nothing more") {
  std::atomic<int> ran = 0;
  Executor executor(2, 100, Executor::Order::OldestFirst);
  for (int i = 0; i < 50; ++i) REQUIRE(executor.try_post([&] { ++ran; }));
  executor.stop();
  CHECK(ran == 50);
  CHECK_FALSE(executor.try_post([&] { ++ran; }));
}
