#pragma once

// Keys that ImGui 1.86 has no name for: GLFW's codes of letters and digits are their ASCII codes. Digits also
// come from the number pad.

#include <imgui.h>

namespace hada::ui {

inline bool key_pressed(ImGuiKey key, bool repeat = false) {
  return ImGui::IsKeyPressed(ImGui::GetKeyIndex(key), repeat);
}
inline constexpr int kKeyF11 = 300;  // GLFW's code
inline bool key_pressed_code(int code) { return ImGui::IsKeyPressed(code, false); }
inline bool key_down(ImGuiKey key) { return ImGui::IsKeyDown(ImGui::GetKeyIndex(key)); }

// 'A' to 'Z' without Ctrl or Alt.
inline bool letter_pressed(char letter) {
  const ImGuiIO& io = ImGui::GetIO();
  return !io.KeyCtrl && !io.KeyAlt && !io.KeySuper && ImGui::IsKeyPressed(letter, false);
}

// 0 to 9, or -1.
inline int digit_pressed() {
  constexpr int kNumberPad0 = 320;
  const ImGuiIO& io = ImGui::GetIO();
  if (io.KeyCtrl || io.KeyAlt || io.KeySuper || io.KeyShift) return -1;
  for (int digit = 0; digit <= 9; ++digit)
    if (ImGui::IsKeyPressed('0' + digit, false) || ImGui::IsKeyPressed(kNumberPad0 + digit, false))
      return digit;
  return -1;
}

// A typed character, whatever key makes it on this keyboard ('?', '+').
inline bool character_typed(ImWchar character) {
  for (const ImWchar c : ImGui::GetIO().InputQueueCharacters)
    if (c == character) return true;
  return false;
}

// Single keys mean something now: nobody is typing, no popup is open.
inline bool keys_are_free() {
  return !ImGui::GetIO().WantTextInput &&
         !ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
}

}  // namespace hada::ui
