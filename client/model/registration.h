#pragma once

// Where a place of one image lies in another: by three pairs of points that a reader picks, or by the two
// views' scale and direction at the moment they were linked. Pure; image coordinates are level-0 pixels.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "client/model/viewport.h"

namespace hada::model {

// to = (xx xy; yx yy) from + (x, y)
struct Affine {
  double xx = 1, xy = 0, yx = 0, yy = 1, x = 0, y = 0;

  PointD apply(PointD p) const { return {xx * p.x + xy * p.y + x, yx * p.x + yy * p.y + y}; }
  double determinant() const { return xx * yy - xy * yx; }
  Affine inverse() const;  // determinant() is not 0
};

// A scale, a turn and perhaps a mirror: the part of an affine map a view can follow, for images are never
// sheared on the screen.
struct Similarity {
  double scale = 1;     // lengths in `to` per length in `from`
  double rotation = 0;  // degrees clockwise, after the mirror
  bool mirrored = false;
};
// The nearest in least squares of the matrix' elements (Higham 1986, polar decomposition, written out for
// two dimensions).
Similarity nearest_similarity(const Affine& map);

struct PointPair {
  PointD from, to;
};

enum class RegistrationProblem : int32_t {
  TooFew,  // less than three pairs
  Line,    // the points lie near a line in one of the images, or on each other
};

struct Registration {
  Affine map;
  // How far, in pixels of `to`, the pairs lie from where the map's scale and turn alone would put them (root
  // mean square). Three pairs determine an affine map exactly; what would have to shear is the error a reader
  // sees.
  double residual = 0;
};

struct RegistrationResult {
  std::optional<Registration> value;
  RegistrationProblem problem = RegistrationProblem::TooFew;  // when there is no value
};
// Affine least squares over three or more pairs.
RegistrationResult register_points(const std::vector<PointPair>& pairs);

// The view of the second image that shows the same place as `leader`, in the pane `follower` has. Scale, turn
// and mirror follow; not held to the limits.
Viewport following(const Viewport& leader, const Affine& map, const Viewport& follower);

// A view at the moment it was linked.
struct LinkAnchor {
  PointD centre;
  double zoom = 1;
  double rotation = 0;
  bool mirrored = false;
  double um_per_pixel = 0;  // 0 unknown
};
LinkAnchor anchor_of(const Viewport& view, double um_per_pixel);
// The centres correspond, and the screen's directions; the scale is the physical one where both are known,
// else as the two views had it.
Affine map_between(const LinkAnchor& from, const LinkAnchor& to);

}  // namespace hada::model
