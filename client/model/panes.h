#pragma once

// Images of one case side by side.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/model/coverage.h"
#include "client/model/marks.h"
#include "client/model/registration.h"
#include "client/model/types.h"
#include "client/model/viewport.h"

namespace hada::model {

inline constexpr int kMaxPanes = 6;

struct Pane {
  std::string image;
  Viewport viewport;
  std::optional<LinkAnchor> link;  // goes with the other linked panes
};

// Two images being registered: points are picked in turn, first in `first`, then in `second`.
struct Registering {
  static constexpr size_t kPairs = 3;
  std::string first, second;
  std::vector<PointD> first_points, second_points;
  std::optional<RegistrationProblem> problem;  // why the last pair was not taken
  bool wants_first() const { return first_points.size() == second_points.size(); }
  const std::string& wanted() const { return wants_first() ? first : second; }
};

// One pane shows its own image left of a line and another one right of it.
struct Comparison {
  size_t pane = 0;
  std::string over;
  double split = 0.5;  // 0 to 1 of the pane's width
};

struct Panes {
  std::vector<Pane> panes;
  size_t active = 0;
  bool layout_chosen = false;            // by the user; otherwise by the number of images
  std::map<std::string, Viewport> kept;  // where images that are not shown were left
  std::map<std::pair<std::string, std::string>, Registration> registrations;  // from the first to the second
  std::optional<Registering> registering;
  std::optional<Comparison> comparison;
  std::map<std::string, Coverage> seen;  // by image: what was in view large enough to be judged
  // Of images that are only looked at, by name; while a read is written its content has them.
  std::map<std::string, ImageAdjustments> adjustments;
  Marks marks;
};

// A pane's place as a part of the area: 0 to 1.
struct PanePlace {
  double x0 = 0, y0 = 0, x1 = 1, y1 = 1;
};
// Places of `count` panes (1 to kMaxPanes) in an area of this shape; a last row that is short is stretched.
std::vector<PanePlace> pane_places(size_t count, double width, double height);

// The first panes for a case's images; keeps what a user had chosen when the case is loaded again.
void set_images(Panes& panes, const std::vector<Image>& images);
void set_pane_count(Panes& panes, const std::vector<Image>& images, int count);
void show_image(Panes& panes, const std::vector<Image>& images, size_t pane, const std::string& image);
const Image* find_image(const std::vector<Image>& images, const std::string& name);

}  // namespace hada::model
