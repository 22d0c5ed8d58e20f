#include "client/app/input_queue.h"

#include <bitset>
#include <cfloat>
#include <iterator>

namespace hada::app {
namespace {

constexpr int kKeys = 512;             // GLFW's codes end at 348
constexpr int kFirstSpecialKey = 256;  // from Escape on: keys that produce no text

// What one frame has taken so far.
struct Taken {
  std::bitset<5> buttons;
  std::bitset<kKeys> keys;
  bool wheel = false, special_key = false;
};

bool must_wait(const Taken& taken, const InputEvent& event) {
  if (std::holds_alternative<input::Move>(event)) return taken.buttons.any() || taken.wheel;
  if (const auto* button = std::get_if<input::Button>(&event))
    return taken.wheel || taken.buttons[static_cast<size_t>(button->button)];
  if (std::holds_alternative<input::Wheel>(event)) return taken.buttons.any();
  if (const auto* key = std::get_if<input::Key>(&event))
    return taken.buttons.any() || taken.keys[static_cast<size_t>(key->key)];
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

void InputQueue::feed(ImGuiIO& io) {
  Taken taken;
  while (!events_.empty()) {
    const InputEvent event = events_.front();
    if (known(event)) {
      if (must_wait(taken, event)) break;
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
