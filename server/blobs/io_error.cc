#include "server/blobs/io_error.h"

#include <cerrno>
#include <cstring>
#include <string>

namespace hada::blobs {

Unexpected io_error(std::string_view step) {
  const int code = errno;
  if (code == ENOSPC || code == EDQUOT)
    return Unexpected(ErrorCode::ResourceExhausted, "DISK_FULL", "the server's disk is full");
  return Unexpected(ErrorCode::Internal, "BLOB_IO",
                    "the blob store could not " + std::string(step) + ": " + std::strerror(code));
}

}  // namespace hada::blobs
