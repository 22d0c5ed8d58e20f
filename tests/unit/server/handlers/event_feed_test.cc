// The feed over a real store: what each stream is sent, from where, and when it ends.

#include "server/handlers/event_feed.h"

#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>
#include <set>

#include "contract/sha256.h"
#include "server/handlers/event_sight.h"
#include "server/handlers/presence.h"
#include "server/store/sessions.h"
#include "tests/unit/server/handlers/recording_store.h"
#include "tests/unit/server/handlers/review_world.h"

using namespace hada;
using namespace hada::review_test;
using namespace std::chrono_literals;

namespace {

class Sink : public HintSink {
 public:
  void send(v1::Hint hint) override {
    const std::lock_guard lock(mutex_);
    hints_.push_back(std::move(hint));
    changed_.notify_all();
  }
  void end(const Error& why) override {
    const std::lock_guard lock(mutex_);
    ended_ = why.reason;
    changed_.notify_all();
  }
  // The next hint; nothing after a while.
  std::optional<v1::Hint> next(std::chrono::milliseconds patience = 5000ms) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, patience, [&] { return taken_ < hints_.size(); })) return std::nullopt;
    return hints_[taken_++];
  }
  // What has come and was not taken.
  std::vector<v1::Hint> rest() {
    const std::lock_guard lock(mutex_);
    const std::vector<v1::Hint> hints(hints_.begin() + static_cast<std::ptrdiff_t>(taken_), hints_.end());
    taken_ = hints_.size();
    return hints;
  }
  std::string wait_for_end() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 5000ms, [&] { return !ended_.empty(); });
    return ended_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<v1::Hint> hints_;
  size_t taken_ = 0;
  std::string ended_;
};

struct Live {
  World world;
  EventFeed feed{world.services()};

  // A session of this person; its token.
  std::string session(const Person& who) {
    std::string token = "token-of-" + who.id;
    token.resize(43, '-');
    world.write([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const auto known, store::find_user(tx, who.id));
      if (known) return {};
      store::UserRecord user{who.id, "Dr. " + who.id, who.home_site, "hash", false, 1, 0, {}};
      for (const core::Grant& grant : who.grants) user.grants.push_back({grant.role, grant.site_id});
      RETURN_IF_ERROR(store::insert_user(tx, user));
      return store::insert_session(
          tx, {contract::sha256_hex(token), who.id, 0, world.clock.now_us() + core::Sessions::kLifetimeUs});
    });
    return token;
  }
  std::shared_ptr<Sink> watch(const Person& who, const std::string& resume = "") {
    auto sink = std::make_shared<Sink>();
    REQUIRE(feed.add(sink, session(who), resume));
    return sink;
  }
  // As above, begun: its first token.
  std::pair<std::shared_ptr<Sink>, std::string> begun(const Person& who, const std::string& resume = "") {
    auto sink = watch(who, resume);
    const auto first = sink->next();
    REQUIRE(first);
    REQUIRE(first->kind() == v1::HINT_KIND_POSITION);
    return {sink, first->resume_token()};
  }
  // Returns once every stream has been told of all that was written so far.
  void catch_up() {
    auto marks = begun(coordinator()).first;
    // The feed tells one stream after another: when the second mark comes, all have had what is before it.
    for (int i = 0; i < 2; ++i) {
      const std::string mark = world.add_case();
      for (std::optional<v1::Hint> hint; !hint || hint->case_() != mark;) {
        hint = marks->next();
        REQUIRE(hint);
      }
    }
    feed.remove(marks.get());
  }
};

Result<v1::Case> adjudicate(World& world, const Person& who, const std::string& name) {
  auto request = world.about<v1::AdjudicateCaseRequest>(name, who);
  request.set_term("terms/psoriasis");
  request.set_rationale("silvery scale");
  return world.call(adjudicate_case, who, request);
}

}  // namespace

