// What reviewers say to each other about a case.

#include "server/handlers/comment.h"

#include <cmath>

#include "tests/unit/server/handlers/recording_store.h"
#include "tests/unit/server/handlers/review_world.h"

using namespace hada;
using namespace hada::review_test;

namespace {

const Person ann = derm("ann"), bob = derm("bob", "c");
const Person quinn = qa(), rei = qa("rei", "c");

struct Discussed {
  World world;
  std::string name, image;

  Discussed() {
    name = world.add_case();
    image = world.get(quinn, name)->images(0).name();
  }
  v1::CreateCommentRequest saying(const std::string& text) {
    v1::CreateCommentRequest request;
    request.set_parent(name);
    request.set_text(text);
    request.set_request_id(fresh());
    return request;
  }
  v1::CreateCommentRequest pinned(double x, double y) {
    auto request = saying("is this a dot?");
    request.set_image(image);
    request.set_x(x);
    request.set_y(y);
    return request;
  }
  v1::Comment says(const Person& who, const v1::CreateCommentRequest& request) {
    const auto made = world.call(create_comment, who, request);
    REQUIRE(made);
    return *made;
  }
  template <class Request>
  Request about(const v1::Comment& comment) {
    Request request;
    request.set_name(comment.name());
    request.set_etag(comment.etag());
    request.set_request_id(fresh());
    return request;
  }
  std::vector<v1::Comment> seen_by(const Person& who, int page_size = 0) {
    std::vector<v1::Comment> all;
    v1::ListCommentsRequest request;
    request.set_parent(name);
    request.set_page_size(page_size);
    do {
      const auto page = world.call(list_comments, who, request);
      REQUIRE(page);
      for (const v1::Comment& comment : page->comments()) all.push_back(comment);
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return all;
  }
};

}  // namespace

TEST_CASE("a comment is pinned to a place in an image of the case, or to the case") {
  Discussed at;
  const v1::Comment pin = at.says(quinn, at.pinned(1023.5, 0.25));
  CHECK(pin.image() == at.image);
  CHECK(pin.x() == 1023.5);
  CHECK(pin.y() == 0.25);
  CHECK(pin.author() == "users/quinn");
  CHECK(at.says(quinn, at.saying("all of it")).image().empty());
  const auto seen = at.seen_by(rei);
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].texts(0).text() == "is this a dot?");
  for (const auto& [x, y] : {std::pair{-1.0, 5.0}, {5.0, 1024.5}, {std::nan(""), 5.0}})
    CHECK(reason(at.world.call(create_comment, quinn, at.pinned(x, y))) == "BAD_FIELD");
  auto elsewhere = at.pinned(1, 1);
  elsewhere.set_image(at.world.get(quinn, at.world.add_case())->images(0).name());
  CHECK(reason(at.world.call(create_comment, quinn, elsewhere)) == "BAD_FIELD");
  CHECK(reason(at.world.call(create_comment, quinn, at.saying(" \n"))) == "BAD_FIELD");
  CHECK(reason(at.world.call(create_comment, quinn, at.saying(std::string(4001, 'a')))) == "BAD_FIELD");
}

TEST_CASE("comments are listed page by page, oldest first") {
  Discussed at;
  for (const char* text : {"one", "two", "three"}) at.says(quinn, at.saying(text));
  const auto seen = at.seen_by(rei, 2);
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].texts(0).text() == "one");
  CHECK(seen[2].texts(0).text() == "three");
}

TEST_CASE("an answer is in the thread it answers") {
  Discussed at;
  const v1::Comment first = at.says(quinn, at.pinned(5, 5));
  auto request = at.saying("a clot");
  request.set_reply_to(first.name());
  const v1::Comment answer = at.says(rei, request);
  CHECK(answer.reply_to() == first.name());
  request = at.saying("no third level");
  request.set_reply_to(answer.name());
  CHECK(reason(at.world.call(create_comment, rei, request)) == "BAD_FIELD");
  request = at.pinned(7, 7);
  request.set_reply_to(first.name());
  CHECK(reason(at.world.call(create_comment, rei, request)) == "BAD_FIELD");
  CHECK(reason(at.world.call(resolve_comment, rei, at.about<v1::ResolveCommentRequest>(answer))) ==
        "BAD_FIELD");
}

TEST_CASE("its author edits a comment; every version is kept") {
  Discussed at;
  const v1::Comment first = at.says(quinn, at.saying("is this a dto?"));
  auto request = at.about<v1::EditCommentRequest>(first);
  request.set_text("is this a dot?");
  CHECK(reason(at.world.call(edit_comment, rei, request)) == "NOT_AUTHOR");
  const auto edited = at.world.call(edit_comment, quinn, request);
  REQUIRE(edited);
  REQUIRE(edited->texts_size() == 2);
  CHECK(edited->texts(0).text() == "is this a dto?");
  CHECK(edited->texts(1).text() == "is this a dot?");
  request.set_request_id(fresh());
  CHECK(reason(at.world.call(edit_comment, quinn, request)) == "ETAG_MISMATCH");
}

