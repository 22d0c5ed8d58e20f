#include "client/model/chord.h"

#include <algorithm>
#include <cctype>

namespace hada::model {
namespace {

struct NamedKey {
  int32_t key;  // GLFW's code
  std::string_view name, printed;
};
constexpr NamedKey kNamed[] = {{32, "Space", "Space"},
                               {256, "Esc", "Esc"},
                               {257, "Enter", "Enter"},
                               {258, "Tab", "Tab"},
                               {259, "BackSpace", "BackSpace"},
                               {260, "Insert", "Insert"},
                               {261, "Delete", "Delete"},
                               {262, "Right", "→"},
                               {263, "Left", "←"},
                               {264, "Down", "↓"},
                               {265, "Up", "↑"},
                               {266, "PageUp", "PageUp"},
                               {267, "PageDown", "PageDown"},
                               {268, "Home", "Home"},
                               {269, "End", "End"}};
constexpr int32_t kF1 = 290, kFunctionKeys = 24;

char upper(char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); }

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return upper(x) == upper(y); });
}

bool is_digit(int32_t key) { return key >= '0' && key <= '9'; }

int32_t key_named(std::string_view name) {
  if (name.size() == 1 && (is_digit(name[0]) || (upper(name[0]) >= 'A' && upper(name[0]) <= 'Z')))
    return upper(name[0]);
  for (const NamedKey& named : kNamed)
    if (same_word(named.name, name)) return named.key;
  for (int32_t number = 1; number <= kFunctionKeys; ++number)
    if (same_word("F" + std::to_string(number), name)) return kF1 + number - 1;
  return 0;
}

std::string name_of(int32_t key, std::string_view NamedKey::*form) {
  for (const NamedKey& named : kNamed)
    if (named.key == key) return std::string(named.*form);
  if (key >= kF1) return "F" + std::to_string(key - kF1 + 1);
  return std::string(1, static_cast<char>(key));
}

std::string utf8(char32_t c) {
  const auto byte = [](char32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F))};
  if (c < 0x10000) return {byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F))};
  return {byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)),
          byte(0x80 | (c & 0x3F))};
}

// The one character that the text is; 0 for anything else.
char32_t only_character(std::string_view text) {
  if (text.empty() || text.size() > 4) return 0;
  const auto first = static_cast<unsigned char>(text[0]);
  const size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (text.size() != length) return 0;
  char32_t c = length == 1 ? first : first & (0x7Fu >> length);
  for (const char next : text.substr(1)) c = c << 6 | (static_cast<unsigned char>(next) & 0x3F);
  return utf8(c) == text ? c : 0;  // what is written otherwise was no UTF-8
}

std::string with_modifiers(const Chord& chord, std::string key) {
  return std::string(chord.ctrl ? "Ctrl+" : "") + (chord.alt ? "Alt+" : "") + (chord.shift ? "Shift+" : "") +
         std::move(key);
}

}  // namespace

bool is_chord_key(int32_t key) {
  if (is_digit(key) || (key >= 'A' && key <= 'Z')) return true;
  if (key >= kF1 && key < kF1 + kFunctionKeys) return true;
  return std::any_of(std::begin(kNamed), std::end(kNamed), [&](const NamedKey& n) { return n.key == key; });
}

bool is_chord_character(char32_t c) {
  if (c <= 0x20 || (c >= 0x7F && c <= 0xA0) || (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF) return false;
  return !(c < 0x80 && std::isalnum(static_cast<unsigned char>(c)));
}

std::optional<Chord> parse_chord(std::string_view text) {
  if (const char32_t c = only_character(text); is_chord_character(c)) return Chord{.character = c};
  Chord chord;
  for (size_t plus = text.find('+'); plus != text.npos; plus = text.find('+')) {
    const std::string_view word = text.substr(0, plus);
    bool* modifier = same_word(word, "Ctrl")    ? &chord.ctrl
                     : same_word(word, "Alt")   ? &chord.alt
                     : same_word(word, "Shift") ? &chord.shift
                                                : nullptr;
    if (!modifier || *modifier) return std::nullopt;
    *modifier = true;
    text.remove_prefix(plus + 1);
  }
  chord.key = key_named(text);
  if (chord.key == 0) return std::nullopt;
  if (is_digit(chord.key) && chord.shift && !chord.ctrl && !chord.alt) return std::nullopt;
  return chord;
}

std::string to_text(const Chord& chord) {
  if (chord.key == 0) return utf8(chord.character);
  return with_modifiers(chord, name_of(chord.key, &NamedKey::name));
}

std::string printed(const Chord& chord) {
  if (chord.character == '-') return "−";
  if (chord.key == 0) return utf8(chord.character);
  return with_modifiers(chord, name_of(chord.key, &NamedKey::printed));
}

}  // namespace hada::model
