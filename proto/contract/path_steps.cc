#include "contract/path_steps.h"

#include <cmath>

namespace hada::contract {
namespace {

int64_t grid_steps(double pixels) {
  constexpr auto kMost = static_cast<double>(kMaxGridCoordinate);
  const double steps = std::round(pixels * kGridPerPixel);
  // Written so that what is no number is caught too.
  if (!(steps >= -kMost)) return -kMaxGridCoordinate;
  return steps <= kMost ? static_cast<int64_t>(steps) : kMaxGridCoordinate;
}

bool within(int64_t coordinate) {
  return coordinate >= -kMaxGridCoordinate && coordinate <= kMaxGridCoordinate;
}

}  // namespace

std::vector<int32_t> steps_of(const Path& path) {
  std::vector<int32_t> steps;
  steps.reserve(path.size() * 2);
  int64_t x = 0, y = 0;
  for (const PointD p : path) {
    const int64_t next_x = grid_steps(p.x), next_y = grid_steps(p.y);
    steps.push_back(static_cast<int32_t>(next_x - x));
    steps.push_back(static_cast<int32_t>(next_y - y));
    x = next_x;
    y = next_y;
  }
  return steps;
}

std::optional<Path> path_of_steps(std::span<const int32_t> steps) {
  if (steps.size() % 2 != 0) return std::nullopt;
  Path path;
  path.reserve(steps.size() / 2);
  int64_t x = 0, y = 0;
  for (size_t i = 0; i < steps.size(); i += 2) {
    x += steps[i];
    y += steps[i + 1];
    if (!within(x) || !within(y)) return std::nullopt;
    path.push_back({static_cast<double>(x) / kGridPerPixel, static_cast<double>(y) / kGridPerPixel});
  }
  return path;
}

}  // namespace hada::contract
