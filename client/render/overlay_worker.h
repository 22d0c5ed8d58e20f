#pragma once

// The thread that makes scenes, meshes and plates (squares of drawn annotations) while frames go on. What is
// asked for may be called off until it has begun; what was made waits to be taken.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "client/render/overlay_mesh.h"
#include "client/render/overlay_raster.h"
#include "client/render/overlay_scene.h"
#include "contract/mutex.h"

namespace hada::render {

struct PlateKey {
  std::string image;
  OverlayScale scale;
  int column = 0, row = 0;
  bool operator==(const PlateKey&) const = default;
};

class OverlayWorker {
 public:
  static constexpr std::chrono::milliseconds kLongestRest{100};
  using Scene = std::shared_ptr<const OverlayScene>;
  struct NamedMesh {
    std::string image;
    OverlayItem item;
    OverlayMesh mesh;
  };
  struct NewScene {
    std::string image;
    Scene scene;
  };
  struct NewPlate {
    PlateKey key;
    Scene scene;
    PlatePicture picture;
  };
  // In the order in which they should be taken: a scene comes with the meshes of what an edit brought.
  struct Made {
    std::vector<NamedMesh> meshes;
    std::vector<NewScene> scenes;
    std::vector<NewPlate> plates;
    bool empty() const { return meshes.empty() && scenes.empty() && plates.empty(); }
  };

  // `wake` is called on the worker's thread when something was made. Meshes of an edit are made with its
  // scene while they cost no more than `edit_cost`.
  OverlayWorker(std::function<void()> wake, size_t edit_cost,
                std::chrono::milliseconds longest_rest = kLongestRest);
  // Waits for what has begun.
  ~OverlayWorker();
  OverlayWorker(const OverlayWorker&) = delete;
  OverlayWorker& operator=(const OverlayWorker&) = delete;

  // Main thread. Scenes go first, then meshes, then plates; each in the order asked for.
  void set(const std::string& image, std::shared_ptr<const OverlayItems> items);
  void want_mesh(const std::string& image, const OverlayItem& item);
  void want_plate(const PlateKey& key, const Scene& scene);
  // Calls off the meshes and plates that have not begun.
  void forget_wishes();
  void drop(const std::string& image);
  Made take();
  bool idle() const;
  // Between the two the thread rests, also in the middle of a plate: a frame without a GPU needs every core.
  // It never rests for longer than kLongestRest, so that frames without a pause between them starve nothing.
  void begin_frame();
  void end_frame();

 private:
  struct PlateWish {
    PlateKey key;
    Scene scene;
    bool operator==(const PlateWish&) const = default;
  };

  void work();
  // Between two shapes of a plate.
  void rest();
  // True after a wait: what is wanted may have changed.
  bool waited_for_frame() HADA_REQUIRES(mutex_);
  // Each gives the lock back while it works.
  void make_scene() HADA_REQUIRES(mutex_);
  void make_meshes() HADA_REQUIRES(mutex_);
  void make_plate() HADA_REQUIRES(mutex_);

  const std::function<void()> wake_;
  const size_t edit_cost_;
  const std::chrono::milliseconds longest_rest_;
  mutable Mutex mutex_;
  CondVar more_;
  bool stopping_ HADA_GUARDED_BY(mutex_) = false;
  bool busy_ HADA_GUARDED_BY(mutex_) = false;
  std::atomic<bool> in_frame_ = false;  // changed under the lock; rest() looks without
  CondVar frame_over_;
  std::chrono::steady_clock::time_point since_ HADA_GUARDED_BY(mutex_);  // since then the work at hand waits
  std::map<std::string, std::shared_ptr<const OverlayItems>> new_items_ HADA_GUARDED_BY(mutex_);
  std::map<std::string, Scene> scenes_ HADA_GUARDED_BY(mutex_);
  std::vector<std::pair<std::string, OverlayItem>> meshes_ HADA_GUARDED_BY(mutex_);
  std::deque<PlateWish> plates_ HADA_GUARDED_BY(mutex_);
  std::optional<PlateWish> plate_begun_ HADA_GUARDED_BY(mutex_);
  Made made_ HADA_GUARDED_BY(mutex_);
  OverlayRaster raster_;  // the worker's own
  std::thread thread_;    // last: it uses the members above
};

}  // namespace hada::render