TEST_CASE("a stream goes on where its token says, without a gap and without a repeat") {
  Live live;
  const Person cora = coordinator();
  auto [first, token] = live.begun(cora);
  std::vector<std::string> names;
  for (int i = 0; i < 3; ++i) names.push_back(live.world.add_case());
  // Some of it comes, then the connection breaks.
  const auto hint = first->next();
  REQUIRE(hint);
  live.feed.remove(first.get());
  live.world.add_case();

  std::map<std::string, int> told;
  told[hint->case_()] = 1;
  auto again = live.begun(cora, hint->resume_token()).first;
  const std::string last = live.world.add_case();
  std::string end;
  for (;;) {
    const auto next = again->next();
    REQUIRE(next);
    end = next->resume_token();
    ++told[next->case_()];
    if (next->case_() == last) break;
  }
  CHECK(told.size() == 5);
  // A case that was told before the break is told again only for what happened to it afterwards.
  for (const std::string& name : names) CHECK(told[name] >= 1);
  SUBCASE("and one from the very end repeats nothing") {
    live.feed.remove(again.get());
    for (const v1::Hint& left : again->rest()) end = left.resume_token();
    const auto quiet = live.begun(cora, end);
    live.catch_up();
    for (const v1::Hint& more : quiet.first->rest()) CHECK_FALSE(told.contains(more.case_()));
  }
}

TEST_CASE("a token that is of no use asks the client to reload") {
  Live live;
  auto sink = live.watch(coordinator(), "AAAA");
  const auto hint = sink->next();
  REQUIRE(hint);
  CHECK(hint->kind() == v1::HINT_KIND_RELOAD);
  CHECK_FALSE(hint->resume_token().empty());
  SUBCASE("also one that is too far behind") {
    const std::string old = hint->resume_token();
    live.world.write([&](store::Tx& tx) -> Status {
      for (int i = 0; i <= EventFeed::kMaxBehind; ++i)
        RETURN_IF_ERROR(store::record_event(tx, {"x", "login", "users/x", "", "", 0}));
      return {};
    });
    auto late = live.watch(coordinator(), old);
    CHECK(late->next()->kind() == v1::HINT_KIND_RELOAD);
  }
}

TEST_CASE("a token shows neither where it stands nor that two stand at one place") {
  const core::ResumeTokens tokens;
  CHECK(tokens.seal(5) != tokens.seal(5));
  CHECK(tokens.seal(5).size() == tokens.seal(5'000'000).size());
  CHECK(tokens.open(tokens.seal(5)).value() == 5);
  CHECK(reason(core::ResumeTokens().open(tokens.seal(5))) == "BAD_RESUME_TOKEN");
}

TEST_CASE("a whole history, seen by those who may see it") {
  Live live;
  World& world = live.world;
  const Person b = derm("bea"), c = derm("cyn", "c"), bystander = derm("eve", "c");
  const std::string name = world.add_case();
  auto reader = live.begun(b).first, other = live.begun(c).first, blind = live.begun(bystander).first;
  auto quinn = live.begun(qa()).first;

  world.reads(b, name, says("psoriasis"));
  world.reads(c, name, says("melanoma"));
  CHECK(world.state(name) == v1::CASE_STATE_TO_PANEL);
  REQUIRE(adjudicate(world, qa("quentin"), name));
  // Each of the readers is told of their own claim and read, and of nothing else.
  live.catch_up();
  for (const auto& sink : {reader, other})
    for (const v1::Hint& hint : sink->rest()) {
      CHECK(hint.by_caller());
      CHECK(hint.arrived_in() == v1::WORKLIST_VIEW_UNSPECIFIED);
    }
  CHECK(blind->rest().empty());
  std::vector<v1::WorklistView> arrivals;
  for (const v1::Hint& hint : quinn->rest()) {
    if (hint.case_() != name) continue;
    CHECK_FALSE(hint.by_caller());
    arrivals.push_back(hint.arrived_in());
  }
  REQUIRE_FALSE(arrivals.empty());
  CHECK(arrivals.back() == v1::WORKLIST_VIEW_TO_APPROVE);
}

