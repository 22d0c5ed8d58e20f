#pragma once

// The hand on an image: a press is a click or a drag, and a drag let go in motion glides on. Pure; times are
// seconds of any steady clock, lengths display pixels.

#include <deque>
#include <optional>

#include "client/model/viewport.h"

namespace hada::model {

// A pen's tip wanders between touching and lifting; within this many ImGui units it was meant as a click.
inline constexpr double kClickTolerance = 6;

// From the press of a button or pen to its release.
class Drag {
 public:
  void press(PointD at, double now, double tolerance);
  // How far the image moves with it; nothing while the press may still be a click. The first movement makes
  // up for what was held back.
  std::optional<PointD> move(PointD at, double now);
  struct Release {
    bool click = false;
    PointD velocity;  // display pixels a second; zero when the hand had stopped
  };
  Release release(double now);

  bool pressed() const { return pressed_; }
  bool dragging() const { return dragging_; }
  PointD start() const { return start_; }

 private:
  struct Sample {
    double time;
    PointD at;
  };
  bool pressed_ = false, dragging_ = false;
  double tolerance_ = 0;
  PointD start_, last_;
  std::deque<Sample> recent_;  // of the last tenth of a second
};

// What is left of a movement: v(t) = v0 exp(-t / tau), so the whole way is v0 tau.
class Glide {
 public:
  void start(PointD velocity) { velocity_ = velocity; }
  void stop() { velocity_ = {}; }
  bool moving() const { return velocity_.x != 0 || velocity_.y != 0; }
  // The way of the next `seconds`; ends by itself below a slow walk.
  PointD step(double seconds);

 private:
  PointD velocity_;
};

}  // namespace hada::model
