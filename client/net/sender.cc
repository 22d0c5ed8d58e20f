#include "client/net/sender.h"

#include <chrono>
#include <future>
#include <unordered_map>

#include "client/model/model.h"
#include "client/net/unsent.h"

namespace hada::net {
namespace {

using namespace std::chrono_literals;

constexpr const char* kSaveDraft = "/hada.v1.ReadService/SaveDraft";

// The server may still have to answer for good: the change must be sent again.
bool undecided(const model::ApiError& error) {
  return error.unavailable() || error.code == static_cast<int>(ErrorCode::Cancelled) ||
         (error.code == static_cast<int>(ErrorCode::Unknown) && error.reason.empty());
}

}  // namespace

Sender::Sender(std::unique_ptr<Outbox> outbox, Channel& channel, Mailbox& mailbox, Hooks hooks)
    : channel_(channel),
      mailbox_(mailbox),
      hooks_(std::move(hooks)),
      outbox_(std::move(outbox)),
      thread_([this] { work(); }) {}

Sender::~Sender() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Sender::log_in(const std::string& user, const std::string& token) {
  {
    std::lock_guard lock(mutex_);
    user_ = user;
    token_ = token;
    load_ = true;
  }
  changed_.notify_all();
}

void Sender::tell_kept_work() {
  then([this, of = user()] {
    post_unsettled(of);
    post_kept_amendments(of);
  });
}

void Sender::log_out() {
  std::lock_guard lock(mutex_);
  token_.clear();
}

std::string Sender::token() const {
  std::lock_guard lock(mutex_);
  return token_;
}

std::string Sender::user() const {
  std::lock_guard lock(mutex_);
  return user_;
}

bool Sender::stopping() const {
  std::lock_guard lock(mutex_);
  return stopping_;
}

void Sender::set_connected(bool connected) {
  {
    std::lock_guard lock(mutex_);
    connected_ = connected;
  }
  changed_.notify_all();
}

void Sender::submit(Call call) {
  {
    std::lock_guard lock(mutex_);
    if (call.method == kSaveDraft) drafts_[{user_, call.subject}] = call.request;
    submitted_.push_back({std::move(call), user_});
  }
  changed_.notify_all();
}

void Sender::keep_amendment(const std::string& case_name, std::optional<model::KeptAmendment> work) {
  then([this, of = user(), case_name, work = std::move(work)] {
    // When the disk refuses, the text is still on the screen, and kept again soon.
    (void)outbox_->keep({of, case_name, work ? amendment_bytes(*work) : std::string()});
  });
}

void Sender::settle(int64_t unsettled) {
  then([this, of = user(), unsettled] {
    if (outbox_->settle(unsettled)) post_unsettled(of);
  });
}

std::optional<std::string> Sender::draft_of(const std::string& case_name) const {
  std::lock_guard lock(mutex_);
  const auto draft = drafts_.find({user_, case_name});
  if (draft == drafts_.end()) return std::nullopt;
  return draft->second;
}

void Sender::then(Task task) {
  {
    std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  changed_.notify_all();
}

void Sender::work() {
  for (;;) {
    std::deque<Submitted> submitted;
    std::deque<Task> tasks;
    bool load_now = false, can_send = false;
    std::string token;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] {
        return stopping_ || load_ || !submitted_.empty() || !tasks_.empty() ||
               (!queue_.empty() && connected_ && !token_.empty());
      });
      if (stopping_ && submitted_.empty() && tasks_.empty()) return;
      submitted.swap(submitted_);
      tasks.swap(tasks_);
      load_now = std::exchange(load_, false);
      token = token_;
      can_send = connected_ && !token_.empty() && !stopping_;
    }
    // What was written before a change of the user is that user's, and on disk before the other's is read.
    for (Submitted& one : submitted) keep(std::move(one));
    if (load_now) load();
    for (const Task& task : tasks) task();
    tell_waiting();
    if (can_send && !queue_.empty() && !send_first(token)) {
      hooks_.doubt();
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, 300ms, [this] { return stopping_; });
    }
  }
}

void Sender::tell_waiting() {
  const int waiting = static_cast<int>(queue_.size());
  if (std::exchange(told_, waiting) != waiting) hooks_.waiting(waiting);
}

void Sender::load() {
  const std::string of = user();
  // Tickets of this process stay known across a new login; the rest is from an earlier run.
  std::unordered_map<int64_t, model::Ticket> tickets;
  for (const Waiting& waiting : queue_) tickets[waiting.entry.id] = waiting.ticket;
  queue_.clear();
  auto entries = outbox_->entries(of);
  if (!entries) return;
  for (OutboxEntry& entry : *entries) {
    const auto known = tickets.find(entry.id);
    if (entry.method == kSaveDraft) {
      std::lock_guard lock(mutex_);
      drafts_.try_emplace({of, entry.subject}, entry.request);
    }
    queue_.push_back({std::move(entry), known == tickets.end() ? 0 : known->second});
  }
}

