#pragma once

// Bounds-checked integers out of a byte span. Pure.

#include <cstdint>
#include <string_view>

namespace hada::contract {

// `bytes` (1 to 8) of them at `offset` as an unsigned integer. Sets `ok` to false, and gives 0, outside the
// span.
class ByteReader {
 public:
  ByteReader(std::string_view span, bool big_endian) : span_(span), big_endian_(big_endian) {}

  bool has(uint64_t offset, uint64_t size) const {
    return offset <= span_.size() && size <= span_.size() - offset;
  }

  uint64_t uint(uint64_t offset, int bytes) {
    if (!has(offset, static_cast<uint64_t>(bytes))) {
      ok_ = false;
      return 0;
    }
    uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) {
      const int at = big_endian_ ? i : bytes - 1 - i;
      value = value << 8 | static_cast<uint8_t>(span_[offset + static_cast<uint64_t>(at)]);
    }
    return value;
  }

  bool ok() const { return ok_; }
  bool big_endian() const { return big_endian_; }
  std::string_view span() const { return span_; }

 private:
  std::string_view span_;
  bool big_endian_;
  bool ok_ = true;
};

}  // namespace hada::contract
