#pragma once

// Images of one case side by side.

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "client/model/types.h"
#include "client/model/viewport.h"

namespace hada::model {

inline constexpr int kMaxPanes = 6;

struct Pane {
  std::string image;
  Viewport viewport;
};

struct Panes {
  std::vector<Pane> panes;
  size_t active = 0;
  bool layout_chosen = false;            // by the user; otherwise by the number of images
  std::map<std::string, Viewport> kept;  // where images that are not shown were left
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

}  // namespace hada::model
