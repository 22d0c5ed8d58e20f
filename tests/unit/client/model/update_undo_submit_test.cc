// Undo and redo of what was submitted: new revisions, sent when the reader says so.

#include <doctest/doctest.h>

#include "desk.h"

using namespace hada;
using namespace hada::model;
using test::Desk;
using test::differential;

namespace {

ReadContent says(const std::string& term) { return differential({{"terms/" + term, 1, 4}}); }

Read own_read(const std::vector<std::string>& terms) {
  Read read = Desk::a_read("sato", says(terms.front()));
  for (size_t i = 1; i < terms.size(); ++i)
    read.revisions.push_back({static_cast<int>(i) + 1, says(terms[i]), 0, "second look", false, {}});
  return read;
}

// The reader's own case with these revisions on the server, opened.
void open_own(Desk& desk, const std::vector<std::string>& terms, CaseState state = CaseState::Reading) {
  desk.log_in({Role::Dermatologist});
  desk.wish(intent::OpenCase{"cases/c1"});
  Case value = Desk::a_case("c1", state);
  value.read_by_caller = true;
  desk.give_case(value);
  reply::Reads reads;
  reads.reads = {own_read(terms)};
  desk.reply_to<effect::ListReads>(std::move(reads));
  REQUIRE(desk.reading().phase == ReadPhase::Submitted);
}

std::string top(Desk& desk) { return id_of(desk.reading().content.differential.at(0).term); }

// The server takes what was sent as the newest revision.
void accept(Desk& desk, std::vector<std::string> terms) {
  desk.wish(intent::SubmitAmend{});
  reply::ReadReply reply;
  reply.value = own_read(terms);
  desk.reply_to<effect::AmendRead>(std::move(reply));
  REQUIRE(desk.reading().phase == ReadPhase::Submitted);
}

}  // namespace

TEST_CASE("undo after the submit is a revision that restores the one before; redo takes it forward again") {
  Desk desk;
  open_own(desk, {"a", "b", "c"});
  desk.wish(intent::UndoSubmit{"goes back"});
  CHECK(desk.reading().phase == ReadPhase::Amending);
  CHECK(top(desk) == "b");
  CHECK(desk.count<effect::AmendRead>() == 0);  // a revision is for good: the reader sends it
  CHECK_FALSE(submit_problem(desk.model));      // and may at once
  accept(desk, {"a", "b", "c", "b"});
  CHECK(desk.last<effect::AmendRead>()->reason == "goes back");
  CHECK(desk.last<effect::AmendRead>()->content == says("b"));
  CHECK(desk.last<effect::AmendRead>()->etag == "read-etag");

  SUBCASE("further back") {
    desk.wish(intent::UndoSubmit{"goes back"});
    CHECK(top(desk) == "a");
    accept(desk, {"a", "b", "c", "b", "a"});
    desk.wish(intent::RedoSubmit{"goes forward"});
    CHECK(top(desk) == "b");
  }
  SUBCASE("forward again") {
    desk.wish(intent::RedoSubmit{"goes forward"});
    CHECK(top(desk) == "c");
    accept(desk, {"a", "b", "c", "b", "c"});
    CHECK(desk.last<effect::AmendRead>()->reason == "goes forward");
    desk.wish(intent::RedoSubmit{"goes forward"});
    CHECK(desk.reading().phase == ReadPhase::Submitted);  // nothing was undone
  }
}

TEST_CASE("before it is sent, undo and redo walk on through the versions, and cancel leaves all as it was") {
  Desk desk;
  open_own(desk, {"a", "b", "c"});
  desk.wish(intent::UndoSubmit{"goes back"});
  desk.wish(intent::Undo{});
  CHECK(top(desk) == "a");
  CHECK_FALSE(desk.reading().history.can_undo());
  desk.wish(intent::Redo{});
  desk.wish(intent::Redo{});
  CHECK(top(desk) == "c");
  CHECK(submit_problem(desk.model) == ReadProblem::NothingChanged);
  desk.wish(intent::CancelAmend{});
  CHECK(desk.reading().phase == ReadPhase::Submitted);
  CHECK(top(desk) == "c");
}

TEST_CASE("a first submit has nothing before it: it is open again, and the reason is the reader's to give") {
  Desk desk;
  open_own(desk, {"a"});
  desk.wish(intent::RedoSubmit{"goes forward"});
  CHECK(desk.reading().phase == ReadPhase::Submitted);
  desk.wish(intent::UndoSubmit{"goes back"});
  CHECK(desk.reading().phase == ReadPhase::Amending);
  CHECK(top(desk) == "a");
  CHECK(desk.reading().amend_reason.empty());
  CHECK_FALSE(desk.reading().history.can_undo());
}

TEST_CASE("a new version after an undo forgets what was undone") {
  Desk desk;
  open_own(desk, {"a", "b", "a", "d"});
  desk.wish(intent::UndoSubmit{"goes back"});
  CHECK(top(desk) == "a");
  CHECK_FALSE(desk.reading().history.can_undo());
  desk.wish(intent::Redo{});
  CHECK(top(desk) == "d");
}

TEST_CASE("a read that a decision rests on cannot be undone") {
  Desk desk;
  open_own(desk, {"a", "b"}, CaseState::Approved);
  desk.wish(intent::UndoSubmit{"goes back"});
  CHECK(desk.reading().phase == ReadPhase::Submitted);
  REQUIRE(desk.has_toast(ToastKind::Failed));
  CHECK(desk.model.toasts.list().back().error.reason == "DECISION_RESTS_ON_READ");
}

TEST_CASE("from the list it is the read that was submitted last, once it is here") {
  Desk desk;
  desk.start_reading();
  desk.wish(intent::AddDiagnosis{"terms/a"});
  desk.wish(intent::SubmitRead{});
  reply::ReadReply sent;
  sent.value = own_read({"a"});
  desk.reply_to<effect::SubmitRead>(std::move(sent));
  desk.wish(intent::CloseCase{});
  desk.forget_sent();
  desk.wish(intent::UndoSubmit{"goes back"});
  REQUIRE(desk.last<effect::GetCase>());
  CHECK(desk.last<effect::GetCase>()->name == "cases/c1");
  Case value = Desk::a_case("c1", CaseState::Reading);
  value.read_by_caller = true;
  desk.give_case(value);
  reply::Reads reads;
  reads.reads = {own_read({"a"})};
  desk.reply_to<effect::ListReads>(std::move(reads));
  CHECK(desk.reading().phase == ReadPhase::Amending);

  // Opened again by hand it is only looked at.
  desk.wish(intent::CancelAmend{});
  desk.wish(intent::CloseCase{});
  desk.wish(intent::OpenCase{"cases/c1"});
  desk.give_case(value);
  reply::Reads again;
  again.reads = {own_read({"a"})};
  desk.reply_to<effect::ListReads>(std::move(again));
  CHECK(desk.reading().phase == ReadPhase::Submitted);
}
