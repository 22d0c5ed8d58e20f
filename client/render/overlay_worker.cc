#include "client/render/overlay_worker.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

namespace hada::render {
namespace {
constexpr int kNice = 5;
}

OverlayWorker::OverlayWorker(std::function<void()> wake, size_t edit_cost,
                             std::chrono::milliseconds longest_rest)
    : wake_(std::move(wake)),
      edit_cost_(edit_cost),
      longest_rest_(longest_rest),
      thread_([this] { work(); }) {}

OverlayWorker::~OverlayWorker() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  more_.notify_all();
  frame_over_.notify_all();
  thread_.join();
}

void OverlayWorker::set(const std::string& image, std::shared_ptr<const OverlayItems> items) {
  {
    MutexLock lock(mutex_);
    new_items_[image] = std::move(items);
    scenes_.try_emplace(image);
  }
  more_.notify_one();
}

void OverlayWorker::want_mesh(const std::string& image, const OverlayItem& item) {
  {
    MutexLock lock(mutex_);
    meshes_.emplace_back(image, item);
  }
  more_.notify_one();
}

void OverlayWorker::want_plate(const PlateKey& key, const Scene& scene) {
  {
    MutexLock lock(mutex_);
    PlateWish wish{key, scene};
    if (plate_begun_ == wish || std::find(plates_.begin(), plates_.end(), wish) != plates_.end()) return;
    plates_.push_back(std::move(wish));
  }
  more_.notify_one();
}

void OverlayWorker::forget_wishes() {
  MutexLock lock(mutex_);
  meshes_.clear();
  plates_.clear();
}

void OverlayWorker::drop(const std::string& image) {
  MutexLock lock(mutex_);
  new_items_.erase(image);
  scenes_.erase(image);
  std::erase_if(meshes_, [&](const auto& wish) { return wish.first == image; });
  std::erase_if(plates_, [&](const PlateWish& wish) { return wish.key.image == image; });
  std::erase_if(made_.meshes, [&](const NamedMesh& mesh) { return mesh.image == image; });
  std::erase_if(made_.scenes, [&](const NewScene& scene) { return scene.image == image; });
  std::erase_if(made_.plates, [&](const NewPlate& plate) { return plate.key.image == image; });
}

OverlayWorker::Made OverlayWorker::take() {
  MutexLock lock(mutex_);
  return std::exchange(made_, {});
}

bool OverlayWorker::idle() const {
  MutexLock lock(mutex_);
  return !busy_ && new_items_.empty() && meshes_.empty() && plates_.empty() && made_.empty();
}

void OverlayWorker::begin_frame() {
  MutexLock lock(mutex_);
  in_frame_ = true;
}

void OverlayWorker::end_frame() {
  {
    MutexLock lock(mutex_);
    in_frame_ = false;
  }
  frame_over_.notify_one();
}

bool OverlayWorker::waited_for_frame() {
  if (!in_frame_ || stopping_) return false;
  const auto left = since_ + longest_rest_ - std::chrono::steady_clock::now();
  if (left <= left.zero()) return false;
  frame_over_.wait_for(mutex_, left);
  return true;
}

void OverlayWorker::rest() {
  if (!in_frame_.load(std::memory_order_relaxed)) return;
  MutexLock lock(mutex_);
  while (waited_for_frame()) {
  }
}

void OverlayWorker::work() {
  // Frames go first: without a GPU they need every core. On Linux both are of the thread, not of the process.
  const sched_param none{};
  sched_setscheduler(0, SCHED_BATCH, &none);
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), getpriority(PRIO_PROCESS, 0) + kNice);
  mutex_.lock();
  while (!stopping_) {
    if (new_items_.empty() && meshes_.empty() && plates_.empty()) {
      more_.wait(mutex_);
      since_ = std::chrono::steady_clock::now();
      continue;
    }
    if (waited_for_frame()) continue;
    busy_ = true;
    if (!new_items_.empty()) {
      make_scene();
    } else if (!meshes_.empty()) {
      make_meshes();
    } else {
      make_plate();
    }
    busy_ = false;
    since_ = std::chrono::steady_clock::now();
    mutex_.unlock();
    wake_();
    mutex_.lock();
  }
  mutex_.unlock();
}

void OverlayWorker::make_scene() {
  auto node = new_items_.extract(new_items_.begin());
  const std::string image = node.key();
  const Scene before = scenes_[image];
  mutex_.unlock();
  const Scene scene = OverlayScene::make(before, std::move(node.mapped()));
  std::vector<NamedMesh> meshes;
  size_t cost = 0;
  for (const SceneEntry* entry : scene->came()) {
    cost += entry->cost;
    if (cost > edit_cost_) break;
    meshes.push_back({image, entry->item, make_mesh(entry->item)});
  }
  mutex_.lock();
  const auto place = scenes_.find(image);
  if (place == scenes_.end()) return;  // dropped meanwhile
  place->second = scene;
  std::move(meshes.begin(), meshes.end(), std::back_inserter(made_.meshes));
  made_.scenes.push_back({image, scene});
}

// All that wait, so that a view gets what it lacks at once.
void OverlayWorker::make_meshes() {
  const std::vector<std::pair<std::string, OverlayItem>> wishes = std::exchange(meshes_, {});
  mutex_.unlock();
  std::vector<NamedMesh> meshes;
  meshes.reserve(wishes.size());
  for (const auto& [image, item] : wishes) meshes.push_back({image, item, make_mesh(item)});
  mutex_.lock();
  std::move(meshes.begin(), meshes.end(), std::back_inserter(made_.meshes));
}

void OverlayWorker::make_plate() {
  plate_begun_ = std::move(plates_.front());
  plates_.pop_front();
  const PlateWish wish = *plate_begun_;
  mutex_.unlock();
  PlatePicture picture =
      raster_.draw(*wish.scene, wish.key.scale, wish.key.column, wish.key.row, [this] { rest(); });
  mutex_.lock();
  plate_begun_.reset();
  made_.plates.push_back({wish.key, wish.scene, std::move(picture)});
}

}  // namespace hada::render
