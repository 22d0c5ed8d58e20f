#include "client/render/overlay_worker.h"

#include <doctest/doctest.h>

#include <chrono>
#include <semaphore>
#include <thread>

using namespace hada;
using render::OverlayItem;
using render::OverlayItems;
using render::OverlayWorker;

namespace {

OverlayItem square_at(double x) {
  auto annotation = std::make_shared<model::Annotation>();
  annotation->shape = {AnnotationKind::Rectangle, {{{x, x}, {x + 50, x + 50}}}};
  return {annotation, 0xFF0000};
}

std::shared_ptr<const OverlayItems> shared(OverlayItems items) {
  return std::make_shared<const OverlayItems>(std::move(items));
}

struct Bench {
  std::chrono::milliseconds longest_rest = OverlayWorker::kLongestRest;
  std::counting_semaphore<1'000> woken{0};
  OverlayWorker worker{[this] { woken.release(); }, 1'000, longest_rest};
  OverlayWorker::Made next() {
    OverlayWorker::Made made;
    while (made.empty()) {
      woken.acquire();
      made = worker.take();
    }
    return made;
  }
};

}  // namespace

TEST_CASE("a list becomes a scene, an edit comes with its meshes only") {
  Bench bench;
  OverlayItems items = {square_at(0), square_at(100)};
  bench.worker.set("images/a", shared(items));
  const OverlayWorker::Made first = bench.next();
  REQUIRE(first.scenes.size() == 1);
  CHECK(first.scenes[0].scene->rebuilt());
  CHECK(first.meshes.empty());
  items.push_back(square_at(200));
  bench.worker.set("images/a", shared(items));
  const OverlayWorker::Made second = bench.next();
  REQUIRE(second.scenes.size() == 1);
  CHECK_FALSE(second.scenes[0].scene->rebuilt());
  REQUIRE(second.meshes.size() == 1);
  CHECK(second.meshes[0].item == items.back());
}

TEST_CASE("meshes and plates are made when wanted, and then it is idle") {
  Bench bench;
  const OverlayItems items = {square_at(10)};
  bench.worker.set("images/a", shared(items));
  const auto scene = bench.next().scenes.at(0).scene;
  bench.worker.want_mesh("images/a", items[0]);
  const auto meshes = bench.next().meshes;
  REQUIRE(meshes.size() == 1);
  CHECK(meshes[0].mesh.fill_indices.size() == 6);
  bench.worker.want_plate({"images/a", {}, 0, 0}, scene);
  const auto plates = bench.next().plates;
  REQUIRE(plates.size() == 1);
  CHECK_FALSE(plates[0].picture.rgba.empty());
  while (!bench.worker.idle()) std::this_thread::yield();
  CHECK(bench.worker.take().empty());
}

TEST_CASE("plates wait until the frame is over") {
  Bench bench{.longest_rest = std::chrono::hours(1)};
  bench.worker.set("images/a", shared({square_at(10)}));
  const auto scene = bench.next().scenes.at(0).scene;
  while (!bench.worker.idle()) std::this_thread::yield();
  bench.worker.begin_frame();
  bench.worker.want_plate({"images/a", {}, 0, 0}, scene);
  while (bench.woken.try_acquire()) {
  }
  CHECK_FALSE(bench.woken.try_acquire_for(std::chrono::milliseconds(50)));
  bench.worker.end_frame();
  CHECK(bench.next().plates.size() == 1);
}

TEST_CASE("a frame that never ends holds a plate back for a while only") {
  using Clock = std::chrono::steady_clock;
  Bench bench;
  bench.worker.set("images/a", shared({square_at(10)}));
  const auto scene = bench.next().scenes.at(0).scene;
  while (!bench.worker.idle()) std::this_thread::yield();
  const auto wanted = Clock::now();
  bench.worker.begin_frame();
  bench.worker.want_plate({"images/a", {}, 0, 0}, scene);
  CHECK(bench.next().plates.size() == 1);
  CHECK(Clock::now() - wanted >= OverlayWorker::kLongestRest);
}

TEST_CASE("a dropped image leaves nothing behind") {
  Bench bench;
  bench.worker.set("images/a", shared({square_at(10)}));
  bench.worker.set("images/b", shared({square_at(10)}));
  bench.worker.drop("images/a");
  while (!bench.worker.idle()) {
    for (const auto& made : bench.worker.take().scenes) CHECK(made.image == "images/b");
    std::this_thread::yield();
  }
  // And is new when it comes back.
  bench.worker.set("images/a", shared({square_at(10)}));
  CHECK(bench.next().scenes.at(0).scene->rebuilt());
}
