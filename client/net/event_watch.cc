#include "client/net/event_watch.h"

#include <algorithm>
#include <optional>
#include <random>
#include <utility>

#include "client/net/convert.h"
#include "hada/v1/event.pb.h"

namespace hada::net {
namespace {

using namespace std::chrono_literals;

constexpr const char* kWatchEvents = "/hada.v1.EventService/WatchEvents";
constexpr std::chrono::milliseconds kFirstPause = 300ms, kLongestPause = 5000ms;

}  // namespace

EventWatch::EventWatch(Channel& channel, std::function<void(model::reply::Changed)> changed)
    : channel_(channel), changed_(std::move(changed)), thread_([this] { run(); }) {}

EventWatch::~EventWatch() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  thread_.join();
}

void EventWatch::set_token(std::string token) {
  std::lock_guard lock(mutex_);
  if (token == token_) return;
  token_ = std::move(token);
  resume_.clear();
  wake_.notify_all();
}

void EventWatch::run() {
  std::mt19937 random(std::random_device{}());
  auto pause = kFirstPause;
  for (;;) {
    std::string token;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || !token_.empty(); });
      if (stopping_) return;
      token = token_;
      alive_ = false;
    }
    const Outcome outcome = stream(token);
    std::unique_lock lock(mutex_);
    if (stopping_) return;
    if (token_ != token) continue;
    // The session is over; the next login brings a token. Other calls tell the model.
    if (outcome.error && outcome.error->code == static_cast<int>(ErrorCode::Unauthenticated)) {
      token_.clear();
      continue;
    }
    if (alive_) pause = kFirstPause;
    const auto jitter = std::chrono::milliseconds(random() % static_cast<uint64_t>(pause.count()));
    wake_.wait_for(lock, pause / 2 + jitter, [&] { return stopping_ || token_ != token; });
    pause = std::min(pause * 2, kLongestPause);
  }
}

Outcome EventWatch::stream(const std::string& token) {
  v1::WatchEventsRequest request;
  {
    std::lock_guard lock(mutex_);
    request.set_resume_token(resume_);
  }
  std::optional<Outcome> outcome;
  const auto handle = channel_.watch(
      kWatchEvents, request.SerializeAsString(), token, [&, this](std::string bytes) { take(token, bytes); },
      [&, this](Outcome ended) {
        std::lock_guard lock(mutex_);
        outcome = std::move(ended);
        wake_.notify_all();
      });
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [&] { return stopping_ || token_ != token || outcome; });
  if (!outcome) {
    lock.unlock();
    handle->cancel();
    lock.lock();
    wake_.wait(lock, [&] { return outcome.has_value(); });
  }
  return std::move(*outcome);
}

void EventWatch::take(const std::string& token, const std::string& bytes) {
  v1::Hint hint;
  if (!hint.ParseFromString(bytes)) return;
  {
    std::lock_guard lock(mutex_);
    if (stopping_ || token != token_) return;  // the last of a session that is over
    alive_ = true;
    if (!hint.resume_token().empty()) resume_ = hint.resume_token();
  }
  if (auto changed = to_model(hint)) changed_(std::move(*changed));
}

}  // namespace hada::net
