#include "client/render/overlay_scene.h"

#include <algorithm>
#include <utility>

#include "client/render/overlay_mesh.h"

namespace hada::render {
namespace {

using contract::RectD;

SceneEntry entry_of(const OverlayItem& item, double order) {
  return {item, contract::bounds_of(item.annotation->shape), order, mesh_cost(item.annotation->shape)};
}

bool meet(const RectD& a, const RectD& b) {
  return a.x0 <= b.x1 && b.x0 <= a.x1 && a.y0 <= b.y1 && b.y0 <= a.y1;
}

}  // namespace

std::shared_ptr<const OverlayScene> OverlayScene::make(const std::shared_ptr<const OverlayScene>& before,
                                                       std::shared_ptr<const OverlayItems> items) {
  auto scene = std::make_shared<OverlayScene>();
  scene->items_ = std::move(items);
  if (!before || !scene->take_edits(*before)) scene->build();
  return scene;
}

void OverlayScene::build() {
  auto base = std::make_shared<Base>();
  std::vector<RectD> boxes;
  boxes.reserve(items_->size());
  base->entries.reserve(items_->size());
  for (const OverlayItem& item : *items_) {
    base->entries.push_back(entry_of(item, static_cast<double>(base->entries.size())));
    boxes.push_back(base->entries.back().box);
    cost_ += base->entries.back().cost;
  }
  base->index = model::ShapeIndex(boxes);
  base_ = std::move(base);
  count_ = items_->size();
}

// What lies between the longest common beginning and end of both lists was edited. False when that is much.
bool OverlayScene::take_edits(const OverlayScene& before) {
  const OverlayItems &old = *before.items_, &now = *items_;
  const size_t shorter = std::min(old.size(), now.size());
  size_t head = 0, tail = 0;
  while (head < shorter && old[head] == now[head]) ++head;
  while (tail < shorter - head && old[old.size() - 1 - tail] == now[now.size() - 1 - tail]) ++tail;
  const size_t leaving = old.size() - head - tail, coming = now.size() - head - tail;
  if (leaving + coming + before.gone_.size() + before.added_.size() > kMostEdits) return false;

  std::vector<const SceneEntry*> left;
  for (size_t i = head; i < head + leaving; ++i) {
    const SceneEntry* entry = before.find(old[i]);
    if (!entry || std::find(left.begin(), left.end(), entry) != left.end()) return false;
    left.push_back(entry);
  }
  // New ones lie between their neighbours.
  const SceneEntry* below = head > 0 ? before.find(old[head - 1]) : nullptr;
  const SceneEntry* above = tail > 0 ? before.find(old[old.size() - tail]) : nullptr;
  const double low = below ? below->order : above ? above->order - 1 : 0;
  const double high = above ? above->order : low + 1;
  const double step = (high - low) / static_cast<double>(coming + 1);
  if (coming > 0 && !(low < low + step && high - step < high)) return false;  // no number lies between

  base_ = before.base_;
  gone_ = before.gone_;
  added_ = before.added_;
  count_ = now.size();
  cost_ = before.cost_;
  rebuilt_ = false;
  for (const SceneEntry* entry : left) {
    cost_ -= entry->cost;
    changed_.push_back(entry->box);
    if (std::erase_if(added_, [&](const auto& a) { return a.get() == entry; }) == 0) gone_.push_back(entry);
  }
  std::sort(gone_.begin(), gone_.end());
  for (size_t i = 0; i < coming; ++i) {
    added_.push_back(
        std::make_shared<const SceneEntry>(entry_of(now[head + i], low + step * static_cast<double>(i + 1))));
    came_.push_back(added_.back().get());
    cost_ += came_.back()->cost;
    changed_.push_back(came_.back()->box);
  }
  return true;
}

template <class Visit>
void OverlayScene::visit(const RectD& area, Visit visit) const {
  bool going = true;
  base_->index.visit(area, [&](uint32_t number) {
    const SceneEntry* entry = &base_->entries[number];
    if (!gone_.empty() && std::binary_search(gone_.begin(), gone_.end(), entry)) return true;
    return going = visit(entry);
  });
  for (size_t i = 0; going && i < added_.size(); ++i)
    if (meet(added_[i]->box, area)) going = visit(added_[i].get());
}

const SceneEntry* OverlayScene::find(const OverlayItem& item) const {
  const SceneEntry* found = nullptr;
  visit(contract::bounds_of(item.annotation->shape), [&](const SceneEntry* entry) {
    if (entry->item == item) found = entry;
    return found == nullptr;
  });
  return found;
}

std::vector<const SceneEntry*> OverlayScene::find(const RectD& area) const {
  return std::move(*find_few(area, static_cast<size_t>(-1)));
}

std::optional<std::vector<const SceneEntry*>> OverlayScene::find_few(const RectD& area, size_t most) const {
  std::vector<const SceneEntry*> found;
  size_t cost = 0;
  visit(area, [&](const SceneEntry* entry) {
    cost += entry->cost;
    found.push_back(entry);
    return cost <= most;
  });
  if (cost > most) return std::nullopt;
  std::sort(found.begin(), found.end(),
            [](const SceneEntry* a, const SceneEntry* b) { return a->order < b->order; });
  return found;
}

}  // namespace hada::render
