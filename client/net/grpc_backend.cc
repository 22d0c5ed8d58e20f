#include "client/net/grpc_backend.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <thread>
#include <unordered_map>

#include "client/net/calls.h"
#include "client/net/convert.h"
#include "client/net/event_watch.h"
#include "client/net/outbox.h"
#include "client/net/prefetch.h"
#include "client/net/sender.h"
#include "client/net/unsent.h"
#include "hada/v1/session.pb.h"
#include "hada/v1/term.pb.h"

namespace hada::net {
namespace {

using namespace std::chrono_literals;

constexpr const char* kGetDraft = "/hada.v1.ReadService/GetDraft";
constexpr const char* kListTerms = "/hada.v1.TermService/ListTerms";

// What never changes once it is there.
bool is_image(const std::string& method) {
  return method.ends_with("/GetTile") || method.ends_with("/GetThumbnail") || method.ends_with("/GetImage");
}

}  // namespace

class GrpcBackend::Impl {
 public:
  Impl(std::unique_ptr<Channel> channel, std::unique_ptr<Outbox> outbox, std::unique_ptr<AnswerStore> answers,
       std::string client_version, Mailbox& mailbox)
      : client_version_(std::move(client_version)),
        mailbox_(mailbox),
        answers_(std::move(answers)),
        channel_(std::move(channel)),
        sender_(std::make_unique<Sender>(
            std::move(outbox), *channel_, mailbox_,
            Sender::Hooks{[this](int waiting) { set_waiting(waiting); },
                          [this] {
                            std::lock_guard lock(mutex_);
                            doubt_ = true;
                          },
                          [this](const OutboxEntry& draft) { remember_draft(draft); }})),
        events_(*channel_, [this](model::reply::Changed changed) { mailbox_.post(std::move(changed)); }),
        watcher_([this] { watch(); }),
        reader_([this] { read_answers(); }) {}

  ~Impl() {
    {
      std::unique_lock lock(mutex_);
      stopping_ = true;
      for (auto& [id, handle] : running_) handle->cancel();
      changed_.notify_all();
      // Answers of cancelled calls still come; they must find us alive.
      changed_.wait(lock, [this] { return started_ == finished_; });
    }
    watcher_.join();
    sender_ = nullptr;
    reader_.join();
  }

  void submit(model::Effect effect) {
    if (const auto* cancel = std::get_if<model::effect::Cancel>(&effect)) return this->cancel(cancel->ticket);
    if (const auto* terms = std::get_if<model::effect::ListTerms>(&effect))
      return list_terms(terms->ticket, {}, std::make_shared<TermPages>());
    if (const auto* wish = std::get_if<model::effect::Prefetch>(&effect)) return prefetch(*wish);
    if (const auto* wish = std::get_if<model::effect::Forget>(&effect))
      return on_reader([this, name = wish->case_name] { forget(name); });
    if (auto* wish = std::get_if<model::effect::KeepAmendment>(&effect))
      return sender_->keep_amendment(wish->case_name, std::move(wish->work));
    if (const auto* wish = std::get_if<model::effect::Settle>(&effect)) return sender_->settle(wish->id);
    Call call = make_call(effect, client_version_);
    if (call.method.empty()) return;
    if (call.mutation) return sender_->submit(std::move(call));
    if (is_kept(call)) return on_reader([this, call] { answer_from_disk(call); });
    query(std::move(call));
  }

 private:
  struct TermPages {
    std::vector<contract::Term> terms;
    std::vector<contract::ReleaseClass> classes;
    std::string version;
  };

  // --- what is kept here -----------------------------------------------------------------------------------

  void prefetch(const model::effect::Prefetch& wish) {
    const auto started = Prefetch::start(
        wish, [this](const Call& call, std::function<void(Outcome)> done) { start(call, std::move(done)); },
        *answers_, [this](model::reply::Prefetched reply) { mailbox_.post(std::move(reply)); });
    std::lock_guard lock(mutex_);
    std::erase_if(prefetches_, [](const auto& entry) { return entry.second.expired(); });
    prefetches_[wish.case_name] = started;
  }

  // Reader's thread. Of this case, or of all where the name is empty.
  void forget(const std::string& case_name) {
    std::vector<std::shared_ptr<Prefetch>> running;
    {
      std::lock_guard lock(mutex_);
      for (const auto& [name, prefetch] : prefetches_)
        if (case_name.empty() || name == case_name)
          if (auto alive = prefetch.lock()) running.push_back(std::move(alive));
    }
    for (const auto& prefetch : running) prefetch->stop();
    case_name.empty() ? answers_->clear() : answers_->drop(case_name);
  }

