// libvips wants to be started once per process. Internal to the slide factory.
#pragma once

#include <string>

namespace hada::support {

bool start_vips();
// What libvips has to say about its last failure; clears it.
std::string vips_error_text();

}  // namespace hada::support
