#include "client/net/event_watch.h"

#include <doctest/doctest.h>

#include <deque>
#include <semaphore>

#include "hada/v1/event.pb.h"
#include "tests/support/fake_channel.h"

namespace hada::net {
namespace {

using model::reply::Changed;
using model::reply::ChangeKind;
using support::FakeChannel;

constexpr int kUnauthenticated = 16, kUnavailable = 14;

std::string hint(v1::HintKind kind, const std::string& resume, const std::string& case_name = "",
                 v1::WorklistView arrived_in = v1::WORKLIST_VIEW_UNSPECIFIED) {
  v1::Hint message;
  message.set_kind(kind);
  message.set_resume_token(resume);
  message.set_case_(case_name);
  message.set_arrived_in(arrived_in);
  return message.SerializeAsString();
}

std::string resume_of(const FakeChannel::Watched& stream) {
  v1::WatchEventsRequest request;
  return request.ParseFromString(stream.request) ? request.resume_token() : "not a request";
}

Outcome ended(int code) { return {model::ApiError{code, "", "", {}}, {}}; }

struct Desk {
  FakeChannel channel;
  std::counting_semaphore<1'000> came{0};
  std::mutex mutex;
  std::deque<Changed> told;
  EventWatch watch{channel, [this](Changed changed) {
                     const std::lock_guard lock(mutex);
                     told.push_back(std::move(changed));
                     came.release();
                   }};

  Changed next() {
    came.acquire();
    const std::lock_guard lock(mutex);
    Changed first = std::move(told.front());
    told.pop_front();
    return first;
  }
};

TEST_CASE("hints become what the model is told") {
  Desk desk;
  desk.watch.set_token("ann");
  const auto stream = desk.channel.next_watch();
  CHECK(stream.token == "ann");
  CHECK(resume_of(stream) == "");
  stream.message(hint(v1::HINT_KIND_POSITION, "p1"));  // says nothing to the model
  stream.message("not a hint");
  stream.message(hint(v1::HINT_KIND_CASE, "p2", "cases/c1", v1::WORKLIST_VIEW_RETURNED));
  const Changed changed = desk.next();
  CHECK(changed.kind == ChangeKind::Case);
  CHECK(changed.case_name == "cases/c1");
  CHECK(changed.arrived_in == WorklistView::Returned);
  CHECK_FALSE(changed.by_caller);
  stream.message(hint(v1::HINT_KIND_RELOAD, "p3"));
  CHECK(desk.next().kind == ChangeKind::Everything);
}

TEST_CASE("a stream that breaks is opened again where it was") {
  Desk desk;
  desk.watch.set_token("ann");
  const auto stream = desk.channel.next_watch();
  stream.message(hint(v1::HINT_KIND_POSITION, "p1"));
  stream.message(hint(v1::HINT_KIND_READ, "p2", "cases/c1"));
  // Presence has no place in the log: what came before it counts.
  stream.message(hint(v1::HINT_KIND_PRESENCE, "", "cases/c1"));
  stream.done(ended(kUnavailable));
  CHECK(resume_of(desk.channel.next_watch()) == "p2");
}

TEST_CASE("the next person's stream begins anew") {
  Desk desk;
  desk.watch.set_token("ann");
  const auto anns = desk.channel.next_watch();
  anns.message(hint(v1::HINT_KIND_POSITION, "p1"));
  desk.watch.set_token("");  // she logs out: her stream is cancelled
  desk.watch.set_token("bob");
  const auto bobs = desk.channel.next_watch();
  CHECK(bobs.token == "bob");
  CHECK(resume_of(bobs) == "");
}

TEST_CASE("a session that is over is not knocked with again") {
  Desk desk;
  desk.watch.set_token("ann");
  desk.channel.next_watch().done(ended(kUnauthenticated));
  desk.watch.set_token("ann-again");
  CHECK(desk.channel.next_watch().token == "ann-again");
}

}  // namespace
}  // namespace hada::net
