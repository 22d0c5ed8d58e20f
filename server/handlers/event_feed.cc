#include "server/handlers/event_feed.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "contract/names.h"
#include "server/core/clock.h"
#include "server/core/errors.h"
#include "server/core/log.h"
#include "server/core/presence.h"
#include "server/core/sessions.h"
#include "server/handlers/event_sight.h"
#include "server/store/store.h"

namespace hada::handlers {
namespace {

constexpr int32_t kBatch = 500;

Error shutting_down() { return {ErrorCode::Unavailable, "SHUTTING_DOWN", "the server is about to stop", {}}; }

// Hints of one batch to one person: one for each case, in the order of its last event, so that whoever
// resumes after any of them has missed nothing.
class Gathered {
 public:
  void add(int64_t seq, v1::Hint hint) {
    const auto same = std::find_if(hints_.begin(), hints_.end(),
                                   [&](const auto& known) { return known.second.case_() == hint.case_(); });
    if (same != hints_.end()) {
      const v1::Hint& before = same->second;
      hint.set_by_caller(hint.by_caller() && before.by_caller());
      if (hint.arrived_in() == v1::WORKLIST_VIEW_UNSPECIFIED) hint.set_arrived_in(before.arrived_in());
      if (before.kind() == v1::HINT_KIND_CASE) hint.set_kind(before.kind());
      hints_.erase(same);
    }
    hints_.emplace_back(seq, std::move(hint));
  }
  std::vector<std::pair<int64_t, v1::Hint>>& hints() { return hints_; }

 private:
  std::vector<std::pair<int64_t, v1::Hint>> hints_;
};

}  // namespace

struct EventFeed::Batch {
  std::vector<store::EventRow> events;  // those that are followed
  std::map<std::string, std::optional<EventCase>> cases;
  int64_t last = 0;  // the last event read
  bool full = false;
};

EventFeed::EventFeed(core::Services& services) : services_(services), thread_([this] { run(); }) {}

EventFeed::~EventFeed() { stop(); }

Status EventFeed::add(std::shared_ptr<HintSink> sink, const std::string& session_token,
                      const std::string& resume_token) {
  {
    MutexLock lock(mutex_);
    if (stopping_) return Unexpected(shutting_down());
    if (streams_.size() >= kMaxStreams) return core::queue_full();
    auto stream = std::make_shared<Stream>();
    stream->sink = std::move(sink);
    stream->session_token = session_token;
    stream->resume_token = resume_token;
    streams_.push_back(std::move(stream));
  }
  services_.store.commits().notify();
  return {};
}

void EventFeed::remove(const HintSink* sink) {
  MutexLock lock(mutex_);
  std::erase_if(streams_, [&](const auto& stream) { return stream->sink.get() == sink; });
}

size_t EventFeed::streams() const {
  MutexLock lock(mutex_);
  return streams_.size();
}

void EventFeed::stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  services_.store.commits().notify();
  if (thread_.joinable()) thread_.join();
  Streams left;
  {
    MutexLock lock(mutex_);
    left.swap(streams_);
  }
  for (const auto& stream : left) stream->sink->end(shutting_down());
}

void EventFeed::run() {
  uint64_t seen = 0;
  for (;;) {
    seen = services_.store.commits().wait_beyond(seen, kTick);
    {
      MutexLock lock(mutex_);
      if (stopping_) return;
    }
    turn();
    // A busy server's commits are told together; what comes meanwhile wakes the next turn at once.
    std::this_thread::sleep_for(kGather);
  }
}

void EventFeed::turn() {
  Streams streams;
  {
    MutexLock lock(mutex_);
    streams = streams_;
  }
  check_sessions(streams);
  Status done = begin(streams);
  if (done) done = follow(streams);
  // The next turn tries again from where each stream stands.
  if (!done) core::log(core::LogLevel::Warning, "event_feed", {{"reason", done.error().reason}});
  tell_presence(streams);
  tell_positions(streams);
}

// Whoever is told something is who they are now: roles change, accounts are disabled, sessions end.
void EventFeed::check_sessions(Streams& streams) {
  std::erase_if(streams, [&](const auto& stream) {
    stream->caller = services_.sessions.cached(stream->session_token);
    if (stream->caller) return false;
    auto found = services_.sessions.authenticate(stream->session_token);
    if (found) {
      stream->caller = std::move(*found);
      return false;
    }
    // The database's trouble ends no session; nothing is told meanwhile.
    if (found.error().code == ErrorCode::Unauthenticated) {
      remove(stream->sink.get());
      stream->sink->end(found.error());
    }
    return true;
  });
}

