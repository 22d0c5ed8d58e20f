#include "client/tiles/cover.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>
#include <string>

using namespace hada;
using contract::Pyramid;
using contract::PyramidLevel;
using contract::RectD;
using contract::TileKey;
using tiles::DrawItem;

namespace {

// Levels of 1024, 512 and 256 px: 4 x 4, 2 x 2 and 1 x 1 tiles.
const Pyramid kThreeLevels = {{1024, 1024, 256, 256, 1}, {512, 512, 256, 256, 2}, {256, 256, 256, 256, 4}};

// Seven levels, so that coarsest, undercoat and target differ.
Pyramid deep_pyramid() {
  Pyramid pyramid;
  for (int i = 0; i < 7; ++i) pyramid.push_back({16384 >> i, 16384 >> i, 256, 256, std::exp2(i)});
  return pyramid;
}

std::string name(TileKey key) {
  std::ostringstream out;
  out << key.level << ":" << key.column << "," << key.row;
  return out.str();
}

std::vector<std::string> names(const std::vector<TileKey>& keys) {
  std::vector<std::string> out;
  for (const TileKey& key : keys) out.push_back(name(key));
  return out;
}

// A plan with the log of every question it asked, and its answers as an area map.
struct Planned {
  std::vector<std::string> asked;
  std::vector<std::string> drawn;
  double area = 0;
};

Planned plan(const Pyramid& pyramid, const RectD& visible, double zoom, const std::set<std::string>& ready) {
  Planned planned;
  const std::vector<DrawItem> items = tiles::draw_plan(pyramid, visible, zoom, [&](TileKey key) {
    const bool found = ready.contains(name(key));
    planned.asked.push_back(name(key) + (found ? "+" : "-"));
    return found;
  });
  for (const DrawItem& item : items) {
    std::ostringstream out;
    out << name(item.key) << " [" << item.area.x0 << " " << item.area.y0 << " " << item.area.x1 << " "
        << item.area.y1 << "]";
    planned.drawn.push_back(out.str());
    planned.area += item.area.width() * item.area.height();
  }
  return planned;
}

using Names = std::vector<std::string>;

std::vector<TileKey> visible_tiles(const Pyramid& pyramid, const RectD& visible, double zoom) {
  return tiles::wanted_tiles(pyramid, visible, zoom).visible;
}

}  // namespace

TEST_CASE("a view wants the coarsest level first, then the level it shows") {
  CHECK(names(visible_tiles(kThreeLevels, {0, 0, 256, 256}, 1)) == Names{"2:0,0", "0:0,0"});
}

TEST_CASE("a deep view wants an undercoat between the overview and the sharp tiles") {
  CHECK(names(visible_tiles(deep_pyramid(), {0, 0, 200, 200}, 1)) == Names{"6:0,0", "2:0,0", "0:0,0"});
}

TEST_CASE("tiles of a level are wanted from the centre outward") {
  const std::vector<TileKey> wanted = visible_tiles(deep_pyramid(), {256, 256, 1536, 1536}, 1);
  std::vector<TileKey> sharp;
  for (const TileKey& key : wanted)
    if (key.level == 0) sharp.push_back(key);
  REQUIRE(sharp.size() == 25);
  CHECK(name(sharp.front()) == "0:3,3");
  const auto distance = [](TileKey k) { return std::hypot(k.column - 3, k.row - 3); };
  CHECK(std::is_sorted(sharp.begin(), sharp.end(),
                       [&](TileKey a, TileKey b) { return distance(a) < distance(b) - 1e-9; }));
}

TEST_CASE("no tile is wanted twice") {
  const std::vector<TileKey> wanted = visible_tiles(kThreeLevels, {0, 0, 1024, 1024}, 0.25);
  CHECK(names(wanted) == Names{"2:0,0"});
}

TEST_CASE("nothing is wanted of an image that is out of view, or of none") {
  CHECK(visible_tiles(kThreeLevels, {2000, 0, 3000, 1000}, 1).empty());
  CHECK(visible_tiles({}, {0, 0, 100, 100}, 1).empty());
}

