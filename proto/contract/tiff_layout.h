#pragma once

// Where everything in a TIFF lies: directories, their entries, the bytes of each value. Classic TIFF,
// BigTIFF, and NDPI beyond 4 GiB (a classic TIFF whose pointers continue behind the directory). Reads only
// what it needs through a function, so that a slide of many GiB is not mapped. Every number comes from
// outside and is checked. Pure.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "contract/result.h"

namespace hada::contract {

// Exactly `size` bytes at `offset`; an error where the file has fewer.
using ReadAt = std::function<Result<std::string>(uint64_t offset, uint64_t size)>;

struct TiffEntry {
  uint16_t tag = 0;
  uint16_t type = 0;
  uint64_t count = 0;
  uint64_t value_offset = 0;  // of the value's bytes in the file, also where they stand in the entry itself
  uint64_t size = 0;          // bytes of the value; 0 for a type that is not known
  bool in_entry = false;      // the value stands in the entry
  uint64_t high = 0;          // big NDPI: added to a single integer that stands in the entry
  std::string raw;            // the entry as it stands in the file
};

struct TiffDirectory {
  uint64_t offset = 0;
  uint64_t size = 0;  // count, entries, next pointer (and, in big NDPI, the high words)
  std::vector<TiffEntry> entries;
  uint64_t next = 0;                    // offset of the next directory, 0 for the last
  std::vector<TiffDirectory> children;  // SubIFDs

  const TiffEntry* find(uint16_t tag) const;
};

struct TiffLayout {
  bool big_endian = false;
  bool big_tiff = false;
  bool big_ndpi = false;
  std::vector<TiffDirectory> directories;  // the main chain, in order; never empty

  int count_bytes() const { return big_tiff ? 8 : 2; }
  int entry_bytes() const { return big_tiff ? 20 : 12; }
  int pointer_bytes() const { return big_tiff || big_ndpi ? 8 : 4; }
};

// DATA_LOSS / BAD_TIFF for anything that leaves the file, loops, or is beyond sense (1,024 directories, 4,096
// entries in one).
Result<TiffLayout> read_tiff_layout(const ReadAt& read, uint64_t file_size);

// The directory at `offset`, with its EXIF-like content; for pointers such as ExifIFD.
Result<TiffDirectory> read_tiff_directory(const ReadAt& read, uint64_t file_size, const TiffLayout& layout,
                                          uint64_t offset);

// The entry's values as unsigned integers (BYTE, SHORT, LONG, IFD, LONG8); at most `max_count`.
Result<std::vector<uint64_t>> tiff_integers(const ReadAt& read, const TiffLayout& layout,
                                            const TiffEntry& entry, uint64_t max_count);

// The entry's bytes; at most `max_size`.
Result<std::string> tiff_bytes(const ReadAt& read, const TiffEntry& entry, uint64_t max_size);

// An unsigned integer in the file's byte order.
std::string tiff_uint(const TiffLayout& layout, uint64_t value, int bytes);

}  // namespace hada::contract
