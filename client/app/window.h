#pragma once

// The GLFW window with its OpenGL 3.3 core context. Main thread only, but for wake().

#include <memory>
#include <string>

#include "client/app/input_queue.h"
#include "contract/result.h"

struct GLFWwindow;
struct GLFWmonitor;

namespace hada::app {

struct WindowOptions {
  int width = 1600, height = 1000;  // window units
  std::string title;
  bool visible = true;
};

class Window {
 public:
  // UNAVAILABLE / NO_DISPLAY when there is no X server or no OpenGL 3.3.
  static Result<std::unique_ptr<Window>> open(const WindowOptions& options);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  // Sleeps until an event, a wake() or the timeout; then the events are in input().
  void wait(double timeout_seconds);
  void poll();
  // Any thread: ends wait().
  static void wake();

  // The graphics driver was reset: every GL object is gone, drawing shows nothing. Cheap. Never true where
  // the driver cannot tell.
  bool context_lost() const;
  // A new window in the old one's place, with a context of its own, which is current. Keys and buttons count
  // as released. UNAVAILABLE / NO_DISPLAY while the driver is not ready: the old one stays.
  Status renew();

  bool close_wanted() const;
  // Something but the keyboard and the pointer asks for a new picture: size, exposure, focus. Answers once.
  bool take_damage();
  InputQueue& input() { return input_; }
  const InputQueue& input() const { return input_; }

  int framebuffer_width() const;
  int framebuffer_height() const;
  int width() const;
  int height() const;
  // As it is, or will be again after full screen.
  int windowed_width() const { return full_screen() ? windowed_.width : width(); }
  int windowed_height() const { return full_screen() ? windowed_.height : height(); }
  bool minimized() const;
  // Of the screen: 2 on a HiDPI display.
  float content_scale() const;
  void swap();
  void hide();
  // The whole screen the window is on, and back to where it was.
  void toggle_full_screen();
  bool full_screen() const;
  void set_clipboard(const std::string& text);
  GLFWwindow* handle() { return window_; }

 private:
  using ResetStatus = unsigned (*)();
  struct Box {
    int x = 0, y = 0, width = 0, height = 0;
  };

  Window(GLFWwindow* window, std::string title);
  void attach(GLFWwindow* window);
  void enter_full_screen(GLFWmonitor* monitor);

  GLFWwindow* window_ = nullptr;
  const std::string title_;
  ResetStatus reset_status_ = nullptr;  // null: the driver cannot tell
  InputQueue input_;
  Box windowed_;  // while full screen: what to come back to
  bool damaged_ = true;
};

}  // namespace hada::app
