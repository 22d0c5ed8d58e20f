#include "client/model/linking.h"

#include <algorithm>

namespace hada::model {
namespace {

double um_per_pixel(const std::vector<Image>& images, const std::string& name) {
  const Image* image = find_image(images, name);
  return image ? image->mpp_x : 0;
}

std::optional<size_t> pane_of(const Panes& panes, const std::string& image) {
  for (size_t i = 0; i < panes.panes.size(); ++i)
    if (panes.panes[i].image == image) return i;
  return std::nullopt;
}

Viewport whole(const Image& image, double pane_width, double pane_height) {
  Viewport view;
  view.pane_width = pane_width;
  view.pane_height = pane_height;
  if (!image.levels.empty()) {
    view.image_width = image.levels.front().width;
    view.image_height = image.levels.front().height;
  }
  return fitted(view);
}

}  // namespace

std::optional<Affine> registered_map(const Panes& panes, const std::string& from, const std::string& to) {
  if (const auto it = panes.registrations.find({from, to}); it != panes.registrations.end())
    return it->second.map;
  if (const auto it = panes.registrations.find({to, from}); it != panes.registrations.end())
    return it->second.map.inverse();
  return std::nullopt;
}

std::vector<size_t> move_linked(Panes& panes, size_t leader) {
  std::vector<size_t> moved;
  if (panes.registering || leader >= panes.panes.size() || !panes.panes[leader].link) return moved;
  const Pane& first = panes.panes[leader];
  for (size_t i = 0; i < panes.panes.size(); ++i) {
    Pane& pane = panes.panes[i];
    if (i == leader || !pane.link || pane.viewport.image_width <= 0) continue;
    const std::optional<Affine> registered = registered_map(panes, first.image, pane.image);
    const Affine map = registered ? *registered : map_between(*first.link, *pane.link);
    pane.viewport = held(following(first.viewport, map, pane.viewport));
    moved.push_back(i);
  }
  return moved;
}

void relink(Panes& panes, const std::vector<Image>& images) {
  for (Pane& pane : panes.panes)
    if (pane.link) pane.link = anchor_of(pane.viewport, um_per_pixel(images, pane.image));
  size_t leader = panes.active;
  for (size_t i = 0; i < panes.panes.size() && (leader >= panes.panes.size() || !panes.panes[leader].link);
       ++i)
    leader = i;
  move_linked(panes, leader);
}

void set_linked(Panes& panes, const std::vector<Image>& images, size_t pane, bool on) {
  if (pane >= panes.panes.size()) return;
  panes.panes[pane].link.reset();
  if (on) panes.panes[pane].link.emplace();
  relink(panes, images);
}

void set_all_linked(Panes& panes, const std::vector<Image>& images, bool on) {
  for (Pane& pane : panes.panes) {
    pane.link.reset();
    if (on) pane.link.emplace();
  }
  relink(panes, images);
}

bool start_registration(Panes& panes, const std::vector<Image>& images) {
  if (images.size() < 2) return false;
  panes.comparison.reset();
  if (panes.panes.size() < 2) set_pane_count(panes, images, 2);
  if (panes.panes.size() < 2) return false;
  const Pane& first = panes.panes[panes.active];
  const Pane& second = panes.panes[(panes.active + 1) % panes.panes.size()];
  if (first.viewport.image_width <= 0 || second.viewport.image_width <= 0) return false;
  panes.registering.emplace();
  panes.registering->first = first.image;
  panes.registering->second = second.image;
  return true;
}

std::optional<Registration> mark_point(Panes& panes, const std::vector<Image>& images, size_t pane,
                                       PointD image) {
  if (!panes.registering || pane >= panes.panes.size()) return std::nullopt;
  Registering& task = *panes.registering;
  const std::string& name = panes.panes[pane].image;
  if (name != task.first && name != task.second) return std::nullopt;
  std::vector<PointD>& points = name == task.first ? task.first_points : task.second_points;
  if (name != task.wanted()) {
    if (!points.empty()) points.back() = image;
    return std::nullopt;
  }
  points.push_back(image);
  task.problem.reset();
  if (const auto next = pane_of(panes, task.wanted())) panes.active = *next;
  if (task.second_points.size() < Registering::kPairs) return std::nullopt;

  std::vector<PointPair> pairs;
  for (size_t i = 0; i < task.second_points.size(); ++i)
    pairs.push_back({task.first_points[i], task.second_points[i]});
  const RegistrationResult result = register_points(pairs);
  if (!result.value) {
    task.problem = result.problem;
    task.first_points.pop_back();
    task.second_points.pop_back();
    return std::nullopt;
  }
  const std::string first = task.first, second = task.second;
  panes.registrations.erase({second, first});
  panes.registrations[{first, second}] = *result.value;
  panes.registering.reset();
  for (Pane& each : panes.panes)
    if (each.image == first || each.image == second) each.link.emplace();
  if (const auto leader = pane_of(panes, first)) panes.active = *leader;
  relink(panes, images);
  return result.value;
}

void undo_point(Panes& panes) {
  if (!panes.registering) return;
  Registering& task = *panes.registering;
  task.problem.reset();
  std::vector<PointD>& points = task.wants_first() ? task.second_points : task.first_points;
  if (points.empty()) return;
  points.pop_back();
  if (const auto next = pane_of(panes, task.wanted())) panes.active = *next;
}

void forget_registration(Panes& panes, const std::vector<Image>& images) {
  if (!panes.registering) return;
  panes.registrations.erase({panes.registering->first, panes.registering->second});
  panes.registrations.erase({panes.registering->second, panes.registering->first});
  panes.registering.reset();
  relink(panes, images);
}

bool start_comparison(Panes& panes, const std::vector<Image>& images) {
  if (images.size() < 2 || panes.active >= panes.panes.size()) return false;
  const std::string& own = panes.panes[panes.active].image;
  std::string over;
  for (const Image& image : images)
    if (over.empty() && registered_map(panes, own, image.name)) over = image.name;
  if (over.empty() && panes.panes.size() > 1)
    over = panes.panes[(panes.active + 1) % panes.panes.size()].image;
  for (size_t i = 0; over.empty() && i < images.size(); ++i)
    if (images[i].name == own) over = images[(i + 1) % images.size()].name;
  if (over.empty() || over == own) return false;
  panes.registering.reset();
  panes.comparison = Comparison{panes.active, over, 0.5};
  return true;
}

Viewport comparison_view(const Panes& panes, const std::vector<Image>& images) {
  if (!panes.comparison || panes.comparison->pane >= panes.panes.size()) return {};
  const Pane& under = panes.panes[panes.comparison->pane];
  const Image *own = find_image(images, under.image), *over = find_image(images, panes.comparison->over);
  if (!own || !over) return {};
  const Viewport& view = under.viewport;
  const Viewport blank = whole(*over, view.pane_width, view.pane_height);
  if (const auto map = registered_map(panes, own->name, over->name)) return following(view, *map, blank);
  const auto pane = pane_of(panes, over->name);
  if (under.link && pane && panes.panes[*pane].link)
    return following(view, map_between(*under.link, *panes.panes[*pane].link), blank);
  const Viewport all = whole(*own, view.pane_width, view.pane_height);
  return following(view, map_between(anchor_of(all, own->mpp_x), anchor_of(blank, over->mpp_x)), blank);
}

}  // namespace hada::model
