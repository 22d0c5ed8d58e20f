#include "client/ui/soft_wrap.h"

#include <doctest/doctest.h>

#include <string>

using namespace hada::ui;

namespace {
// Breaks after every `width` bytes, and drops spaces at a break as text_layout does.
std::vector<std::string_view> every(std::string_view text, size_t width) {
  std::vector<std::string_view> lines;
  while (text.size() > width) {
    std::string_view line = text.substr(0, width);
    while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(width);
  }
  lines.push_back(text);
  return lines;
}
std::string wrapped(std::string_view text, size_t width) {
  return with_soft_breaks(text, [&](std::string_view paragraph) { return every(paragraph, width); });
}
const std::string kBreak(kSoftBreak);
}  // namespace

TEST_CASE("soft breaks come and go without a trace, spaces and paragraphs included") {
  const std::string text = "one two three\n\nfour five six seven\n";
  for (size_t width = 1; width < 30; ++width) CHECK(without_soft_breaks(wrapped(text, width)) == text);
}

TEST_CASE("a long paragraph gets breaks, a short one none") {
  CHECK(wrapped("abcdef", 3) == "abc" + kBreak + "def");
  CHECK(wrapped("abc", 3) == "abc");
  CHECK(wrapped("ab\ncd", 3) == "ab\ncd");
}

TEST_CASE("a broken break is cleaned up") {
  CHECK(without_soft_breaks("abc\xE2\x80\x8B"
                            "def") == "abcdef");
  CHECK(without_soft_breaks("abc\ndef") == "abc\ndef");
}

TEST_CASE("the caret keeps its letter when breaks move") {
  const std::string text = "abcdefghij";
  const std::string narrow = wrapped(text, 3), wide = wrapped(text, 7);
  for (size_t kept = 0; kept < text.size(); ++kept) {
    const size_t in_narrow = shown_position(narrow, kept), in_wide = shown_position(wide, kept);
    CHECK(narrow[in_narrow] == text[kept]);
    CHECK(wide[in_wide] == text[kept]);
    CHECK(kept_position(narrow, in_narrow) == kept);
  }
  CHECK(shown_position(narrow, text.size()) == narrow.size());
}
