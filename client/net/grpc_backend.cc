#include "client/net/grpc_backend.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <future>
#include <optional>
#include <random>
#include <thread>
#include <unordered_map>

#include "client/net/calls.h"
#include "client/net/convert.h"
#include "client/net/outbox.h"
#include "client/net/prefetch.h"
#include "client/net/unsent.h"
#include "hada/v1/session.pb.h"
#include "hada/v1/term.pb.h"

namespace hada::net {
namespace {

using namespace std::chrono_literals;

constexpr const char* kSaveDraft = "/hada.v1.ReadService/SaveDraft";
constexpr const char* kGetDraft = "/hada.v1.ReadService/GetDraft";
constexpr const char* kListTerms = "/hada.v1.TermService/ListTerms";

// The server may still have to answer for good: the change must be sent again.
bool undecided(const model::ApiError& error) {
  return error.unavailable() || error.code == static_cast<int>(ErrorCode::Cancelled) ||
         (error.code == static_cast<int>(ErrorCode::Unknown) && error.reason.empty());
}

// What never changes once it is there.
bool is_image(const std::string& method) {
  return method.ends_with("/GetTile") || method.ends_with("/GetThumbnail") || method.ends_with("/GetImage");
}

bool logged_out(const model::ApiError& error) {
  return error.code == static_cast<int>(ErrorCode::Unauthenticated);
}

}  // namespace

class GrpcBackend::Impl {
 public:
  Impl(std::unique_ptr<Channel> channel, std::unique_ptr<Outbox> outbox, std::unique_ptr<AnswerStore> answers,
       std::string client_version, Mailbox& mailbox)
      : client_version_(std::move(client_version)),
        mailbox_(mailbox),
        outbox_(std::move(outbox)),
        answers_(std::move(answers)),
        channel_(std::move(channel)),
        watcher_([this] { watch(); }),
        sender_([this] { send_mutations(); }),
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
    sender_.join();
    reader_.join();
  }

  void submit(model::Effect effect) {
    if (const auto* cancel = std::get_if<model::effect::Cancel>(&effect)) return this->cancel(cancel->ticket);
    if (const auto* terms = std::get_if<model::effect::ListTerms>(&effect))
      return list_terms(terms->ticket, {}, std::make_shared<TermPages>());
    if (const auto* wish = std::get_if<model::effect::Prefetch>(&effect)) return prefetch(*wish);
    if (const auto* wish = std::get_if<model::effect::Forget>(&effect))
      return on_reader(
          [this, name = wish->case_name] { name.empty() ? answers_->clear() : answers_->drop(name); });
    if (const auto* wish = std::get_if<model::effect::KeepAmendment>(&effect))
      return on_sender([this, name = wish->case_name, work = wish->work ? amendment_bytes(*wish->work) : ""] {
        (void)outbox_->keep({user(), name, work});  // the text is still on the screen, and kept again soon
      });
    if (const auto* wish = std::get_if<model::effect::Settle>(&effect))
      return on_sender([this, id = wish->id] {
        if (outbox_->settle(id)) post_unsettled();
      });
    Call call = make_call(effect, client_version_);
    if (call.method.empty()) return;
    if (call.mutation) {
      std::lock_guard lock(mutex_);
      if (call.method == kSaveDraft) drafts_[call.subject] = call.request;
      incoming_.push_back(std::move(call));
      changed_.notify_all();
      return;
    }
    if (const bool kept_here = call.method == kGetDraft ? has_draft(call) : is_kept(call); kept_here)
      return on_reader([this, call] { answer_from_disk(call); });
    query(std::move(call));
  }

 private:
  struct Pending {
    OutboxEntry entry;
    model::Ticket ticket = 0;  // 0 for those left by an earlier run
  };
  struct TermPages {
    std::vector<contract::Term> terms;
    std::vector<contract::ReleaseClass> classes;
    std::string version;
  };

  // --- what is kept here -----------------------------------------------------------------------------------

  void prefetch(const model::effect::Prefetch& wish) {
    Prefetch::start(
        wish, [this](const Call& call, std::function<void(Outcome)> done) { start(call, std::move(done)); },
        *answers_, [this](model::reply::Prefetched reply) { mailbox_.post(std::move(reply)); });
  }

  // Answered by the store, as things are now.
  bool is_kept(const Call& call) {
    if (!answers_->has(call.method, call.request)) return false;
    if (is_image(call.method)) return true;
    std::lock_guard lock(mutex_);
    return !connected_;
  }

  bool has_draft(const Call& call) {
    const std::string of = case_of_draft(call.request);
    std::lock_guard lock(mutex_);
    // A case that was never opened has no draft to be asked for.
    return drafts_.contains(of) || (!connected_ && answers_->keeps(of));
  }

