#include "client/app/input_queue.h"

#include <bitset>
#include <cfloat>
#include <iterator>

namespace hada::app {
namespace {

constexpr int kKeys = 512;             // GLFW's codes end at 348
constexpr int kFirstSpecialKey = 256;  // from Escape on: keys that produce no text
// A shortcut that opens a field asks for the focus at the end of its frame, ImGui grants it two frames later,
// and only then do other shortcuts know that somebody is typing.
constexpr int kFocusFrames = 3;

// Whether this key may move the focus: what is typed next must not end up where it was, a password in a field
// that shows it, say.
bool moves_focus(int key, bool typing) {
  constexpr int kEscape = 256, kEnter = 257, kTab = 258, kInsert = 260, kHome = 268, kEnd = 269;
  constexpr int kF1 = 290, kF24 = 313, kPadEnter = 335;
  if (key == kEscape || key == kEnter || key == kTab || key == kPadEnter) return true;
  // Those that a user may give to a command that opens a field; the arrows' rhythm is left alone.
  const bool shortcut =
      key < kFirstSpecialKey || key == kInsert || key == kHome || key == kEnd || (key >= kF1 && key <= kF24);
  return shortcut && !typing;
}

// What one frame has taken so far.
struct Taken {
  std::bitset<5> buttons;
  std::bitset<kKeys> keys;
  bool wheel = false, special_key = false;
};

// A frame has one set of modifiers: that of its first key.
bool other_modifiers(const ImGuiIO& io, const input::Key& key) {
  return key.ctrl != io.KeyCtrl || key.shift != io.KeyShift || key.alt != io.KeyAlt ||
         key.super != io.KeySuper;
}

bool must_wait(const ImGuiIO& io, const Taken& taken, const InputEvent& event) {
  if (std::holds_alternative<input::Move>(event)) return taken.buttons.any() || taken.wheel;
  if (const auto* button = std::get_if<input::Button>(&event))
    return taken.wheel || taken.buttons[static_cast<size_t>(button->button)];
  if (std::holds_alternative<input::Wheel>(event)) return taken.buttons.any();
  if (const auto* key = std::get_if<input::Key>(&event))
    return taken.buttons.any() || taken.keys[static_cast<size_t>(key->key)] ||
           (taken.keys.any() && other_modifiers(io, *key));
  // ImGui applies a frame's text before its keys.
  if (std::holds_alternative<input::Text>(event)) return taken.buttons.any() || taken.special_key;
  return false;
}

bool known(const InputEvent& event) {
  if (const auto* button = std::get_if<input::Button>(&event))
    return button->button >= 0 && button->button < 5;
  if (const auto* key = std::get_if<input::Key>(&event)) return key->key >= 0 && key->key < kKeys;
  return true;
}

}  // namespace

bool InputQueue::waits_for_focus(const InputEvent& event) const {
  if (focus_frames_ == 0) return false;
  if (const auto* key = std::get_if<input::Key>(&event)) return key->down;
  return std::holds_alternative<input::Text>(event) && !text_of_key_;
}

void InputQueue::feed(ImGuiIO& io) {
  Taken taken;
  text_of_key_ = false;
  if (focus_frames_ > 0) --focus_frames_;
  while (!events_.empty()) {
    const InputEvent event = events_.front();
    if (known(event)) {
      if (must_wait(io, taken, event) || waits_for_focus(event)) break;
      if (const auto* move = std::get_if<input::Move>(&event)) {
        x_ = move->x;
        y_ = move->y;
      } else if (const auto* button = std::get_if<input::Button>(&event)) {
        taken.buttons.set(static_cast<size_t>(button->button));
        buttons_[button->button] = button->down;
      } else if (const auto* wheel = std::get_if<input::Wheel>(&event)) {
        taken.wheel = true;
        io.MouseWheelH += wheel->dx;
        io.MouseWheel += wheel->dy;
      } else if (const auto* key = std::get_if<input::Key>(&event)) {
        taken.keys.set(static_cast<size_t>(key->key));
        taken.special_key |= key->down && key->key >= kFirstSpecialKey;
        if (key->down && moves_focus(key->key, io.WantTextInput)) {
          focus_frames_ = kFocusFrames;
          text_of_key_ = key->key < kFirstSpecialKey;
        }
        io.KeysDown[key->key] = key->down;
        io.KeyCtrl = key->ctrl;
        io.KeyShift = key->shift;
        io.KeyAlt = key->alt;
        io.KeySuper = key->super;
      } else if (const auto* text = std::get_if<input::Text>(&event)) {
        io.AddInputCharacter(text->codepoint);
      } else if (const auto* focus = std::get_if<input::Focus>(&event)) {
        io.AddFocusEvent(focus->focused);
        if (!focus->focused) {
          std::fill(std::begin(io.KeysDown), std::end(io.KeysDown), false);
          io.KeyCtrl = io.KeyShift = io.KeyAlt = io.KeySuper = false;
        }
      }
    }
    events_.pop_front();
  }
  io.MousePos = x_ < -1e8f ? ImVec2(-FLT_MAX, -FLT_MAX) : ImVec2(x_, y_);
  for (int i = 0; i < 5; ++i) io.MouseDown[i] = buttons_[i];
}

}  // namespace hada::app