TEST_CASE("a view that would need too many tiles is served by a coarser level") {
  // Four times coarser only: at zoom 0.3 level 0 is right, but it has 4,096 tiles in view.
  const Pyramid steep = {{16384, 16384, 256, 256, 1}, {4096, 4096, 256, 256, 4}, {256, 256, 256, 256, 64}};
  CHECK(tiles::target_level(steep, {0, 0, 16384, 16384}, 0.3) == 1);
  CHECK(tiles::target_level(steep, {0, 0, 4000, 4000}, 0.3) == 0);
}

namespace {

using tiles::Motion;

// 1:1 in the middle of the deep pyramid: 6 x 4 whole tiles.
const RectD kMiddle = {8192, 8192, 8192 + 6 * 256, 8192 + 4 * 256};

std::vector<TileKey> of_level(const std::vector<TileKey>& keys, int32_t level) {
  std::vector<TileKey> out;
  for (const TileKey& key : keys)
    if (key.level == level) out.push_back(key);
  return out;
}

bool is_between(TileKey key, int32_t c0, int32_t c1) { return key.column >= c0 && key.column <= c1; }

}  // namespace

TEST_CASE("a moving view is drawn first where it goes, and what comes into view is fetched ahead") {
  Motion right;
  right.vx = 2000;  // 600 px within 300 ms: two columns and a bit
  const tiles::Wanted wanted = tiles::wanted_tiles(deep_pyramid(), kMiddle, 1, right);
  const std::vector<TileKey> sharp = of_level(wanted.visible, 0);
  CHECK(sharp.size() == 24);
  // The middle is between columns 34 and 35; a quarter of the view ahead lies the border of 36 and 37.
  CHECK(is_between(sharp.front(), 36, 36));
  CHECK(is_between(sharp.back(), 32, 32));
  REQUIRE_FALSE(wanted.prefetch.empty());
  CHECK(wanted.prefetch.size() <= 6);  // a quarter of 24
  for (const TileKey& key : of_level(wanted.prefetch, 0)) CHECK(is_between(key, 38, 40));
  // Coarse first, then the column that enters first.
  CHECK(wanted.prefetch.front().level == 2);
  CHECK(is_between(of_level(wanted.prefetch, 0).front(), 38, 38));
}

TEST_CASE("around a view that stands, one level coarser and one finer are fetched ahead") {
  const RectD half = {4096, 4096, 4096 + 12 * 256, 4096 + 8 * 256};
  const tiles::Wanted wanted = tiles::wanted_tiles(deep_pyramid(), half, 0.5);
  CHECK(of_level(wanted.visible, 1).size() == 24);
  CHECK(wanted.prefetch.size() == 6);
  CHECK(of_level(wanted.prefetch, 2).size() == 3);
  CHECK(of_level(wanted.prefetch, 0).size() == 3);
  std::set<TileKey> once(wanted.visible.begin(), wanted.visible.end());
  for (const TileKey& key : wanted.prefetch) CHECK(once.insert(key).second);
}

TEST_CASE("during a zoom the levels on the way are left out") {
  const Pyramid pyramid = deep_pyramid();
  const RectD wide = {4096, 4096, 4096 + 8 * 1536, 4096 + 8 * 1024};  // level 3 fills 1536 x 1024
  const auto levels = [](const std::vector<TileKey>& keys) {
    std::set<int32_t> out;
    for (const TileKey& key : keys) out.insert(key.level);
    return out;
  };
  SUBCASE("a glide asks for the view in which it ends") {
    Motion glide;
    glide.target = tiles::View{kMiddle, 1};
    const tiles::Wanted wanted = tiles::wanted_tiles(pyramid, wide, 0.125, glide);
    CHECK(levels(wanted.visible) == std::set<int32_t>{6, 2, 0});
    CHECK(of_level(wanted.visible, 0).size() == 24);
  }
  SUBCASE("and so it does outward") {
    Motion glide;
    glide.target = tiles::View{wide, 0.125};
    const tiles::Wanted wanted = tiles::wanted_tiles(pyramid, kMiddle, 1, glide);
    CHECK(levels(wanted.visible) == std::set<int32_t>{6, 5, 3});
    CHECK(of_level(wanted.visible, 3).size() == contract::tiles_in(pyramid, 3, wide).size());
  }
  SUBCASE("a zoom by hand asks for the level that it enters") {
    Motion in;
    in.zoom_rate = 3;
    CHECK(levels(tiles::wanted_tiles(pyramid, wide, 0.124, in).visible).contains(2));
    CHECK_FALSE(levels(tiles::wanted_tiles(pyramid, wide, 0.124, in).visible).contains(3));
    in.zoom_rate = 0;
    CHECK(levels(tiles::wanted_tiles(pyramid, wide, 0.124, in).visible).contains(3));
  }
}

