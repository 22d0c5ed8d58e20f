#include "client/render/fill_triangles.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

namespace hada::render {
namespace {

using contract::Path;
using contract::PointD;

constexpr size_t kMostEars = 400;

// Twice the triangle's area, positive when a, b, c turn from x to y. Exact for points on the grid.
double turn(PointD a, PointD b, PointD c) { return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x); }

bool within(PointD p, PointD a, PointD b) {
  return p.x >= std::min(a.x, b.x) && p.x <= std::max(a.x, b.x) && p.y >= std::min(a.y, b.y) &&
         p.y <= std::max(a.y, b.y);
}

// Any point in common, ends included.
bool touch(PointD a, PointD b, PointD c, PointD d) {
  if (std::max(a.x, b.x) < std::min(c.x, d.x) || std::max(c.x, d.x) < std::min(a.x, b.x) ||
      std::max(a.y, b.y) < std::min(c.y, d.y) || std::max(c.y, d.y) < std::min(a.y, b.y))
    return false;
  const double c_side = turn(a, b, c), d_side = turn(a, b, d), a_side = turn(c, d, a), b_side = turn(c, d, b);
  if (((c_side > 0) != (d_side > 0)) && ((a_side > 0) != (b_side > 0)) && c_side != 0 && d_side != 0 &&
      a_side != 0 && b_side != 0)
    return true;
  return (c_side == 0 && within(c, a, b)) || (d_side == 0 && within(d, a, b)) ||
         (a_side == 0 && within(a, c, d)) || (b_side == 0 && within(b, c, d));
}

// Without points that repeat the one before.
Path distinct(const Path& path) {
  Path out;
  out.reserve(path.size());
  for (const PointD p : path)
    if (out.empty() || p != out.back()) out.push_back(p);
  while (out.size() > 1 && out.front() == out.back()) out.pop_back();
  return out;
}

bool is_simple(const Path& path) {
  const size_t n = path.size();
  for (size_t i = 0; i < n; ++i) {
    const PointD a = path[i], b = path[(i + 1) % n];
    // The next edge shares b; it must not run back over this one.
    const PointD c = path[(i + 2) % n];
    if (turn(a, b, c) == 0 && (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y) < 0) return false;
    for (size_t j = i + 2; j < n; ++j) {
      if (i == 0 && j == n - 1) continue;
      if (touch(a, b, path[j], path[(j + 1) % n])) return false;
    }
  }
  return true;
}

struct Edge {
  PointD upper, lower;
  double slope;  // x for each y
  double x_at(double y) const {
    if (y <= upper.y) return upper.x;
    return y >= lower.y ? lower.x : upper.x + (y - upper.y) * slope;
  }
};

// Between two edges of the sweep, from `top` on.
struct Span {
  size_t left, right;
  double top;
};

// The sweep's state from one y to the next.
class Sweep {
 public:
  explicit Sweep(const std::vector<Path>& paths) {
    for (const Path& path : paths) {
      for (size_t i = 0; i < path.size(); ++i) {
        PointD a = path[i], b = path[(i + 1) % path.size()];
        if (a.y == b.y) continue;
        if (a.y > b.y) std::swap(a, b);
        edges_.push_back({a, b, (b.x - a.x) / (b.y - a.y)});
        ys_.push_back(a.y);
        ys_.push_back(b.y);
      }
    }
    std::sort(edges_.begin(), edges_.end(),
              [](const Edge& a, const Edge& b) { return a.upper.y < b.upper.y; });
    std::sort(ys_.begin(), ys_.end());
    ys_.erase(std::unique(ys_.begin(), ys_.end()), ys_.end());
  }

  FillTriangles run() {
    size_t next = 0;
    for (size_t i = 0; i + 1 < ys_.size(); ++i) {
      const double top = ys_[i], bottom = ys_[i + 1];
      std::erase_if(active_, [&](size_t e) { return edges_[e].lower.y <= top; });
      while (next < edges_.size() && edges_[next].upper.y <= top) active_.push_back(next++);
      for (double y = top; y < bottom;) {
        const double until = order(y, bottom);
        take_slab(y);
        y = until;
      }
    }
    if (!ys_.empty()) close(spans_, ys_.back());
    return std::move(out_);
  }

 private:
  // Less than a crossing's rounding errs, far less than a pixel shows.
  static constexpr double kNear = 1e-6;