TEST_CASE("a case that QA returns comes to the reader it is returned to, and to nobody else's ears") {
  Live live;
  World& world = live.world;
  const Person b = derm("bea"), c = derm("cyn", "c"), cora = coordinator();
  const std::string name = world.add_case();
  world.reads(b, name, says("psoriasis"));
  world.reads(c, name, says("psoriasis"));
  auto reader = live.begun(b).first, other = live.begun(c).first, site = live.begun(cora).first;
  const auto give_back = [&](v1::ReturnTo to, v1::RejectCode code) {
    auto request = world.about<v1::ReturnCaseRequest>(name);
    request.set_to(to);
    request.set_code(code);
    request.set_rationale("the second image");
    if (to == v1::RETURN_TO_READER) request.add_readers("users/bea");
    REQUIRE(world.call(return_case, qa(), request));
    live.catch_up();
  };
  const auto arrived = [&](const std::shared_ptr<Sink>& sink) {
    std::vector<v1::WorklistView> views;
    for (const v1::Hint& hint : sink->rest())
      if (hint.case_() == name && hint.arrived_in() != v1::WORKLIST_VIEW_UNSPECIFIED)
        views.push_back(hint.arrived_in());
    return views;
  };
  using Views = std::vector<v1::WorklistView>;

  SUBCASE("to a reader") {
    give_back(v1::RETURN_TO_READER, v1::REJECT_CODE_READ_INCOMPLETE);
    CHECK(arrived(reader) == Views{v1::WORKLIST_VIEW_RETURNED});
    CHECK(other->rest().empty());
    CHECK(arrived(site).empty());
  }
  SUBCASE("to the site, and to its readers once new data has come") {
    give_back(v1::RETURN_TO_SITE, v1::REJECT_CODE_IMAGE_QUALITY);
    CHECK(reader->rest().empty());
    CHECK(other->rest().empty());
    CHECK(arrived(site) == Views{v1::WORKLIST_VIEW_RETURNED});
    world.finish(name.substr(6), world.add_image(name), ImageState::Ready);
    live.catch_up();
    CHECK(arrived(reader) == Views{v1::WORKLIST_VIEW_RETURNED});
    CHECK(arrived(other) == Views{v1::WORKLIST_VIEW_RETURNED});
  }
}

TEST_CASE("what a reader is told of a hidden copy is what they are told of a case") {
  Live live;
  World& world = live.world;
  const Person ann = derm("ann");
  world.set_policy([](contract::Policy& policy) {
    policy.gold_percent = 0;
    policy.repeat_percent = 50;
  });
  const std::string voted = world.add_case();
  world.reads(ann, voted, says("psoriasis"));
  world.clock.advance_seconds(30 * 86400);
  auto sink = live.begun(ann).first, reviewer = live.begun(qa()).first;
  const std::string plain = world.add_case();
  REQUIRE(world.claim(ann, plain));  // brings the copy
  const auto copy = [&] {
    std::string id;
    REQUIRE(world.store().read([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const store::Rows rows,
                       tx.query("SELECT case_id FROM cases WHERE planted_for = 'ann'"));
      REQUIRE(rows.size() == 1);
      id = rows[0].text(0);
      return {};
    }));
    return "cases/" + id;
  }();
  live.catch_up();
  (void)sink->rest();
  (void)reviewer->rest();

  // The same acts of hers; and of others, of whom a case has some.
  const auto told = [&](const std::string& name) {
    REQUIRE(world.claim(ann, name));
    const auto read = world.submit(ann, name, says("psoriasis"));
    REQUIRE(read);
    REQUIRE(world.amend(ann, *read, says("eczema")));
    if (name == plain) world.reads(derm("bob", "c"), name, says("melanoma"));
    live.catch_up();
    std::vector<std::pair<v1::HintKind, bool>> seen;
    for (const v1::Hint& hint : sink->rest()) {
      CHECK(hint.case_() == name);
      CHECK(hint.arrived_in() == v1::WORKLIST_VIEW_UNSPECIFIED);
      seen.emplace_back(hint.kind(), hint.by_caller());
    }
    return seen;
  };
  const auto of_case = told(plain), of_copy = told(copy);
  CHECK_FALSE(of_copy.empty());
  // How many acts share a hint is the clock's doing; what they say is not.
  CHECK(std::set(of_copy.begin(), of_copy.end()) == std::set(of_case.begin(), of_case.end()));
  for (const v1::Hint& hint : reviewer->rest()) CHECK(hint.case_() != copy);
}