void Sender::keep(Submitted submitted) {
  const Call& call = submitted.call;
  // A newer draft of the same case makes the waiting one pointless.
  if (call.method == kSaveDraft) {
    std::erase_if(queue_, [&](const Waiting& old) {
      return old.entry.method == kSaveDraft && old.entry.subject == call.subject &&
             old.entry.user == submitted.user && outbox_->remove(old.entry.id).has_value();
    });
  }
  OutboxEntry entry{0, submitted.user, call.method, call.subject, call.request};
  Result<int64_t> id = outbox_->add(entry);
  if (!id) {
    // The disk refuses: the user must know now, while the work is still on the screen.
    const model::ApiError error{
        static_cast<int>(ErrorCode::Internal), id.error().reason, id.error().message, {}};
    mailbox_.post(make_reply(call.method, call.ticket, call.request, Outcome{error, {}}));
    return;
  }
  entry.id = *id;
  queue_.push_back({std::move(entry), call.ticket});
}

bool Sender::send_first(const std::string& token) {
  const Waiting waiting = queue_.front();
  const auto answer = [&](Outcome outcome) {
    mailbox_.post(
        make_reply(waiting.entry.method, waiting.ticket, waiting.entry.request, std::move(outcome)));
  };
  Outcome outcome = send(waiting.entry, token);
  if (outcome.error && outcome.error->code == static_cast<int>(ErrorCode::Unauthenticated)) {
    // Kept for the next login of this user; the model shows the login panel.
    {
      std::lock_guard lock(mutex_);
      if (token_ == token) token_.clear();
    }
    answer(std::move(outcome));
    return true;
  }
  if (outcome.error && undecided(*outcome.error)) return false;
  // The answer is final; only now may the change leave the disk, and an opinion only if it was taken. Where
  // the disk refuses it is sent again, which changes nothing twice.
  if (!take_off(waiting.entry, outcome)) return true;
  queue_.pop_front();
  tell_waiting();
  answer(std::move(outcome));
  return true;
}

bool Sender::take_off(const OutboxEntry& entry, const Outcome& outcome) {
  if (entry.method == kSaveDraft) {
    if (!outcome.error) hooks_.draft_saved(entry);
    std::lock_guard lock(mutex_);
    const auto draft = drafts_.find({entry.user, entry.subject});
    if (draft != drafts_.end() && draft->second == entry.request) drafts_.erase(draft);
  }
  if (!is_opinion(entry.method)) return outbox_->remove(entry.id).has_value();
  if (outcome.error) {
    if (!outbox_->refuse(entry.id, outcome.error->code, outcome.error->reason)) return false;
    post_unsettled(entry.user);
    return true;
  }
  if (!outbox_->remove(entry.id)) return false;
  // The reader's opinion of this case is in: what was refused of it before is settled.
  bool settled = false;
  if (const auto refused = outbox_->refused(entry.user))
    for (const RefusedEntry& old : *refused)
      if (model::case_of(old.entry.subject) == model::case_of(entry.subject))
        settled = outbox_->settle(old.entry.id).has_value() || settled;
  if (settled) post_unsettled(entry.user);
  (void)outbox_->keep({entry.user, model::case_of(entry.subject), {}});
  return true;
}

// Waits for the answer, but not beyond the end of the program: what is unanswered stays on disk.
Outcome Sender::send(const OutboxEntry& entry, const std::string& token) {
  auto promise = std::make_shared<std::promise<Outcome>>();
  std::future<Outcome> answer = promise->get_future();
  auto handle = channel_.start(entry.method, entry.request, token, 15s,
                               [promise](Outcome outcome) { promise->set_value(std::move(outcome)); });
  while (answer.wait_for(100ms) != std::future_status::ready)
    if (stopping()) handle->cancel();
  return answer.get();
}

void Sender::post_unsettled(const std::string& of) {
  if (of != user()) return;  // not for the next user's eyes
  const auto refused = outbox_->refused(of);
  if (!refused) return;
  model::reply::UnsettledWork reply;
  for (const RefusedEntry& entry : *refused) reply.list.push_back(unsettled_of(entry));
  mailbox_.post(std::move(reply));
}

void Sender::post_kept_amendments(const std::string& of) {
  const auto kept = outbox_->kept(of);
  if (of != user() || !kept || kept->empty()) return;
  model::reply::KeptAmendments reply;
  for (const KeptWork& one : *kept)
    if (auto work = amendment_from_bytes(one.work)) reply.by_case.emplace(one.subject, std::move(*work));
  mailbox_.post(std::move(reply));
}

}  // namespace hada::net