TEST_CASE("a prefetch stays inside the image") {
  Motion away;
  away.vx = away.vy = -50'000;
  const tiles::Wanted wanted = tiles::wanted_tiles(deep_pyramid(), {-100, -100, 924, 924}, 1, away);
  for (const TileKey& key : wanted.prefetch) CHECK(contract::contains(deep_pyramid(), key));
  CHECK(of_level(wanted.visible, 0).size() == 16);
}

TEST_CASE("a view whose tiles are ready draws them and asks for nothing else") {
  const Planned p = plan(kThreeLevels, {100, 100, 300, 200}, 1, {"0:0,0", "0:1,0", "1:0,0"});
  CHECK(p.asked == Names{"0:0,0+", "0:1,0+"});
  CHECK(p.drawn == Names{"0:0,0 [100 100 256 200]", "0:1,0 [256 100 300 200]"});
}

TEST_CASE("a missing tile is stood in for by its part of the parent") {
  const Planned p = plan(kThreeLevels, {0, 0, 512, 256}, 1, {"0:0,0", "1:0,0", "2:0,0"});
  CHECK(p.asked == Names{"0:0,0+", "0:1,0-", "1:0,0+"});
  CHECK(p.drawn == Names{"0:0,0 [0 0 256 256]", "1:0,0 [256 0 512 256]"});
}

TEST_CASE("a missing parent is stood in for by the grandparent") {
  const Planned p = plan(kThreeLevels, {0, 0, 256, 256}, 1, {"2:0,0"});
  CHECK(p.asked == Names{"0:0,0-", "1:0,0-", "2:0,0+"});
  CHECK(p.drawn == Names{"2:0,0 [0 0 256 256]"});
}

TEST_CASE("zooming out keeps the finer tiles until the coarser one comes, when all of them are there") {
  SUBCASE("all four are ready") {
    const Planned p =
        plan(kThreeLevels, {0, 0, 512, 512}, 0.5, {"0:0,0", "0:1,0", "0:0,1", "0:1,1", "2:0,0"});
    CHECK(p.drawn == Names{"0:0,0 [0 0 256 256]", "0:1,0 [256 0 512 256]", "0:0,1 [0 256 256 512]",
                           "0:1,1 [256 256 512 512]"});
  }
  SUBCASE("one is missing: the coarser stand-in serves the whole tile") {
    const Planned p = plan(kThreeLevels, {0, 0, 512, 512}, 0.5, {"0:0,0", "0:1,0", "0:0,1", "2:0,0"});
    CHECK(p.drawn == Names{"2:0,0 [0 0 512 512]"});
  }
}

TEST_CASE("what nothing is ready for is left out") {
  CHECK(plan(kThreeLevels, {0, 0, 1024, 1024}, 1, {}).drawn.empty());
}

TEST_CASE("levels whose tiles do not nest still cover every place exactly once") {
  // Tile sizes differ, the steps are 3.2 and 2.9, the sizes are rounded.
  const Pyramid odd = {{10007, 7001, 240, 256, 1},
                       {3127, 2188, 256, 240, 3.2},
                       {1078, 754, 200, 200, 9.28},
                       {269, 188, 512, 512, 37.2}};
  const RectD visible = {1234.5, 987.25, 4321.75, 3210.5};
  std::set<std::string> ready = {"3:0,0"};
  for (const TileKey& key : contract::tiles_in(odd, 0, visible))
    if ((key.column * 7 + key.row * 3) % 4 != 0) ready.insert(name(key));
  for (const TileKey& key : contract::tiles_in(odd, 1, visible))
    if ((key.column + key.row) % 2 != 0) ready.insert(name(key));
  const Planned p = plan(odd, visible, 1, ready);
  CHECK(p.area == doctest::Approx(visible.width() * visible.height()).epsilon(1e-9));
}
