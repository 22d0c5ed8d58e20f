#include "client/ui/icons.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

namespace hada::ui {
namespace {

constexpr float kPi = 3.14159265f;

// Coordinates from -1 to 1 around the centre.
class Pen {
 public:
  Pen(ImDrawList* list, ImVec2 centre, float size, ImU32 colour)
      : list_(list), centre_(centre), half_(size / 2), colour_(colour), width_(std::max(1.25f, size / 11)) {}

  ImVec2 at(float x, float y) const { return {centre_.x + x * half_, centre_.y + y * half_}; }
  void line(std::initializer_list<ImVec2> points, bool closed = false) {
    for (const ImVec2& p : points) list_->PathLineTo(at(p.x, p.y));
    list_->PathStroke(colour_, closed ? ImDrawFlags_Closed : 0, width_);
  }
  void arc(float x, float y, float radius, float from, float to) {
    list_->PathArcTo(at(x, y), radius * half_, from, to, 24);
    list_->PathStroke(colour_, 0, width_);
  }
  void circle(float x, float y, float radius) {
    list_->AddCircle(at(x, y), radius * half_, colour_, 28, width_);
  }
  void dot(float x, float y, float radius) { list_->AddCircleFilled(at(x, y), radius * half_, colour_, 16); }
  void box(float x0, float y0, float x1, float y1, float rounding) {
    list_->AddRect(at(x0, y0), at(x1, y1), colour_, rounding * half_, 0, width_);
  }
  void fill(std::initializer_list<ImVec2> points) {
    for (const ImVec2& p : points) list_->PathLineTo(at(p.x, p.y));
    list_->PathFillConvex(colour_);
  }

  // The right half of a disc around the centre.
  void fill_half(float radius) {
    list_->PathArcTo(centre_, radius * half_, -kPi / 2, kPi / 2, 20);
    list_->PathFillConvex(colour_);
  }

