#include "client/model/history.h"

#include <doctest/doctest.h>

using namespace hada::model;

namespace {
ReadContent note(const std::string& text) {
  ReadContent content;
  content.note = text;
  return content;
}
constexpr int64_t kSecond = 1'000'000;
}  // namespace

TEST_CASE("undo and redo walk the edits both ways") {
  ReadHistory history;
  history.push({note(""), note("a"), EditKind::Single, 0});
  history.push({note("a"), note("ab"), EditKind::Single, 0});
  CHECK(history.undo()->note == "a");
  CHECK(history.undo()->note == "");
  CHECK_FALSE(history.undo());
  CHECK(history.redo()->note == "a");
  CHECK(history.redo()->note == "ab");
  CHECK_FALSE(history.redo());
}

TEST_CASE("a new edit forgets what had been undone") {
  ReadHistory history;
  history.push({note(""), note("a"), EditKind::Single, 0});
  (void)history.undo();
  history.push({note(""), note("b"), EditKind::Single, 0});
  CHECK_FALSE(history.can_redo());
  CHECK(history.undo()->note == "");
}

TEST_CASE("letters typed quickly are one step, a pause begins another") {
  ReadHistory history;
  history.push({note(""), note("a"), EditKind::Note, 0});
  history.push({note("a"), note("ab"), EditKind::Note, kSecond / 2});
  history.push({note("ab"), note("abc"), EditKind::Note, kSecond});
  history.push({note("abc"), note("abc d"), EditKind::Note, 5 * kSecond});
  CHECK(history.undo()->note == "abc");
  CHECK(history.undo()->note == "");
}

TEST_CASE("an edit that changes nothing is not kept") {
  ReadHistory history;
  history.push({note("a"), note("a"), EditKind::Single, 0});
  CHECK_FALSE(history.can_undo());
  history.push({note("a"), note("ab"), EditKind::Note, 0});
  history.push({note("ab"), note("a"), EditKind::Note, 1});
  CHECK_FALSE(history.can_undo());
}

TEST_CASE("typing after a redo does not run into the redone step") {
  ReadHistory history;
  history.push({note(""), note("a"), EditKind::Note, 0});
  (void)history.undo();
  (void)history.redo();
  history.push({note("a"), note("ab"), EditKind::Note, 1});
  CHECK(history.undo()->note == "a");
}

TEST_CASE("the oldest edits are forgotten, the newest kept") {
  ReadHistory history;
  for (int i = 0; i < 2100; ++i)
    history.push({note(std::to_string(i)), note(std::to_string(i + 1)), EditKind::Single, 0});
  size_t steps = 0;
  std::string last;
  while (const auto content = history.undo()) {
    last = content->note;
    ++steps;
  }
  CHECK(steps == ReadHistory::kMaxEdits);
  CHECK(last == "100");
}
