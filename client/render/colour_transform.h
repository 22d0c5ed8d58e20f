#pragma once

// Colour management: from an image's ICC profile to the display's, as the table that the decoders apply
// (tiles/colour_grid.h). Relative colorimetric with black point compensation; where either profile has tables
// for perceptual only, perceptual. Any thread; a few milliseconds.

#include <memory>
#include <string>

#include "client/tiles/colour_grid.h"

namespace hada::render {

// Profiles are ICC bytes; empty means sRGB. Null when nothing is to be done: the colours are the same
// already, or the image's profile is no usable RGB profile (the picture is then shown as it is). A display
// profile that is no usable RGB profile counts as sRGB.
std::shared_ptr<const tiles::ColourGrid> make_colour_grid(const std::string& image_profile,
                                                          const std::string& display_profile);

// Whether a display can be described by these bytes.
bool is_display_profile(const std::string& profile);

}  // namespace hada::render
