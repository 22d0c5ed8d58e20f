#pragma once

// What is pressed for a command: a key with its modifiers, or a character, whatever key makes it on this
// keyboard ('#' and '?' lie elsewhere on a Japanese one). Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hada::model {

struct Chord {
  int32_t key = 0;  // GLFW's code: 'A' to 'Z', '0' to '9', a key with a name; 0: `character` instead
  char32_t character =
      0;  // printable, no letter or digit; has no modifiers: how it is made is the keyboard's
  bool ctrl = false, alt = false, shift = false;

  bool operator==(const Chord&) const = default;
};

// "Ctrl+Shift+K", "PageUp", "F5", "#", as written in the settings; letter case and the order of modifiers do
// not matter. Empty for anything else, and for Shift with a digit alone: that is another character.
std::optional<Chord> parse_chord(std::string_view text);
std::string to_text(const Chord& chord);
// As printed on the keys: "Alt+←".
std::string printed(const Chord& chord);

// A key that a chord can name: its code is the keyboard's own, without the number pad's doubles.
bool is_chord_key(int32_t key);
bool is_chord_character(char32_t character);

}  // namespace hada::model
