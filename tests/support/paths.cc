#include "tests/support/paths.h"

namespace hada::support {

std::string source_dir() { return HADA_SOURCE_DIR; }
std::string build_dir() { return HADA_BUILD_DIR; }

}  // namespace hada::support
