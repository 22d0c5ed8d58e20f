#pragma once

// Writes small TIFFs by hand, right or wrong, for the tests of our own reader.

#include <cstdint>
#include <string>
#include <vector>

namespace hada::images {

struct TiffTag {
  uint16_t tag = 0;
  uint16_t type = 4;
  uint64_t count = 1;
  uint64_t value = 0;  // the value itself, or the offset of the values
};

class TiffWriter {
 public:
  explicit TiffWriter(bool big = false, bool big_endian = false) : big_(big), big_endian_(big_endian) {
    bytes_ = big_endian ? "MM" : "II";
    if (big) {
      put(43, 2), put(8, 2), put(0, 2), put(0, 8);
    } else {
      put(42, 2), put(0, 4);
    }
    next_at_ = big ? 8 : 4;
  }

  // Returns where they lie.
  uint64_t add_bytes(const std::string& bytes) {
    const uint64_t at = bytes_.size();
    bytes_ += bytes;
    if (bytes_.size() % 2 != 0) bytes_ += '\0';
    return at;
  }
  uint64_t add_numbers(const std::vector<uint64_t>& numbers, int size) {
    const uint64_t at = bytes_.size();
    for (const uint64_t n : numbers) put(n, size);
    return at;
  }
  // Appends a directory to the chain; returns its offset.
  uint64_t add_directory(const std::vector<TiffTag>& tags) {
    const uint64_t at = bytes_.size();
    patch(next_at_, at, word());
    put(tags.size(), big_ ? 8 : 2);
    for (const TiffTag& tag : tags) {
      put(tag.tag, 2);
      put(tag.type, 2);
      put(tag.count, word());
      const int size = tag.type == 3 ? 2 : word();
      const bool inside = tag.count == 1 && tag.type == 3;
      put(tag.value, inside ? size : word());
      if (inside)
        for (int i = size; i < word(); ++i) bytes_ += '\0';
    }
    next_at_ = bytes_.size();
    put(0, word());
    return at;
  }
  void link_last_to(uint64_t offset) { patch(next_at_, offset, word()); }
  const std::string& bytes() const { return bytes_; }

 private:
  int word() const { return big_ ? 8 : 4; }
  std::string number(uint64_t n, int size) const {
    std::string out;
    for (int i = 0; i < size; ++i) {
      const int shift = 8 * (big_endian_ ? size - 1 - i : i);
      out += static_cast<char>(n >> shift & 255);
    }
    return out;
  }
  void put(uint64_t n, int size) { bytes_ += number(n, size); }
  void patch(uint64_t at, uint64_t n, int size) {
    bytes_.replace(at, static_cast<size_t>(size), number(n, size));
  }

  bool big_, big_endian_;
  uint64_t next_at_ = 4;
  std::string bytes_;
};

}  // namespace hada::images