Status EventFeed::begin(const Streams& streams) {
  const bool any = std::any_of(streams.begin(), streams.end(), [](const auto& s) { return s->seq < 0; });
  if (!any) return {};
  int64_t head = 0;
  RETURN_IF_ERROR(services_.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(head, store::last_event(tx));
    return {};
  }));
  for (const auto& stream : streams) {
    if (stream->seq >= 0) continue;
    v1::HintKind kind = v1::HINT_KIND_POSITION;
    stream->seq = head;
    if (!stream->resume_token.empty()) {
      const auto resumed = tokens_.open(stream->resume_token);
      if (resumed && *resumed <= head && *resumed >= head - kMaxBehind)
        stream->seq = *resumed;
      else
        kind = v1::HINT_KIND_RELOAD;
    }
    stream->next_position_us = services_.clock.now_us() + kPositionPeriodUs;
    stream->sink->send(position(*stream, kind));
  }
  return {};
}

Status EventFeed::follow(const Streams& streams) {
  int64_t after = std::numeric_limits<int64_t>::max();
  for (const auto& stream : streams) after = std::min(after, stream->seq);
  while (!streams.empty()) {
    ASSIGN_OR_RETURN(const Batch batch, read_batch(after));
    for (const auto& stream : streams) tell(*stream, batch);
    after = batch.last;
    if (!batch.full) break;
  }
  return {};
}

// Events and what decides who learns of them, from one snapshot.
Result<EventFeed::Batch> EventFeed::read_batch(int64_t after) {
  Batch batch;
  RETURN_IF_ERROR(services_.store.read([&](store::Tx& tx) -> Status {
    batch = {};
    batch.last = after;
    ASSIGN_OR_RETURN(auto events, store::events_after(tx, after, kBatch));
    batch.full = events.size() == kBatch;
    for (store::EventRow& event : events) {
      batch.last = event.seq;
      if (!is_followed(event)) continue;
      if (!batch.cases.contains(event.case_id)) {
        ASSIGN_OR_RETURN(batch.cases[event.case_id], event_case(tx, event.case_id));
      }
      batch.events.push_back(std::move(event));
    }
    return {};
  }));
  return batch;
}

void EventFeed::tell(Stream& stream, const Batch& batch) {
  Gathered gathered;
  for (const store::EventRow& event : batch.events) {
    if (event.seq <= stream.seq) continue;
    const std::optional<EventCase>& about = batch.cases.at(event.case_id);
    if (!about) continue;
    if (auto hint = hint_for(event, *about, *stream.caller)) gathered.add(event.seq, std::move(*hint));
  }
  for (auto& [seq, hint] : gathered.hints()) {
    hint.set_resume_token(tokens_.seal(seq));
    stream.sink->send(std::move(hint));
  }
  stream.seq = std::max(stream.seq, batch.last);
}

// Only those who are noted at a case learn that others come and go: they have been found fit to decide it.
void EventFeed::tell_presence(const Streams& streams) {
  for (const auto& [case_id, people] : services_.presence.take_changes()) {
    v1::Hint hint;
    hint.set_kind(v1::HINT_KIND_PRESENCE);
    hint.set_case_(contract::case_name(case_id));
    for (const auto& stream : streams)
      if (people.contains(stream->caller->user_id)) stream->sink->send(hint);
  }
}

// At fixed times, not when something happened: a quiet stream resumes from nearby and still tells nothing.
void EventFeed::tell_positions(const Streams& streams) {
  const int64_t now_us = services_.clock.now_us();
  for (const auto& stream : streams) {
    if (stream->seq < 0 || now_us < stream->next_position_us) continue;
    stream->next_position_us += kPositionPeriodUs;
    stream->sink->send(position(*stream, v1::HINT_KIND_POSITION));
  }
}

v1::Hint EventFeed::position(const Stream& stream, v1::HintKind kind) const {
  v1::Hint hint;
  hint.set_kind(kind);
  hint.set_resume_token(tokens_.seal(stream.seq));
  return hint;
}

}  // namespace hada::handlers
