#pragma once

// AIP-154 etags over the `revision` column that every mutable resource has.

#include <cstdint>
#include <string>
#include <string_view>

#include "contract/result.h"

namespace hada::core {

std::string make_etag(int64_t revision);

// INVALID_ARGUMENT / ETAG_MISSING when empty, ABORTED / ETAG_MISMATCH when it is not that of `revision`.
Status check_etag(std::string_view given, int64_t revision);

}  // namespace hada::core
