#include "client/model/chord.h"

#include <doctest/doctest.h>

using namespace hada::model;

TEST_CASE("a chord is read as it is written, whatever the case and the order") {
  for (const char* text : {"F", "Ctrl+Shift+K", "Alt+Left", "Ctrl+Alt+1", "PageUp", "F11", "F24", "BackSpace",
                           "Space", "Shift+R", "Ctrl+Enter", "0", "Ctrl+Shift+3"}) {
    CAPTURE(text);
    const auto chord = parse_chord(text);
    REQUIRE(chord);
    CHECK(chord->key != 0);
    CHECK(to_text(*chord) == text);
  }
  CHECK(parse_chord("shift+CTRL+k") == parse_chord("Ctrl+Shift+K"));
  CHECK(parse_chord("pageup") == parse_chord("PageUp"));
}

TEST_CASE("a chord tells its key in GLFW's codes, and its modifiers") {
  CHECK(*parse_chord("Alt+F11") == Chord{.key = 300, .alt = true});
  CHECK(*parse_chord("ctrl+shift+k") == Chord{.key = 'K', .ctrl = true, .shift = true});
}

TEST_CASE("a character is a chord of its own, wherever the keyboard has it") {
  for (const char* text : {"#", "?", "+", "-", "/", "^", "ö", "ろ", "¥"}) {
    CAPTURE(text);
    const auto chord = parse_chord(text);
    REQUIRE(chord);
    CHECK(chord->key == 0);
    CHECK(to_text(*chord) == text);
  }
  CHECK(parse_chord("ろ")->character == U'ろ');
}

TEST_CASE("what is no chord is refused") {
  for (const char* text : {"",
                           " ",
                           "Ctrl",
                           "Ctrl+",
                           "+K",
                           "Ctrl++",
                           "Ctrl+Ctrl+K",
                           "Super+K",
                           "Shift+#",
                           "F0",
                           "F25",
                           "F1x",
                           "Kk",
                           "K+Ctrl",
                           "\t",
                           "\xff",
                           "\xc0\xaf",
                           "\xed\xa0\x80",
                           "##",
                           "Ctrl+ö",
                           "Ctrl K",
                           "\xf5\x80\x80\x80"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_chord(text));
  }
}

TEST_CASE("Shift with a digit alone is refused: it makes a character that depends on the keyboard") {
  CHECK_FALSE(parse_chord("Shift+3"));
  CHECK(parse_chord("Alt+Shift+3"));
}

TEST_CASE("keys are shown as they are printed") {
  CHECK(printed(*parse_chord("Alt+Left")) == "Alt+←");
  CHECK(printed(*parse_chord("Down")) == "↓");
  CHECK(printed(*parse_chord("-")) == "−");
  CHECK(printed(*parse_chord("Ctrl+Shift+Z")) == "Ctrl+Shift+Z");
}
