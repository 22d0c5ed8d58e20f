#pragma once

// Which parts of an image have been in view at a zoom where they can be judged: a bitmap over the image, for
// the tint on the minimap. Pure.

#include <cstddef>
#include <vector>

#include "client/model/types.h"
#include "client/model/viewport.h"

namespace hada::model {

class Coverage {
 public:
  static constexpr int kCells = 64;  // along the longer side

  Coverage() = default;
  Coverage(double image_width, double image_height);

  // Adds what the view shows: the cells whose middle lies in its pane.
  void add(const Viewport& view);

  int columns() const { return columns_; }
  int rows() const { return rows_; }
  bool at(int column, int row) const { return cells_[index(column, row)]; }
  double part() const;  // 0 to 1

 private:
  size_t index(int column, int row) const {
    return static_cast<size_t>(row) * static_cast<size_t>(columns_) + static_cast<size_t>(column);
  }
  double width_ = 0, height_ = 0;
  int columns_ = 0, rows_ = 0;
  std::vector<bool> cells_;
};

// The zoom from which a place counts as seen: 5x on a slide of known pixel size, elsewhere half a display
// pixel per image pixel; never above 1:1, and twice what shows the image whole where that is more.
double judging_zoom(const Image& image, const Viewport& view);

}  // namespace hada::model
