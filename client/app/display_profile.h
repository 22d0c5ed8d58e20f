#pragma once

// The colour profile of the display: from a file, or as the desktop announces it (the root window's
// _ICC_PROFILE property, which colord, xcalib and dispwin set). Main thread, at the start.

#include <string>

#include "contract/result.h"

namespace hada::app {

// INVALID_ARGUMENT / BAD_OPTION when the file cannot be read or describes no RGB display.
Result<std::string> read_display_profile(const std::string& path);

// Empty where there is no X server or no usable profile. Needs no window.
std::string desktop_profile();

}  // namespace hada::app