TEST_CASE("a thread is resolved and opened again, and says by whom") {
  Discussed at;
  const v1::Comment first = at.says(quinn, at.saying("blurred"));
  CHECK(first.settled_by().empty());
  CHECK(reason(at.world.call(reopen_comment, rei, at.about<v1::ReopenCommentRequest>(first))) ==
        "WRONG_STATE");
  at.world.clock.advance_seconds(60);
  const auto resolved = at.world.call(resolve_comment, rei, at.about<v1::ResolveCommentRequest>(first));
  REQUIRE(resolved);
  CHECK(resolved->resolved());
  CHECK(resolved->settled_by() == "users/rei");
  CHECK(resolved->settle_time().seconds() == first.create_time().seconds() + 60);
  // Who saw it open is told that somebody was faster.
  CHECK(reason(at.world.call(resolve_comment, quinn, at.about<v1::ResolveCommentRequest>(first))) ==
        "ETAG_MISMATCH");
  const auto open = at.world.call(reopen_comment, quinn, at.about<v1::ReopenCommentRequest>(*resolved));
  REQUIRE(open);
  CHECK_FALSE(open->resolved());
  CHECK(open->settled_by() == "users/quinn");
}

TEST_CASE("nobody but the reviewers of a case sees or makes comments") {
  Discussed at;
  at.says(quinn, at.pinned(5, 5));
  SUBCASE("a reader neither before nor after reading") {
    CHECK(at.seen_by(ann).empty());
    CHECK(reason(at.world.call(create_comment, ann, at.saying("x"))) == "ROLE_REQUIRED");
    at.world.reads(ann, at.name, says("psoriasis"));
    at.world.reads(bob, at.name, says("psoriasis"));
    CHECK(at.seen_by(ann).empty());
  }
  SUBCASE("a coordinator does not") {
    CHECK(at.seen_by(coordinator()).empty());
    CHECK(reason(at.world.call(create_comment, coordinator(), at.saying("x"))) == "ROLE_REQUIRED");
  }
  const Person both{"both", "d", {{Role::QaReviewer, ""}, {Role::Dermatologist, ""}}};
  SUBCASE("a reviewer who might still read it stays blind") {
    CHECK(at.seen_by(both).empty());
    CHECK(reason(at.world.call(create_comment, both, at.saying("x"))) == "WRONG_STATE");
    CHECK(at.world.claim(both, at.name));
  }
  SUBCASE("a reviewer who has read it never does") {
    at.world.reads(both, at.name, says("psoriasis"));
    at.world.reads(ann, at.name, says("psoriasis"));
    CHECK(at.seen_by(both).empty());
    CHECK(reason(at.world.call(create_comment, both, at.saying("x"))) == "OWN_READ");
  }
  SUBCASE("a reviewer of another site does not know the case") {
    v1::ListCommentsRequest request;
    request.set_parent(at.name);
    CHECK(reason(at.world.call(list_comments, Person{"far", "d", {{Role::QaReviewer, "b"}}}, request)) ==
          "NO_SUCH_RESOURCE");
  }
}

TEST_CASE("who comments has opened the case, and does not vote on it") {
  Discussed at;
  at.says(rei, at.saying("look here"));
  CHECK(at.world.number("SELECT COUNT(*) FROM case_readers WHERE user_id = 'rei' AND revealed_us > 0") == 1);
}

TEST_CASE("what a comment says is in no event") {
  Discussed at;
  const v1::Comment first = at.says(quinn, at.saying("secret words"));
  auto request = at.about<v1::EditCommentRequest>(first);
  request.set_text("other secret words");
  REQUIRE(at.world.call(edit_comment, quinn, request));
  CHECK(at.world.number("SELECT COUNT(*) FROM events WHERE verb LIKE '%_comment'") == 2);
  CHECK(at.world.number("SELECT COUNT(*) FROM events WHERE detail LIKE '%secret%'") == 0);
}

TEST_CASE("no query about comments walks or sorts a table that grows") {
  Discussed at;
  RecordingStore recording(at.world.store());
  at.world.through(recording);
  const v1::Comment first = at.says(quinn, at.pinned(5, 5));
  CHECK(at.seen_by(rei).size() == 1);
  REQUIRE(at.world.call(resolve_comment, quinn, at.about<v1::ResolveCommentRequest>(first)));
  at.world.through(at.world.store());
  int checked = 0;
  for (const Statement& statement : recording.take()) {
    if (statement.sql.find("comment") == std::string::npos) continue;
    const auto plan = recording.plan_of(statement);
    REQUIRE(plan);
    ++checked;
    for (const std::string& line : *plan) {
      CAPTURE(statement.sql);
      CAPTURE(line);
      CHECK_FALSE(walks_all(line));
      CHECK_FALSE(sorts(line));
    }
  }
  CHECK(checked > 8);
}
