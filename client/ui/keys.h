#pragma once

// What is pressed in this frame, of ImGui's state: commands by their chords (commands.h), and the keys that
// stay as they are. GLFW's codes of letters and digits are their ASCII codes; ImGui 1.86 has no name for
// them. The number pad's digits and its Enter count as the keyboard's.

#include <imgui.h>

#include <optional>
#include <string>

#include "client/ui/commands.h"

namespace hada::ui {

struct Ui;

// Not while a key is being chosen for a command, and while somebody types only where the chord makes no text.
// Held commands are asked for by `held`.
bool pressed(const Ui& ui, Command command);
bool held(const Ui& ui, Command command);
// The chord in force, as printed on the keys.
std::string chord_text(const Ui& ui, Command command);
// "Fit  (F)", for a tooltip.
std::string with_key(const Ui& ui, std::string_view text, Command command);

// The chord that is pressed just now, whatever it is; a modifier alone is none.
std::optional<model::Chord> pressed_chord();

inline bool key_pressed(ImGuiKey key, bool repeat = false) {
  return ImGui::IsKeyPressed(ImGui::GetKeyIndex(key), repeat);
}
inline bool key_down(ImGuiKey key) { return ImGui::IsKeyDown(ImGui::GetKeyIndex(key)); }
inline bool enter_pressed() { return key_pressed(ImGuiKey_Enter) || key_pressed(ImGuiKey_KeyPadEnter); }
inline bool without_modifiers() {
  const ImGuiIO& io = ImGui::GetIO();
  return !io.KeyCtrl && !io.KeyAlt && !io.KeyShift && !io.KeySuper;
}
// 1 to 5 without modifiers, or 0.
int confidence_pressed();

// Single keys mean something now: nobody is typing, no popup is open.
inline bool keys_are_free() {
  return !ImGui::GetIO().WantTextInput &&
         !ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
}

}  // namespace hada::ui
