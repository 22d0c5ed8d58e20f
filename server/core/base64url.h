#pragma once

#include <string>
#include <string_view>

#include "contract/result.h"

namespace hada::core {

// RFC 4648 section 5, without padding.
std::string base64url(std::string_view bytes);
// INVALID_ARGUMENT / BAD_BASE64.
Result<std::string> from_base64url(std::string_view text);

}  // namespace hada::core
