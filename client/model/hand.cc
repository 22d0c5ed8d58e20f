#include "client/model/hand.h"

#include <algorithm>
#include <cmath>

namespace hada::model {
namespace {

constexpr double kMemory = 0.1;         // velocity is the mean of this time
constexpr double kRest = 0.08;          // a hand that has not moved for so long has stopped
constexpr double kSlowest = 20;         // display pixels a second
constexpr double kFastest = 12'000;     // a jump of the pointer is no throw
constexpr double kTimeConstant = 0.28;  // seconds

}  // namespace

void Drag::press(PointD at, double now, double tolerance) {
  pressed_ = true;
  dragging_ = false;
  tolerance_ = tolerance;
  start_ = last_ = at;
  recent_.assign(1, {now, at});
}

std::optional<PointD> Drag::move(PointD at, double now) {
  if (!pressed_) return std::nullopt;
  if (!dragging_ && std::hypot(at.x - start_.x, at.y - start_.y) < tolerance_) return std::nullopt;
  dragging_ = true;
  const PointD step{at.x - last_.x, at.y - last_.y};
  if (step.x == 0 && step.y == 0) return std::nullopt;
  last_ = at;
  recent_.push_back({now, at});
  while (recent_.size() > 2 && now - recent_.front().time > kMemory) recent_.pop_front();
  return step;
}

Drag::Release Drag::release(double now) {
  Release result;
  result.click = pressed_ && !dragging_;
  if (dragging_ && recent_.size() > 1 && now - recent_.back().time <= kRest) {
    const Sample &from = recent_.front(), &to = recent_.back();
    // Two samples of one moment tell no speed.
    const double time = std::max(to.time - from.time, 0.008);
    PointD v{(to.at.x - from.at.x) / time, (to.at.y - from.at.y) / time};
    const double speed = std::hypot(v.x, v.y);
    if (speed > kFastest) v = {v.x * kFastest / speed, v.y * kFastest / speed};
    if (speed >= kSlowest) result.velocity = v;
  }
  pressed_ = dragging_ = false;
  recent_.clear();
  return result;
}

PointD Glide::step(double seconds) {
  if (!moving() || !(seconds > 0)) return {};
  const double left = std::exp(-seconds / kTimeConstant), way = kTimeConstant * (1 - left);
  const PointD moved{velocity_.x * way, velocity_.y * way};
  velocity_ = {velocity_.x * left, velocity_.y * left};
  if (std::hypot(velocity_.x, velocity_.y) < kSlowest) stop();
  return moved;
}

}  // namespace hada::model
