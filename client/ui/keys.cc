#include "client/ui/keys.h"

#include "client/ui/frame.h"

namespace hada::ui {
namespace {

using model::Chord;

constexpr int kNumberPad0 = 320, kEnter = 257, kNumberPadEnter = 335;
constexpr int kF1 = 290, kLastKey = 348;

bool is_digit(int key) { return key >= '0' && key <= '9'; }

// The number pad's double of a key; 0: it has none.
int double_of(int key) {
  if (is_digit(key)) return kNumberPad0 + key - '0';
  return key == kEnter ? kNumberPadEnter : 0;
}

bool key_goes_down(int key, bool repeat) {
  const int other = double_of(key);
  return ImGui::IsKeyPressed(key, repeat) || (other && ImGui::IsKeyPressed(other, repeat));
}

bool key_is_down(int key) {
  const int other = double_of(key);
  return ImGui::IsKeyDown(key) || (other && ImGui::IsKeyDown(other));
}

bool modifiers_fit(const Chord& chord) {
  const ImGuiIO& io = ImGui::GetIO();
  return io.KeyCtrl == chord.ctrl && io.KeyAlt == chord.alt && io.KeyShift == chord.shift && !io.KeySuper;
}

bool character_typed(char32_t character) {
  for (const ImWchar c : ImGui::GetIO().InputQueueCharacters)
    if (c == character) return true;
  return false;
}

// In a field this is text, or moves its cursor.
bool is_for_a_field(const Chord& chord) { return !chord.ctrl && !chord.alt && chord.key < kF1; }

bool chord_pressed(const Chord& chord, Stroke stroke) {
  if (ImGui::GetIO().WantTextInput && is_for_a_field(chord)) return false;
  if (chord.key == 0) return character_typed(chord.character);
  return modifiers_fit(chord) && key_goes_down(chord.key, stroke == Stroke::Repeats);
}

bool chord_held(const Chord& chord, Stroke) { return modifiers_fit(chord) && key_is_down(chord.key); }

}  // namespace

bool pressed(const Ui& ui, Command command) {
  return !ui.state.help.busy() && any_chord(ui.model.settings, command, chord_pressed);
}

bool held(const Ui& ui, Command command) {
  return keys_are_free() && !ui.state.help_open && any_chord(ui.model.settings, command, chord_held);
}

std::string chord_text(const Ui& ui, Command command) {
  const std::string text = model::printed(chord_of(ui.model.settings, command));
  ui.shown(text);
  return text;
}

std::string with_key(const Ui& ui, std::string_view text, Command command) {
  return std::string(text) + "  (" + chord_text(ui, command) + ")";
}

std::optional<Chord> pressed_chord() {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.KeySuper) return std::nullopt;
  std::optional<Chord> typed;
  for (const ImWchar c : io.InputQueueCharacters)
    if (model::is_chord_character(c)) typed = Chord{.character = c};
  // Other scripts than Latin print their letters on the letters' keys: there the key is meant.
  if (typed && typed->character < 0x80) return typed;
  for (int key = 0; key <= kLastKey; ++key) {
    if (!model::is_chord_key(key) || !key_goes_down(key, false)) continue;
    if (is_digit(key) && io.KeyShift && !io.KeyCtrl && !io.KeyAlt) continue;  // its character comes
    return Chord{.key = key, .ctrl = io.KeyCtrl, .alt = io.KeyAlt, .shift = io.KeyShift};
  }
  return typed;
}

int confidence_pressed() {
  if (!without_modifiers()) return 0;
  for (int digit = 1; digit <= 5; ++digit)
    if (key_goes_down('0' + digit, false)) return digit;
  return 0;
}

}  // namespace hada::ui
