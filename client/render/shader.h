#pragma once

#include <string_view>

#include "client/render/gl.h"
#include "contract/result.h"

namespace hada::render {

// Compiles and links. INTERNAL / SHADER_FAILED with the driver's log.
Result<Program> make_program(std::string_view vertex, std::string_view fragment);

}  // namespace hada::render
