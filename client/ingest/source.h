#pragma once

// The bytes of one file as they leave the hospital: a file on disk with edits laid over it, or bytes in
// memory. A slide of many GiB is cleaned without a second copy.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "contract/result.h"
#include "contract/tiff_cleaning.h"

namespace hada::ingest {

class Source {
 public:
  virtual ~Source() = default;
  virtual uint64_t size() const = 0;
  // Exactly `size` bytes; DATA_LOSS / UNREADABLE where the file has fewer or cannot be read. Any thread.
  virtual Result<std::string> read(uint64_t offset, uint64_t size) const = 0;
};

std::shared_ptr<const Source> memory_source(std::string bytes);

// Opens a regular file (no device, no pipe, no symlink in its last part). NOT_FOUND / NO_SUCH_FILE,
// INVALID_ARGUMENT / NOT_A_FILE, PERMISSION_DENIED / UNREADABLE.
Result<std::shared_ptr<const Source>> file_source(const std::filesystem::path& path);

// `below` with the edits applied; they are sorted, do not overlap and lie inside it.
std::shared_ptr<const Source> edited_source(std::shared_ptr<const Source> below,
                                            std::vector<contract::ByteEdit> edits);

// The whole, where it is at most `limit` bytes; RESOURCE_EXHAUSTED / TOO_LARGE otherwise.
Result<std::string> read_all(const Source& source, uint64_t limit);

}  // namespace hada::ingest
