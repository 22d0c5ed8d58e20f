#pragma once

// Where a pane looks: pure arithmetic, no drawing. Display pixels are framebuffer pixels inside the pane,
// origin top left; image coordinates are level-0 pixels in double.

#include "contract/pyramid.h"

namespace hada::model {

struct PointD {
  double x = 0, y = 0;
};

struct Viewport {
  double pane_width = 0, pane_height = 0;    // display pixels
  double image_width = 0, image_height = 0;  // level-0 pixels
  PointD centre;                             // level-0 pixel shown at the pane's centre
  double zoom = 1;                           // display pixels per level-0 pixel
  bool fitted = false;                       // keep the whole image in view when the pane changes size

  PointD to_image(PointD display) const;
  PointD to_display(PointD image) const;
  contract::RectD visible() const;  // in level-0 pixels, not clipped to the image

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
Viewport centred_on(Viewport v, PointD image);

// A scale bar: a round length of at most `max_display` display pixels. um_per_pixel is at level 0.
struct ScaleBar {
  double display_pixels = 0;
  double micrometres = 0;
};
ScaleBar scale_bar(const Viewport& v, double um_per_pixel, double max_display);

}  // namespace hada::model
