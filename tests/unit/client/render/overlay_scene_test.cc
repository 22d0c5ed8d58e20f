#include "client/render/overlay_scene.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace hada;
using contract::RectD;
using render::OverlayItem;
using render::OverlayItems;
using render::OverlayScene;
using render::SceneEntry;

namespace {

OverlayItem square_at(double x, double y, double side = 10, uint32_t rgb = 0xFF0000) {
  auto annotation = std::make_shared<model::Annotation>();
  annotation->shape = {AnnotationKind::Rectangle, {{{x, y}, {x + side, y + side}}}};
  return {annotation, rgb};
}

OverlayItems many(size_t count) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> place(0, 1'000);
  OverlayItems items;
  for (size_t i = 0; i < count; ++i) items.push_back(square_at(place(random), place(random)));
  return items;
}

std::shared_ptr<const OverlayScene> next(const std::shared_ptr<const OverlayScene>& before,
                                         OverlayItems items) {
  return OverlayScene::make(before, std::make_shared<const OverlayItems>(std::move(items)));
}

constexpr RectD kAll{-1e9, -1e9, 1e9, 1e9};

// The scene shows exactly these, in this order.
void check_shows(const OverlayScene& scene, const OverlayItems& items) {
  const std::vector<const SceneEntry*> found = scene.find(kAll);
  REQUIRE(found.size() == items.size());
  for (size_t i = 0; i < items.size(); ++i) CHECK(found[i]->item == items[i]);
  CHECK(scene.empty() == items.empty());
}

}  // namespace

TEST_CASE("a scene finds what meets an area, lowest first") {
  const OverlayItems items = many(500);
  const auto scene = next(nullptr, items);
  check_shows(*scene, items);
  const RectD area{200, 200, 400, 300};
  OverlayItems expected;
  for (const OverlayItem& item : items) {
    const RectD box = contract::bounds_of(item.annotation->shape);
    if (box.x0 <= area.x1 && box.x1 >= area.x0 && box.y0 <= area.y1 && box.y1 >= area.y0)
      expected.push_back(item);
  }
  const auto found = scene->find(area);
  REQUIRE(found.size() == expected.size());
  for (size_t i = 0; i < found.size(); ++i) CHECK(found[i]->item == expected[i]);
}

TEST_CASE("too many are not counted to the end") {
  const auto scene = next(nullptr, many(100));
  CHECK(scene->cost() == 400);
  CHECK(scene->find_few(kAll, 400));
  CHECK_FALSE(scene->find_few(kAll, 399));
}

TEST_CASE("an edit shares the rest and says what changed") {
  OverlayItems items = many(200);
  auto scene = next(nullptr, items);
  CHECK(scene->rebuilt());

  SUBCASE("one more on top") {
    items.push_back(square_at(50, 60));
    scene = next(scene, items);
    CHECK_FALSE(scene->rebuilt());
    REQUIRE(scene->came().size() == 1);
    CHECK(scene->came()[0]->item == items.back());
    REQUIRE(scene->changed().size() == 1);
    CHECK(scene->changed()[0].x0 == 50);
  }
  SUBCASE("one replaced in the middle lies where the old one lay") {
    items[77] = square_at(-500, 3);
    scene = next(scene, items);
    CHECK_FALSE(scene->rebuilt());
    CHECK(scene->came().size() == 1);
    CHECK(scene->changed().size() == 2);
  }
  SUBCASE("one removed") {
    items.erase(items.begin() + 10);
    scene = next(scene, items);
    CHECK(scene->came().empty());
    CHECK(scene->changed().size() == 1);
  }
  SUBCASE("another colour is another entry") {
    items[5].rgb = 0x00FF00;
    scene = next(scene, items);
    CHECK(scene->came().size() == 1);
  }
  SUBCASE("nothing at all") {
    scene = next(scene, items);
    CHECK(scene->changed().empty());
  }
  check_shows(*scene, items);
}

TEST_CASE("many edits, one after the other, leave what they should") {
  std::mt19937 random(4);
  OverlayItems items = many(900);
  auto scene = next(nullptr, items);
  int rebuilt = 0;
  for (int i = 0; i < 1'500; ++i) {
    const size_t at = items.empty() ? 0 : random() % items.size();
    const auto place = items.begin() + static_cast<std::ptrdiff_t>(at);
    if (items.empty() || i % 3 == 0) {
      items.insert(place, square_at(static_cast<double>(i), 5));
    } else if (i % 3 == 1) {
      *place = square_at(static_cast<double>(i), 900);
    } else if (items.size() > 20) {
      items.erase(place);
    }
    scene = next(scene, items);
    rebuilt += scene->rebuilt();
    if (i % 50 == 0) check_shows(*scene, items);
  }
  check_shows(*scene, items);
  CHECK(rebuilt > 0);
  CHECK(rebuilt < 20);
}

TEST_CASE("always at the same place, new ones still lie between their neighbours") {
  OverlayItems items = many(2);
  auto scene = next(nullptr, items);
  for (int i = 0; i < 200; ++i) {
    items.insert(items.begin() + 1, square_at(i, i));
    scene = next(scene, items);
  }
  check_shows(*scene, items);
}

TEST_CASE("the same annotation twice, and a list that becomes empty") {
  const OverlayItem twice = square_at(5, 5);
  auto scene = next(nullptr, {twice, square_at(1, 1), twice});
  CHECK(scene->find(kAll).size() == 3);
  scene = next(scene, {twice});
  check_shows(*scene, {twice});
  scene = next(scene, {twice, twice, twice});
  scene = next(scene, {});
  check_shows(*scene, {});
  CHECK(scene->cost() == 0);
  scene = next(scene, {twice});
  check_shows(*scene, {twice});
}
