#pragma once

// Where the source tree and the build lie, as CMake knew them.

#include <string>

namespace hada::support {

std::string source_dir();
std::string build_dir();

}  // namespace hada::support
