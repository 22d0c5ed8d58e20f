#pragma once

// A local file as a BlobReader: what the decode child and the pyramid builder read, without a blob store.

#include <memory>
#include <string>

#include "server/blobs/blob_store.h"

namespace hada::blobs {

// NOT_FOUND / NO_SUCH_BLOB when it is not there or no plain file. Any thread.
Result<std::shared_ptr<const BlobReader>> open_local_file(const std::string& path);

}  // namespace hada::blobs
