#pragma once

// Where a pane looks: pure arithmetic, no drawing. Display pixels are framebuffer pixels inside the pane,
// origin top left; image coordinates are level-0 pixels in double.

#include "contract/geometry.h"
#include "contract/pyramid.h"

namespace hada::model {

using contract::PointD;

// The linear part of a view, without its zoom: image directions to display directions.
//   display = (xx xy; yx yy) image
struct Orientation {
  double xx = 1, xy = 0, yx = 0, yy = 1;
  PointD apply(PointD p) const { return {xx * p.x + xy * p.y, yx * p.x + yy * p.y}; }
  // A turn with or without a mirror: the inverse is the transpose.
  PointD undo(PointD p) const { return {xx * p.x + yx * p.y, xy * p.x + yy * p.y}; }
};

struct Viewport {
  double pane_width = 0, pane_height = 0;    // display pixels
  double image_width = 0, image_height = 0;  // level-0 pixels
  PointD centre;                             // level-0 pixel shown at the pane's centre
  double zoom = 1;                           // display pixels per level-0 pixel
  bool fitted = false;                       // keep the whole image in view when the pane changes size
  double rotation = 0;                       // degrees clockwise, 0 to below 360
  bool mirrored = false;                     // left and right exchanged, before it is turned

  Orientation orientation() const;  // exact at multiples of 90 degrees
  PointD to_image(PointD display) const;
  PointD to_display(PointD image) const;
  // The box around what the pane shows, in level-0 pixels, not clipped to the image. Turned by 45 degrees it
  // has about twice the pane's area; sees() tells what of it is really in view.
  contract::RectD visible() const;
  // Whether any of this part of the image (level-0 pixels) lies in the pane.
  bool sees(const contract::RectD& area) const;
  // The image's edges run along the pane's.
  bool axis_aligned() const;
  bool upright() const { return rotation == 0 && !mirrored; }

  double fit_zoom() const;
  double min_zoom() const;  // half of fit, or 1 for a tiny image
  double max_zoom() const;  // 32 display pixels per image pixel
};

// Each returns the changed viewport; the image is never lost from view (its centre stays within one pane).
Viewport resized(Viewport v, double pane_width, double pane_height);
Viewport fitted(Viewport v);
Viewport one_to_one(Viewport v);
// Drag by a display distance.
Viewport panned(Viewport v, double dx, double dy);
// The image point under `cursor` stays under it.
Viewport zoomed_at(Viewport v, PointD cursor, double factor);
Viewport zoomed_to(Viewport v, double zoom);  // about the pane's centre
Viewport centred_on(Viewport v, PointD image);
// Turned about the pane's centre, clockwise on the screen whether mirrored or not. A fitted image stays
// fitted.
Viewport turned(Viewport v, double degrees);
// Left and right of what the screen shows change places.
Viewport mirrored(Viewport v);
Viewport upright(Viewport v);
// The centre brought back into the image, the zoom into its limits.
Viewport held(Viewport v);

// A part of the pane as a pane of its own; display pixels.
Viewport part_of(const Viewport& v, PointD from, PointD to);

// From 0 to below 360.
double normal_degrees(double degrees);
// The nearest multiple of 15 where it is at most 2 degrees away: an angle that a free hand meant.
double snapped_degrees(double degrees);

// A scale bar: a round length of at most `max_display` display pixels. um_per_pixel is at level 0.
struct ScaleBar {
  double display_pixels = 0;
  double micrometres = 0;
};
ScaleBar scale_bar(const Viewport& v, double um_per_pixel, double max_display);

}  // namespace hada::model
