#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "contract/mutex.h"
#include "hada/v1/event.grpc.pb.h"
#include "server/handlers/event_feed.h"
#include "server/handlers/presence.h"
#include "server/rpc/services.h"
#include "server/rpc/status.h"

namespace hada::rpc {
namespace {

// One open stream: what the feed has sent and the connection has not taken yet. It lives until gRPC is done
// with it and the feed has let go of it.
class HintStream final : public grpc::ServerWriteReactor<v1::Hint>, public handlers::HintSink {
 public:
  static std::shared_ptr<HintStream> make(handlers::EventFeed& feed) {
    std::shared_ptr<HintStream> stream(new HintStream(feed));
    stream->self_ = stream;
    return stream;
  }

  void send(v1::Hint hint) override {
    MutexLock lock(mutex_);
    if (ending_) return;
    if (waiting_.size() >= kMaxWaiting) {
      // The connection is slower than the changes: one word for all of them.
      v1::Hint all;
      all.set_kind(v1::HINT_KIND_RELOAD);
      all.set_resume_token(hint.resume_token().empty() ? waiting_.back().resume_token()
                                                       : hint.resume_token());
      waiting_.clear();
      hint = std::move(all);
    }
    waiting_.push_back(std::move(hint));
    write_next();
  }

  void end(const Error& why) override { end_with(to_grpc_status(why)); }

  // Whoever calls has been looked at.
  void admitted(grpc::Status status) {
    MutexLock lock(mutex_);
    admitted_ = true;
    if (!status.ok() && !ending_) ending_ = std::move(status);
    if (ending_) finish_if_idle();
  }

  // gRPC's threads.
  void OnWriteDone(bool ok) override {
    MutexLock lock(mutex_);
    writing_.reset();
    if (!ok && !ending_) ending_ = grpc::Status::CANCELLED;
    if (ending_)
      finish_if_idle();
    else
      write_next();
  }
  void OnCancel() override { end_with(grpc::Status::CANCELLED); }
  void OnDone() override {
    feed_.remove(this);
    const auto last = std::move(self_);
  }

 private:
  static constexpr size_t kMaxWaiting = 64;

  explicit HintStream(handlers::EventFeed& feed) : feed_(feed) {}

  void write_next() HADA_REQUIRES(mutex_) {
    if (writing_ || waiting_.empty()) return;
    writing_ = std::move(waiting_.front());
    waiting_.pop_front();
    StartWrite(&*writing_);
  }
  void end_with(grpc::Status status) {
    MutexLock lock(mutex_);
    if (ending_) return;
    ending_ = std::move(status);
    waiting_.clear();
    finish_if_idle();
  }
  // A write under way ends first; and gRPC's context is needed until the caller has been looked at.
  void finish_if_idle() HADA_REQUIRES(mutex_) {
    if (admitted_ && !writing_ && !finished_) {
      finished_ = true;
      Finish(*ending_);
    }
  }

  handlers::EventFeed& feed_;
  std::shared_ptr<HintStream> self_;
  Mutex mutex_;
  std::deque<v1::Hint> waiting_ HADA_GUARDED_BY(mutex_);
  std::optional<v1::Hint> writing_ HADA_GUARDED_BY(mutex_);
  bool admitted_ HADA_GUARDED_BY(mutex_) = false;
  std::optional<grpc::Status> ending_ HADA_GUARDED_BY(mutex_);
  bool finished_ HADA_GUARDED_BY(mutex_) = false;
};

class EventService final : public v1::EventService::CallbackService {
 public:
  EventService(Dispatch& dispatch, handlers::EventFeed& feed) : dispatch_(dispatch), feed_(feed) {}
  HADA_VERB(EventService, NotePresence, NotePresenceResponse, note_presence)

  grpc::ServerWriteReactor<v1::Hint>* WatchEvents(grpc::CallbackServerContext* context,
                                                  const v1::WatchEventsRequest* request) override {
    static const size_t method = method_index("EventService", "WatchEvents");
    const auto stream = HintStream::make(feed_);
    dispatch_.admit(
        method, context,
        [this, stream, resume = request->resume_token()](const std::string& session) {
          return feed_.add(stream, session, resume);
        },
        [stream](grpc::Status status) { stream->admitted(std::move(status)); });
    return stream.get();
  }

 private:
  Dispatch& dispatch_;
  handlers::EventFeed& feed_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_event_service(Dispatch& dispatch, handlers::EventFeed& feed) {
  return std::make_unique<EventService>(dispatch, feed);
}

}  // namespace hada::rpc
