#pragma once

// Finds what lies where among many shapes: a packed R-tree over their boxes, in the order of a Hilbert curve
// (Kamel and Faloutsos 1993). Built once and never changed, so any number of threads may read it. Level-0
// pixels.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "client/model/annotations.h"

namespace hada::model {

class ShapeIndex {
 public:
  ShapeIndex() = default;
  // Numbers its boxes as they come: 0, 1 ... Building takes about 0.2 us a box.
  explicit ShapeIndex(const std::vector<contract::RectD>& boxes);

  size_t size() const { return ids_.size(); }

  // Calls visit(number) for each box that meets `area` (edges belong to both), in no order to rely on, until
  // it returns false.
  template <class Visit>
  void visit(const contract::RectD& area, Visit visit) const;
  // Their numbers, ascending.
  std::vector<uint32_t> query(const contract::RectD& area) const;

 private:
  static constexpr size_t kFanOut = 16;
  struct Step {
    size_t level, node;
  };

  static bool meet(const contract::RectD& a, const contract::RectD& b) {
    return a.x0 <= b.x1 && b.x0 <= a.x1 && a.y0 <= b.y1 && b.y0 <= a.y1;
  }

  std::vector<uint32_t> ids_;  // of the boxes of levels_[0]
  std::vector<std::vector<contract::RectD>>
      levels_;  // box i of a level holds boxes 16 i ... of the one before
};

// The topmost (last) annotation at `at`: a region around it, or an outline, line or point at most `tolerance`
// level-0 pixels away. `index` is over the boxes of `list`, in its order.
std::optional<size_t> hit(const ShapeIndex& index, const std::vector<SharedAnnotation>& list,
                          contract::PointD at, double tolerance);
ShapeIndex index_of(const std::vector<SharedAnnotation>& list);

template <class Visit>
void ShapeIndex::visit(const contract::RectD& area, Visit visit) const {
  if (levels_.empty()) return;
  std::vector<Step> open;
  open.reserve(64);
  for (size_t i = 0; i < levels_.back().size(); ++i) open.push_back({levels_.size() - 1, i});
  while (!open.empty()) {
    const Step step = open.back();
    open.pop_back();
    if (!meet(levels_[step.level][step.node], area)) continue;
    if (step.level == 0) {
      if (!visit(ids_[step.node])) return;
      continue;
    }
    const size_t below = levels_[step.level - 1].size(), first = step.node * kFanOut;
    for (size_t i = first; i < first + kFanOut && i < below; ++i) open.push_back({step.level - 1, i});
  }
}

}  // namespace hada::model
