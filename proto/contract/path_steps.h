#pragma once

// A path as the protocol sends it (AnnotationPath.steps): x, y, x, y ... in whole 1/64 pixels of level 0, the
// first point as it is, each further one as its step from the one before. Pure.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "contract/geometry.h"

namespace hada::contract {

// In 1/64 pixels: 16.7 million pixels either way, so that every step fits an int32.
inline constexpr int64_t kMaxGridCoordinate = int64_t{1} << 30;

// Rounds to the grid. What lies beyond kMaxGridCoordinate, as no stored shape does, is moved there.
std::vector<int32_t> steps_of(const Path& path);

// Nothing where the steps are odd in number or lead beyond kMaxGridCoordinate.
std::optional<Path> path_of_steps(std::span<const int32_t> steps);

}  // namespace hada::contract
