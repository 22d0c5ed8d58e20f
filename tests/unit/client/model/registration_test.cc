#include "client/model/registration.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace hada::model;

namespace {

Viewport pane(double width, double height) {
  Viewport v;
  v.pane_width = 800;
  v.pane_height = 600;
  v.image_width = width;
  v.image_height = height;
  return fitted(v);
}

// A second picture of the same skin: twice as large, turned by 30 degrees, moved.
PointD again(PointD p, bool flip = false) {
  Viewport v;
  v.rotation = 30;
  v.mirrored = flip;
  const PointD q = v.orientation().apply(p);
  return {2 * q.x + 3000, 2 * q.y + 1500};
}

std::vector<PointPair> three(bool flip = false) {
  std::vector<PointPair> pairs;
  for (const PointD p : {PointD{100, 120}, {900, 200}, {400, 700}}) pairs.push_back({p, again(p, flip)});
  return pairs;
}

}  // namespace

TEST_CASE("three pairs give the scale, the turn and the place, and nothing is left over") {
  for (const bool flip : {false, true}) {
    const RegistrationResult result = register_points(three(flip));
    REQUIRE(result.value);
    CHECK(result.value->residual < 1e-9);
    const PointD there = result.value->map.apply({555, 333});
    CHECK(there.x == doctest::Approx(again({555, 333}, flip).x));
    CHECK(there.y == doctest::Approx(again({555, 333}, flip).y));
    const Similarity s = nearest_similarity(result.value->map);
    CHECK(s.scale == doctest::Approx(2));
    CHECK(s.rotation == doctest::Approx(30));
    CHECK(s.mirrored == flip);
    const PointD back = result.value->map.inverse().apply(there);
    CHECK(back.x == doctest::Approx(555));
    CHECK(back.y == doctest::Approx(333));
  }
}

TEST_CASE("a point that was picked beside its place shows in the residual") {
  auto pairs = three();
  pairs[1].to.x += 60;
  const RegistrationResult result = register_points(pairs);
  REQUIRE(result.value);
  CHECK(result.value->residual > 5);
  CHECK(result.value->residual < 60);
  // The three points themselves are met exactly.
  for (const PointPair& pair : pairs)
    CHECK(result.value->map.apply(pair.from).x == doctest::Approx(pair.to.x));
}

TEST_CASE("more pairs than three are settled by least squares") {
  auto pairs = three();
  pairs.push_back({{800, 800}, again({800, 800})});
  pairs[3].to.y += 8;
  const RegistrationResult result = register_points(pairs);
  REQUIRE(result.value);
  double worst = 0;
  for (const PointPair& pair : pairs)
    worst = std::max(worst, std::abs(result.value->map.apply(pair.from).y - pair.to.y));
  CHECK(worst > 0.5);
  CHECK(worst < 8);
}

TEST_CASE("points on a line, on each other or too few are refused") {
  CHECK(register_points({three()[0], three()[1]}).problem == RegistrationProblem::TooFew);
  auto line = three();
  line[2].from = {500, 160};  // in the first image only
  CHECK_FALSE(register_points(line).value);
  CHECK(register_points(line).problem == RegistrationProblem::Line);
  line = three();
  line[2].to = {(line[0].to.x + line[1].to.x) / 2 + 3, (line[0].to.y + line[1].to.y) / 2};
  CHECK(register_points(line).problem == RegistrationProblem::Line);
  line = three();
  line[1] = line[0];
  CHECK(register_points(line).problem == RegistrationProblem::Line);
  const std::vector<PointPair> one(3, three()[0]);
  CHECK(register_points(one).problem == RegistrationProblem::Line);
}

TEST_CASE("a following view shows the same place at the same place of its pane") {
  for (const bool flip : {false, true}) {
    const Affine map = register_points(three(flip)).value->map;
    Viewport leader = turned(zoomed_to(centred_on(pane(1000, 800), {500, 400}), 3), 20);
    if (flip) leader = mirrored(leader);
    const Viewport follower = following(leader, map, pane(4000, 4000));
    CHECK(follower.zoom == doctest::Approx(1.5));
    for (const PointD p : {PointD{500, 400}, {560, 430}, {450, 500}}) {
      const PointD here = leader.to_display(p), there = follower.to_display(again(p, flip));
      CHECK(there.x == doctest::Approx(here.x));
      CHECK(there.y == doctest::Approx(here.y));
    }
  }
}

TEST_CASE("views of the same place in panes of other sizes share their middles") {
  const Affine map = register_points(three()).value->map;
  Viewport small = pane(4000, 4000);
  small.pane_width = 300;
  const Viewport leader = zoomed_to(centred_on(pane(1000, 800), {500, 400}), 3);
  const PointD middle = following(leader, map, small).to_display(again({500, 400}));
  CHECK(middle.x == doctest::Approx(150));
  CHECK(middle.y == doctest::Approx(300));
}

TEST_CASE("linked by physical scale, the same length is as long in both panes") {
  const Viewport slide = zoomed_to(centred_on(pane(60000, 40000), {20000, 10000}), 0.5);
  const Viewport photograph = centred_on(pane(4000, 3000), {2500, 1000});
  const Affine map = map_between(anchor_of(slide, 0.25), anchor_of(photograph, 10));
  const Viewport follower = following(slide, map, photograph);
  CHECK(follower.centre.x == doctest::Approx(2500));
  CHECK(follower.zoom == doctest::Approx(0.5 * 10 / 0.25));
  // 400 um to the right in the slide are 400 um in the photograph.
  const PointD there = map.apply({20000 + 1600, 10000});
  CHECK(there.x == doctest::Approx(2540));
  CHECK(there.y == doctest::Approx(1000));
}

TEST_CASE("where a scale is unknown the two views keep the ratio they had, and their directions") {
  const Viewport first = turned(zoomed_to(centred_on(pane(4000, 3000), {1000, 1000}), 0.5), 90);
  const Viewport second = mirrored(zoomed_to(centred_on(pane(2000, 1500), {700, 800}), 1));
  const Affine map = map_between(anchor_of(first, 0), anchor_of(second, 3));
  const Viewport still = following(first, map, second);
  CHECK(still.zoom == doctest::Approx(1));
  CHECK(still.rotation == second.rotation);
  CHECK(still.mirrored);
  // Dragging the one drags the other by as much of the screen.
  const Viewport moved = panned(first, 40, -20);
  const PointD before = second.to_display({700, 800});
  const PointD after = following(moved, map, second).to_display({700, 800});
  CHECK(after.x - before.x == doctest::Approx(40));
  CHECK(after.y - before.y == doctest::Approx(-20));
}
