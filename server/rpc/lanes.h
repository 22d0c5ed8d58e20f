#pragma once

// The executors that handlers run on. Separate queues, so that a burst of one kind of work does not hold up
// another.

#include "server/core/executor.h"
#include "server/rpc/methods.h"

namespace hada::rpc {

class Lanes {
 public:
  explicit Lanes(int tile_threads)
      : db_(16, 1024, core::Executor::Order::OldestFirst),
        tiles_(tile_threads, 4096, core::Executor::Order::NewestFirst),
        upload_(4, 64, core::Executor::Order::OldestFirst),
        password_(2, 64, core::Executor::Order::OldestFirst),
        statistics_(1, 16, core::Executor::Order::OldestFirst) {}

  core::Executor& operator[](Lane lane) {
    switch (lane) {
      case Lane::Db:
        return db_;
      case Lane::Tiles:
        return tiles_;
      case Lane::Upload:
        return upload_;
      case Lane::Password:
        return password_;
      case Lane::Statistics:
        return statistics_;
    }
    return db_;
  }

  // Runs what is queued, then joins.
  void stop() {
    for (core::Executor* executor : {&tiles_, &password_, &upload_, &statistics_, &db_}) executor->stop();
  }

 private:
  // Most of a writer's time is waiting for the shared fsync: as many threads as writes that shall share one.
  core::Executor db_;
  core::Executor tiles_;       // one thread per core
  core::Executor upload_;      // chunks on their way to the disk
  core::Executor password_;    // two: what core/password allows at once
  core::Executor statistics_;  // one: seconds of computing must not take the cores from the tiles
};

}  // namespace hada::rpc
