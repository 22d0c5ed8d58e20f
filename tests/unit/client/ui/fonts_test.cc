// Every character that the interface or the vocabulary can show is really drawn, in every size. ImGui's own
// Japanese range would lack 癌 疹 痒 痣 糜 爛 and more.

#include "client/ui/fonts.h"

#include <doctest/doctest.h>
#include <imgui_internal.h>

#include <array>
#include <filesystem>
#include <set>

#include "client/i18n/texts.h"
#include "client/i18n/words.h"
#include "contract/vocabulary.h"
#include "embedded/hada_vocabulary.h"

namespace hada::ui {
namespace {

struct Gui {
  Gui() { ImGui::CreateContext(); }
  ~Gui() { ImGui::DestroyContext(); }
};

void add(std::set<unsigned>& characters, std::string_view text) {
  for (const char *at = text.data(), *end = at + text.size(); at < end;) {
    unsigned code = 0;
    at += ImTextCharFromUtf8(&code, at, end);
    if (code >= 0x20) characters.insert(code);
  }
}

// All that is shown, and the names of the vocabulary noted as the panels do.
std::set<unsigned> everything_shown(Fonts& fonts) {
  std::set<unsigned> characters;
  for (size_t i = 0; i < i18n::kTextCount; ++i)
    for (const Language language : {Language::English, Language::Japanese})
      add(characters, i18n::tr(static_cast<i18n::Text>(i), language));
  i18n::for_each_japanese_word([&](std::string_view word) { add(characters, word); });
  const auto vocabulary = contract::Vocabulary::parse(embedded::terms_tsv(), embedded::release_classes_tsv(),
                                                      embedded::VERSION());
  REQUIRE(vocabulary);
  const auto name = [&](const std::string& text) {
    fonts.note(text);
    add(characters, text);
  };
  for (const contract::Term& term : vocabulary->terms()) {
    name(term.en);
    name(term.ja);
    for (const std::string& synonym : term.synonyms_en) name(synonym);
    for (const std::string& synonym : term.synonyms_ja) name(synonym);
  }
  return characters;
}

std::string utf8(unsigned code) {
  char text[5] = {};
  ImTextStrToUtf8(text, sizeof text, std::array<ImWchar, 2>{static_cast<ImWchar>(code), 0}.data(), nullptr);
  return text;
}

}  // namespace

TEST_CASE("every character of the interface and the vocabulary is drawn, at every scale") {
  if (!std::filesystem::exists(Fonts::kRegularFile)) {
    FAIL("the fonts are not installed (fonts-noto-cjk)");
  }
  const Gui gui;
  Fonts fonts;
  std::set<unsigned> characters = everything_shown(fonts);
  CHECK(characters.size() > 1000);
  // Words of the field that the interface itself may not hold today.
  constexpr const char* kHard = "癌疹痒痣糜爛瘤嚢痤疽皶瘙癤瘭";
  fonts.note(kHard);
  add(characters, kHard);
  for (const float scale : {1.0f, 1.25f, 2.5f}) {
    CAPTURE(scale);
    while (fonts.rebuild_needed(scale) || fonts.unfinished()) fonts.build(scale);
    for (const ImFont* font : {fonts.body, fonts.small, fonts.strong, fonts.heading}) {
      std::string missing;
      for (const unsigned code : characters) {
        const ImFontGlyph* glyph = font->FindGlyphNoFallback(static_cast<ImWchar>(code));
        // A space of any kind has nothing to draw.
        const bool blank = code == 0x20 || code == 0xA0 || code == 0x2009 || code == 0x3000 || code == 0x200B;
        if (!glyph || (!glyph->Visible && !blank)) missing += utf8(code);
      }
      CHECK(missing == "");
    }
    // What any OpenGL 3.3 driver takes.
    CHECK(ImGui::GetIO().Fonts->TexHeight <= 8192);
  }
}

TEST_CASE("a character that no one announced is not drawn, and is once it was noted") {
  const Gui gui;
  Fonts fonts;
  fonts.build(1);
  constexpr ImWchar kRare = 0x9F98;  // 龘
  CHECK(fonts.body->FindGlyphNoFallback(kRare) == nullptr);
  fonts.note("龘");
  while (fonts.rebuild_needed(1) || fonts.unfinished()) fonts.build(1);
  CHECK(fonts.body->FindGlyphNoFallback(kRare) != nullptr);
}

}  // namespace hada::ui
