#include "server/core/ids.h"

#include <sodium.h>

#include <chrono>
#include <cstdint>

namespace hada::core {
namespace {

// Crockford's base 32: no i, l, o, u, so that an id read aloud is not mistaken. ASCII order equals value
// order.
constexpr char kDigits[] = "0123456789abcdefghjkmnpqrstvwxyz";

}  // namespace

std::string new_id() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  auto ms = static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count());
  std::string id(26, '0');
  for (int i = 9; i >= 0; --i, ms >>= 5) id[static_cast<size_t>(i)] = kDigits[ms & 31];
  unsigned char random[16];  // five bits of each are used
  randombytes_buf(random, sizeof random);
  for (size_t i = 0; i < sizeof random; ++i) id[10 + i] = kDigits[random[i] & 31];
  return id;
}

}  // namespace hada::core
