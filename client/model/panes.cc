#include "client/model/panes.h"

#include <algorithm>
#include <utility>

namespace hada::model {
namespace {

Viewport first_view(const Image& image) {
  Viewport viewport;
  if (!image.levels.empty()) {
    viewport.image_width = image.levels.front().width;
    viewport.image_height = image.levels.front().height;
  }
  return fitted(viewport);
}

// The image's view as it was left, or the whole of it; in a pane of the old one's size.
void put(Panes& panes, Pane& pane, const Image& image) {
  const double width = pane.viewport.pane_width, height = pane.viewport.pane_height;
  if (!pane.image.empty()) panes.kept[pane.image] = pane.viewport;
  pane.image = image.name;
  const auto kept = panes.kept.find(image.name);
  pane.viewport = kept == panes.kept.end() ? first_view(image) : kept->second;
  if (width > 0) pane.viewport = resized(pane.viewport, width, height);
}

bool is_shown(const Panes& panes, const std::string& image) {
  return std::any_of(panes.panes.begin(), panes.panes.end(), [&](const Pane& p) { return p.image == image; });
}

// What refers to images or panes that are no longer there goes with them.
void tidy(Panes& panes, const std::vector<Image>& images) {
  const auto gone = [&](const std::string& name) { return find_image(images, name) == nullptr; };
  if (panes.comparison && (panes.comparison->pane >= panes.panes.size() || gone(panes.comparison->over)))
    panes.comparison.reset();
  if (panes.registering &&
      !(is_shown(panes, panes.registering->first) && is_shown(panes, panes.registering->second)))
    panes.registering.reset();
}

}  // namespace

const Image* find_image(const std::vector<Image>& images, const std::string& name) {
  const auto it = std::find_if(images.begin(), images.end(), [&](const Image& i) { return i.name == name; });
  return it == images.end() ? nullptr : &*it;
}

std::vector<PanePlace> pane_places(size_t count, double width, double height) {
  count = std::clamp<size_t>(count, 1, kMaxPanes);
  // A tall area stacks what a wide one puts side by side.
  const bool wide = width >= height;
  size_t lines = count <= 3 ? 1 : 2;
  // Three side by side are slivers unless the area is very wide.
  if (count == 3 && width < 2.2 * height && height < 2.2 * width) lines = 2;
  const size_t per_line = (count + lines - 1) / lines;
  std::vector<PanePlace> places;
  for (size_t i = 0; i < count; ++i) {
    const size_t line = i / per_line;
    const size_t in_line = std::min(per_line, count - line * per_line);
    const double along = static_cast<double>(i - line * per_line);
    const double step = 1.0 / static_cast<double>(in_line), depth = 1.0 / static_cast<double>(lines);
    PanePlace place{along * step, static_cast<double>(line) * depth, (along + 1) * step,
                    static_cast<double>(line + 1) * depth};
    if (!wide) place = {place.y0, place.x0, place.y1, place.x1};
    places.push_back(place);
  }
  return places;
}

void set_images(Panes& panes, const std::vector<Image>& images) {
  // Panes of images that are gone go; geometry that became known is taken over.
  std::erase_if(panes.panes, [&](const Pane& pane) { return find_image(images, pane.image) == nullptr; });
  for (Pane& pane : panes.panes) {
    const Image* image = find_image(images, pane.image);
    if (pane.viewport.image_width > 0 || image->levels.empty()) continue;
    const Viewport fresh = first_view(*image);
    pane.viewport.image_width = fresh.image_width;
    pane.viewport.image_height = fresh.image_height;
    pane.viewport = fitted(pane.viewport);
  }
  const int wanted = panes.layout_chosen && !panes.panes.empty() ? static_cast<int>(panes.panes.size())
                                                                 : static_cast<int>(images.size());
  const bool chosen = panes.layout_chosen;
  set_pane_count(panes, images, wanted);
  panes.layout_chosen = chosen;
}

void set_pane_count(Panes& panes, const std::vector<Image>& images, int count) {
  panes.layout_chosen = true;
  const size_t wanted = std::min<size_t>(static_cast<size_t>(std::clamp(count, 1, kMaxPanes)), images.size());
  // The active pane stays when panes go.
  while (panes.panes.size() > wanted) {
    size_t last = panes.panes.size() - 1;
    if (last == panes.active && last > 0 && wanted > 0) {
      std::swap(panes.panes[last], panes.panes[wanted - 1]);
      panes.active = wanted - 1;
    }
    panes.kept[panes.panes.back().image] = panes.panes.back().viewport;
    panes.panes.pop_back();
  }
  for (const Image& image : images) {
    if (panes.panes.size() >= wanted) break;
    if (is_shown(panes, image.name)) continue;
    Pane pane;
    put(panes, pane, image);
    panes.panes.push_back(std::move(pane));
  }
  if (panes.active >= panes.panes.size()) panes.active = panes.panes.empty() ? 0 : panes.panes.size() - 1;
  tidy(panes, images);
}

void show_image(Panes& panes, const std::vector<Image>& images, size_t pane, const std::string& name) {
  const Image* image = find_image(images, name);
  if (pane >= panes.panes.size() || !image || panes.panes[pane].image == name) return;
  const auto other =
      std::find_if(panes.panes.begin(), panes.panes.end(), [&](const Pane& p) { return p.image == name; });
  if (other != panes.panes.end()) {
    const Image* displaced = find_image(images, panes.panes[pane].image);
    panes.kept[name] = other->viewport;  // it moves as it is seen, not as it was first shown
    put(panes, panes.panes[pane], *image);
    if (displaced) put(panes, *other, *displaced);
  } else {
    put(panes, panes.panes[pane], *image);
  }
  panes.active = pane;
  tidy(panes, images);
}

}  // namespace hada::model
