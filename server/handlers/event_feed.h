#pragma once

// Follows the log of changes and hands hints to the streams: one thread reads each event once, whoever
// watches. What is told to whom is event_sight's.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "contract/mutex.h"
#include "contract/result.h"
#include "hada/v1/event.pb.h"
#include "server/core/context.h"
#include "server/core/resume_token.h"
#include "server/store/events.h"

namespace hada::handlers {

// One stream. The feed's thread calls it; neither call may block.
class HintSink {
 public:
  virtual ~HintSink() = default;
  virtual void send(v1::Hint hint) = 0;
  // The stream is over; nothing is sent afterwards.
  virtual void end(const Error& why) = 0;
};

class EventFeed {
 public:
  static constexpr size_t kMaxStreams = 2000;
  // A client further behind than this many events is told to ask for everything again.
  static constexpr int64_t kMaxBehind = 2000;
  static constexpr std::chrono::milliseconds kTick{500};
  // Events that come within this time are told together.
  static constexpr std::chrono::milliseconds kGather{20};
  static constexpr int64_t kPositionPeriodUs = 30'000'000;

  explicit EventFeed(core::Services& services);
  ~EventFeed();  // stop()

  // Any thread. The stream begins with POSITION, or RELOAD where the token is of no use, and ends when its
  // session does. UNAVAILABLE / QUEUE_FULL or SHUTTING_DOWN.
  Status add(std::shared_ptr<HintSink> sink, const std::string& session_token,
             const std::string& resume_token);
  // Any thread; the feed may be sending to it at this moment.
  void remove(const HintSink* sink);
  // Ends all streams.
  void stop();

  size_t streams() const;

 private:
  struct Stream {
    std::shared_ptr<HintSink> sink;
    std::string session_token, resume_token;
    // The thread's own:
    std::shared_ptr<const core::Caller> caller;
    int64_t seq = -1;  // told up to here; -1: not begun
    int64_t next_position_us = 0;
  };
  using Streams = std::vector<std::shared_ptr<Stream>>;
  struct Batch;

  void run();
  void turn();
  void check_sessions(Streams& streams);
  Status begin(const Streams& streams);
  Status follow(const Streams& streams);
  Result<Batch> read_batch(int64_t after);
  void tell(Stream& stream, const Batch& batch);
  void tell_presence(const Streams& streams);
  void tell_positions(const Streams& streams);
  v1::Hint position(const Stream& stream, v1::HintKind kind) const;

  core::Services& services_;
  const core::ResumeTokens tokens_;
  mutable Mutex mutex_;
  Streams streams_ HADA_GUARDED_BY(mutex_);
  bool stopping_ HADA_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace hada::handlers
