#pragma once

// errno as an Error of the blob store.

#include <string_view>

#include "contract/result.h"

namespace hada::blobs {

// RESOURCE_EXHAUSTED / DISK_FULL, or INTERNAL / BLOB_IO. Names the step, never the path: a path may be a
// bundle's.
Unexpected io_error(std::string_view step);

}  // namespace hada::blobs
