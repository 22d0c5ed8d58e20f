#pragma once

// Where every interactive widget is, by a stable English name ("login.submit", "read.confidence.1.4"), so
// that the UI driver of the tests and of the demonstration can click it with a real mouse. Off unless asked
// for.

#include <map>
#include <string>

namespace hada::ui {

struct WidgetInfo {
  float x0 = 0, y0 = 0, x1 = 0, y1 = 0;  // framebuffer pixels, origin top left
  bool enabled = true;
  bool visible = true;  // at least half of it lies inside its clip rectangle
  std::string text;     // what it shows, in the current language; a field's content (never a password's)
};

class WidgetLog {
 public:
  void set_recording(bool on) { recording_ = on; }
  bool recording() const { return recording_; }
  // Start of a frame: what was noted in the last frame is gone.
  void begin_frame() { widgets_.clear(); }
  void note(const std::string& name, WidgetInfo info) {
    if (recording_) widgets_[name] = std::move(info);
  }
  const std::map<std::string, WidgetInfo>& widgets() const { return widgets_; }

 private:
  bool recording_ = false;
  std::map<std::string, WidgetInfo> widgets_;
};

}  // namespace hada::ui
