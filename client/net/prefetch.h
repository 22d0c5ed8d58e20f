#pragma once

// Fetches one case into the store, so that it can be read without a network: what it is, and of each image
// profile, thumbnail and tiles. Coarse levels of all images come first, so that a slide too large for the
// case's share of the disk is there as a whole, only not to the last detail.

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "client/net/answer_store.h"
#include "client/net/calls.h"

namespace hada::net {

class Prefetch : public std::enable_shared_from_this<Prefetch> {
 public:
  static constexpr int kAtOnce = 2;  // calls; what the reader looks at now goes first
  static constexpr int64_t kBytesOfCase = int64_t{64} << 20;

  // Sends a call and hands over its outcome, on any thread; drops both at the end of the program.
  using Ask = std::function<void(const Call&, std::function<void(Outcome)>)>;

  // `done` is called once, on any thread, unless it is stopped. The store must outlive every answer.
  static std::shared_ptr<Prefetch> start(const model::effect::Prefetch& wish, Ask ask, AnswerStore& store,
                                         std::function<void(model::reply::Prefetched)> done);
  // Nothing is put into the store any more when this returns. Waits for a disk write at most.
  void stop();

 private:
  Prefetch(const model::effect::Prefetch& wish, Ask ask, AnswerStore& store,
           std::function<void(model::reply::Prefetched)> done);
  void plan(const std::string& case_bytes);
  void pump();
  void take(const Call& call, Outcome outcome);

  const std::string case_name_;
  const Ask ask_;
  AnswerStore& store_;
  const std::function<void(model::reply::Prefetched)> done_;

  std::mutex mutex_;  // guards all below
  std::deque<Call> left_;
  int running_ = 0;
  bool over_ = false;
  int64_t bytes_ = 0;
  model::reply::Prefetched reply_;
};

}  // namespace hada::net