  // Sorts the active edges as they lie just below `y`; they keep that order until the y given back.
  double order(double y, double bottom) {
    const auto before = [&](size_t a, size_t b) {
      const double difference = edges_[a].x_at(y) - edges_[b].x_at(y);
      if (std::abs(difference) > kNear) return difference < 0;
      return edges_[a].x_at(bottom) < edges_[b].x_at(bottom);
    };
    // By insertion: nearly sorted already, and "near" is not transitive, which std::sort does not forgive.
    for (size_t i = 1; i < active_.size(); ++i)
      for (size_t j = i; j > 0 && before(active_[j], active_[j - 1]); --j)
        std::swap(active_[j], active_[j - 1]);
    double until = bottom;
    for (size_t i = 1; i < active_.size(); ++i) {
      const Edge &a = edges_[active_[i - 1]], &b = edges_[active_[i]];
      if (a.x_at(until) <= b.x_at(until)) continue;
      const double gap = b.x_at(y) - a.x_at(y), closing = a.slope - b.slope;
      const double crossing = y + gap / closing;
      if (crossing > y + kNear && crossing < until) until = crossing;
    }
    return until;
  }

  // Pairs of neighbours enclose what is inside. A pair that goes on needs no cut.
  void take_slab(double y) {
    std::vector<Span> now, ended = std::move(spans_);
    for (size_t i = 0; i + 1 < active_.size(); i += 2) {
      const auto same = std::find_if(ended.begin(), ended.end(), [&](const Span& s) {
        return s.left == active_[i] && s.right == active_[i + 1];
      });
      if (same == ended.end()) {
        now.push_back({active_[i], active_[i + 1], y});
      } else {
        now.push_back(*same);
        ended.erase(same);
      }
    }
    close(ended, y);
    spans_ = std::move(now);
  }

  void close(const std::vector<Span>& spans, double bottom) {
    for (const Span& span : spans) {
      const Edge &left = edges_[span.left], &right = edges_[span.right];
      const auto first = static_cast<uint32_t>(out_.points.size());
      out_.points.push_back({left.x_at(span.top), span.top});
      out_.points.push_back({right.x_at(span.top), span.top});
      out_.points.push_back({right.x_at(bottom), bottom});
      out_.points.push_back({left.x_at(bottom), bottom});
      const bool pointed_top = out_.points[first].x == out_.points[first + 1].x;
      const bool pointed_bottom = out_.points[first + 2].x == out_.points[first + 3].x;
      if (!pointed_top) out_.indices.insert(out_.indices.end(), {first, first + 1, first + 2});
      if (!pointed_bottom) out_.indices.insert(out_.indices.end(), {first, first + 2, first + 3});
    }
  }

  std::vector<Edge> edges_;
  std::vector<double> ys_;
  std::vector<size_t> active_;
  std::vector<Span> spans_;
  FillTriangles out_;
};

}  // namespace

bool fill_by_ears(const Path& whole, FillTriangles& out) {
  const Path path = distinct(whole);
  if (path.size() < 3 || path.size() > kMostEars || !is_simple(path)) return false;
  double area = 0;
  for (size_t i = 1; i + 1 < path.size(); ++i) area += turn(path[0], path[i], path[i + 1]);
  const double sign = area < 0 ? -1 : 1;

  std::vector<uint32_t> left(path.size());  // corners that are not cut off yet
  for (size_t i = 0; i < left.size(); ++i) left[i] = static_cast<uint32_t>(i);
  std::vector<uint32_t> indices;
  indices.reserve(3 * (path.size() - 2));
  const auto is_ear = [&](size_t at) {
    const size_t n = left.size();
    const uint32_t ia = left[(at + n - 1) % n], ib = left[at], ic = left[(at + 1) % n];
    const PointD a = path[ia], b = path[ib], c = path[ic];
    const double size = sign * turn(a, b, c);
    if (size < 0) return false;
    if (size == 0) return true;  // a corner on a straight line
    for (const uint32_t other : left) {
      if (other == ia || other == ib || other == ic) continue;
      const PointD p = path[other];
      if (sign * turn(a, b, p) >= 0 && sign * turn(b, c, p) >= 0 && sign * turn(c, a, p) >= 0) return false;
    }
    return true;
  };
  size_t at = 0, tried = 0;
  while (left.size() > 3) {
    if (at >= left.size()) at = 0;
    if (!is_ear(at)) {
      // A simple path always has an ear; without one, rounding has lied.
      if (++tried > left.size()) return false;
      ++at;
      continue;
    }
    const size_t n = left.size();
    const uint32_t a = left[(at + n - 1) % n], b = left[at], c = left[(at + 1) % n];
    if (turn(path[a], path[b], path[c]) != 0) indices.insert(indices.end(), {a, b, c});
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(at));
    tried = 0;
    ++at;  // ears all around instead of one fan of slivers
  }
  if (turn(path[left[0]], path[left[1]], path[left[2]]) != 0)
    indices.insert(indices.end(), left.begin(), left.end());
  out = {path, std::move(indices)};
  return true;
}

FillTriangles fill_by_sweep(const std::vector<Path>& paths) { return Sweep(paths).run(); }

FillTriangles fill_triangles(const std::vector<Path>& paths) {
  FillTriangles out;
  if (paths.size() == 1 && fill_by_ears(paths[0], out)) return out;
  return fill_by_sweep(paths);
}

}  // namespace hada::render
