#include <doctest/doctest.h>

#include "client/model/comments.h"
#include "desk.h"

using namespace hada;
using namespace hada::model;
using test::Desk;

namespace {

Comment a_comment(const std::string& id, const std::string& author = "qa", const std::string& reply_to = {}) {
  Comment comment;
  comment.name = "cases/c1/comments/" + id;
  comment.author = "users/" + author;
  comment.texts = {"text of " + id};
  if (!reply_to.empty()) comment.reply_to = "cases/c1/comments/" + reply_to;
  comment.etag = "etag-" + id;
  return comment;
}

reply::CommentReply with(Comment comment) {
  reply::CommentReply reply;
  reply.value = std::move(comment);
  return reply;
}

// A reviewer at a case with two images and these comments.
struct Discussion : Desk {
  explicit Discussion(std::vector<Comment> comments = {}) {
    log_in({Role::QaReviewer}, "qa");
    wish(intent::OpenCase{"cases/c1"});
    give_case(a_case("c1", CaseState::ToPanel, 2));
    reply::Comments reply;
    reply.comments = std::move(comments);
    reply_to<effect::ListComments>(std::move(reply));
    forget_sent();
  }
  const CommentDesk& desk() const { return model.open_case->comments; }
};

}  // namespace

TEST_CASE("a reviewer's case comes with its comments, a reader's does not") {
  Desk desk;
  desk.log_in({Role::QaReviewer});
  desk.wish(intent::OpenCase{"cases/c1"});
  CHECK(desk.count<effect::ListComments>() == 1);
  Desk reader;
  reader.log_in({Role::Dermatologist});
  reader.wish(intent::OpenCase{"cases/c1"});
  CHECK(reader.count<effect::ListComments>() == 0);
}

TEST_CASE("comments make threads, numbered as they were begun") {
  const std::vector<Comment> comments = {a_comment("1"), a_comment("2"), a_comment("3", "rei", "1"),
                                         a_comment("4")};
  const auto threads = threads_of(comments);
  REQUIRE(threads.size() == 3);
  CHECK(threads[2].number == 3);
  CHECK(threads[2].first == &comments[3]);
  REQUIRE(threads[0].answers.size() == 1);
  CHECK(threads[0].answers[0] == &comments[2]);
}

TEST_CASE("a comment is sent with its place, one at a time, and is there once it is answered") {
  Discussion at;
  at.wish(intent::AddComment{"images/c1-1", {3.5, 4}, {}, "what is this?"});
  at.wish(intent::AddComment{"images/c1-1", {3.5, 4}, {}, "what is this?"});
  REQUIRE(at.count<effect::CreateComment>() == 1);
  CHECK(at.last<effect::CreateComment>()->image == "images/c1-1");
  CHECK(at.last<effect::CreateComment>()->at.x == 3.5);
  CHECK(at.desk().sending);
  at.reply_to<effect::CreateComment>(with(a_comment("1")));
  CHECK_FALSE(at.desk().sending);
  CHECK(at.desk().list.size() == 1);
  CHECK(open_threads(at.desk().list) == 1);
}

TEST_CASE("nothing empty, and nothing about another case's image, is sent") {
  Discussion at;
  at.wish(intent::AddComment{{}, {}, {}, " \n"});
  at.wish(intent::AddComment{"images/elsewhere", {}, {}, "x"});
  CHECK(at.sent.empty());
}

TEST_CASE("one edits one's own comments only") {
  Discussion at({a_comment("1"), a_comment("2", "rei")});
  at.wish(intent::EditComment{"cases/c1/comments/2", "mine now"});
  at.wish(intent::EditComment{"cases/c1/comments/1", "text of 1"});
  CHECK(at.sent.empty());
  at.wish(intent::EditComment{"cases/c1/comments/1", "better"});
  REQUIRE(at.count<effect::EditComment>() == 1);
  CHECK(at.last<effect::EditComment>()->etag == "etag-1");
  Comment edited = a_comment("1");
  edited.texts.push_back("better");
  at.reply_to<effect::EditComment>(with(edited));
  REQUIRE(at.desk().list.size() == 2);
  CHECK(at.desk().list[0].text() == "better");
}

TEST_CASE("a thread is resolved by anybody, an answer is not") {
  Discussion at({a_comment("1", "rei"), a_comment("2", "rei", "1")});
  at.wish(intent::SettleComment{"cases/c1/comments/2", true});
  at.wish(intent::SettleComment{"cases/c1/comments/1", false});
  CHECK(at.sent.empty());
  at.wish(intent::SettleComment{"cases/c1/comments/1", true});
  REQUIRE(at.count<effect::SettleComment>() == 1);
  CHECK(at.last<effect::SettleComment>()->resolved);
}

TEST_CASE("a refused comment is said so and the list is asked for again") {
  Discussion at({a_comment("1")});
  at.wish(intent::SettleComment{"cases/c1/comments/1", true});
  at.refuse<effect::SettleComment, reply::CommentReply>(10, "ETAG_MISMATCH");
  CHECK(at.desk().refused);
  CHECK_FALSE(at.desk().sending);
  CHECK(at.has_toast(ToastKind::Failed));
  CHECK(at.count<effect::ListComments>() == 1);
}

TEST_CASE("going to a comment shows its place") {
  Comment pinned = a_comment("1");
  pinned.image = "images/c1-1";
  pinned.at = {700, 300};
  Discussion at({pinned});
  at.wish(intent::SetLayout{1});
  at.wish(intent::ResizePane{0, 400, 400});
  at.wish(intent::GoToComment{"cases/c1/comments/1"});
  const Pane& pane = at.model.open_case->panes.panes[0];
  CHECK(pane.image == "images/c1-1");
  CHECK(pane.viewport.centre.x == doctest::Approx(700));
  CHECK(pane.viewport.centre.y == doctest::Approx(300));
}

TEST_CASE("who has read a case does not discuss it") {
  Desk desk;
  desk.log_in({Role::QaReviewer, Role::Dermatologist});
  desk.wish(intent::OpenCase{"cases/c1"});
  Case value = Desk::a_case("c1", CaseState::ToPanel);
  value.read_by_caller = true;
  desk.give_case(value);
  desk.forget_sent();
  desk.wish(intent::AddComment{{}, {}, {}, "x"});
  CHECK(desk.count<effect::CreateComment>() == 0);
}
