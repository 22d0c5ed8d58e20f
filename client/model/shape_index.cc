#include "client/model/shape_index.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace hada::model {
namespace {

using contract::RectD;

RectD joined(const RectD& a, const RectD& b) {
  return {std::min(a.x0, b.x0), std::min(a.y0, b.y0), std::max(a.x1, b.x1), std::max(a.y1, b.y1)};
}

constexpr uint32_t kHilbertSide = 1u << 16;

// How far along the curve through 65,536 x 65,536 cells the cell lies.
uint32_t hilbert(uint32_t x, uint32_t y) {
  uint32_t along = 0;
  for (uint32_t side = kHilbertSide / 2; side > 0; side /= 2) {
    const uint32_t right = (x & side) != 0, low = (y & side) != 0;
    along += side * side * ((3 * right) ^ low);
    if (low == 0) {
      if (right == 1) {
        x = kHilbertSide - 1 - x;
        y = kHilbertSide - 1 - y;
      }
      std::swap(x, y);
    }
  }
  return along;
}

}  // namespace

ShapeIndex::ShapeIndex(const std::vector<RectD>& boxes) {
  if (boxes.empty()) return;
  RectD all = boxes[0];
  for (const RectD& box : boxes) all = joined(all, box);
  const auto cell = [](double centre, double from, double size) {
    if (!(size > 0)) return 0u;
    return static_cast<uint32_t>(std::clamp((centre - from) / size, 0.0, 1.0) * (kHilbertSide - 1));
  };
  std::vector<std::pair<uint32_t, uint32_t>> order;  // along the curve, number
  order.reserve(boxes.size());
  for (size_t i = 0; i < boxes.size(); ++i) {
    const RectD& box = boxes[i];
    order.push_back({hilbert(cell((box.x0 + box.x1) / 2, all.x0, all.width()),
                             cell((box.y0 + box.y1) / 2, all.y0, all.height())),
                     static_cast<uint32_t>(i)});
  }
  std::sort(order.begin(), order.end());
  ids_.reserve(boxes.size());
  std::vector<RectD> level;
  level.reserve(boxes.size());
  for (const auto& [along, number] : order) {
    ids_.push_back(number);
    level.push_back(boxes[number]);
  }
  levels_.push_back(std::move(level));
  while (levels_.back().size() > kFanOut) {
    const std::vector<RectD>& below = levels_.back();
    std::vector<RectD> above;
    above.reserve(below.size() / kFanOut + 1);
    for (size_t first = 0; first < below.size(); first += kFanOut) {
      RectD box = below[first];
      for (size_t i = first + 1; i < first + kFanOut && i < below.size(); ++i) box = joined(box, below[i]);
      above.push_back(box);
    }
    levels_.push_back(std::move(above));
  }
}

std::vector<uint32_t> ShapeIndex::query(const RectD& area) const {
  std::vector<uint32_t> found;
  visit(area, [&](uint32_t number) {
    found.push_back(number);
    return true;
  });
  std::sort(found.begin(), found.end());
  return found;
}

ShapeIndex index_of(const std::vector<SharedAnnotation>& list) {
  std::vector<RectD> boxes;
  boxes.reserve(list.size());
  for (const SharedAnnotation& annotation : list) boxes.push_back(contract::bounds_of(annotation->shape));
  return ShapeIndex(boxes);
}

std::optional<size_t> hit(const ShapeIndex& index, const std::vector<SharedAnnotation>& list,
                          contract::PointD at, double tolerance) {
  std::vector<uint32_t> near =
      index.query({at.x - tolerance, at.y - tolerance, at.x + tolerance, at.y + tolerance});
  for (auto it = near.rbegin(); it != near.rend(); ++it) {
    const contract::Shape& shape = list[*it]->shape;
    if (contract::contains(shape, at) || contract::distance_to(shape, at) <= tolerance) return *it;
  }
  return std::nullopt;
}

}  // namespace hada::model