  // Sender's thread: what the server now has is also what a held case is opened with while it is away.
  void remember_draft(const OutboxEntry& draft) {
    if (!answers_->keeps(draft.subject)) return;
    const Call call = make_call(model::effect::GetDraft{0, draft.subject}, {});
    (void)answers_->put(draft.subject, call.method, call.request, draft_answer(draft.request));
  }

  // Answered from here, as things are now.
  bool is_kept(const Call& call) {
    if (call.method == kGetDraft && sender_->draft_of(case_of_draft(call.request))) return true;
    if (!answers_->has(call.method, call.request)) return false;
    if (is_image(call.method)) return true;
    std::lock_guard lock(mutex_);
    return !connected_;
  }

  std::optional<std::string> kept_answer(const Call& call) {
    if (call.method == kGetDraft)
      if (const auto draft = sender_->draft_of(case_of_draft(call.request))) return draft_answer(*draft);
    return answers_->find(call.method, call.request);
  }

  void answer_from_disk(const Call& call) {
    std::optional<std::string> answer = kept_answer(call);
    if (!answer) return query(call);
    mailbox_.post(make_reply(call.method, call.ticket, call.request, {{}, std::move(*answer)}));
  }

  // The reader's thread: nothing on the main thread waits for the disk.
  void read_answers() {
    for (;;) {
      std::function<void()> task;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopping_ || !reading_.empty(); });
        if (stopping_) return;
        task = std::move(reading_.front());
        reading_.pop_front();
      }
      task();
    }
  }

  void on_reader(std::function<void()> task) {
    std::lock_guard lock(mutex_);
    reading_.push_back(std::move(task));
    changed_.notify_all();
  }

  // --- queries ---------------------------------------------------------------------------------------------

  // `pages` are those before this call's.
  void query(Call call, std::string pages = {}) {
    start(call, [this, call, pages = std::move(pages)](Outcome outcome) {
      const bool cancelled = outcome.error && outcome.error->code == static_cast<int>(ErrorCode::Cancelled);
      if (cancelled) return;  // a cancelled call is answered by nothing
      if (outcome.error && outcome.error->unavailable() && pages.empty())
        if (std::optional<std::string> answer = kept_answer(call)) outcome = {{}, std::move(*answer)};
      if (!outcome.error) {
        remember_session(call.method, outcome.bytes);
        std::optional<Call> next = next_page(call, outcome.bytes);
        if (!pages.empty()) outcome.bytes.insert(0, pages);
        if (next) return query(std::move(*next), std::move(outcome.bytes));
      }
      const bool logged_in = !outcome.error && call.method.ends_with("/Login");
      mailbox_.post(make_reply(call.method, call.ticket, call.request, std::move(outcome)));
      // After the login itself: it makes the model forget what was before.
      if (logged_in) sender_->tell_kept_work();
    });
  }

  // Runs `done` on a gRPC thread, unless stopping.
  void start(const Call& call, std::function<void(Outcome)> done) {
    const std::string token = sender_->token();
    uint64_t id = 0;
    {
      std::lock_guard lock(mutex_);
      if (stopping_) return;
      id = ++started_;
      tickets_.emplace(id, call.ticket);
    }
    auto handle = channel_->start(
        call.method, call.request, token, call.deadline, [this, id, done = std::move(done)](Outcome outcome) {
          const bool lost = outcome.error &&
                            outcome.error->code == static_cast<int>(ErrorCode::Unavailable) &&
                            outcome.error->reason.empty();
          {
            std::lock_guard lock(mutex_);
            if (lost) doubt_ = true;
          }
          if (!stopping()) done(std::move(outcome));
          std::lock_guard lock(mutex_);
          running_.erase(id);
          tickets_.erase(id);
          ++finished_;
          // Only the destructor waits for this; the sender and the watcher need not wake for every tile.
          if (stopping_) changed_.notify_all();
        });
    std::lock_guard lock(mutex_);
    if (!tickets_.contains(id)) return;  // answered already
    running_.emplace(id, handle);
    if (stopping_) handle->cancel();
  }

  void cancel(model::Ticket ticket) {
    std::lock_guard lock(mutex_);
    for (const auto& [id, known] : tickets_)
      if (auto call = running_.find(id); known == ticket && call != running_.end()) call->second->cancel();
  }

  void list_terms(model::Ticket ticket, const std::string& page_token, std::shared_ptr<TermPages> pages) {
    v1::ListTermsRequest request;
    request.set_page_size(500);
    request.set_page_token(page_token);
    start({ticket, kListTerms, request.SerializeAsString(), 15s, false, {}}, [this, ticket,
                                                                              pages](Outcome outcome) {
      model::reply::Terms reply;
      reply.ticket = ticket;
      v1::ListTermsResponse response;
      if (outcome.error) {
        reply.error = outcome.error;
      } else if (!response.ParseFromString(outcome.bytes)) {
        reply.error = model::ApiError{static_cast<int>(ErrorCode::Internal), "BAD_RESPONSE", "", {}};
      } else {
        for (const v1::Term& term : response.terms()) pages->terms.push_back(to_model(term));
        for (const v1::ReleaseClass& c : response.release_classes()) pages->classes.push_back(to_model(c));
        pages->version = response.vocabulary_version();
        if (!response.next_page_token().empty()) return list_terms(ticket, response.next_page_token(), pages);
        auto vocabulary = contract::Vocabulary::from(std::move(pages->terms), std::move(pages->classes),
                                                     std::move(pages->version));
        if (vocabulary)
          reply.vocabulary = std::make_shared<const contract::Vocabulary>(std::move(vocabulary).value());
        else
          reply.error = model::ApiError{static_cast<int>(ErrorCode::Internal),
                                        vocabulary.error().reason,
                                        vocabulary.error().message,
                                        {}};
      }
      mailbox_.post(std::move(reply));
    });
  }

  void remember_session(const std::string& method, const std::string& bytes) {
    if (method.ends_with("/Login")) {
      v1::LoginResponse response;
      if (!response.ParseFromString(bytes)) return;
      sender_->log_in(response.user().name(), response.session_token());
      events_.set_token(response.session_token());
    } else if (method.ends_with("/Logout")) {
      sender_->log_out();
      events_.set_token({});
    }
  }

  // --- connection ------------------------------------------------------------------------------------------

  void watch() {
    std::mt19937 random(std::random_device{}());
    std::chrono::milliseconds backoff = 500ms;
    bool first = true;
    while (!stopping()) {
      const bool alive = channel_->probe(1000ms);
      if (stopping()) return;
      set_connected(alive, first);
      first = false;
      if (!alive) {
        const auto jitter = std::chrono::milliseconds(random() % 250);
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, backoff + jitter, [this] { return stopping_; });
        backoff = std::min(backoff * 2, std::chrono::milliseconds(5000));
        continue;
      }
      backoff = 500ms;
      // A call that failed raises doubt; otherwise wait until the connection itself says that it is gone.
      while (!stopping() && !take_doubt() && !channel_->wait_for_loss(1000ms)) {
      }
    }
  }

  void set_connected(bool connected, bool first) {
    int waiting = 0;
    {
      std::lock_guard lock(mutex_);
      if (connected_ == connected && !first) return;
      connected_ = connected;
      waiting = waiting_;
    }
    sender_->set_connected(connected);
    post_connection(connected, waiting);
  }

  void set_waiting(int waiting) {
    bool connected = false;
    {
      std::lock_guard lock(mutex_);
      if (waiting_ == waiting) return;
      waiting_ = waiting;
      connected = connected_;
    }
    post_connection(connected, waiting);
  }

  void post_connection(bool connected, int waiting) {
    model::reply::Connection reply;
    reply.connected = connected;
    reply.waiting_changes = waiting;
    mailbox_.post(std::move(reply));
  }

  bool stopping() {
    std::lock_guard lock(mutex_);
    return stopping_;
  }

  bool take_doubt() {
    std::lock_guard lock(mutex_);
    return std::exchange(doubt_, false);
  }

  const std::string client_version_;
  Mailbox& mailbox_;
  std::unique_ptr<AnswerStore> answers_;

  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  bool stopping_ = false;
  bool connected_ = false;
  bool doubt_ = false;
  int waiting_ = 0;
  std::deque<std::function<void()>> reading_;
  std::map<std::string, std::weak_ptr<Prefetch>> prefetches_;  // by case
  uint64_t started_ = 0, finished_ = 0;
  std::unordered_map<uint64_t, std::shared_ptr<CallHandle>> running_;
  std::unordered_map<uint64_t, model::Ticket> tickets_;

  std::unique_ptr<Channel> channel_;
  std::unique_ptr<Sender> sender_;
  EventWatch events_;
  std::thread watcher_, reader_;
};

GrpcBackend::GrpcBackend(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
GrpcBackend::~GrpcBackend() = default;

Result<std::unique_ptr<GrpcBackend>> GrpcBackend::create(const BackendOptions& options, Mailbox& mailbox) {
  ASSIGN_OR_RETURN(auto channel, Channel::open({options.server, options.tls_ca, options.client_version}));
  ASSIGN_OR_RETURN(auto outbox, Outbox::open(options.outbox_path));
  ASSIGN_OR_RETURN(auto answers, AnswerStore::open(options.ahead_folder, options.ahead_bytes));
  return std::unique_ptr<GrpcBackend>(new GrpcBackend(std::make_unique<Impl>(
      std::move(channel), std::move(outbox), std::move(answers), options.client_version, mailbox)));
}

void GrpcBackend::submit(model::Effect effect) { impl_->submit(std::move(effect)); }

}  // namespace hada::net
