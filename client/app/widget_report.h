#pragma once

// The file of --widget-log: what a UI test or the demonstration's tour can see and click.
// {"frame": n, "idle": bool, "language": "en"|"ja", "screen": "login"|"worklist"|"case",
//  "widgets": [{"name", "x", "y", "w", "h", "enabled", "text"}]}; x, y, w, h in window pixels.

#include <cstdint>
#include <string>

#include "client/model/model.h"
#include "client/ui/widget_log.h"

namespace hada::app {

class WidgetReport {
 public:
  explicit WidgetReport(std::string path) : path_(std::move(path)) {}

  // Replaces the file when anything but the frame's number has changed. `pixels_per_unit` is framebuffer
  // pixels per window pixel.
  void write(int64_t frame, bool idle, const model::Model& model, const ui::WidgetLog& widgets,
             float pixels_per_unit);

 private:
  std::string path_, last_;
};

}  // namespace hada::app
