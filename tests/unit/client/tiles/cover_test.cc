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

}  // namespace

TEST_CASE("a view wants the coarsest level first, then the level it shows") {
  CHECK(names(tiles::wanted_tiles(kThreeLevels, {0, 0, 256, 256}, 1)) == Names{"2:0,0", "0:0,0"});
}

TEST_CASE("a deep view wants an undercoat between the overview and the sharp tiles") {
  CHECK(names(tiles::wanted_tiles(deep_pyramid(), {0, 0, 200, 200}, 1)) == Names{"6:0,0", "2:0,0", "0:0,0"});
}

TEST_CASE("tiles of a level are wanted from the centre outward") {
  const std::vector<TileKey> wanted = tiles::wanted_tiles(deep_pyramid(), {256, 256, 1536, 1536}, 1);
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
  const std::vector<TileKey> wanted = tiles::wanted_tiles(kThreeLevels, {0, 0, 1024, 1024}, 0.25);
  CHECK(names(wanted) == Names{"2:0,0"});
}

TEST_CASE("nothing is wanted of an image that is out of view, or of none") {
  CHECK(tiles::wanted_tiles(kThreeLevels, {2000, 0, 3000, 1000}, 1).empty());
  CHECK(tiles::wanted_tiles({}, {0, 0, 100, 100}, 1).empty());
}

TEST_CASE("a view that would need too many tiles is served by a coarser level") {
  // Four times coarser only: at zoom 0.3 level 0 is right, but it has 4,096 tiles in view.
  const Pyramid steep = {{16384, 16384, 256, 256, 1}, {4096, 4096, 256, 256, 4}, {256, 256, 256, 256, 64}};
  CHECK(tiles::target_level(steep, {0, 0, 16384, 16384}, 0.3) == 1);
  CHECK(tiles::target_level(steep, {0, 0, 4000, 4000}, 0.3) == 0);
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