 private:
  ImDrawList* list_;
  ImVec2 centre_;
  float half_;
  ImU32 colour_;
  float width_;
};

void turn_back(Pen& pen, float mirror) {
  pen.line({{mirror * -0.35f, -0.85f}, {mirror * -0.8f, -0.4f}, {mirror * -0.35f, 0.05f}});
  pen.line({{mirror * -0.75f, -0.4f}, {mirror * 0.15f, -0.4f}});
  if (mirror > 0)
    pen.arc(0.15f, 0.15f, 0.55f, -kPi / 2, kPi / 2);
  else
    pen.arc(-0.15f, 0.15f, 0.55f, kPi / 2, 3 * kPi / 2);
  pen.line({{mirror * 0.15f, 0.7f}, {mirror * -0.4f, 0.7f}});
}

void draw(Pen& pen, Icon icon) {
  switch (icon) {
    case Icon::ArrowLeft:
      pen.line({{-0.1f, -0.65f}, {-0.75f, 0}, {-0.1f, 0.65f}});
      return pen.line({{-0.7f, 0}, {0.75f, 0}});
    case Icon::ArrowRight:
      pen.line({{0.1f, -0.65f}, {0.75f, 0}, {0.1f, 0.65f}});
      return pen.line({{0.7f, 0}, {-0.75f, 0}});
    case Icon::ArrowUp:
      pen.line({{-0.6f, -0.1f}, {0, -0.7f}, {0.6f, -0.1f}});
      return pen.line({{0, -0.65f}, {0, 0.7f}});
    case Icon::ArrowDown:
      pen.line({{-0.6f, 0.1f}, {0, 0.7f}, {0.6f, 0.1f}});
      return pen.line({{0, 0.65f}, {0, -0.7f}});
    case Icon::ChevronDown:
      return pen.line({{-0.55f, -0.25f}, {0, 0.3f}, {0.55f, -0.25f}});
    case Icon::Check:
      return pen.line({{-0.7f, 0.05f}, {-0.2f, 0.55f}, {0.75f, -0.5f}});
    case Icon::Cross:
      pen.line({{-0.55f, -0.55f}, {0.55f, 0.55f}});
      return pen.line({{0.55f, -0.55f}, {-0.55f, 0.55f}});
    case Icon::Plus:
      pen.line({{0, -0.65f}, {0, 0.65f}});
      [[fallthrough]];
    case Icon::Minus:
      return pen.line({{-0.65f, 0}, {0.65f, 0}});
    case Icon::Search:
      pen.circle(-0.15f, -0.15f, 0.55f);
      return pen.line({{0.27f, 0.27f}, {0.8f, 0.8f}});
    case Icon::Refresh:
      pen.arc(0, 0, 0.7f, -0.15f * kPi, 1.4f * kPi);
      return pen.fill({{0.35f, -0.5f}, {0.98f, -0.55f}, {0.72f, 0.05f}});
    case Icon::Undo:
      return turn_back(pen, 1);
    case Icon::Redo:
      return turn_back(pen, -1);
    case Icon::Sun:
      pen.circle(0, 0, 0.36f);
      for (int i = 0; i < 8; ++i) {
        const float a = static_cast<float>(i) * kPi / 4, c = std::cos(a), s = std::sin(a);
        pen.line({{0.62f * c, 0.62f * s}, {0.9f * c, 0.9f * s}});
      }
      return;
    case Icon::Moon:
      pen.arc(-0.05f, 0, 0.75f, 0.28f * kPi, 1.72f * kPi);
      return pen.arc(0.52f, 0, 0.6f, 0.7f * kPi, 1.3f * kPi);
    case Icon::Question:
      pen.arc(0, -0.35f, 0.42f, -kPi, 0.35f * kPi);
      pen.line({{0.2f, 0.02f}, {0, 0.2f}, {0, 0.36f}});
      return pen.dot(0, 0.72f, 0.12f);
    case Icon::Person:
      pen.circle(0, -0.38f, 0.36f);
      return pen.arc(0, 0.85f, 0.72f, 1.08f * kPi, 1.92f * kPi);
    case Icon::Warning:
      pen.line({{0, -0.75f}, {0.85f, 0.7f}, {-0.85f, 0.7f}}, true);
      pen.line({{0, -0.25f}, {0, 0.22f}});
      return pen.dot(0, 0.46f, 0.1f);
    case Icon::Info:
      pen.circle(0, 0, 0.82f);
      pen.dot(0, -0.4f, 0.12f);
      return pen.line({{0, -0.08f}, {0, 0.45f}});
    case Icon::Fit:
      for (const float sx : {-1.0f, 1.0f})
        for (const float sy : {-1.0f, 1.0f})
          pen.line({{sx * 0.25f, sy * 0.75f}, {sx * 0.75f, sy * 0.75f}, {sx * 0.75f, sy * 0.25f}});
      return;
    case Icon::Bin:
      pen.line({{-0.75f, -0.5f}, {0.75f, -0.5f}});
      pen.line({{-0.25f, -0.5f}, {-0.25f, -0.8f}, {0.25f, -0.8f}, {0.25f, -0.5f}});
      return pen.line({{-0.55f, -0.5f}, {-0.45f, 0.8f}, {0.45f, 0.8f}, {0.55f, -0.5f}});
    case Icon::Tie:
      pen.line({{-0.65f, -0.28f}, {0.65f, -0.28f}});
      return pen.line({{-0.65f, 0.28f}, {0.65f, 0.28f}});
    case Icon::Clock:
      pen.circle(0, 0, 0.78f);
      return pen.line({{0, -0.42f}, {0, 0}, {0.35f, 0.2f}});
    case Icon::Pencil:
      pen.line({{-0.7f, 0.75f}, {-0.6f, 0.25f}, {0.35f, -0.7f}, {0.7f, -0.35f}, {-0.25f, 0.6f}}, true);
      return;
    case Icon::Copy:
      pen.box(-0.3f, -0.3f, 0.75f, 0.75f, 0.2f);
      return pen.line({{-0.5f, 0.3f}, {-0.75f, 0.3f}, {-0.75f, -0.75f}, {0.3f, -0.75f}, {0.3f, -0.5f}});
    case Icon::Link:
      return pen.dot(0, 0, 0.45f);
    case Icon::LinkBroken:
      pen.circle(0, 0, 0.5f);
      return pen.line({{-0.75f, 0.75f}, {0.75f, -0.75f}});
    case Icon::Eye:
      pen.arc(0, 0.55f, 0.98f, 1.18f * kPi, 1.82f * kPi);
      pen.arc(0, -0.55f, 0.98f, 0.18f * kPi, 0.82f * kPi);
      return pen.dot(0, 0, 0.25f);
    case Icon::TurnLeft:
    case Icon::TurnRight: {
      const float s = icon == Icon::TurnRight ? 1.0f : -1.0f;
      if (s > 0)
        pen.arc(0, 0.05f, 0.66f, -1.15f * kPi, 0.1f * kPi);
      else
        pen.arc(0, 0.05f, 0.66f, 0.9f * kPi, 2.15f * kPi);
      return pen.fill({{s * 0.32f, 0.12f}, {s * 0.98f, 0.12f}, {s * 0.65f, 0.66f}});
    }
    case Icon::Mirror:
      for (const float y : {-0.8f, -0.2f, 0.4f}) pen.line({{0, y}, {0, y + 0.35f}});
      pen.line({{-0.28f, -0.6f}, {-0.28f, 0.6f}, {-0.9f, 0.6f}}, true);
      return pen.fill({{0.28f, -0.6f}, {0.9f, 0.6f}, {0.28f, 0.6f}});
    case Icon::Upright:
      pen.box(-0.8f, -0.8f, 0.8f, 0.8f, 0.2f);
      pen.line({{-0.32f, -0.08f}, {0, -0.42f}, {0.32f, -0.08f}});
      return pen.line({{0, -0.36f}, {0, 0.45f}});
    case Icon::Grid:
      pen.box(-0.78f, -0.78f, 0.78f, 0.78f, 0.1f);
      for (const float at : {-0.26f, 0.26f}) {
        pen.line({{at, -0.78f}, {at, 0.78f}});
        pen.line({{-0.78f, at}, {0.78f, at}});
      }
      return;
    case Icon::Lens:
      pen.circle(-0.15f, -0.15f, 0.58f);
      pen.line({{-0.4f, -0.15f}, {0.1f, -0.15f}});
      pen.line({{-0.15f, -0.4f}, {-0.15f, 0.1f}});
      return pen.line({{0.29f, 0.29f}, {0.82f, 0.82f}});
    case Icon::Chain:
      pen.line({{-0.12f, -0.32f},
                {-0.6f, -0.32f},
                {-0.82f, -0.1f},
                {-0.82f, 0.1f},
                {-0.6f, 0.32f},
                {-0.12f, 0.32f}});
      pen.line(
          {{0.12f, -0.32f}, {0.6f, -0.32f}, {0.82f, -0.1f}, {0.82f, 0.1f}, {0.6f, 0.32f}, {0.12f, 0.32f}});
      return pen.line({{-0.38f, 0}, {0.38f, 0}});
    case Icon::Register:
      pen.box(-0.82f, -0.82f, 0.3f, 0.3f, 0.15f);
      pen.line({{0.5f, -0.3f}, {0.82f, -0.3f}, {0.82f, 0.82f}, {-0.3f, 0.82f}, {-0.3f, 0.5f}});
      pen.line({{-0.26f, -0.56f}, {-0.26f, 0.04f}});
      return pen.line({{-0.56f, -0.26f}, {0.04f, -0.26f}});
    case Icon::Compare:
      pen.box(-0.82f, -0.6f, 0.82f, 0.6f, 0.15f);
      pen.fill({{0.06f, -0.56f}, {0.78f, -0.56f}, {0.78f, 0.56f}, {0.06f, 0.56f}});
      return pen.line({{0, -0.9f}, {0, 0.9f}});
    case Icon::Save:
      pen.line({{0, -0.8f}, {0, 0.25f}});
      pen.line({{-0.42f, -0.15f}, {0, 0.28f}, {0.42f, -0.15f}});
      return pen.line({{-0.75f, 0.3f}, {-0.75f, 0.75f}, {0.75f, 0.75f}, {0.75f, 0.3f}});
    case Icon::ImagesOnly:
      pen.box(-0.85f, -0.65f, 0.85f, 0.65f, 0.15f);
      pen.line({{-0.7f, 0.45f}, {-0.2f, -0.15f}, {0.15f, 0.25f}, {0.4f, 0}, {0.75f, 0.45f}});
      return pen.dot(0.4f, -0.3f, 0.13f);
    case Icon::FullScreen:
      for (const float sx : {-1.0f, 1.0f}) {
        pen.line({{sx * 0.25f, sx * 0.8f}, {sx * 0.8f, sx * 0.8f}, {sx * 0.8f, sx * 0.25f}});
        pen.line({{sx * 0.2f, sx * 0.2f}, {sx * 0.75f, sx * 0.75f}});
      }
      return;
    case Icon::Contrast:
      pen.circle(0, 0, 0.75f);
      return pen.fill_half(0.75f);
    case Icon::Pointer:
      return pen.line({{-0.55f, -0.8f},
                       {-0.55f, 0.6f},
                       {-0.18f, 0.26f},
                       {0.1f, 0.82f},
                       {0.36f, 0.68f},
                       {0.1f, 0.14f},
                       {0.6f, 0.12f}},
                      true);
    case Icon::MarkPoint:
      pen.circle(0, 0, 0.34f);
      for (const float s : {-1.0f, 1.0f}) {
        pen.line({{s * 0.34f, 0}, {s * 0.85f, 0}});
        pen.line({{0, s * 0.34f}, {0, s * 0.85f}});
      }
      return;
    case Icon::Rectangle:
      pen.line({{-0.68f, -0.52f}, {0.68f, -0.52f}, {0.68f, 0.52f}, {-0.68f, 0.52f}}, true);
      pen.dot(-0.68f, -0.52f, 0.2f);
      return pen.dot(0.68f, 0.52f, 0.2f);
    case Icon::Ellipse:
      return pen.circle(0, 0, 0.7f);
    case Icon::Polygon:
      pen.line({{-0.1f, -0.72f}, {0.72f, -0.2f}, {0.42f, 0.66f}, {-0.55f, 0.6f}, {-0.72f, -0.15f}}, true);
      pen.dot(-0.1f, -0.72f, 0.19f);
      pen.dot(0.72f, -0.2f, 0.19f);
      return pen.dot(-0.55f, 0.6f, 0.19f);
    case Icon::Freehand:
      pen.arc(-0.28f, -0.3f, 0.45f, 0.75f * kPi, 1.9f * kPi);
      pen.arc(0.3f, -0.05f, 0.42f, 1.35f * kPi, 2.6f * kPi);
      return pen.arc(-0.2f, 0.15f, 0.55f, 0.25f * kPi, 1.15f * kPi);
    case Icon::Brush:
      pen.line({{0.8f, -0.8f}, {0, 0.02f}});
      pen.line({{0.8f, -0.8f}, {0.2f, 0.22f}});
      return pen.fill({{-0.02f, 0.05f},
                       {0.2f, 0.28f},
                       {0.1f, 0.6f},
                       {-0.25f, 0.78f},
                       {-0.75f, 0.75f},
                       {-0.42f, 0.45f},
                       {-0.32f, 0.15f}});
    case Icon::Ruler:
      pen.line({{-0.85f, 0.4f}, {0.4f, -0.85f}, {0.85f, -0.4f}, {-0.4f, 0.85f}}, true);
      for (const float at : {0.22f, 0.5f, 0.78f}) {
        const float x = -0.85f + 1.25f * at, y = 0.4f - 1.25f * at;
        pen.line({{x, y}, {x + 0.2f, y + 0.2f}});
      }
      return;
    case Icon::Angle:
      pen.line({{0.65f, -0.7f}, {-0.7f, 0.6f}, {0.8f, 0.6f}});
      return pen.arc(-0.7f, 0.6f, 0.85f, -0.24f * kPi, 0);
    case Icon::Area:
      pen.line({{-0.75f, -0.3f}, {-0.1f, -0.75f}, {0.75f, -0.35f}, {0.6f, 0.6f}, {-0.6f, 0.7f}}, true);
      pen.line({{-0.55f, 0.35f}, {0.1f, -0.4f}});
      return pen.line({{-0.1f, 0.5f}, {0.5f, -0.15f}});
    case Icon::Scissors:
      pen.circle(-0.5f, 0.55f, 0.28f);
      pen.circle(0.5f, 0.55f, 0.28f);
      pen.line({{-0.34f, 0.32f}, {0.45f, -0.85f}});
      return pen.line({{0.34f, 0.32f}, {-0.45f, -0.85f}});
    case Icon::Merge:
      pen.arc(-0.28f, 0, 0.55f, 0.3f * kPi, 1.7f * kPi);
      return pen.arc(0.28f, 0, 0.55f, -0.7f * kPi, 0.7f * kPi);
    case Icon::Simplify:
      pen.line({{-0.85f, 0.55f}, {-0.2f, -0.55f}, {0.35f, 0.25f}, {0.85f, -0.5f}});
      pen.dot(-0.85f, 0.55f, 0.17f);
      pen.dot(-0.2f, -0.55f, 0.17f);
      pen.dot(0.35f, 0.25f, 0.17f);
      return pen.dot(0.85f, -0.5f, 0.17f);
    case Icon::Magnet:
      pen.arc(0, 0.05f, 0.6f, 0, kPi);
      for (const float s : {-1.0f, 1.0f}) {
        pen.line({{s * 0.6f, 0.05f}, {s * 0.6f, -0.7f}});
        pen.line({{s * 0.42f, -0.4f}, {s * 0.78f, -0.4f}});
      }
      return;
    case Icon::Layers:
      pen.line({{0, -0.75f}, {0.8f, -0.3f}, {0, 0.15f}, {-0.8f, -0.3f}}, true);
      pen.line({{-0.8f, 0.05f}, {0, 0.5f}, {0.8f, 0.05f}});
      return pen.line({{-0.8f, 0.38f}, {0, 0.83f}, {0.8f, 0.38f}});
    case Icon::Chart:
      pen.line({{-0.8f, -0.75f}, {-0.8f, 0.75f}, {0.8f, 0.75f}});
      pen.line({{-0.35f, 0.4f}, {-0.35f, 0.05f}});
      pen.line({{0.1f, 0.4f}, {0.1f, -0.6f}});
      return pen.line({{0.55f, 0.4f}, {0.55f, -0.25f}});
    case Icon::Inbox:
      pen.line({{-0.8f, 0.1f}, {-0.5f, -0.65f}, {0.5f, -0.65f}, {0.8f, 0.1f}, {0.8f, 0.7f}, {-0.8f, 0.7f}},
               true);
      return pen.line(
          {{-0.8f, 0.1f}, {-0.3f, 0.1f}, {-0.2f, 0.3f}, {0.2f, 0.3f}, {0.3f, 0.1f}, {0.8f, 0.1f}});
  }
}

}  // namespace

void draw_icon(ImDrawList* list, Icon icon, ImVec2 centre, float size, ImU32 colour) {
  Pen pen(list, {std::round(centre.x), std::round(centre.y)}, size, colour);
  draw(pen, icon);
}

}  // namespace hada::ui