  std::optional<std::string> kept_answer(const Call& call) {
    if (call.method != kGetDraft) return answers_->find(call.method, call.request);
    {
      std::lock_guard lock(mutex_);
      if (const auto draft = drafts_.find(case_of_draft(call.request)); draft != drafts_.end())
        return draft_answer(draft->second);
    }
    if (auto answer = answers_->find(call.method, call.request)) return answer;
    return std::string();
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

  // Tasks with the outbox, before what is sent next.
  void on_sender(std::function<void()> task) {
    std::lock_guard lock(mutex_);
    chores_.push_back(std::move(task));
    changed_.notify_all();
  }

  // Sender's thread.
  void post_unsettled() {
    const auto refused = outbox_->refused(user());
    if (!refused) return;
    model::reply::UnsettledWork reply;
    for (const RefusedEntry& entry : *refused) reply.list.push_back(unsettled_of(entry));
    mailbox_.post(std::move(reply));
  }

  // Sender's thread.
  void post_kept_amendments() {
    const auto kept = outbox_->kept(user());
    if (!kept || kept->empty()) return;
    model::reply::KeptAmendments reply;
    for (const KeptWork& one : *kept)
      if (auto work = amendment_from_bytes(one.work)) reply.by_case.emplace(one.subject, std::move(*work));
    mailbox_.post(std::move(reply));
  }

  std::string user() {
    std::lock_guard lock(mutex_);
    return user_;
  }

  // --- queries ---------------------------------------------------------------------------------------------

  // `pages` are those before this call's.
  void query(Call call, std::string pages = {}) {
    start(call, [this, call, pages = std::move(pages)](Outcome outcome) {
      const bool cancelled = outcome.error && outcome.error->code == static_cast<int>(ErrorCode::Cancelled);
      if (cancelled) return;  // a cancelled call is answered by nothing
      if (outcome.error && outcome.error->unavailable() && pages.empty()) {
        const bool draft = call.method == kGetDraft && has_draft(call);
        if (draft || answers_->has(call.method, call.request)) {
          if (std::optional<std::string> answer = kept_answer(call)) outcome = {{}, std::move(*answer)};
        }
      }
      if (!outcome.error) {
        remember_session(call.method, outcome.bytes);
        std::optional<Call> next = next_page(call, outcome.bytes);
        if (!pages.empty()) outcome.bytes.insert(0, pages);
        if (next) return query(std::move(*next), std::move(outcome.bytes));
      }
      mailbox_.post(make_reply(call.method, call.ticket, call.request, std::move(outcome)));
    });
  }

  // Runs `done` on a gRPC thread, unless stopping.
  void start(const Call& call, std::function<void(Outcome)> done) {
    std::string token;
    uint64_t id = 0;
    {
      std::lock_guard lock(mutex_);
      if (stopping_) return;
      token = token_;
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
      std::lock_guard lock(mutex_);
      token_ = response.session_token();
      user_ = response.user().name();
      load_outbox_ = true;
      changed_.notify_all();
    } else if (method.ends_with("/Logout")) {
      std::lock_guard lock(mutex_);
      token_.clear();
    }
  }

  // --- mutations -------------------------------------------------------------------------------------------

  // The sender's thread: disk first, then the network, one at a time and in order.
  void send_mutations() {
    std::deque<Pending> queue;  // all on disk, oldest first
    for (;;) {
      std::deque<Call> arrived;
      std::string user, token;
      std::deque<std::function<void()>> chores;
      bool load = false, can_send = false;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] {
          return stopping_ || !incoming_.empty() || !chores_.empty() || load_outbox_ ||
                 (!queue.empty() && connected_ && !token_.empty());
        });
        if (stopping_ && incoming_.empty() && chores_.empty()) return;
        arrived.swap(incoming_);
        chores.swap(chores_);
        load = std::exchange(load_outbox_, false);
        user = user_;
        token = token_;
        can_send = connected_ && !token.empty() && !stopping_;
      }
      if (load) {
        // Tickets of this process stay known across a new login; the rest is from an earlier run.
        std::unordered_map<int64_t, model::Ticket> tickets;
        for (const Pending& pending : queue) tickets[pending.entry.id] = pending.ticket;
        queue.clear();
        if (auto entries = outbox_->entries(user))
          for (OutboxEntry& entry : *entries) {
            const model::Ticket ticket = tickets.contains(entry.id) ? tickets[entry.id] : 0;
            if (entry.method == kSaveDraft) {
              std::lock_guard lock(mutex_);
              drafts_.try_emplace(entry.subject, entry.request);
            }
            queue.push_back({std::move(entry), ticket});
          }
        post_unsettled();
        post_kept_amendments();
      }
      for (const auto& chore : chores) chore();
      for (Call& call : arrived) keep(call, user, queue);
      set_waiting(static_cast<int>(queue.size()));
      if (!can_send || queue.empty()) continue;

