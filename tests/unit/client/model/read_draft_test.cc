#include "client/model/read_draft.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "desk.h"

using namespace hada;
using namespace hada::model;
using test::differential;

namespace {
std::vector<int> ranks(const ReadContent& content) {
  std::vector<int> list;
  for (const Diagnosis& d : content.differential) list.push_back(d.rank);
  return list;
}
std::string terms(const ReadContent& content) {
  std::string list;
  for (const Diagnosis& d : content.differential) list += d.term;
  return list;
}
// a, then b tied with c, then d.
ReadContent tied() { return differential({{"a", 1, 3}, {"b", 2, 3}, {"c", 2, 3}, {"d", 3, 3}}); }
}  // namespace

TEST_CASE("a diagnosis is appended at the next rank, once, and at most five are taken") {
  ReadContent content;
  for (const char* term : {"a", "b", "a", "c", "d", "e", "f"}) content = with_diagnosis(content, term);
  CHECK(terms(content) == "abcde");
  CHECK(ranks(content) == std::vector<int>{1, 2, 3, 4, 5});
}

TEST_CASE("naming a diagnosis makes the case gradable") {
  const ReadContent content = with_diagnosis(with_reason({}, UngradableReason::ImageQuality), "a");
  CHECK(content.gradable);
  CHECK(content.ungradable_reason == UngradableReason::Unspecified);
}

TEST_CASE("ranks leave no gap when a diagnosis goes") {
  SUBCASE("the first") { CHECK(ranks(without_diagnosis(tied(), 0)) == std::vector<int>{1, 1, 2}); }
  SUBCASE("one of a tie") { CHECK(ranks(without_diagnosis(tied(), 1)) == std::vector<int>{1, 2, 3}); }
  SUBCASE("the last") { CHECK(ranks(without_diagnosis(tied(), 3)) == std::vector<int>{1, 2, 2}); }
  SUBCASE("none there") { CHECK(without_diagnosis(tied(), 9) == tied()); }
}

TEST_CASE("a tie can be made and undone") {
  const ReadContent content = with_tied(tied(), 1, true);
  CHECK(ranks(content) == std::vector<int>{1, 1, 1, 2});
  CHECK(ranks(with_tied(content, 2, false)) == std::vector<int>{1, 1, 2, 3});
  CHECK(with_tied(tied(), 0, true) == tied());
}

TEST_CASE("moving keeps a tie only where its members still stand together") {
  const ReadContent content = with_moved(tied(), 0, 1);  // b a c d
  CHECK(terms(content) == "bacd");
  CHECK(ranks(content) == std::vector<int>{1, 2, 3, 4});
  const ReadContent other = with_moved(tied(), 3, 0);  // d a b c
  CHECK(terms(other) == "dabc");
  CHECK(ranks(other) == std::vector<int>{1, 2, 3, 3});
}

TEST_CASE("confidence is 1 to 5") {
  CHECK(with_confidence(tied(), 1, 5).differential[1].confidence == 5);
  CHECK(with_confidence(tied(), 1, 6) == tied());
  CHECK(with_confidence(tied(), 1, 0) == tied());
}

TEST_CASE("flags are kept per image, sorted, and an image without any is left out") {
  ReadContent content = with_flag({}, "images/1", ImageFlag::Hair, true);
  content = with_flag(content, "images/1", ImageFlag::Blur, true);
  content = with_flag(content, "images/1", ImageFlag::Blur, true);
  CHECK(content.image_flags["images/1"] == std::vector<ImageFlag>{ImageFlag::Blur, ImageFlag::Hair});
  CHECK(has_flag(content, "images/1", ImageFlag::Hair));
  content = with_flag(content, "images/1", ImageFlag::Hair, false);
  content = with_flag(content, "images/1", ImageFlag::Blur, false);
  CHECK(content.image_flags.empty());
}

TEST_CASE("what is not gradable is sent without a differential, which the draft keeps") {
  ReadContent content = with_gradable(tied(), false);
  CHECK(content.differential.size() == 4);
  CHECK(to_submit(content).differential.empty());
  content = with_gradable(content, true);
  CHECK(to_submit(content).differential.size() == 4);
}

TEST_CASE("a read says what keeps it from being submitted") {
  CHECK(problem_of(ReadContent{}) == ReadProblem::NoDiagnosis);
  CHECK(problem_of(with_gradable({}, false)) == ReadProblem::NoUngradableReason);
  CHECK_FALSE(problem_of(with_reason({}, UngradableReason::ImageQuality)));
  CHECK_FALSE(problem_of(tied()));
  std::string note;
  for (int i = 0; i < 4000; ++i) note += "肌";
  CHECK_FALSE(problem_of(with_note(tied(), note)));
  CHECK(problem_of(with_note(tied(), note + "x")) == ReadProblem::NoteTooLong);
}

TEST_CASE("a diagnosis dropped on another stands below it, at its rank") {
  // a, b = c, d
  CHECK(ranks(with_tied_to(tied(), 3, 0)) == std::vector<int>{1, 1, 2, 2});  // a = d, b = c
  CHECK(with_tied_to(tied(), 3, 0).differential[1].term == "d");
  CHECK(ranks(with_tied_to(tied(), 0, 3)) == std::vector<int>{1, 1, 2, 2});  // b = c, d = a
  CHECK(with_tied_to(tied(), 0, 3).differential[3].term == "a");
  CHECK(ranks(with_tied_to(tied(), 3, 1)) == std::vector<int>{1, 2, 2, 2});  // into a tie
  CHECK(ranks(with_tied_to(tied(), 1, 0)) == std::vector<int>{1, 1, 2, 3});  // out of one, to its neighbour
  CHECK(with_tied_to(tied(), 1, 2).differential[1].term == "c");
  CHECK(with_tied_to(tied(), 1, 1) == tied());
  CHECK(with_tied_to(tied(), 9, 1) == tied());
}
