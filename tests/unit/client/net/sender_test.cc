#include "client/net/sender.h"

#include <doctest/doctest.h>

#include <semaphore>

#include "client/net/convert.h"
#include "client/net/unsent.h"
#include "tests/support/fake_channel.h"

namespace hada::net {
namespace {

using support::FakeChannel;

constexpr int kUnauthenticated = 16, kFailedPrecondition = 9, kAborted = 10;

Call save_draft(const std::string& case_name, const std::string& note, model::Ticket ticket = 1) {
  model::ReadContent content;
  content.note = note;
  return make_call(model::effect::SaveDraft{ticket, case_name, content, "r-" + note}, "test");
}
Call submit_read(const std::string& case_name, model::Ticket ticket) {
  return make_call(model::effect::SubmitRead{ticket, case_name, {}, {}, "r-" + case_name}, "test");
}
std::string note_of(const std::optional<std::string>& save_request) {
  v1::SaveDraftRequest request;
  return save_request && request.ParseFromString(*save_request) ? request.content().note() : "none";
}

struct Desk {
  FakeChannel channel;
  std::counting_semaphore<1'000> posted{0};
  Mailbox mailbox{[this] { posted.release(); }};
  std::vector<std::string> saved;  // subjects of drafts
  Sender sender{std::move(*Outbox::open({})),
                channel,
                mailbox,
                {[](int) {}, [] {}, [this](const OutboxEntry& draft) { saved.push_back(draft.subject); }}};

  Desk() {
    sender.set_connected(true);
    sender.log_in("users/ann", "token-ann");
  }
  // The next reply of this kind; waits for it.
  template <typename R>
  R next() {
    for (;;) {
      posted.acquire();
      for (model::Reply& reply : mailbox.take())
        if (auto* one = std::get_if<R>(&reply)) return std::move(*one);
    }
  }
};

TEST_CASE("one user's draft is never another's, on the same computer") {
  Desk desk;
  desk.sender.submit(save_draft("cases/1", "of-ann"));
  CHECK(note_of(desk.sender.draft_of("cases/1")) == "of-ann");
  // Ann's session is over before the draft was taken.
  desk.channel.next().done({model::ApiError{kUnauthenticated, "SESSION_EXPIRED", "", {}}, {}});
  desk.next<model::reply::DraftSaved>();

  desk.sender.log_in("users/bob", "token-bob");
  CHECK_FALSE(desk.sender.draft_of("cases/1"));
  desk.sender.submit(save_draft("cases/1", "of-bob"));
  CHECK(note_of(desk.sender.draft_of("cases/1")) == "of-bob");
  const FakeChannel::Asked bobs = desk.channel.next();
  CHECK(bobs.token == "token-bob");
  CHECK(note_of(bobs.request) == "of-bob");
  bobs.done({});
  desk.next<model::reply::DraftSaved>();
  CHECK(desk.channel.waiting() == 0);  // ann's waits for ann

  desk.sender.log_in("users/ann", "token-ann-2");
  const FakeChannel::Asked anns = desk.channel.next();
  CHECK(anns.token == "token-ann-2");
  CHECK(note_of(anns.request) == "of-ann");
  anns.done({});
  desk.next<model::reply::DraftSaved>();
  CHECK(desk.saved == std::vector<std::string>{"cases/1", "cases/1"});
  CHECK_FALSE(desk.sender.draft_of("cases/1"));
}

TEST_CASE("what a user wrote stays theirs when the next one signs in while a call still runs") {
  Desk desk;
  desk.sender.submit(save_draft("cases/1", "first"));
  const FakeChannel::Asked running = desk.channel.next();
  desk.sender.submit(save_draft("cases/2", "of-ann"));
  desk.sender.keep_amendment("cases/3", model::KeptAmendment{{}, "why"});
  desk.sender.log_in("users/bob", "token-bob");
  running.done({});
  desk.sender.tell_kept_work();
  CHECK(desk.next<model::reply::UnsettledWork>().list.empty());
  CHECK(desk.channel.waiting() == 0);

  desk.sender.log_in("users/ann", "token-ann");
  CHECK(note_of(desk.channel.next().request) == "of-ann");
  desk.sender.tell_kept_work();
}

TEST_CASE("a read that is refused is told as unsettled until a later one of the case is taken") {
  Desk desk;
  desk.sender.submit(submit_read("cases/1", 1));
  desk.channel.next().done({model::ApiError{kFailedPrecondition, "NO_LEASE", "", {}}, {}});
  const auto refused = desk.next<model::reply::UnsettledWork>();
  REQUIRE(refused.list.size() == 1);
  CHECK(refused.list[0].case_name == "cases/1");
  CHECK(refused.list[0].error.reason == "NO_LEASE");
  desk.sender.submit(submit_read("cases/1", 2));
  desk.channel.next().done({});
  CHECK(desk.next<model::reply::UnsettledWork>().list.empty());
}

TEST_CASE("an amendment that is kept remembers the revision it was begun from") {
  const auto kept = amendment_from_bytes(amendment_bytes(model::KeptAmendment{{}, "why", 3}));
  REQUIRE(kept);
  CHECK(kept->from == 3);
  CHECK(kept->reason == "why");
  // One that was sent and refused names the server's etag; it knows of no revision.
  RefusedEntry refused;
  refused.entry.method = "/hada.v1.ReadService/AmendRead";
  refused.entry.subject = "cases/1/reads/r";
  v1::AmendReadRequest sent;
  sent.set_etag("r3");
  refused.entry.request = sent.SerializeAsString();
  refused.code = kFailedPrecondition;
  CHECK(unsettled_of(refused).work.from == -1);
  SUBCASE("and meets what was sent from elsewhere when it is taken up") {
    refused.code = kAborted;
    CHECK(unsettled_of(refused).work.from == 0);
  }
}

}  // namespace
}  // namespace hada::net
