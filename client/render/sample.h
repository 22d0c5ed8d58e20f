#pragma once

// The colour of an image at a point of the screen, as it is shown without adjustments.

#include <vector>

#include "client/render/slide_renderer.h"

namespace hada::render {

// The mean of the 5 x 5 display pixels around (x, y) of the pane, 0 to 1 a channel. Draws them anew and waits
// for the GPU: for a click, not for every frame. Leaves the framebuffer that was bound.
Colour sample(SlideRenderer& renderer, SlidePane pane, const std::vector<tiles::DrawItem>& plan, int x,
              int y);

}  // namespace hada::render