TEST_CASE("what the feed looks up walks no table") {
  World world;
  const std::string name = world.add_case();
  RecordingStore recorder(world.store());
  REQUIRE(recorder.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const int64_t last, store::last_event(tx));
    CHECK(last > 0);
    ASSIGN_OR_RETURN(const auto events, store::events_after(tx, 0, 500));
    CHECK_FALSE(events.empty());
    ASSIGN_OR_RETURN(const auto about, event_case(tx, name.substr(6)));
    CHECK(about);
    return {};
  }));
  const auto statements = recorder.take();
  CHECK(statements.size() == 5);
  for (const Statement& statement : statements) {
    CAPTURE(statement.sql);
    const auto plan = recorder.plan_of(statement);
    REQUIRE(plan);
    for (const std::string& line : *plan) {
      CHECK_FALSE(walks_all(line));
      CHECK_FALSE(sorts(line));
    }
  }
}

TEST_CASE("a stream ends with its session") {
  Live live;
  auto sink = live.begun(coordinator()).first;
  live.world.clock.advance_us(core::Sessions::kLifetimeUs + 1);
  CHECK(sink->wait_for_end() == "NO_SESSION");
  CHECK(live.feed.streams() == 0);
}

TEST_CASE("a stream ends when the server stops") {
  Live live;
  auto sink = live.begun(coordinator()).first;
  live.feed.stop();
  CHECK(sink->wait_for_end() == "SHUTTING_DOWN");
  CHECK(reason(live.feed.add(std::make_shared<Sink>(), "x", "")) == "SHUTTING_DOWN");
}

TEST_CASE("who has a case open to decide it") {
  Live live;
  World& world = live.world;
  const Person b = derm("bea"), c = derm("cyn", "c"), quinn = qa(), quentin = qa("quentin");
  const std::string name = world.add_case();
  const auto note = [&](const Person& who, bool leaving = false) {
    v1::NotePresenceRequest request;
    request.set_name(name);
    request.set_leaving(leaving);
    core::Context context = world.context(who);
    context.caller.display_name = "Dr. " + who.id;
    return note_presence(context, request);
  };
  world.reads(b, name, says("psoriasis"));
  world.reads(c, name, says("melanoma"));
  REQUIRE(world.get(quinn, name));

  SUBCASE("is told to those who have it open too") {
    REQUIRE(note(quinn));
    auto watching = live.begun(quinn).first;
    REQUIRE(world.get(quentin, name));
    const auto second = note(quentin);
    REQUIRE(second);
    REQUIRE(second->others_size() == 1);
    CHECK(second->others(0) == "Dr. quinn");
    auto hint = watching->next();
    while (hint && hint->kind() != v1::HINT_KIND_PRESENCE) hint = watching->next();
    REQUIRE(hint);
    CHECK(hint->case_() == name);
    CHECK(note(quinn)->others_size() == 1);
    // Who leaves is gone, and so is who is not heard of.
    REQUIRE(note(quentin, true));
    CHECK(note(quinn)->others_size() == 0);
    REQUIRE(note(quentin));
    world.clock.advance_us(core::Presence::kLifetimeUs + 1);
    CHECK(note(quinn)->others_size() == 0);
  }
  SUBCASE("is refused to readers, and to those who work at its site") {
    CHECK(reason(note(b)) == "ROLE_REQUIRED");
    CHECK(reason(note(qa("ann", "a"))) == "OWN_SITE");
  }
  SUBCASE("is hidden from whoever is blind to it, and so are they") {
    const std::string open = world.add_case();
    const Person both{"dual", "d", {{Role::QaReviewer, ""}, {Role::Dermatologist, ""}}};
    v1::NotePresenceRequest request;
    request.set_name(open);
    REQUIRE(world.get(quinn, open));
    REQUIRE(world.call(note_presence, quinn, request));
    CHECK(world.call(note_presence, both, request)->others_size() == 0);
    CHECK(world.call(note_presence, quinn, request)->others_size() == 0);
  }
}
