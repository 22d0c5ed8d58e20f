#include "client/tiles/motion.h"

#include <cmath>

namespace hada::tiles {
namespace {

constexpr int64_t kStillUs = 60'000;   // pointers report at 60 Hz at least, frames may come oftener
constexpr int64_t kPauseUs = 150'000;  // a change after so long says nothing about speed
constexpr double kSmoothS = 0.08;

double centre_x(const View& v) { return (v.visible.x0 + v.visible.x1) / 2; }
double centre_y(const View& v) { return (v.visible.y0 + v.visible.y1) / 2; }

bool same(const View& a, const View& b) {
  return a.zoom == b.zoom && a.visible.x0 == b.visible.x0 && a.visible.y0 == b.visible.y0 &&
         a.visible.x1 == b.visible.x1 && a.visible.y1 == b.visible.y1;
}

bool is_jump(const View& from, const View& to) {
  return std::abs(centre_x(to) - centre_x(from)) > from.visible.width() ||
         std::abs(centre_y(to) - centre_y(from)) > from.visible.height() ||
         std::abs(std::log(to.zoom / from.zoom)) > std::log(4.0);
}

}  // namespace

Motion MotionTracker::update(const View& view, int64_t now_us) {
  if (last_ && same(*last_, view)) {
    if (now_us - changed_us_ >= kStillUs) motion_ = {};
    return motion_;
  }
  const int64_t passed_us = now_us - changed_us_;
  if (!last_ || passed_us <= 0 || passed_us > kPauseUs || is_jump(*last_, view)) {
    motion_ = {};
  } else {
    const double dt = static_cast<double>(passed_us) / 1e6;
    const double part = 1 - std::exp(-dt / kSmoothS);
    const auto approach = [part](double& value, double sample) { value += (sample - value) * part; };
    approach(motion_.vx, (centre_x(view) - centre_x(*last_)) / dt);
    approach(motion_.vy, (centre_y(view) - centre_y(*last_)) / dt);
    approach(motion_.zoom_rate, std::log(view.zoom / last_->zoom) / dt);
  }
  last_ = view;
  changed_us_ = now_us;
  return motion_;
}

std::optional<int64_t> MotionTracker::still_from_us() const {
  if (motion_.still()) return std::nullopt;
  return changed_us_ + kStillUs;
}

}  // namespace hada::tiles
