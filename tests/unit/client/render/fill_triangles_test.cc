#include "client/render/fill_triangles.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using namespace hada;
using contract::Path;
using contract::PointD;
using render::FillTriangles;

namespace {

double area_of(const FillTriangles& fill) {
  double sum = 0;
  for (size_t i = 0; i < fill.indices.size(); i += 3) {
    const PointD a = fill.points[fill.indices[i]], b = fill.points[fill.indices[i + 1]],
                 c = fill.points[fill.indices[i + 2]];
    sum += std::abs((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)) / 2;
  }
  return sum;
}

int triangles_around(const FillTriangles& fill, PointD p) {
  int count = 0;
  for (size_t i = 0; i < fill.indices.size(); i += 3) {
    const auto side = [&](size_t from, size_t to) {
      const PointD a = fill.points[fill.indices[i + from]], b = fill.points[fill.indices[i + to]];
      return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x) > 0;
    };
    const bool first = side(0, 1), second = side(1, 2), third = side(2, 0);
    count += first == second && second == third;
  }
  return count;
}

// Each random point lies in one triangle when it is inside, in none when it is not.
void check_covers(const FillTriangles& fill, const std::vector<Path>& paths, double size) {
  const contract::Shape shape{AnnotationKind::Polygon, paths};
  std::mt19937 random(5);
  std::uniform_real_distribution<double> place(0, size);
  for (int i = 0; i < 400; ++i) {
    const PointD p{place(random), place(random)};
    CHECK(triangles_around(fill, p) == (contract::contains(shape, p) ? 1 : 0));
  }
}

Path star(std::mt19937& random, int corners, double size) {
  std::uniform_real_distribution<double> radius(0.1, 0.48);
  Path path;
  for (int i = 0; i < corners; ++i) {
    const double angle = 6.283185307 * i / corners, r = radius(random) * size;
    path.push_back(contract::to_grid({size / 2 + r * std::cos(angle), size / 2 + r * std::sin(angle)}));
  }
  return path;
}

Path tangle(std::mt19937& random, int corners, double size) {
  std::uniform_real_distribution<double> place(0, size);
  Path path;
  for (int i = 0; i < corners; ++i) path.push_back(contract::to_grid({place(random), place(random)}));
  return path;
}

}  // namespace

TEST_CASE("an outline that does not cross itself is cut into n - 2 triangles, either way around") {
  std::mt19937 random(3);
  for (int round = 0; round < 30; ++round) {
    Path path = star(random, 5 + round * 3, 200);
    if (round % 2) std::reverse(path.begin(), path.end());
    FillTriangles fill;
    REQUIRE(render::fill_by_ears(path, fill));
    CHECK(fill.indices.size() / 3 <= path.size() - 2);
    CHECK(area_of(fill) ==
          doctest::Approx(contract::measures_of({AnnotationKind::Polygon, {path}}, 1, 1).area));
    check_covers(fill, {path}, 200);
  }
}

TEST_CASE("corners on straight edges and repeated points do no harm") {
  const Path path = {{0, 0}, {50, 0}, {100, 0}, {100, 0}, {100, 100}, {50, 100}, {0, 100}, {0, 50}, {0, 0}};
  FillTriangles fill;
  REQUIRE(render::fill_by_ears(path, fill));
  CHECK(area_of(fill) == doctest::Approx(10'000));
}

TEST_CASE("outlines that cross or touch themselves are not cut by ears") {
  FillTriangles fill;
  CHECK_FALSE(render::fill_by_ears({{0, 0}, {100, 100}, {100, 0}, {0, 100}}, fill));
  // A corner on another edge, an edge that runs back.
  CHECK_FALSE(render::fill_by_ears({{0, 0}, {100, 0}, {100, 100}, {50, 0}, {0, 100}}, fill));
  CHECK_FALSE(render::fill_by_ears({{0, 0}, {100, 0}, {50, 0}, {50, 80}}, fill));
  CHECK_FALSE(render::fill_by_ears({{0, 0}, {1, 1}}, fill));
}

TEST_CASE("the sweep fills every tangle by the even-odd rule") {
  std::mt19937 random(9);
  for (int round = 0; round < 40; ++round) {
    std::vector<Path> paths;
    for (int i = 0; i <= round % 3; ++i) paths.push_back(tangle(random, 3 + round, 300));
    check_covers(render::fill_by_sweep(paths), paths, 300);
  }
}

TEST_CASE("the sweep agrees with the ears where both work") {
  std::mt19937 random(13);
  for (int round = 0; round < 20; ++round) {
    const Path path = star(random, 50, 400);
    FillTriangles fill;
    REQUIRE(render::fill_by_ears(path, fill));
    CHECK(area_of(render::fill_by_sweep({path})) == doctest::Approx(area_of(fill)));
  }
}

TEST_CASE("holes, islands in them and paths that share an edge") {
  const auto square = [](double from, double to) {
    return Path{{from, from}, {to, from}, {to, to}, {from, to}};
  };
  const std::vector<Path> nested = {square(0, 100), square(20, 80), square(40, 60)};
  CHECK(area_of(render::fill_triangles(nested)) == doctest::Approx(10'000 - 3'600 + 400));
  check_covers(render::fill_triangles(nested), nested, 100);
  // Twice the same is nothing.
  CHECK(area_of(render::fill_triangles({square(0, 100), square(0, 100)})) == doctest::Approx(0));
  CHECK(render::fill_triangles({}).indices.empty());
  CHECK(render::fill_triangles({{{0, 0}, {10, 0}}}).indices.empty());
}

TEST_CASE("an outline of 50,000 corners is filled too") {
  Path path;
  for (int i = 0; i < 50'000; ++i) {
    const double angle = 6.283185307 * i / 50'000, r = 20'000 * (1 + 0.3 * std::sin(40 * angle));
    path.push_back(contract::to_grid({30'000 + r * std::cos(angle), 30'000 + r * std::sin(angle)}));
  }
  CHECK(area_of(render::fill_triangles({path})) ==
        doctest::Approx(contract::measures_of({AnnotationKind::Polygon, {path}}, 1, 1).area).epsilon(1e-6));
}
