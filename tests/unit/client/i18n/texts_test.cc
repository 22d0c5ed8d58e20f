#include "client/i18n/texts.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace hada;
using namespace hada::i18n;

namespace {
std::multiset<std::string> placeholders(std::string_view text) {
  std::multiset<std::string> found;
  for (size_t i = 0; i + 2 < text.size(); ++i)
    if (text[i] == '{' && text[i + 2] == '}') found.emplace(text.substr(i, 3));
  return found;
}
Text text_at(size_t i) { return static_cast<Text>(i); }
bool has_kana_or_kanji(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0xE3 && static_cast<unsigned char>(c) <= 0xE9) return true;
  return false;
}
}  // namespace

TEST_CASE("every text has both languages, with the same placeholders") {
  for (size_t i = 0; i < kTextCount; ++i) {
    CAPTURE(key_of(text_at(i)));
    const std::string english = tr(text_at(i), Language::English),
                      japanese = tr(text_at(i), Language::Japanese);
    CHECK_FALSE(english.empty());
    CHECK_FALSE(japanese.empty());
    CHECK(placeholders(english) == placeholders(japanese));
  }
}

TEST_CASE("no English text is left in the Japanese interface, and no Japanese in the English one") {
  // Names and units are the same in both.
  const std::set<std::string_view> same = {"AppName",          "AppMark",         "LanguageEnglish",
                                           "LanguageJapanese", "ContextDiameter", "ReadDifferentialCount"};
  for (size_t i = 0; i < kTextCount; ++i) {
    CAPTURE(key_of(text_at(i)));
    if (same.contains(key_of(text_at(i)))) continue;
    CHECK(has_kana_or_kanji(tr(text_at(i), Language::Japanese)));
    CHECK_FALSE(has_kana_or_kanji(tr(text_at(i), Language::English)));
  }
}

TEST_CASE("placeholders are numbered from 0 without a gap") {
  for (size_t i = 0; i < kTextCount; ++i) {
    CAPTURE(key_of(text_at(i)));
    const auto found = placeholders(tr(text_at(i), Language::English));
    const std::set<std::string> distinct(found.begin(), found.end());
    int number = 0;
    for (const std::string& each : distinct) CHECK(each == "{" + std::to_string(number++) + "}");
  }
}

TEST_CASE("arguments go where each language wants them") {
  CHECK(format(Text::ReviewSomeAgree, Language::English, {"2", "3"}) ==
        "2 of 3 readers share the first diagnosis");
  CHECK(format(Text::ReviewSomeAgree, Language::Japanese, {"2", "3"}) == "判読医3名中2名の第1診断が一致");
  CHECK(format(Text::RowsAll, Language::English, {"1"}) == "1 case");
  CHECK(format(Text::RowsAll, Language::English, {"0"}) == "0 cases");
  CHECK(format(Text::RowsAll, Language::Japanese, {"1"}) == "1件");
  CHECK(format(Text::CaseTitle, Language::English, {}) == "Case {0}");
  CHECK(format(Text::CaseTitle, Language::English, {"{0}"}) == "Case {0}");
}

TEST_CASE("every word of the contract has a text of its own") {
  const auto all_differ = [](int count, auto text_of_number) {
    std::set<Text> texts;
    for (int i = 0; i < count; ++i) texts.insert(text_of_number(i));
    CHECK(texts.size() == static_cast<size_t>(count));
  };
  all_differ(kCaseStateCount, [](int i) { return text_of(static_cast<CaseState>(i)); });
  all_differ(kImageKindCount, [](int i) { return text_of(static_cast<ImageKind>(i)); });
  all_differ(7, [](int i) { return text_of(static_cast<WorklistView>(i)); });
  all_differ(5, [](int i) { return text_of(static_cast<UngradableReason>(i)); });
  all_differ(9, [](int i) { return text_of(static_cast<ImageFlag>(i)); });
  all_differ(8, [](int i) { return text_of(static_cast<DecisionKind>(i)); });
  all_differ(9, [](int i) { return text_of(static_cast<RejectCode>(i)); });
  all_differ(6, [](int i) { return text_of(static_cast<Role>(i)); });
}

TEST_CASE("an error is told by its reason, and by its code when the reason is new") {
  CHECK(text_of_error(9, "LEASE_LOST") == Text::ErrorLeaseLost);
  CHECK(text_of_error(9, "SOMETHING_NEW") == Text::ErrorPrecondition);
  CHECK(text_of_error(14, "") == Text::ErrorUnavailable);
  CHECK(text_of_error(13, "") == Text::ErrorInternal);
  CHECK(text_of_error(99, "") == Text::ErrorInternal);
}
