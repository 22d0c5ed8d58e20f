#include "client/model/registration.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hada::model {
namespace {

// A triangle flatter than this (height over longest side) says too little about the direction across it.
constexpr double kFlattest = 0.06;

double spread(double xx, double xy, double yy) {
  // The smaller and the larger axis of the points' cloud: eigenvalues of its covariance.
  const double mean = (xx + yy) / 2, part = std::hypot((xx - yy) / 2, xy);
  return mean + part > 0 ? std::sqrt(std::max(0.0, mean - part) / (mean + part)) : 0;
}

// Of a view without its zoom and place: columns scaled by `scale`.
Affine linear(double rotation, bool mirrored, double scale) {
  Viewport view;
  view.rotation = normal_degrees(rotation);
  view.mirrored = mirrored;
  const Orientation o = view.orientation();
  return {o.xx * scale, o.xy * scale, o.yx * scale, o.yy * scale, 0, 0};
}

}  // namespace

Affine Affine::inverse() const {
  const double d = determinant();
  Affine back{yy / d, -xy / d, -yx / d, xx / d, 0, 0};
  back.x = -(back.xx * x + back.xy * y);
  back.y = -(back.yx * x + back.yy * y);
  return back;
}

Similarity nearest_similarity(const Affine& m) {
  Similarity s;
  s.mirrored = m.determinant() < 0;
  // With the mirror undone the nearest s R(a) has s cos a = (xx + yy) / 2 and s sin a = (yx - xy) / 2.
  const double flip = s.mirrored ? -1 : 1;
  const double along = (flip * m.xx + m.yy) / 2, across = (flip * m.yx - m.xy) / 2;
  s.scale = std::hypot(along, across);
  s.rotation = normal_degrees(std::atan2(across, along) * 180 / std::numbers::pi);
  return s;
}

RegistrationResult register_points(const std::vector<PointPair>& pairs) {
  if (pairs.size() < 3) return {std::nullopt, RegistrationProblem::TooFew};
  const auto count = static_cast<double>(pairs.size());
  PointD a, b;
  for (const PointPair& pair : pairs) {
    a = {a.x + pair.from.x / count, a.y + pair.from.y / count};
    b = {b.x + pair.to.x / count, b.y + pair.to.y / count};
  }
  // Moments about the means: the normal equations of the linear part.
  double xx = 0, xy = 0, yy = 0, ux = 0, uy = 0, vx = 0, vy = 0, uu = 0, uv = 0, vv = 0;
  for (const PointPair& pair : pairs) {
    const double x = pair.from.x - a.x, y = pair.from.y - a.y, u = pair.to.x - b.x, v = pair.to.y - b.y;
    xx += x * x;
    xy += x * y;
    yy += y * y;
    ux += u * x;
    uy += u * y;
    vx += v * x;
    vy += v * y;
    uu += u * u;
    uv += u * v;
    vv += v * v;
  }
  if (spread(xx, xy, yy) < kFlattest || spread(uu, uv, vv) < kFlattest)
    return {std::nullopt, RegistrationProblem::Line};
  const double d = xx * yy - xy * xy;
  Registration r;
  r.map.xx = (ux * yy - uy * xy) / d;
  r.map.xy = (uy * xx - ux * xy) / d;
  r.map.yx = (vx * yy - vy * xy) / d;
  r.map.yy = (vy * xx - vx * xy) / d;
  r.map.x = b.x - r.map.xx * a.x - r.map.xy * a.y;
  r.map.y = b.y - r.map.yx * a.x - r.map.yy * a.y;

  const Similarity s = nearest_similarity(r.map);
  Affine rigid = linear(s.rotation, s.mirrored, s.scale);
  const PointD mean = rigid.apply(a);
  rigid.x = b.x - mean.x;
  rigid.y = b.y - mean.y;
  double squares = 0;
  for (const PointPair& pair : pairs) {
    const PointD at = rigid.apply(pair.from);
    squares += std::pow(at.x - pair.to.x, 2) + std::pow(at.y - pair.to.y, 2);
  }
  r.residual = std::sqrt(squares / count);
  return {r, {}};
}

Viewport following(const Viewport& leader, const Affine& map, const Viewport& follower) {
  Viewport v = follower;
  v.centre = map.apply(leader.centre);
  // Directions of the second image go back to the first and from there to the screen.
  const Affine back = map.inverse();
  const Orientation o = leader.orientation();
  const Affine to_screen{leader.zoom * (o.xx * back.xx + o.xy * back.yx),
                         leader.zoom * (o.xx * back.xy + o.xy * back.yy),
                         leader.zoom * (o.yx * back.xx + o.yy * back.yx),
                         leader.zoom * (o.yx * back.xy + o.yy * back.yy),
                         0,
                         0};
  const Similarity s = nearest_similarity(to_screen);
  v.zoom = s.scale;
  // What is a quarter turn but for rounding is one: its pixels stay sharp.
  const double quarter = std::round(s.rotation / 90) * 90;
  v.rotation = normal_degrees(std::abs(s.rotation - quarter) < 1e-9 ? quarter : s.rotation);
  v.mirrored = s.mirrored;
  v.fitted = false;
  return v;
}

LinkAnchor anchor_of(const Viewport& view, double um_per_pixel) {
  return {view.centre, view.zoom, view.rotation, view.mirrored, um_per_pixel};
}

Affine map_between(const LinkAnchor& from, const LinkAnchor& to) {
  const bool physical = from.um_per_pixel > 0 && to.um_per_pixel > 0;
  const double scale = physical ? from.um_per_pixel / to.um_per_pixel : from.zoom / to.zoom;
  const Affine to_screen = linear(from.rotation, from.mirrored, scale);
  const Affine from_screen = linear(to.rotation, to.mirrored, 1).inverse();
  Affine map{from_screen.xx * to_screen.xx + from_screen.xy * to_screen.yx,
             from_screen.xx * to_screen.xy + from_screen.xy * to_screen.yy,
             from_screen.yx * to_screen.xx + from_screen.yy * to_screen.yx,
             from_screen.yx * to_screen.xy + from_screen.yy * to_screen.yy,
             0,
             0};
  const PointD centre = map.apply(from.centre);
  map.x = to.centre.x - centre.x;
  map.y = to.centre.y - centre.y;
  return map;
}

}  // namespace hada::model
