#pragma once

// How a view moves, from the views of the last frames. Pure: the caller brings the time.

#include <cstdint>
#include <optional>

#include "contract/pyramid.h"

namespace hada::tiles {

using contract::RectD;

// What a pane shows: `visible` in level-0 pixels, not necessarily inside the image; `zoom` in display pixels
// per level-0 pixel.
struct View {
  RectD visible;
  double zoom = 1;
};

struct Motion {
  double vx = 0, vy = 0;       // of the view's centre, level-0 pixels a second
  double zoom_rate = 0;        // of the zoom's natural logarithm, a second; positive while zooming in
  std::optional<View> target;  // where a glide under way will end
  bool still() const { return vx == 0 && vy == 0 && zoom_rate == 0 && !target; }
};

// Smooths the velocity over about 80 ms. A jump (by more than a view at once, or after a pause) is no motion,
// and what has not changed for 60 ms stands still.
class MotionTracker {
 public:
  Motion update(const View& view, int64_t now_us);
  // When a view that moves will count as still unless it changes; absent while it is still.
  std::optional<int64_t> still_from_us() const;

 private:
  std::optional<View> last_;
  int64_t changed_us_ = 0;
  Motion motion_;
};

}  // namespace hada::tiles
