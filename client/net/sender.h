#pragma once

// Changes on their way to the server: on disk first, then sent one at a time and in order, across outages,
// expired sessions and the end of the program. What the server refuses for good of a reader's work stays
// until its author has settled it.
//
// A thread of its own sends. Every function may be called from any thread and returns at once.

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "client/net/backend.h"
#include "client/net/calls.h"
#include "client/net/channel.h"
#include "client/net/outbox.h"

namespace hada::net {

class Sender {
 public:
  // Called on the sender's thread.
  struct Hooks {
    std::function<void(int waiting)> waiting;  // how many changes are not acknowledged
    std::function<void()> doubt;               // a call failed as if the server were away
    std::function<void(const OutboxEntry&)> draft_saved;
  };

  // Channel, mailbox and what the hooks use must outlive it.
  Sender(std::unique_ptr<Outbox> outbox, Channel& channel, Mailbox& mailbox, Hooks hooks);
  // What is unanswered stays on disk.
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  // --- the session ---
  // What this user left unsent is taken up.
  void log_in(const std::string& user, const std::string& token);
  // Posts what the user has to settle and the amendments kept: once the login has been answered.
  void tell_kept_work();
  void log_out();
  // Empty: nobody is logged in.
  std::string token() const;
  void set_connected(bool connected);

  // --- the work of the user who is logged in now ---
  void submit(Call call);
  void keep_amendment(const std::string& case_name, std::optional<model::KeptAmendment> work);
  void settle(int64_t unsettled);
  // The draft of this case that waits to be sent, as a SaveDraft request.
  std::optional<std::string> draft_of(const std::string& case_name) const;

 private:
  struct Submitted {
    Call call;
    std::string user;
  };
  struct Waiting {
    OutboxEntry entry;
    model::Ticket ticket = 0;  // 0 for those left by an earlier run
  };
  using Task = std::function<void()>;

  void then(Task task);  // with the outbox, before what is sent next
  std::string user() const;
  bool stopping() const;

  // The thread's.
  void work();
  void load();
  void keep(Submitted submitted);
  // False when it must be sent again.
  bool send_first(const std::string& token);
  Outcome send(const OutboxEntry& entry, const std::string& token);
  bool take_off(const OutboxEntry& entry, const Outcome& outcome);
  void post_unsettled(const std::string& user);
  void post_kept_amendments(const std::string& user);
  void tell_waiting();

  Channel& channel_;
  Mailbox& mailbox_;
  const Hooks hooks_;
  const std::unique_ptr<Outbox> outbox_;  // the thread's own
  std::deque<Waiting> queue_;             // the thread's own; all on disk, oldest first
  int told_ = 0;                          // the thread's own

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  bool stopping_ = false, connected_ = false, load_ = false;
  std::string user_, token_;
  std::deque<Submitted> submitted_;
  std::deque<Task> tasks_;
  // SaveDraft requests that have not been answered, by user and case.
  std::map<std::pair<std::string, std::string>, std::string> drafts_;
  std::thread thread_;  // last: it uses the members above
};

}  // namespace hada::net
