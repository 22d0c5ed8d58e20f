#pragma once

// Closed paths joined, cut and painted (Clipper: Vatti 1992, on the grid of contract::to_grid, so exact).
// Inside is what an odd number of the given paths encloses; what comes back is free of crossings. Level-0
// pixels. Pure.

#include <vector>

#include "contract/geometry.h"

namespace hada::model {

using contract::Path;
using Paths = std::vector<contract::Path>;

// An outline drawn by hand, which may cross itself: all that it winds around.
Paths cleaned(const Path& drawn);
// What a round brush of this radius covers on its way along an open path; one point makes a disc.
Paths brushed(const Path& way, double radius);

Paths united(const Paths& a, const Paths& b);
Paths without(const Paths& a, const Paths& b);
Paths clipped_to(const Paths& a, double width, double height);

// The pieces that an open path cuts a region into; one (the region itself) where it does not part it. What
// has no connection stays in pieces of its own, each outline with its holes.
std::vector<Paths> split(const Paths& region, const Path& cut);

}  // namespace hada::model