      const Pending pending = queue.front();
      Outcome outcome = send(pending.entry, token);
      if (outcome.error && logged_out(*outcome.error)) {
        // Kept for the next login of this user; the model shows the login panel.
        {
          std::lock_guard lock(mutex_);
          if (token_ == token) token_.clear();
        }
        mailbox_.post(
            make_reply(pending.entry.method, pending.ticket, pending.entry.request, std::move(outcome)));
        continue;
      }
      if (outcome.error && undecided(*outcome.error)) {
        std::unique_lock lock(mutex_);
        doubt_ = true;
        changed_.wait_for(lock, 300ms, [this] { return stopping_; });
        continue;
      }
      // The answer is final; only now may the change leave the disk, and an opinion only if it was taken.
      if (!settle(pending.entry, outcome)) continue;
      queue.pop_front();
      set_waiting(static_cast<int>(queue.size()));
      mailbox_.post(
          make_reply(pending.entry.method, pending.ticket, pending.entry.request, std::move(outcome)));
    }
  }

  // False when the disk refuses: then it is sent again, which changes nothing twice.
  bool settle(const OutboxEntry& entry, const Outcome& outcome) {
    if (entry.method == kSaveDraft) {
      std::lock_guard lock(mutex_);
      if (const auto draft = drafts_.find(entry.subject);
          draft != drafts_.end() && draft->second == entry.request)
        drafts_.erase(draft);
    }
    if (!is_opinion(entry.method)) return outbox_->remove(entry.id).has_value();
    if (outcome.error) {
      if (!outbox_->refuse(entry.id, outcome.error->code, outcome.error->reason)) return false;
      post_unsettled();
      return true;
    }
    if (!outbox_->remove(entry.id)) return false;
    // The reader's opinion of this case is in: what was refused of it before is settled.
    bool settled = false;
    if (const auto refused = outbox_->refused(entry.user))
      for (const RefusedEntry& old : *refused)
        if (case_of(old.entry.subject) == case_of(entry.subject))
          settled = outbox_->settle(old.entry.id).has_value() || settled;
    if (settled) post_unsettled();
    (void)outbox_->keep({entry.user, case_of(entry.subject), {}});
    return true;
  }

  // Waits for the answer, but not beyond the end of the program: what is unanswered stays on disk.
  Outcome send(const OutboxEntry& entry, const std::string& token) {
    auto promise = std::make_shared<std::promise<Outcome>>();
    std::future<Outcome> answer = promise->get_future();
    auto handle = channel_->start(entry.method, entry.request, token, 15s,
                                  [promise](Outcome outcome) { promise->set_value(std::move(outcome)); });
    while (answer.wait_for(100ms) != std::future_status::ready)
      if (stopping()) handle->cancel();
    return answer.get();
  }

  void keep(Call& call, const std::string& user, std::deque<Pending>& queue) {
    // A newer draft of the same case makes the waiting one pointless.
    if (call.method == kSaveDraft) {
      std::erase_if(queue, [&](const Pending& old) {
        return old.entry.method == kSaveDraft && old.entry.subject == call.subject &&
               outbox_->remove(old.entry.id).has_value();
      });
    }
    OutboxEntry entry{0, user, call.method, call.subject, call.request};
    Result<int64_t> id = outbox_->add(entry);
    if (!id) {
      // The disk refuses: the user must know now, while the work is still on the screen.
      mailbox_.post(make_reply(
          call.method, call.ticket, call.request,
          Outcome{model::ApiError{
                      static_cast<int>(ErrorCode::Internal), id.error().reason, id.error().message, {}},
                  {}}));
      return;
    }
    entry.id = *id;
    queue.push_back({std::move(entry), call.ticket});
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
      changed_.notify_all();
    }
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
  std::unique_ptr<Outbox> outbox_;  // sender's thread only, once constructed
  std::unique_ptr<AnswerStore> answers_;

  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  bool stopping_ = false;
  bool connected_ = false;
  bool doubt_ = false;
  bool load_outbox_ = false;
  int waiting_ = 0;
  std::string token_, user_;
  std::deque<Call> incoming_;
  std::deque<std::function<void()>> chores_, reading_;
  std::unordered_map<std::string, std::string> drafts_;  // SaveDraft requests not yet answered, by case
  uint64_t started_ = 0, finished_ = 0;
  std::unordered_map<uint64_t, std::shared_ptr<CallHandle>> running_;
  std::unordered_map<uint64_t, model::Ticket> tickets_;

  std::unique_ptr<Channel> channel_;
  std::thread watcher_, sender_, reader_;
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
