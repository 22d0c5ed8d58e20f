#pragma once

// Small pictures drawn with strokes, so that they are sharp at every scale and need no font.

#include <imgui.h>

#include <cstdint>

namespace hada::ui {

enum class Icon : int32_t {
  ArrowLeft,
  ArrowRight,
  ArrowUp,
  ArrowDown,
  ChevronDown,
  Check,
  Cross,
  Plus,
  Minus,
  Search,
  Refresh,
  Undo,
  Redo,
  Sun,
  Moon,
  Question,
  Person,
  Warning,
  Info,
  Fit,
  Bin,
  Tie,
  Clock,
  Pencil,
  Copy,
  Link,
  LinkBroken,
  Eye,
  Inbox,
  TurnLeft,
  TurnRight,
  Mirror,
  Upright,
  Grid,
  Lens,
  Chain,
  Register,
  Compare,
  Save,
  ImagesOnly,
  FullScreen,
  Contrast,
  Pointer,
  MarkPoint,
  Rectangle,
  Ellipse,
  Polygon,
  Freehand,
  Brush,
  Ruler,
  Angle,
  Area,
  Scissors,
  Merge,
  Simplify,
  Magnet,
  Layers,
  Chart,
};

// Centred, within `size` square.
void draw_icon(ImDrawList* list, Icon icon, ImVec2 centre, float size, ImU32 colour);

}  // namespace hada::ui
