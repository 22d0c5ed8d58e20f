#pragma once

// The window's events in the order they came, fed to ImGui frame by frame. ImGui 1.86 knows only the state at
// the start of a frame: a key that went down and up between two slow frames would be lost, a click would land
// where the pointer is by then, and what is typed behind a Tab would still go to the old field. So one frame
// takes events only as far as they stay distinguishable, and the rest waits for the next.

#include <imgui.h>

#include <deque>
#include <variant>

namespace hada::app {

namespace input {
struct Move {
  float x, y;  // window units
};
struct Button {
  int button;
  bool down;
};
struct Wheel {
  float dx, dy;
};
struct Key {
  int key;  // GLFW's code
  bool down;
  bool ctrl, shift, alt, super;
};
struct Text {
  unsigned int codepoint;
};
struct Focus {
  bool focused;
};
}  // namespace input

using InputEvent =
    std::variant<input::Move, input::Button, input::Wheel, input::Key, input::Text, input::Focus>;

class InputQueue {
 public:
  void push(InputEvent event) { events_.push_back(event); }
  bool empty() const { return events_.empty(); }

  // Between ImGui_ImplGlfw_NewFrame and ImGui::NewFrame.
  void feed(ImGuiIO& io);

 private:
  bool waits_for_focus(const InputEvent& event) const;

  std::deque<InputEvent> events_;
  int focus_frames_ = 0;      // until the focus is where the last key sends it
  bool text_of_key_ = false;  // text that comes now belongs to the key that was taken last
  float x_ = -1e9f, y_ = -1e9f;
  bool buttons_[5] = {};
};

}  // namespace hada::app
