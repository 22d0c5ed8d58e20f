#include "client/model/coverage.h"

#include <algorithm>
#include <cmath>

#include "client/model/magnification.h"

namespace hada::model {

Coverage::Coverage(double image_width, double image_height) : width_(image_width), height_(image_height) {
  if (image_width <= 0 || image_height <= 0) return;
  const double cell = std::max(image_width, image_height) / kCells;
  columns_ = std::max(1, static_cast<int>(std::lround(image_width / cell)));
  rows_ = std::max(1, static_cast<int>(std::lround(image_height / cell)));
  cells_.assign(static_cast<size_t>(columns_) * static_cast<size_t>(rows_), false);
}

void Coverage::add(const Viewport& view) {
  if (cells_.empty()) return;
  const contract::RectD box = view.visible();
  const double across = width_ / columns_, down = height_ / rows_;
  const auto first = [](double edge, double step) {
    return std::max(0, static_cast<int>(std::floor(edge / step)));
  };
  const auto last = [](double edge, double step, int count) {
    return static_cast<int>(std::clamp(std::ceil(edge / step), 0.0, static_cast<double>(count)));
  };
  for (int row = first(box.y0, down); row < last(box.y1, down, rows_); ++row) {
    for (int column = first(box.x0, across); column < last(box.x1, across, columns_); ++column) {
      const PointD at = view.to_display({(column + 0.5) * across, (row + 0.5) * down});
      if (at.x >= 0 && at.y >= 0 && at.x <= view.pane_width && at.y <= view.pane_height)
        cells_[index(column, row)] = true;
    }
  }
  // Deep in a slide the pane is smaller than a cell and may miss every middle.
  const auto column = static_cast<int>(std::floor(view.centre.x / across)),
             row = static_cast<int>(std::floor(view.centre.y / down));
  if (column >= 0 && row >= 0 && column < columns_ && row < rows_) cells_[index(column, row)] = true;
}

double Coverage::part() const {
  if (cells_.empty()) return 0;
  return static_cast<double>(std::count(cells_.begin(), cells_.end(), true)) /
         static_cast<double>(cells_.size());
}

double judging_zoom(const Image& image, const Viewport& view) {
  constexpr double kSlideMagnification = 5;
  double zoom = 0.5;
  if (is_microscopic(image.kind) && image.mpp_x > 0) zoom = zoom_at_magnification(image, kSlideMagnification);
  return std::max(std::min(zoom, 1.0), std::min(1.0, 2 * view.fit_zoom()));
}

}  // namespace hada::model
