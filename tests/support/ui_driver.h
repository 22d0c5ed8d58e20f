#pragma once

// Drives the real workstation in a real window: Xvfb, the program `hada`, real pointer and key events through
// XTest, widgets found by name in the file that `hada --widget-log` keeps, screenshots of the real screen.

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/process.h"

struct _XDisplay;

namespace hada::support {

// An X server of our own on a free display.
class Xvfb {
 public:
  explicit Xvfb(int width = 1920, int height = 1080);
  const std::string& display() const { return display_; }

 private:
  TempDir dir_;
  std::unique_ptr<Process> process_;
  std::string display_;
};

struct Widget {
  std::string name;
  double x = 0, y = 0, w = 0, h = 0;  // window pixels
  bool enabled = true;
  std::string text;
};

struct WidgetSnapshot {
  int64_t frame = 0;
  bool idle = false;  // nothing pending: no calls, no tiles, no decodes
  std::string language, screen;
  std::vector<Widget> widgets;
  const Widget* find(const std::string& name) const;
};

// Every function that waits throws std::runtime_error, naming what it waited for and what was there instead.
class UiDriver {
 public:
  // Starts `hada --server address` with these further arguments on the display.
  UiDriver(const Xvfb& xvfb, const std::string& server_address,
           std::vector<std::string> extra_arguments = {});
  ~UiDriver();

  WidgetSnapshot snapshot() const;
  bool visible(const std::string& widget) const;
  // The first widget whose name begins so; empty when there is none.
  std::string first_with_prefix(const std::string& prefix) const;
  Widget wait_for(const std::string& widget,
                  std::chrono::milliseconds timeout = std::chrono::seconds(20)) const;
  Widget wait_enabled(const std::string& widget,
                      std::chrono::milliseconds timeout = std::chrono::seconds(20)) const;
  void wait_gone(const std::string& widget,
                 std::chrono::milliseconds timeout = std::chrono::seconds(20)) const;
  // Until nothing is pending and the picture has been the same for a moment.
  void wait_idle(std::chrono::milliseconds timeout = std::chrono::seconds(30)) const;

  // Waits until the widget is enabled, then moves the pointer there and presses.
  void click(const std::string& widget);
  void double_click_at(double x, double y);
  void click_at(double x, double y);
  void move_to(double x, double y);
  void drag(double x0, double y0, double x1, double y1);
  void drag(const std::vector<std::pair<double, double>>& way);
  // Where the pointer is.
  void middle_button(bool down);
  // Positive turns away from the user (zooms in).
  void wheel(int clicks);
  // ASCII text through the keyboard; "\t" and "\n" are Tab and Return.
  void type(const std::string& text);
  // The same without a pause: all of it may be there before the next frame.
  void type_at_once(const std::string& text);
  // "Return", "ctrl+z", "ctrl+shift+z", "F1", "question" ... X keysym names.
  void key(const std::string& combination);
  // "shift", "ctrl", "alt" or a keysym name, held while the pointer does something.
  void hold(const std::string& key, bool down);
  // Clicks the field, empties it, types.
  void fill(const std::string& widget, const std::string& text);

  // What a window manager does to the window; screen pixels.
  void resize_window(int width, int height);
  void minimise_window();
  void restore_window();

  // The whole screen as PNG. Folders are made.
  void screenshot(const std::filesystem::path& png) const;

  // What a reset of the graphics driver does to it. Until the new window is there.
  void lose_context();

  bool running() { return process_->running(); }
  // SIGTERM (asks the window to close); the exit status.
  std::optional<int> close(std::chrono::milliseconds timeout = std::chrono::seconds(10));
  void kill9();
  std::string log() const { return read_file(dir_ / "hada.log"); }

 private:
  void send_key(unsigned long keysym, bool down);
  void set_window_state(long state);
  void stroke(char c, std::chrono::milliseconds pause);
  void settle() const;

  TempDir dir_;
  std::unique_ptr<Process> process_;
  _XDisplay* display_ = nullptr;
  unsigned long window_ = 0;
};

}  // namespace hada::support
